import CellLanguage
import Engine
import Networks
import Sequences
import Support
import Testing

/// A network that takes over another one's weights does with known things what that one does with them.
struct AdoptingTests {
  private func vocabulary(_ symbols: String) throws -> Vocabulary {
    try Vocabulary(kind: .characters, symbols: symbols.map { String($0) })
  }

  /// Places in `symbols` of the symbols at `tokens` in `others`.
  private func tokens(_ tokens: [Int32], of others: String, in symbols: String) throws -> [Int32] {
    try tokens.map { token in
      let symbol = Array(others)[Int(token)]
      return Int32(try #require(Array(symbols).firstIndex(of: symbol)))
    }
  }

  /// One-hot symbols that stand in other places, some of them new: each matrix that multiplies the input finds its columns. The
  /// products have the same terms in another order: a few roundings of numbers of order 1.
  @Test(arguments: Cell.library.filter { $0.inputs.count == 1 && $0.memory == nil })
  func columnsAreFoundByName(cell: Cell) throws {
    let (old, new) = ("abcd", "xdbay")
    let units = 5
    func network(_ symbols: String, seed: UInt64) throws -> Network {
      try Network(input: .tokens(vocabulary(symbols)), layers: [.init(cell, units: units)], output: .values(2), seed: seed)
    }
    // A vector as long as the input fits no other number of symbols.
    guard cell.constraints.isEmpty, cell.hasUnits else { return }
    let model = try network(old, seed: 1)
    var other = try network(new, seed: 2)
    let fresh = other
    let parts = try other.adopt(model, names: .init(), otherNames: .init(), title: "the model")
    #expect(parts == ["layer1"])
    let read: [Int32] = [0, 1, 3, 3, 0, 1]
    let expected = try model.outputs(forTokens: read)
    let given = try other.outputs(forTokens: tokens(read, of: old, in: new))
    for (own, known) in zip(given.joined(), expected.joined()) { #expect(abs(own - known) < 1e-5) }
    // New symbols have the columns that a network of that seed begins with.
    let differs = zip(other.parameters, fresh.parameters).count { $0 != $1 }
    #expect(differs < other.parameters.count)
  }

  /// What has the same things in the same places is taken over bit for bit, whatever the directions, readouts and cells are.
  @Test func theSameArchitectureTakesAll() throws {
    let layers: [Architecture.Layer] = [
      .init(.lstm, units: 3, direction: .bidirectional(.concatenate), learnsInitialStates: true), .init(.gru, units: 4),
    ]
    let inputs: [Architecture.Input] = [
      .features(2), .tokens(try vocabulary("abc")), .tokens(try vocabulary("abc"), embedding: 3),
      .namedFeatures(2, names: NetworkCase.names, embedding: 3),
      .words(
        WordInput(
          NetworkCase.names, embedding: 4, shapes: [.digit],
          spelling: WordInput.spelling(characters: try vocabulary("ab\u{FFFD}"), units: 2, embedding: 3))),
    ]
    for input in inputs {
      let model = try Network(input: input, layers: layers, readout: .mean, output: .classes(3), seed: 1)
      var other = try Network(input: input, layers: layers, readout: .mean, output: .classes(3), seed: 2)
      let fresh = try other.adopt(model, names: .init(), otherNames: .init(), title: "the model")
      #expect(fresh.isEmpty && other.parameters == model.parameters)
    }
  }

  /// Rows of the embedding and of the output move with their symbols; what is new keeps the rows of the network's own seed, and a
  /// symbol that looks like another one is not that one.
  @Test func rowsMoveWithTheirSymbols() throws {
    let (old, new) = ("abé", "ébc")
    let names = { (symbols: String) in NetworkNames(outputs: symbols.map { String($0) }) }
    func network(_ symbols: String, seed: UInt64) throws -> Network {
      try Network(
        input: .tokens(vocabulary(symbols), embedding: 2), layers: [.init(.rnn, units: 3)], output: .categorical, seed: seed)
    }
    let (model, fresh) = (try network(old, seed: 1), try network(new, seed: 2))
    var other = fresh
    let parts = try other.adopt(model, names: names(new), otherNames: names(old), title: "the model")
    #expect(parts == ["embedding", "head"])
    for (name, width) in [("embedding.weight", 2), ("output.weight", 3), ("output.bias", 1)] {
      func row(_ network: Network, _ place: Int) throws -> ArraySlice<Float> {
        try #require(network[name])[place * width..<(place + 1) * width]
      }
      #expect(try Array(row(other, 0)) == Array(row(model, 2)) && Array(row(other, 1)) == Array(row(model, 1)))
      #expect(try Array(row(other, 2)) == Array(row(fresh, 2)))
    }
    #expect(other["layers.0.W_h"] == model["layers.0.W_h"])
    #expect(WeightAxis.places(of: ["\u{212B}", "a"], in: ["\u{C5}", "a"]) == [nil, 1])
  }

  /// Columns of a table, found by their names; those without names are taken in their order.
  @Test func featuresAreFoundByName() throws {
    func network(_ count: Int, seed: UInt64) throws -> Network {
      try Network(input: .features(count), layers: [.init(.gru, units: 4)], output: .values(1), seed: seed)
    }
    let model = try network(2, seed: 1)
    var other = try network(3, seed: 2)
    let fresh = try other.adopt(
      model, names: .init(features: ["c", "b", "a"], outputs: ["y"]), otherNames: .init(features: ["a", "b"], outputs: ["y"]),
      title: "the model")
    #expect(fresh == ["layer1"])
    let (given, expected) = (try other.outputs(for: [[0, 2, 1], [0, -1, 3]]), try model.outputs(for: [[1, 2], [3, -1]]))
    for (own, known) in zip(given.joined(), expected.joined()) { #expect(abs(own - known) < 1e-6) }

    var unnamed = try network(2, seed: 3)
    let rest = try unnamed.adopt(model, names: .init(features: ["p", "q"]), otherNames: .init(), title: "the model")
    #expect(rest.isEmpty && unnamed.parameters == model.parameters)
  }

  /// Outputs without names, or of another kind, say nothing of which is which.
  @Test func aHeadOfOtherThingsIsFresh() throws {
    func network(_ output: Architecture.Output, seed: UInt64) throws -> Network {
      try Network(input: .features(1), layers: [.init(.gru, units: 4)], output: output, seed: seed)
    }
    let fresh = try network(.classes(3), seed: 2)
    for model in [try network(.classes(3), seed: 1), try network(.values(3), seed: 1), try network(.lastLayer, seed: 1)] {
      var other = fresh
      let parts = try other.adopt(
        model, names: .init(outputs: ["a", "b", "c"]), otherNames: .init(), title: "the model")
      #expect(parts == ["head"] && other["output.weight"] == fresh["output.weight"])
      #expect(other["layers.0.W_r"] == model["layers.0.W_r"])
    }
  }

  @Test func whatDoesNotFitIsRefused() throws {
    func refusal(_ own: Network, _ model: Network) -> String? {
      var own = own
      let error = #expect(throws: RecurrentError.self) {
        _ = try own.adopt(model, names: .init(), otherNames: .init(), title: "runs/old")
      }
      return error?.description
    }
    func network(_ input: Architecture.Input, units: Int = 3, cell: Cell = .rnn) throws -> Network {
      try Network(input: input, layers: [.init(cell, units: units)], output: .values(1))
    }
    let numbers = try network(.features(2))
    #expect(
      refusal(try network(.tokens(vocabulary("ab"))), numbers)
        == "runs/old reads 2 features at each step, and the network to be trained symbols of a vocabulary: it can't be the start")
    #expect(
      refusal(try network(.features(3)), numbers)
        == "runs/old reads 2 features at each step, and the network to be trained 3 features at each step: it can't be the start")
    #expect(
      refusal(try network(.features(2), units: 4), numbers)
        == "layers.0.W_x has the shape [4, 2] in the network to be trained, and [3, 2] in runs/old: it can't be the start")
    let highway = try Cell(parsing: "cell sum\ninput x\nstate h\nh' = tanh(U h + x)\n", file: "sum")
    #expect(
      refusal(
        try network(.tokens(vocabulary("cab")), cell: highway), try network(.tokens(vocabulary("abc")), cell: highway))
        == "the cell sum of runs/old has a unit for each number that it reads: the network to be trained must read the same, in the same order"
    )
  }
}
