import CellLanguage
import Engine
import Networks
import Sequences
import Support
import Testing
import Training

/// Networks that are trained on sequences of numbers in memory.
struct ArrayTrainingTests {
  private static let sequences: [[[Float]]] = [[[1, 2]], [[0.5, 1], [2, 3], [4, 5]], [[3, 1], [2, 2]]]
  private static let targets: [[[Float]]] = [[[1]], [[0], [1], [2]], [[1], [0.5]]]

  private func network(readout: Architecture.Readout = .everyStep) throws -> Network {
    try Network(input: .features(2), layers: [.init(.gru, units: 3)], readout: readout, output: .values(1), seed: 5)
  }

  /// The longest sequence comes first, and step by step the rows of all that are long enough.
  private static func batch(_ targets: [Float]) throws -> FixedBatch {
    FixedBatch(
      Batch(
        lengths: try PackedLengths([3, 2, 1]), inputs: .features([0.5, 1, 3, 1, 1, 2, 2, 3, 2, 2, 4, 5]),
        targets: .values(targets)))
  }

  @Test func arraysTrainAsTheirBatchDoes() throws {
    let machine = try Machine(threads: 1)
    var (one, other) = (try network(), try network())
    let before = one.parameters
    try one.train(on: Self.sequences, targets: Self.targets, epochs: 3, learningRate: 0.01, machine: machine)
    let options = try TrainingOptions(epochs: 3, of: 1, learningRate: 0.01)
    try other.train(on: Self.batch([0, 1, 1, 1, 0.5, 2]), options: options, machine: machine)
    #expect(one.parameters == other.parameters)
    #expect(one.parameters != before)
  }

  @Test func aNetworkThatReadsOutSequencesHasATargetForEach() throws {
    let machine = try Machine(threads: 1)
    var (one, other) = (try network(readout: .last), try network(readout: .last))
    try one.train(on: Self.sequences, targets: [[[1]], [[2]], [[3]]], epochs: 2, machine: machine)
    let options = try TrainingOptions(epochs: 2, of: 1, learningRate: 0.002)
    try other.train(on: Self.batch([2, 3, 1]), options: options, machine: machine)
    #expect(one.parameters == other.parameters)
  }

  @Test func theLastSequencesAreHeldOut() throws {
    var network = try network()
    let sequences: [[[Float]]] = (0..<10).map { [[Float($0), 1], [1, 0]] }
    let targets: [[[Float]]] = (0..<10).map { [[Float($0)], [0]] }
    var reports: [TrainingProgress] = []
    try network.train(
      on: sequences, targets: targets, epochs: 2, batch: 4, heldOut: 0.2, machine: Machine(threads: 1)
    ) { reports.append($0) }
    // Eight sequences are two batches, after which there is a validation.
    #expect(reports.map(\.iteration) == [1, 2, 3, 4])
    #expect(reports.map { $0.validation != nil } == [false, true, false, true])
    #expect(reports.allSatisfy { $0.iterations == 4 && $0.loss.isFinite })
  }

  private static let mistakes: [(@Sendable (inout Network) throws -> Void, String)] = [
    (
      { try $0.train(on: sequences, targets: [[[1]]]) },
      "there are 3 sequences and targets for 1: give those of each sequence"
    ),
    (
      { try $0.train(on: [[[1, 2], [3, 4]]], targets: [[[1]]]) },
      "sequence 0, counted from 0, has 2 steps and targets for 1; the network needs one row of targets for each step"
    ),
    (
      { try $0.train(on: [[[1, 2], [3]]], targets: [[[1], [2]]]) },
      "sequence 0, counted from 0, has a step with 1 numbers; the network reads 2 at each step"
    ),
    (
      { try $0.train(on: [[[1, 2]]], targets: [[[1, 2]]]) },
      "sequence 0, counted from 0, has 2 target numbers in a row; the network gives 1"
    ),
    (
      { try $0.train(on: sequences, targets: targets, epochs: .nan) },
      "epochs is nan; expected a number above 0 that gives at most 1000000000 iterations"
    ),
    ({ try $0.train(on: sequences, targets: targets, batch: 0) }, "the batch is 0; expected a whole number of at least 1"),
    (
      { try $0.train(on: sequences, targets: targets, heldOut: 1) },
      "the fraction held out is 1; expected a number of at least 0 and below 1"
    ),
    (
      { try $0.train(on: sequences, targets: targets, learningRate: -1) },
      "the learning rate is -1.0; it must be above 0"
    ),
    (
      { network in
        network = try Network(input: .features(2), layers: [.init(.gru, units: 3)], output: .classes(2))
        try network.train(on: sequences, targets: targets)
      },
      "arrays of numbers train networks that read `.features` and give `.values`: this one reads or gives something else"
    ),
  ]

  @Test(arguments: mistakes.indices)
  func whatDoesNotFitIsNamed(place: Int) throws {
    let (train, message) = Self.mistakes[place]
    var network = try network()
    let before = network.parameters
    let error = #expect(throws: RecurrentError.self) { try train(&network) }
    #expect(error?.description == message)
    if place < Self.mistakes.count - 1 { #expect(network.parameters == before) }
  }
}
