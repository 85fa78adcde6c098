import AllocationCounter
import CellLanguage
import Engine
import Foundation
import Models
import Networks
import Sequences
import Storage
import Support
import Testing

struct NetworkFileTests {
  static var networks: [(input: Architecture.Input, output: Architecture.Output)] {
    get throws {
      try [
        (.tokens(.bytes), .categorical), (.tokens(.bytes, embedding: 3), .categorical), (.tokens(letters), .classes(3)),
        (.tokens(words, embedding: 2), .values(2)), (.features(5), .classes(4)), (.features(5), .values(1)),
        (
          .words(
            WordInput(
              words, embedding: 2, isLowerCased: true, shapes: [.hyphen, .allCapitals],
              spelling: WordInput.spelling(
                .gru, characters: vocabulary(.characters, ["a", "\u{FFFD}"]), units: 3, embedding: 2))),
          .classes(3)
        ), (.words(WordInput(words, embedding: 2)), .classes(2)),
        (.namedFeatures(3, names: words, embedding: 2), .distribution(.normal, targets: 1)),
        (.features(2), .distribution(.relativeNegativeBinomial, targets: 2)),
        (.features(2), .distribution(.relativeBernoulli, targets: 2)),
        (.features(2), .distribution(.negativeBinomial, targets: 2)),
      ]
    }
  }
  static var letters: Vocabulary { get throws { try vocabulary(.characters, ["\n", "\"", "a", "é", "\u{301}", "😀"]) } }
  static var words: Vocabulary { get throws { try vocabulary(.words, ["<unk>", "the", "naïve", "\\", "\n"]) } }

  private static func vocabulary(_ kind: Vocabulary.Kind, _ symbols: [String]) throws -> Vocabulary {
    try Vocabulary(kind: kind, symbols: symbols)
  }

  private func roundTrip(_ network: Network) throws -> Network {
    let folder = try TemporaryFolder()
    try network.save(to: folder("model"), history: ["note": "of a test"])
    #expect(try Safetensors(contentsOf: folder("model")).metadata["note"] == "of a test")
    return try Network(contentsOf: folder("model"))
  }

  private func expectSame(_ loaded: Network, _ saved: Network) {
    #expect(loaded.architecture == saved.architecture)
    #expect(loaded.parameters.map(\.bitPattern) == saved.parameters.map(\.bitPattern))
    #expect(loaded.layout.entries.map(\.name) == saved.layout.entries.map(\.name))
  }

  /// Programs of the first generation refuse the second version rather than misread it.
  @Test(arguments: [("h' = tanh(U h + W x + b)", "1"), ("h' = tanh(U h + W x + k * b)\nconstant k = 2\nfixed U", "2")])
  func theVersionIsTheFirstThatUnderstandsTheCells(equations: String, version: String) throws {
    let cell = try Cell(parsing: "cell mine\ninput x\nstate h\n\(equations)\n")
    let network = try Network(input: .features(2), layers: [.init(.rnn, units: 2), .init(cell, units: 3)], output: .values(1))
    #expect(network.metadata["recurrent"] == version)
    expectSame(try roundTrip(network), network)
  }

  @Test(arguments: try networks.indices)
  func everyKindOfInputAndOutputReturnsBitForBit(index: Int) throws {
    let (input, output) = try Self.networks[index]
    var network = try Network(input: input, layers: [.init(.gru, units: 4), .init(.lstm, units: 3)], output: output, seed: 7)
    // Numbers that text would spoil.
    network.parameters.replaceSubrange(0..<4, with: [-0.0, .leastNonzeroMagnitude, .greatestFiniteMagnitude, 0.1])
    expectSame(try roundTrip(network), network)
  }

  /// Nothing that such a network gives is a number.
  @Test func weightsThatAreNotFiniteAreRefusedByTheNameOfTheirTensor() throws {
    var network = try Network(input: .features(2), layers: [.init(.gru, units: 3)], output: .values(1), seed: 7)
    let entry = try #require(network.layout["output.weight"])
    network.parameters[entry.range.lowerBound + 1] = .nan
    let one = #expect(throws: RecurrentError.self) { try Network(bytes: network.bytes()) }
    #expect(
      one?.description
        == "can't read the model: its weights output.weight hold a number that is not finite, such as nan, so that nothing it gives is a number: take the model of another training"
    )
    network.parameters[entry.range.lowerBound] = -.infinity
    let two = #expect(throws: RecurrentError.self) { try roundTrip(network) }
    #expect(two?.description.contains("its weights output.weight hold 2 numbers that are not finite, such as -inf, ") == true)
  }

  @Test(arguments: Cell.library.filter { $0.memory == nil })
  func everyCellReturnsBitForBit(cell: Cell) throws {
    let network = try Network(
      input: .features(of: cell, cell.dimensions(inputs: 6, units: 6)), layers: [.init(cell, units: 6)], output: .values(2),
      seed: 8)
    expectSame(try roundTrip(network), network)
  }

  @Test func zoneoutAndTiesReturn() throws {
    let network = try Network(
      input: .tokens(.bytes, embedding: 3), layers: [.init(Cell.lstm.zoningOut(["h": 0.1, "c": 0.5]), units: 3)],
      output: .categorical, tiesEmbedding: true, seed: 3)
    let loaded = try roundTrip(network)
    expectSame(loaded, network)
    #expect(loaded.architecture.tiesEmbedding && loaded.architecture.layers[0].cell.states.map(\.zoneout) == [0.1, 0.5])
  }

  static let directions: [Architecture.Direction] =
    [.forward, .reverse] + Architecture.Merge.allCases.map { .bidirectional($0) } + [.bidirectional(.sum, reverse: .gru)]

  @Test(arguments: directions, [false, true])
  func directionsAndLearnedStatesReturn(direction: Architecture.Direction, learnsInitialStates: Bool) throws {
    var network = try Network(
      input: .features(3),
      layers: [
        .init(.lstm, units: 4, direction: direction, learnsInitialStates: learnsInitialStates), .init(.rnn, units: 2),
      ], output: .lastLayer, seed: 3)
    for place in network.parameters.indices { network.parameters[place] += Float(place) }
    let loaded = try roundTrip(network)
    expectSame(loaded, network)
    let batch = Batch(
      lengths: try PackedLengths([3, 1]), inputs: .features((0..<12).map { Float($0) / 6 - 1 }), targets: .values([]))
    let machine = try Machine(threads: 1)
    let outputs = try [loaded, network].map {
      try NetworkRunner($0, machine: machine, trains: false).outputs(batch.inputs, lengths: batch.lengths).map(\.bitPattern)
    }
    #expect(outputs[0] == outputs[1])
  }

  @Test func anOutputThatReadsTheInputReturns() throws {
    let network = try Network(
      Architecture(input: .features(2), layers: [.init(.lstm, units: 3)], output: .values(1), outputReadsInput: true))
    expectSame(try roundTrip(network), network)
    let plain = try Network(input: .features(2), layers: [.init(.lstm, units: 3)], output: .values(1))
    #expect(plain.metadata["network"]?.contains("outputReadsInput") == false)
  }

  @Test(arguments: Architecture.Readout.allCases) func readoutsReturn(readout: Architecture.Readout) throws {
    let network = try Network(
      input: .features(3), layers: [.init(.rnn, units: 4)], readout: readout, output: .classes(2), seed: 3)
    expectSame(try roundTrip(network), network)
  }

  /// A layer that reads forward is described as it was before layers could read otherwise.
  @Test func aForwardLayersDescriptionSaysNothingOfDirections() throws {
    let network = try Network(input: .features(3), layers: [.init(.rnn, units: 4)], output: .values(2))
    let text = try #require(network.metadata["network"])
    #expect(!text.contains("direction") && !text.contains("merge") && !text.contains("initial") && !text.contains("last_layer"))
    #expect(!text.contains("readout"))
  }

  @Test func sizesOfACellsOwnReturn() throws {
    let cell = try Cell.named("lstm-projected")
    let network = try Network(input: .features(2), layers: [.init(cell, units: 6, sizes: ["P": 5])], output: .values(1))
    let loaded = try roundTrip(network)
    #expect(loaded.architecture.layers[0].sizes == ["P": 5])
    #expect(loaded.layout["output.weight"]?.shape == [1, 5])
    expectSame(loaded, network)
  }

  /// The file is mapped, and its weights are copied into the network's once: eight megabytes take eight, and what stands
  /// round them, the plan above all, less than one.
  @Test(.enabled(if: ac_counts(), "allocations are counted with glibc and without sanitizers"))
  func loadingCopiesTheWeightsOnce() throws {
    let folder = try TemporaryFolder()
    let network = try Network(input: .features(500), layers: [.init(.lstm, units: 500)], output: .values(1))
    try network.save(to: folder("model"))
    let before = ac_bytes()
    let loaded = try Network(contentsOf: folder("model"))
    let taken = Int(ac_bytes() - before), weights = 4 * loaded.layout.count
    #expect(weights > 8_000_000)
    #expect((weights..<weights + 1_000_000).contains(taken))
  }
}

/// Files that are safetensors but not what a network needs, and the sentence that says why.
struct NetworkFileRefusalTests {
  /// A small model's metadata and tensors, changed by the test.
  struct Parts {
    var metadata: [String: String]
    var tensors: [Safetensors.Entry]
    var names: [String]

    init() throws {
      let network = try Network(
        input: .tokens(NetworkFileTests.letters, embedding: 2), layers: [.init(.rnn, units: 3)], output: .categorical, seed: 1)
      metadata = network.metadata
      tensors = network.tensors
      names = network.layout.entries.map(\.name)
    }

    mutating func replace(_ old: String, _ new: String) throws {
      let text = try #require(metadata["network"])
      #expect(text.contains(old))
      metadata["network"] = text.replacingOccurrences(of: old, with: new)
    }

    mutating func replace(_ name: String, by entry: Safetensors.Entry?) throws {
      let place = try #require(names.firstIndex(of: name))
      tensors.replaceSubrange(place...place, with: entry.map { [$0] } ?? [])
    }
  }

  struct Refusal: Sendable, CustomTestStringConvertible {
    let cause: String
    let change: @Sendable (inout Parts) throws -> Void

    init(_ cause: String, _ change: @escaping @Sendable (inout Parts) throws -> Void) {
      self.cause = cause
      self.change = change
    }

    var testDescription: String { cause }
  }

  static let noModel = "it is no model of this package: its metadata has no `recurrent` and `network`"
  static let damaged = "its description of the network is damaged: "
  static let badDirection =
    "the direction of layer 0 must be `reverse`, or `bidirectional` with one of the merges concatenate, sum, multiply, average"

  private static let outputs =
    "the output must be either classes, a CRF's tags, transcriptions, values, distributions or the last layer's"

  static let refusals: [Refusal] = [
    Refusal(noModel) { $0.metadata = [:] },
    Refusal(noModel) { $0.metadata["recurrent"] = nil },
    Refusal("its format is version 3, and this program knows those up to version 2: use a newer program") {
      $0.metadata["recurrent"] = "3"
    },
    Refusal("its format is version 1, in which all weights are float32, and it says that its own are int8") {
      $0.metadata["weights"] = "int8"
    },
    Refusal("it has no tensor \"layers.0.b\"") { try $0.replace("layers.0.b", by: nil) },
    Refusal("tensor \"layers.0.W_h\" has the shape [9]; expected [3, 3]") {
      try $0.replace("layers.0.W_h", by: .init("layers.0.W_h", [Float](repeating: 0, count: 9), shape: [9]))
    },
    Refusal("tensor \"output.bias\" has the data type F64; expected F32") {
      try $0.replace("output.bias", by: .init("output.bias", [Double](repeating: 0, count: 6), shape: [6]))
    },
    Refusal("it has a tensor \"layers.1.b\", which its network has not") {
      $0.tensors.append(.init("layers.1.b", [Float](repeating: 0, count: 3), shape: [3]))
    },
    Refusal("it has a tensor \"training.moments\", which its network has not") {
      $0.tensors.append(.init("training.moments", [Float](), shape: [0]))
    },
    Refusal("tensor \"layers.0.W_x\" has the shape [3, 2]; expected [4, 2]") { try $0.replace("\"units\":3", "\"units\":4") },
    Refusal("tensor \"embedding.weight\" has the shape [6, 2]; expected [6, 16777216]") {
      try $0.replace("\"embedding\":2", "\"embedding\":16777216")
    },
    Refusal(damaged + "the context must be either a `vector` or an `encoder`") {
      try $0.replace("\"layers\"", "\"context\":{\"bridge\":\"cell b\\ninput x\\nstate h\\nh' = W x\\n\"},\"layers\"")
    },
    Refusal(damaged + "the network's context has 33554432 numbers; it can have at most 16777216") {
      try $0.replace(
        "\"layers\"",
        "\"context\":{\"bridge\":\"cell b\\ninput x\\nstate h\\nh' = W x\\n\",\"vector\":33554432},\"layers\"")
    },
    Refusal(damaged + "`bridge` is missing") { try $0.replace("\"layers\"", "\"context\":{\"vector\":2},\"layers\"") },
    Refusal("it has no tensor \"layers.0.bridge.W\"") {
      try $0.replace(
        "\"layers\"", "\"context\":{\"bridge\":\"cell b\\ninput x\\nstate h\\nh' = W x\\n\",\"vector\":2},\"layers\"")
    },
    Refusal(damaged + "it is not JSON: expected a string at byte 1, found its end") { $0.metadata["network"] = "{" },
    Refusal(damaged + "`layers` is missing") { try $0.replace("\"layers\"", "\"layer\"") },
    Refusal(
      damaged
        + "the input must be either a vocabulary, a number of features, a number of features with names, a number of features with named vectors or words"
    ) {
      try $0.replace("\"embedding\":2", "\"features\":2")
    },
    Refusal(damaged + outputs) {
      try $0.replace("\"classes\":6", "\"class\":6")
    },
    Refusal(damaged + outputs) {
      try $0.replace("\"classes\":6", "\"classes\":6,\"last_layer\":true")
    },
    Refusal(damaged + badDirection) { try $0.replace("\"units\":3", "\"units\":3,\"direction\":\"backward\"") },
    Refusal(damaged + badDirection) { try $0.replace("\"units\":3", "\"units\":3,\"direction\":\"bidirectional\"") },
    Refusal(damaged + badDirection) { try $0.replace("\"units\":3", "\"units\":3,\"merge\":\"sum\"") },
    Refusal(damaged + badDirection) {
      try $0.replace("\"units\":3", "\"units\":3,\"direction\":\"bidirectional\",\"merge\":\"add\"")
    },
    Refusal("it has no tensor \"layers.0.reverse.W_x\"") {
      try $0.replace("\"units\":3", "\"units\":3,\"direction\":\"reverse\"")
    },
    Refusal("it has no tensor \"layers.0.initial.h\"") {
      try $0.replace("\"units\":3", "\"units\":3,\"learns_initial_states\":true")
    },
    Refusal(damaged + "readout: it is \"attention\"; expected every-step, last, mean or max") {
      try $0.replace("\"layers\"", "\"readout\":\"attention\",\"layers\"")
    },
    Refusal(damaged + "a network needs at least one recurrent layer") {
      $0.metadata["network"] = #"{"input":{"features":1},"layers":[],"output":{"values":1}}"#
    },
    Refusal(damaged + "units of cell rnn is 0; it must be at least 1") { try $0.replace("\"units\":3", "\"units\":0") },
    Refusal(damaged + "cell rnn has no size P") { try $0.replace("\"sizes\":{}", "\"sizes\":{\"P\":2}") },
    Refusal(damaged + "the network's output has 4611686018427387904 numbers; it can have at most 16777216") {
      try $0.replace("\"classes\":6", "\"classes\":4611686018427387904")
    },
    Refusal(damaged + "the network's output has 4611686018427387904 numbers; it can have at most 16777216") {
      try $0.replace("\"classes\":6", "\"distribution\":\"normal\",\"targets\":4611686018427387904")
    },
    Refusal(damaged + "the vectors of words have 9223372036854775807 numbers; they can have at most 16777216") {
      let words =
        #"{"vocabulary":{"kind":"words","symbols":["<unk>","a"]},"embedding":9223372036854775807,"lower_case":false,"shapes":["digit"]}"#
      let layer = #"{"cell":\#(json(try Cell.named("rnn").description)),"units":3,"sizes":{}}"#
      $0.metadata["network"] = #"{"input":{"words":\#(words)},"layers":[\#(layer)],"output":{"values":1}}"#
    },
    Refusal(damaged + "the vocabulary has the symbol “a” (U+0061) twice") { try $0.replace("\"é\"", "\"a\"") },
  ]

  private func refusal(_ parts: Parts) throws -> String {
    let folder = try TemporaryFolder()
    try Safetensors.write(parts.tensors, metadata: parts.metadata, to: folder("model"))
    let error = #expect(throws: RecurrentError.self) { try Network(contentsOf: folder("model")) }
    return error?.description.replacingOccurrences(of: "can't read \(folder("model")): ", with: "") ?? ""
  }

  @Test(arguments: refusals)
  func refuses(_ each: Refusal) throws {
    var parts = try Parts()
    try each.change(&parts)
    #expect(try refusal(parts) == each.cause)
  }

  @Test func aSlipInTheEquationsIsShownWhereItIs() throws {
    var parts = try Parts()
    try parts.replace("tanh(", "tahn(")
    let cause = try refusal(parts)
    #expect(cause.hasPrefix(Self.damaged + "layer 0:"))
    #expect(cause.contains("\n    h' = tahn("))
    #expect(cause.contains("tanh"))
  }

  @Test func aWrongTypeSaysWhere() throws {
    var parts = try Parts()
    try parts.replace("\"units\":3", "\"units\":\"many\"")
    #expect(try refusal(parts).hasPrefix(Self.damaged + "layers.Index 0.units: "))
  }

  @Test func otherFilesAreNoModels() throws {
    let folder = try TemporaryFolder()
    try folder.put(Array("It was a dark and stormy night".utf8), "text")
    let text = #expect(throws: RecurrentError.self) { try Network(contentsOf: folder("text")) }
    #expect(
      text?.description.hasPrefix("can't read \(folder("text")): it is no safetensors file: its first 8 bytes claim ") == true)
    let none = #expect(throws: RecurrentError.self) { try Network(contentsOf: folder("none")) }
    #expect(none?.description == "can't read \(folder("none")): there is no such file")
    let itself = #expect(throws: RecurrentError.self) { try Network(contentsOf: folder.path) }
    #expect(itself?.description == "can't read \(folder.path)/model.safetensors: there is no such file")
  }

  /// Damage of the header never ends the program, and what is read in spite of it has just the tensors that it says.
  @Test func aDamagedHeaderNeverTraps() throws {
    let folder = try TemporaryFolder()
    let parts = try Parts()
    try Safetensors.write(parts.tensors, metadata: parts.metadata, to: folder("model"))
    let whole = try folder.bytes("model")
    let header = 8 + Int(whole[0]) + Int(whole[1]) << 8
    var random = Random(seed: 11)
    var refused = 0
    for round in 0..<3000 {
      var bytes = whole
      // Each byte of the header at least once, then two or three together; digits and signs more often than others.
      for count in 0..<(round < header ? 1 : 2 + round % 2) {
        let place = round < header && count == 0 ? round : Int.random(in: 0..<header, using: &random)
        let usual = Array("0123456789-\"{}[]:,e.\\ ".utf8)
        bytes[place] =
          Bool.random(using: &random)
          ? usual[Int.random(in: 0..<usual.count, using: &random)] : .random(in: 0...255, using: &random)
      }
      if round % 7 == 0 { bytes.removeLast(Int.random(in: 1..<bytes.count, using: &random)) }
      try folder.put(bytes, "damaged")
      do throws(RecurrentError) {
        let network = try Network(contentsOf: folder("damaged"))
        #expect(network.parameters.count == network.layout.count)
      } catch {
        refused += 1
        #expect(error.description.hasPrefix("can't read "))
      }
    }
    #expect(refused > 1500)
  }
}
