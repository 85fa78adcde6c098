import CSource
import CellLanguage
import Engine
import Networks
import Sequences
import Support
import Testing

/// Whole networks in C give what streams give: of each kind of input, readout and output, with weights stored in each way.
@Suite(.enabled(if: CProgram.compiler != nil, "this system has no C compiler (cc)"))
struct NetworkLawTests {
  private static let steps = 7

  /// A network, and what it reads.
  private struct Example {
    let name: String
    var network: Network
    var numbers: [[Float]] = []
    var symbols: [Int32] = []

    init(_ name: String, _ architecture: Architecture) throws {
      self.name = name
      network = try Network(architecture, seed: 4)
      var random = Random(.lawTrial, seed: 2)
      // Biases and initial states, too, that are not 0.
      network.parameters = network.parameters.map { $0 == 0 ? 0.4 * (2 * random.uniformFloat() - 1) : 0.5 * $0 }
      let input = try CInputSize(architecture)
      if input.numbers > 0 { numbers = (0..<steps).map { _ in (0..<input.numbers).map { _ in 2 * random.uniformFloat() - 1 } } }
      if let count = input.symbols { symbols = (0..<steps).map { _ in Int32(random.integer(in: 0..<count)) } }
    }

    /// Layers that read something else than the layer below.
    init(_ name: String, page: String, readout: Architecture.Readout = .everyStep) throws {
      let page = try NetworkPage(parsing: page)
      try self.init(name, .init(input: .features(3), page: page, readout: readout, output: .classes(2)))
    }

    /// What a stream gives at each step.
    func streamed(_ network: Network) throws -> [[Float]] {
      let stream = try network.stream()
      return (0..<steps).map { step in
        switch (numbers.isEmpty, symbols.isEmpty) {
        case (false, true): stream.step(numbers[step])
        case (true, false): stream.step(Int(symbols[step]))
        default: stream.step(numbers[step], name: Int(symbols[step]))
        }
      }
    }
  }

  /// What a step reads.
  private struct CInputSize {
    var numbers = 0
    var symbols: Int?

    init(_ architecture: Architecture) throws {
      for part in architecture.input.encoding.parts {
        if case .numbers(let count) = part.form { numbers += count }
        symbols = symbols ?? part.form.symbols
      }
    }
  }

  private static func examples() throws -> [Example] {
    let letters = try Vocabulary(kind: .characters, symbols: ["a", "b", "\"", "é", "?"])
    let names = try Vocabulary(kind: .words, symbols: ["<unk>", "north", "far, far away"])
    let dense = try Cell(parsing: "cell dense\ninput x\nstate h\nh' = relu(W x + b)\n", file: "dense")
    return [
      try Example("values", .init(input: .features(3), layers: [.init(.lstm, units: 8)], output: .values(2))),
      try Example(
        "stack",
        .init(
          input: .features(3), layers: [.init(dense, units: 5), .init(.gru, units: 7), .init(.lstm, units: 4)], output: .values(1)
        )),
      try Example(
        "learned",
        .init(
          input: .features(2), layers: [.init(.lstm, units: 4, learnsInitialStates: true), .init(dense, units: 3)],
          output: .lastLayer)),
      try Example("letters", .init(input: .tokens(letters, embedding: 3), layers: [.init(.gru, units: 6)], output: .categorical)),
      try Example("one-hot", .init(input: .tokens(letters), layers: [.init(.lstm, units: 6)], output: .categorical)),
      try Example(
        "tied",
        .init(input: .tokens(letters, embedding: 6), layers: [.init(.gru, units: 6)], output: .categorical, tiesEmbedding: true)),
      try Example(
        "named",
        .init(
          input: .namedFeatures(2, names: names, embedding: 3), layers: [.init(.lstm, units: 5)],
          output: .distribution(.studentT, targets: 2))),
      try Example(
        "shortcut", .init(input: .features(3), layers: [.init(.gru, units: 4)], output: .values(2), outputReadsInput: true)),
      try Example(
        "shortcut from a symbol",
        .init(input: .tokens(letters, embedding: 2), layers: [.init(.gru, units: 4)], output: .values(2), outputReadsInput: true)),
      try Example("residual", page: "a = gru(x, units: 3); s = x + a; b = mgu(s, units: 3); y = s * b * b + a"),
      try Example("skips", page: "a = lstm(x, units: 2); b = gru([x, a], units: 4); y = [x, a, b, a + a]", readout: .last),
      try Example("pooled", page: "a = lstm(x, units: 3); y = [x + a, a]", readout: .mean),
      try Example("last", .init(input: .features(3), layers: [.init(.lstm, units: 4)], readout: .last, output: .classes(3))),
      try Example(
        "mean",
        .init(
          input: .features(3), layers: [.init(.lstm, units: 4)], readout: .mean,
          headLayers: [.init(dense, units: 5), .init(.gru, units: 3, learnsInitialStates: true)], output: .classes(3))),
      try Example(
        "max", .init(input: .tokens(letters, embedding: 3), layers: [.init(.rnn, units: 4)], readout: .max, output: .classes(2))),
      try Example("no memory", .init(input: .features(3), layers: [.init(dense, units: 4)], output: .lastLayer)),
      try Example(
        "bernoulli",
        .init(input: .features(1), layers: [.init(.gru, units: 4)], readout: .max, output: .distribution(.bernoulli, targets: 2))),
    ]
  }

  /// Sums of at most 20 products over 7 steps of 3 layers, each off by half a unit in the last place of numbers of order 1, and
  /// functions within three units: some hundred roundings, of which 8-bit weights have one more in each product.
  private static let bound = 300 * 0x1p-24

  @Test(arguments: WeightKind.allCases) func everyKindOfNetwork(weights: WeightKind) throws {
    var examples = try Self.examples()
    for place in examples.indices { examples[place].network = try examples[place].network.narrowed(to: weights) }
    let options = [CSourceOptions(), CSourceOptions(number: .double)]
    var runs: [CProgram.Run] = []
    for (index, example) in examples.enumerated() {
      for (place, options) in options.enumerated() {
        let source = try CSource(
          example.network, name: index == 0 && place == 0 ? "layer1" : "m\(index)_\(place)", options: options)
        var run = CProgram.Run(
          source: source, options: options, outputs: example.network.architecture.outputWidth, numbers: example.numbers,
          symbols: example.symbols)
        runs.append(run)
        run.atTheEnd = example.network.architecture.readout != .everyStep
        run.asSequence = true
        runs.append(run)
      }
    }
    let outputs = try CProgram.outputs(of: runs)
    try #require(outputs.count == runs.count)
    for (index, example) in examples.enumerated() {
      let streamed = try example.streamed(example.network)
      for place in 0..<4 {
        let run = runs[4 * index + place]
        let expected = run.atTheEnd ? streamed[Self.steps - 1] : streamed.flatMap { $0 }
        let actual = outputs[4 * index + place]
        #expect(actual.count == expected.count, "\(example.name)")
        let worst = zip(actual, expected).reduce(0) { max($0, abs($1.0 - Double($1.1))) }
        #expect(worst <= Self.bound, "\(example.name), \(weights), \(run.options.number): off by \(worst)")
      }
    }
  }
}
