import CellLanguage
import Engine
import Foundation
import Models
import Networks
import Sequences
import Support
import Testing

extension NetworkCase {
  /// Tags O, B and I: I only after B or I.
  static let bio = TagOrder(count: 3, first: { $0 != 2 }, follows: { $1 != 2 || $0 != 0 })

  /// Networks that score sequences whole.
  static let structures: [NetworkCase] = [
    NetworkCase(
      testDescription: "CRF without an order, lstm, packed and masked", output: .init(CRFHead(TagOrder(count: 3))),
      lengths: [5, 3, 1, 0], isMasked: true),
    NetworkCase(
      testDescription: "CRF with an order, gru, both directions, dropped", cells: [.gru], output: .init(CRFHead(bio)),
      lengths: [4, 4, 2], isFree: true, dropout: 0.25, direction: .bidirectional(.concatenate)),
    NetworkCase(
      testDescription: "CRF past the last layer, embedded symbols", input: .tokens(GradientTests.letters, embedding: 3),
      output: .init(CRFHead(bio)), lengths: [5, 2, 2], isFree: true, outputReadsInput: true),
    NetworkCase(
      testDescription: "CTC, lstm under gru, packed, both directions", cells: [.lstm, .gru], output: .init(CTCHead(symbols: 2)),
      lengths: [6, 4, 4, 1, 0], direction: .bidirectional(.concatenate)),
    NetworkCase(
      testDescription: "CTC, embedded symbols, dropped", input: .tokens(GradientTests.letters, embedding: 3),
      output: .init(CTCHead(symbols: 3)), lengths: [5, 5, 2], dropout: 0.25),
  ]
}

struct CRFTests {
  private let network: Network = fixture {
    try NetworkCase(testDescription: "", output: .init(CRFHead(NetworkCase.bio))).network()
  }
  private let lengths = PackedLengths(sorted: [5, 3, 1])

  private func inputs() -> Batch.Inputs {
    var random = Random(seed: 6)
    return .features((0..<9 * 3).map { _ in 6 * random.uniformFloat() - 3 })
  }

  private var field: ReferenceCRF {
    func tensor(_ name: String) -> [Double] { (network[name] ?? []).map(Double.init) }
    return ReferenceCRF(
      head: CRFHead(NetworkCase.bio), transitions: tensor("output.transitions"), first: tensor("output.first"),
      last: tensor("output.last"))
  }

  /// The loss and the gradient of every weight against central differences of a loss in Double that sums over every sequence of tags.
  @Test(arguments: NetworkCase.structures)
  func everyWeightAgreesWithDifferencesInDouble(_ each: NetworkCase) throws {
    try GradientTests().everyWeightAgreesWithDifferencesInDouble(each)
    try GradientTests().theGradientOnlyLooksOn(each)
  }

  /// The same tags have the same bits with any number of threads: more sequences than there are shards.
  @Test func theNumberOfThreadsDoesNotShow() throws {
    let network = try Network(
      input: .features(5), layers: [.init(.gru, units: 24, direction: .bidirectional(.concatenate))],
      output: .init(CRFHead(NetworkCase.bio)), seed: 2)
    var each = NetworkCase(testDescription: "", lengths: (0..<19).map { 40 - 2 * $0 })
    each.isFree = true
    let batch = each.batch(network, seed: 5)
    func run(_ threads: Int) throws -> (loss: Double, gradient: [UInt32], chosen: [Int32], given: [Float]) {
      let runner = NetworkRunner(network, machine: try Machine(threads: threads), trains: true)
      var gradient = [Float](repeating: 0, count: network.parameters.count)
      let loss = try runner.run(batch.inputs, lengths: batch.lengths, targets: batch.targets, gradients: &gradient)
      let (chosen, given) = try runner.choices(batch.inputs, lengths: batch.lengths)
      return (loss.mean, gradient.map(\.bitPattern), chosen, given)
    }
    let one = try run(1)
    #expect(one.loss.isFinite)
    for threads in [2, 3, 16] { #expect(try run(threads) == one, "\(threads) threads") }
  }

  /// What is chosen is the most probable of all sequences of tags, and what is given the probabilities of tags over all of them.
  @Test func choicesAndProbabilitiesAreThoseOfAllSequences() throws {
    let runner = NetworkRunner(network, machine: try Machine(threads: 2), trains: false)
    let (chosen, given) = try runner.choices(inputs(), lengths: lengths)
    #expect(try runner.outputs(inputs(), lengths: lengths) == given)
    let reference = ReferenceNetwork(
      network: network, batch: Batch(lengths: lengths, inputs: inputs(), targets: .classes([Int32](repeating: 0, count: 9))))
    let outputs = try reference.outputs(network.parameters.map(Double.init))
    for sequence in 0..<lengths.batch {
      let rows = lengths.rows(ofSequence: sequence)
      let all = field.sequences(rows.map { outputs[$0] })
      let sum = all.reduce(0) { $0 + $1.weight }
      #expect(all.max { $0.weight < $1.weight }?.tags == rows.map { chosen[$0] })
      for (step, row) in rows.enumerated() {
        for tag in 0..<3 {
          let expected = all.reduce(0) { $0 + ($1.tags[step] == Int32(tag) ? $1.weight : 0) } / sum
          // The outputs are off by what `roundings` counts, and a probability by no more than its gradient times that.
          #expect(abs(Double(given[row * 3 + tag]) - expected) <= 5 * reference.roundings * 0x1p-24)
        }
      }
    }
  }

  @Test func itIsSavedAndReadAsItIs() throws {
    for order in [NetworkCase.bio, TagOrder(count: 3), TagOrder(count: 2, last: { $0 == 0 })] {
      let network = try Network(input: .features(2), layers: [.init(.rnn, units: 2)], output: .init(CRFHead(order)))
      let read = try Network(bytes: network.bytes())
      #expect(read.architecture == network.architecture && read.parameters == network.parameters)
    }
  }

  /// What a damaged or made-up file may say of it.
  @Test(arguments: [
    (#"{"crf":5000}"#, "the output is a CRF of 5000 tags; there can be 1 to 4096"),
    (#"{"crf":-1}"#, "the output is a CRF of -1 tags; there can be 1 to 4096"),
    (#"{"crf":2,"follows":["11"]}"#, "“follows” of the output has 1 rows; there are 2 tags"),
    (#"{"crf":2,"follows":["11","12"]}"#, "“follows” of the output must have a 0 or a 1 for each of the 2 tags"),
    (#"{"crf":2,"first":"1"}"#, "“first” of the output must have a 0 or a 1 for each of the 2 tags"),
  ])
  func aWrongDescriptionIsRefused(text: String, message: String) throws {
    let error = #expect(throws: RecurrentError.self) {
      try JSONDecoder().decode(Architecture.Output.self, from: Data(text.utf8))
    }
    #expect(error?.description == message)
  }

  @Test func whatCantBeIsRefused() throws {
    func message(_ body: () throws -> Void) -> String? { #expect(throws: RecurrentError.self) { try body() }?.description }
    #expect(
      message {
        _ = try Network(
          input: .features(1), layers: [.init(.rnn, units: 2)], readout: .last, output: .init(CRFHead(NetworkCase.bio)))
      } == "the network's output is scored over the steps of a sequence, but sequences are read out: read out each step")
    #expect(
      message {
        _ = try Network(
          input: .features(1), layers: [.init(.rnn, units: 2)],
          output: .init(CRFHead(TagOrder(count: 2, first: { $0 == 0 }, last: { $0 == 1 }))))
      } == "no tag of the CRF may both stand alone and follow itself, so that some sentences have no tags: allow one to")
    #expect(
      message { _ = try network.stream() }
        == "the network can't be run step by step: its output is a conditional random field (CRF), in which each step depends on those "
        + "after it, which a stream does not know; run it over whole sequences")
  }

  /// Scores so large that no exponential of them is a number.
  @Test func largeScoresDoNotOverflow() throws {
    var network = try Network(input: .features(1), layers: [.init(.rnn, units: 1)], output: .init(CRFHead(TagOrder(count: 2))))
    let bias = try #require(network.layout["output.bias"]).range
    network.parameters[bias.lowerBound] = 3000
    let runner = NetworkRunner(network, machine: try Machine(threads: 1), trains: true)
    var gradient = [Float](repeating: 0, count: network.parameters.count)
    let lengths = PackedLengths(steps: 3, batch: 1)
    let inputs = Batch.Inputs.features([0, 0, 0])
    #expect(try runner.run(inputs, lengths: lengths, targets: .classes([0, 0, 0]), gradients: &gradient).sum == 0)
    #expect(try runner.run(inputs, lengths: lengths, targets: .classes([1, 1, 1]), gradients: &gradient).sum == 9000)
    #expect(!gradient.contains { !$0.isFinite })
  }
}
