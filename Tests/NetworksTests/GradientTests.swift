import CellCompiler
import CellLanguage
import Engine
import Networks
import Sequences
import Support
import Testing

/// A network, a batch, and how the batch is run.
struct NetworkCase: Sendable, CustomTestStringConvertible {
  let testDescription: String
  var input = Architecture.Input.features(3)
  var cells = [Cell.lstm]
  var output = Architecture.Output.values(2)
  var lengths = [4, 4, 4]
  /// Whether every third row has no target.
  var isMasked = false
  /// Whether most rows have no target, and those that have one, the first class.
  var isFree = false
  /// Whether rows count differently.
  var isWeighted = false
  /// Whether the batch goes on where another one ended.
  var isCarried = false
  var dropout = 0.0
  /// Of each layer.
  var direction = Architecture.Direction.forward
  var learnsInitialStates = false
  var readout = Architecture.Readout.everyStep
  /// The layers, if they are not all of 4 units.
  var layers: [Architecture.Layer] = []
  /// What the output is made from, if it is not the last layer.
  var top: Architecture.Reading?
  /// The layers above what is read out.
  var headLayers: [Architecture.Layer] = []
  var tiesEmbedding = false
  var outputReadsInput = false
  /// Beside dropout.
  var regularization = Regularization()
  /// What is known of sequences before they begin, and how many steps each one's source has.
  var context: Architecture.Context?
  var sources: [Int] = []

  /// With dropout.
  var whole: Regularization {
    var whole = regularization
    whole.dropout = dropout
    return whole
  }

  func network() throws -> Network {
    let alike = cells.map {
      Architecture.Layer($0, units: 4, direction: direction, learnsInitialStates: learnsInitialStates)
    }
    var network = try Network(
      Architecture(
        input: input, layers: layers.isEmpty ? alike : layers, top: top, context: context, readout: readout,
        headLayers: headLayers,
        output: output,
        tiesEmbedding: tiesEmbedding, outputReadsInput: outputReadsInput), seed: 3)
    // Where they begin says nothing of them.
    var random = Random(seed: 4)
    let own = network.architecture.output.head.tensors.map(\.name)
    for entry in network.layout.entries where entry.name.contains(".initial.") || own.contains(entry.name) {
      for place in entry.range { network.parameters[place] = random.uniformFloat() - 0.5 }
    }
    return network
  }

  func batch(_ network: Network, seed: UInt64) -> Batch {
    var random = Random(seed: seed)
    let lengths = PackedLengths(sorted: lengths)
    func numbers(_ count: Int) -> [Float] { (0..<count).map { _ in 2 * random.uniformFloat() - 1 } }
    func read(_ input: Architecture.Input, _ lengths: PackedLengths) -> Batch.Inputs {
      if let words = input.encoding as? WordInput {
        return WordReader(words).inputs(sentences(of: lengths.perSequence, using: &random)).inputs
      }
      return Batch.Inputs(
        input.encoding.parts.map { part -> any InputRows in
          part.form.symbols.map { count in
            SymbolRows((0..<lengths.rows).map { _ in Int32(random.integer(in: 0..<count)) })
          } ?? NumberRows(numbers(lengths.rows * part.width))
        })
    }
    let source = network.architecture.context.map { context in
      let order = sources.indices.sorted { (sources[$1], $0) < (sources[$0], $1) }
      let lengths = PackedLengths(sorted: order.map { sources[$0] }, numbers: order)
      switch context.origin {
      case .vector(let count): return Batch.Source(lengths: lengths, inputs: .features(numbers(lengths.rows * count)))
      case .encoder(let encoder): return Batch.Source(lengths: lengths, inputs: read(encoder.input, lengths))
      }
    }
    let own = read(network.architecture.input, lengths)
    let inputs = source.map { own.with($0) } ?? own
    let rows = network.architecture.outputRows(lengths)
    let isAsked = (0..<rows).map { (!isMasked || $0 % 3 != 1) && (!isFree || $0 % 5 == 0) }
    let width = network.architecture.targetWidth
    let targets: Batch.Targets
    if let head = network.architecture.output.head as? CTCHead {
      // Half as many symbols as steps, so that there is room for blanks between equal ones.
      targets = .symbols(
        lengths.perSequence.map { length in
          (0..<(length + 1) / 2).map { _ in Int32(random.integer(in: 0..<head.symbols)) }
        })
    } else if network.architecture.givesClasses {
      let classes = isAsked.map { $0 ? isFree ? 0 : Int32(random.integer(in: 0..<width)) : -1 }
      targets = isWeighted ? .weightedClasses(classes, weights: isAsked.indices.map { 0.5 + Float($0 % 4) }) : .classes(classes)
    } else if let (family, _) = network.architecture.output.distribution {
      targets = .values(
        numbers(rows * width).enumerated().map { place, number in
          // One target in seven is missing; beside each may be a level.
          family.isRelative && place % 2 == 1
            ? 2 * number + 2.5
            : place % 7 == 3
              ? .nan : family == .bernoulli ? (number > 0 ? 1 : 0) : family.isDiscrete ? (3 * number + 3).rounded() : number
        }, counted: isMasked ? isAsked : nil)
    } else {
      targets = .values(numbers(rows * width), counted: isMasked ? isAsked : nil)
    }
    return Batch(lengths: lengths, inputs: inputs, targets: targets)
  }
}

struct GradientTests {
  static let letters = fixture { try Vocabulary(kind: .characters, symbols: ["a", "b", "c", "d", "e"]) }

  /// Outputs that read the input beside the last layer.
  static let shortcuts: [NetworkCase] = [
    NetworkCase(
      testDescription: "shortcut from features, gru under lstm, packed and dropped", cells: [.gru, .lstm],
      lengths: [6, 4, 4, 1, 0], dropout: 0.25, outputReadsInput: true),
    NetworkCase(
      testDescription: "shortcut from embedded symbols past both directions, masked", input: .tokens(letters, embedding: 3),
      output: .classes(3), lengths: [5, 3, 1], isMasked: true, direction: .bidirectional(.sum), outputReadsInput: true),
    NetworkCase(
      testDescription: "shortcut past a layer in reverse, activation penalty, goes on", cells: [.gru], isCarried: true,
      direction: .reverse, outputReadsInput: true, regularization: .init(activationPenalty: 2)),
  ]

  static let cases: [NetworkCase] = [
    NetworkCase(testDescription: "embedded symbols, lstm", input: .tokens(letters, embedding: 3), output: .categorical),
    NetworkCase(
      testDescription: "one-hot symbols, gru under rnn, packed and masked", input: .tokens(letters), cells: [.gru, .rnn],
      output: .categorical, lengths: [6, 4, 4, 1], isMasked: true),
    NetworkCase(
      testDescription: "features to values, peepholes under a projection, masked",
      cells: named("lstm-peephole", "lstm-projected"),
      lengths: [5, 3], isMasked: true),
    NetworkCase(
      testDescription: "features to classes, slstm under lem, dropout", cells: named("slstm", "lem"), output: .classes(3),
      dropout: 0.4),
    NetworkCase(
      testDescription: "embedded symbols to values, gates as states under context units, carried",
      input: .tokens(letters, embedding: 5), cells: named("lstm-fgr", "scrn"), isCarried: true),
    NetworkCase(
      testDescription: "embedded symbols, lstm under gru, carried and dropped", input: .tokens(letters, embedding: 4),
      cells: [.lstm, .gru], output: .categorical, isMasked: true, isCarried: true, dropout: 0.25),
    NetworkCase(
      testDescription: "features, three layers, one row of a length of none", cells: named("gru", "mgu", "lstm-coupled"),
      lengths: [3, 2, 0]),
    NetworkCase(
      testDescription: "learned initial states, projected lstm under gru, dropped", cells: named("lstm-projected", "gru"),
      lengths: [4, 2, 2, 0], dropout: 0.3, learnsInitialStates: true),
    NetworkCase(testDescription: "no head, lstm", output: .lastLayer, lengths: [5, 3], isMasked: true),
  ]

  /// Networks that give distributions.
  static let distributions: [NetworkCase] = [
    NetworkCase(
      testDescription: "normal numbers, lstm, packed and masked", output: .distribution(.normal, targets: 2), lengths: [6, 4, 1],
      isMasked: true),
    NetworkCase(testDescription: "heavy tails, gru", cells: [.gru], output: .distribution(.studentT, targets: 2)),
    NetworkCase(
      testDescription: "counts, lstm, dropped", output: .distribution(.negativeBinomial, targets: 3), lengths: [5, 5, 2],
      dropout: 0.25),
    NetworkCase(
      testDescription: "counts relative to levels, gru, packed and masked", cells: [.gru],
      output: .distribution(.relativeNegativeBinomial, targets: 2), lengths: [5, 3, 2], isMasked: true),
    NetworkCase(
      testDescription: "zeros and ones, gru under rnn", cells: [.gru, .rnn], output: .distribution(.bernoulli, targets: 5)),
    NetworkCase(
      testDescription: "quantiles, lstm, carried", output: .distribution(.quantiles([0.1, 0.5, 0.9]), targets: 2), isCarried: true
    ),
  ]

  /// Trainings that are kept from overfitting.
  static let regularized: [NetworkCase] = [
    NetworkCase(
      testDescription: "zoneout of both states of an lstm under a gru, packed, dropped", input: .tokens(letters, embedding: 3),
      cells: [Cell.lstm.zoningOut(["h": 0.25, "c": 0.5]), Cell.gru.zoningOut(["h": 0.3])], output: .categorical,
      lengths: [6, 4, 4, 1], isMasked: true, dropout: 0.25),
    NetworkCase(
      testDescription: "zoneout of one state, carried, learned initial states, both directions",
      cells: named("lstm-peephole").map { $0.zoningOut(["c": 0.5]) }, lengths: [5, 3],
      direction: .bidirectional(.concatenate), learnsInitialStates: true),
    NetworkCase(
      testDescription: "dropped symbols, smoothed labels, tied embedding", input: .tokens(letters, embedding: 4),
      output: .categorical, lengths: [6, 6, 2], isMasked: true, tiesEmbedding: true,
      regularization: .init(embeddingDropout: 0.4, labelSmoothing: 0.2)),
    NetworkCase(
      testDescription: "both penalties, gru under lstm, packed and dropped", cells: [.gru, .lstm], lengths: [6, 4, 4, 1, 0],
      dropout: 0.25, regularization: .init(activationPenalty: 2, temporalPenalty: 3)),
    NetworkCase(
      testDescription: "temporal penalty, both directions summed", lengths: [5, 3, 2], direction: .bidirectional(.sum),
      regularization: .init(temporalPenalty: 2)),
    NetworkCase(
      testDescription: "activation penalty without a head, carried", output: .lastLayer, isCarried: true,
      regularization: .init(activationPenalty: 1, temporalPenalty: 1)),
    NetworkCase(
      testDescription: "both penalties of what is read out, weighted classes with smoothed labels, dropped", output: .classes(3),
      lengths: [6, 4, 4, 1, 0], isWeighted: true, dropout: 0.25, readout: .mean,
      regularization: .init(activationPenalty: 2, temporalPenalty: 3, labelSmoothing: 0.2)),
  ]

  /// Networks that read in reverse, too.
  static let reversed: [NetworkCase] = [
    NetworkCase(
      testDescription: "reverse, gru under lstm, packed", cells: named("gru", "lstm"), lengths: [6, 4, 4, 1, 0],
      direction: .reverse),
    NetworkCase(
      testDescription: "concatenated, embedded symbols, lstm under peepholes under a projection, packed, masked and dropped",
      input: .tokens(letters, embedding: 3), cells: named("lstm", "lstm-peephole", "lstm-projected"), output: .classes(3),
      lengths: [5, 5, 2], isMasked: true, dropout: 0.25, direction: .bidirectional(.concatenate)),
    NetworkCase(
      testDescription: "summed, one-hot symbols, rnn under slstm, learned initial states", input: .tokens(letters),
      cells: named("rnn", "slstm"), output: .classes(3), lengths: [5, 3, 1], direction: .bidirectional(.sum),
      learnsInitialStates: true),
    NetworkCase(
      testDescription: "multiplied, gates as states under context units", cells: named("lstm-fgr", "scrn"), lengths: [4, 3, 3],
      direction: .bidirectional(.multiply)),
    NetworkCase(
      testDescription: "averaged, lem under gru, equal lengths, from given states", cells: named("lem", "gru"),
      isCarried: true, direction: .bidirectional(.average)),
    NetworkCase(
      testDescription: "concatenated, other cells in reverse, without a head", output: .lastLayer, lengths: [4, 1],
      direction: .bidirectional(.concatenate, reverse: named("lstm-projected").first)),
    NetworkCase(
      testDescription: "layers of unequal kinds, sizes and directions", lengths: [5, 4, 2],
      layers: [
        .init(.lstm, units: 5, direction: .bidirectional(.concatenate)), .init(.gru, units: 3, learnsInitialStates: true),
        .init(.rnn, units: 4, direction: .bidirectional(.average)), .init(.gru, units: 6, direction: .reverse),
      ]),
  ]

  /// Networks that give one row for each sequence: each readout with each kind of direction.
  static let readouts: [NetworkCase] = [
    NetworkCase(
      testDescription: "last, embedded symbols to classes, lstm under gru, packed, masked and dropped",
      input: .tokens(letters, embedding: 3), cells: [.lstm, .gru], output: .classes(3), lengths: [6, 4, 4, 1, 0], isMasked: true,
      isWeighted: true, dropout: 0.25, readout: .last),
    NetworkCase(
      testDescription: "last, reverse, projected lstm, learned initial states", cells: named("lstm-projected"),
      output: .classes(4),
      lengths: [5, 3, 0], direction: .reverse, learnsInitialStates: true, readout: .last),
    NetworkCase(
      testDescription: "last, concatenated, lstm under gru, packed, learned initial states", cells: [.lstm, .gru],
      lengths: [5, 2, 1, 0], direction: .bidirectional(.concatenate), learnsInitialStates: true, readout: .last),
    NetworkCase(
      testDescription: "last, multiplied, gates as states, without a head", cells: named("lstm-fgr"), output: .lastLayer,
      lengths: [4, 4, 2], direction: .bidirectional(.multiply), readout: .last),
    NetworkCase(
      testDescription: "last, gru, several labels, goes on", cells: [.gru], output: .distribution(.bernoulli, targets: 3),
      isCarried: true, readout: .last),
    NetworkCase(
      testDescription: "mean, lstm under rnn, packed and dropped", cells: [.lstm, .rnn], output: .classes(3),
      lengths: [6, 4, 4, 1, 0], dropout: 0.3, readout: .mean),
    NetworkCase(
      testDescription: "mean, reverse, gru under lstm, several labels", cells: [.gru, .lstm],
      output: .distribution(.bernoulli, targets: 4), lengths: [5, 3, 1], direction: .reverse, readout: .mean),
    NetworkCase(
      testDescription: "mean, summed, one-hot symbols, lstm, without a head", input: .tokens(letters), output: .lastLayer,
      lengths: [5, 3, 1, 0], direction: .bidirectional(.sum), readout: .mean),
    NetworkCase(
      testDescription: "max, lstm under gru, packed and masked", cells: [.lstm, .gru], lengths: [6, 4, 4, 1, 0], isMasked: true,
      readout: .max),
    NetworkCase(
      testDescription: "max, reverse, rnn, dropped", cells: [.rnn], output: .classes(3), lengths: [5, 3, 2], dropout: 0.25,
      direction: .reverse, readout: .max),
    NetworkCase(
      testDescription: "max, averaged, embedded symbols, lstm under gru", input: .tokens(letters, embedding: 2),
      cells: [.lstm, .gru], output: .classes(3), lengths: [5, 3, 1, 0], direction: .bidirectional(.average), readout: .max),
    NetworkCase(
      testDescription: "max, without a head, goes on", cells: [.gru], output: .lastLayer, isCarried: true, readout: .max),
    NetworkCase(
      testDescription: "last, lstm between dense layers, two of them above, packed and dropped", output: .classes(3),
      lengths: [6, 4, 4, 1, 0], isWeighted: true, dropout: 0.25, readout: .last,
      layers: [.init(dense, units: 5), .init(.lstm, units: 4), .init(dense, units: 3)],
      headLayers: [.init(dense, units: 6), .init(dense, units: 3)]),
    NetworkCase(
      testDescription: "mean, both directions, dense above, without a head", output: .lastLayer, lengths: [5, 3, 1, 0],
      direction: .bidirectional(.concatenate), readout: .mean, headLayers: [.init(dense, units: 3)]),
    NetworkCase(
      testDescription: "max, gru, another gru above, goes on", cells: [.gru], isCarried: true, readout: .max,
      headLayers: [.init(.gru, units: 3)]),
  ]

  private static let dense: Cell = {
    let text = "cell dense\ninput x\nstate h\nh' = tanh(W x + b)\n"
    do { return try Cell(parsing: text, file: "dense") } catch { preconditionFailure("\(error)") }
  }()

  static func named(_ names: String...) -> [Cell] { fixture { try names.map { try Cell.named($0) } } }

  private static let all: [NetworkCase] = {
    let own = cases + shortcuts + distributions + reversed + readouts + regularized
    return own + NetworkCase.words + NetworkCase.named + NetworkCase.vectors + NetworkCase.branching + NetworkCase.contexts
      + NetworkCase.memories
  }()

  /// The loss and the gradient of every weight against central differences of a loss in Double.
  ///
  /// The differences are exact to 1e-5² times a third derivative, which for losses of order 1 is some 1e-10, and to the
  /// rounding of the loss over the step, 1e-16 / 1e-5. Everything else is what Float rounds: each number is reached by at
  /// most so many roundings as `roundings` counts, each 2⁻²⁴ of numbers no larger than the largest.
  @Test(arguments: all)
  func everyWeightAgreesWithDifferencesInDouble(_ each: NetworkCase) throws {
    let network = try each.network()
    let runner = NetworkRunner(
      network, machine: try Machine(threads: 2), trains: true, regularization: each.whole)
    var reference = ReferenceNetwork(network: network, batch: each.batch(network, seed: 1))
    if each.isCarried {
      let before = each.batch(network, seed: 2)
      _ = try runner.run(before.inputs, lengths: before.lengths, targets: before.targets)
      reference.states = runner.carriedStates
    }
    (reference.regularization, reference.seed) = (each.whole, 9)
    var gradient = [Float](repeating: 0, count: network.parameters.count)
    let loss = try runner.run(
      reference.batch.inputs, lengths: reference.batch.lengths, targets: reference.batch.targets, carriesStates: each.isCarried,
      gradients: &gradient, seed: 9)

    let parameters = network.parameters.map(Double.init)
    // What is told is the loss of the targets as they are.
    var plain = reference
    (plain.regularization.labelSmoothing, plain.regularization.activationPenalty) = (0, 0)
    plain.regularization.temporalPenalty = 0
    let expectedLoss = try plain.loss(parameters)
    #expect(abs(loss.mean - expectedLoss) <= reference.roundings * 0x1p-24 * max(1, expectedLoss))
    let expected = try reference.gradient(parameters)
    let largest = expected.reduce(0) { max($0, abs($1)) }
    #expect(largest > 0.01)
    let bound = reference.roundings * 0x1p-24 * largest + 1e-9
    for entry in network.layout.entries {
      let worst = entry.range.map { abs(Double(gradient[$0]) - expected[$0]) }.max() ?? 0
      #expect(worst <= bound, "\(entry.name) is off by \(worst), more than \(bound)")
    }
  }

  @Test(arguments: all)
  func theGradientOnlyLooksOn(_ each: NetworkCase) throws {
    let network = try each.network()
    let batch = each.batch(network, seed: 1)
    let runner = NetworkRunner(network, machine: try Machine(threads: 1), trains: true)
    var gradient = [Float](repeating: 7, count: network.parameters.count)
    let trained = try runner.run(batch.inputs, lengths: batch.lengths, targets: batch.targets, gradients: &gradient)
    let states = runner.carriedStates
    let evaluator = NetworkRunner(network, machine: try Machine(threads: 1), trains: false)
    #expect(try evaluator.run(batch.inputs, lengths: batch.lengths, targets: batch.targets).sum == trained.sum)
    #expect(evaluator.carriedStates == states)
    // What the array held before plays no part.
    var again = [Float](repeating: .nan, count: network.parameters.count)
    _ = try runner.run(batch.inputs, lengths: batch.lengths, targets: batch.targets, gradients: &again)
    #expect(again == gradient)
  }

  @Test func aBatchWithoutTargetsHasNoLossAndNoGradient() throws {
    let each = Self.cases[0]
    let network = try each.network()
    let batch = each.batch(network, seed: 1)
    let runner = NetworkRunner(network, machine: try Machine(threads: 1), trains: true)
    var gradient = [Float](repeating: 7, count: network.parameters.count)
    let none = [Int32](repeating: -1, count: batch.lengths.rows)
    let loss = try runner.run(batch.inputs, lengths: batch.lengths, targets: .classes(none), gradients: &gradient)
    #expect(loss.count == 0 && loss.mean == 0)
    #expect(gradient.allSatisfy { $0 == 0 })
  }

  /// Large enough that layers and head spread over the threads.
  @Test(arguments: [1, 2, 3])
  func theSameSeedAndThreadsGiveTheSameBits(threads: Int) throws {
    func bits() throws -> [UInt32] {
      let network = try Network(
        input: .tokens(.bytes, embedding: 24), layers: [.init(.lstm, units: 40), .init(.gru, units: 40)], output: .categorical,
        seed: 5)
      let runner = NetworkRunner(
        network, machine: try Machine(threads: threads), trains: true, regularization: .init(dropout: 0.2))
      let batch = NetworkCase(testDescription: "", lengths: Array(repeating: 25, count: 30)).batch(network, seed: 6)
      var gradient = [Float](repeating: 0, count: network.parameters.count)
      let loss = try runner.run(batch.inputs, lengths: batch.lengths, targets: batch.targets, gradients: &gradient, seed: 7)
      return [Float(loss.sum).bitPattern] + gradient.map(\.bitPattern)
    }
    let first = try bits()
    for _ in 0..<3 { #expect(try bits() == first) }
  }
}
