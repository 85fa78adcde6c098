import CellLanguage
import Engine
import Foundation
import Networks
import Sequences
import Support
import Testing

/// What training sets to 0.
struct RegularizationTests {
  private static let all = Regularization(
    dropout: 0.2, inputDropout: 0.3, isVariational: true, recurrentDropout: 0.25, weightDrop: 0.4, embeddingDropout: 0.3,
    activationPenalty: 2, temporalPenalty: 1, labelSmoothing: 0.1)

  private struct Result: Equatable {
    var loss: Double
    var gradient: [Float]
  }

  private func network(_ cells: [Cell] = [.lstm, .gru]) throws -> Network {
    try Network(
      input: .tokens(.bytes, embedding: 6), layers: cells.map { .init($0, units: 7) }, output: .categorical, seed: 3)
  }

  private func batch(_ network: Network) throws -> Batch {
    NetworkCase(testDescription: "", lengths: [6, 6, 5, 2]).batch(network, seed: 4)
  }

  private func train(_ network: Network, _ regularization: Regularization, seed: UInt64 = 1) throws -> Result {
    let runner = NetworkRunner(
      network, machine: try Machine(threads: 2), trains: true, regularization: regularization)
    let batch = try batch(network)
    var gradient = [Float](repeating: 0, count: network.parameters.count)
    let loss = try runner.run(batch.inputs, lengths: batch.lengths, targets: batch.targets, gradients: &gradient, seed: seed)
    return Result(loss: loss.mean, gradient: gradient)
  }

  /// Zoneout is a cell's own.
  @Test func zoneoutDependsOnTheSeedAlone() throws {
    let network = try network([Cell.lstm.zoningOut(["h": 0.1, "c": 0.5]), .gru])
    let result = try train(network, .init())
    #expect(result == (try train(network, .init())))
    #expect(result != (try train(network, .init(), seed: 2)))
  }

  /// What draws nothing changes gradients, but not what is told of the loss.
  @Test(arguments: [
    Regularization(activationPenalty: 1), Regularization(temporalPenalty: 1), Regularization(labelSmoothing: 0.1),
  ])
  func whatDrawsNothingChangesGradientsAlone(_ regularization: Regularization) throws {
    let network = try network()
    let (result, plain) = (try train(network, regularization), try train(network, .init()))
    #expect(result.loss == plain.loss && result.gradient != plain.gradient)
  }

  /// What is not named is off: checkpoints of older programs do not name all.
  @Test func olderRecordsAreRead() throws {
    let old = Data(#"{"dropout": 0.5, "inputDropout": 0.1, "isVariational": true}"#.utf8)
    #expect(
      try JSONDecoder().decode(Regularization.self, from: old) == .init(dropout: 0.5, inputDropout: 0.1, isVariational: true))
    #expect(try JSONDecoder().decode(Regularization.self, from: JSONEncoder().encode(Self.all)) == Self.all)
  }

  @Test func whatCanNotBeTiedIsRefused() throws {
    func refusal(_ input: Architecture.Input, units: Int = 4, _ output: Architecture.Output = .categorical) -> String? {
      #expect(throws: RecurrentError.self) {
        try Network(input: input, layers: [.init(.lstm, units: units)], output: output, tiesEmbedding: true)
      }?.description
    }
    let none = "a network without an embedding has none to tie to its output: give it one, or don't tie"
    #expect(refusal(.features(4), .classes(4)) == none)
    #expect(refusal(.tokens(.bytes)) == none)
    #expect(
      refusal(.tokens(.bytes, embedding: 4), .classes(7))
        == "an embedding can only be tied to an output that gives the symbols that the network reads")
    #expect(
      refusal(.tokens(.bytes, embedding: 4), units: 5)
        == "an embedding of 4 numbers can't be tied to an output that reads the 5 numbers of the last layer: make them equally many"
    )
    let tied = try Network(
      input: .tokens(.bytes, embedding: 4), layers: [.init(.lstm, units: 4)], output: .categorical, tiesEmbedding: true)
    let untied = try Network(input: .tokens(.bytes, embedding: 4), layers: [.init(.lstm, units: 4)], output: .categorical)
    #expect(untied.parameters.count - tied.parameters.count == 256 * 4)
  }

  /// Each kind of it changes a training, as its seed does, and the same seed does the same.
  @Test(arguments: [
    Regularization(dropout: 0.3), Regularization(dropout: 0.3, isVariational: true), Regularization(inputDropout: 0.3),
    Regularization(recurrentDropout: 0.3), Regularization(weightDrop: 0.3),
    Regularization(embeddingDropout: 0.3), all,
  ])
  func trainingDependsOnTheSeedAlone(_ regularization: Regularization) throws {
    let network = try network()
    let result = try train(network, regularization)
    #expect(result == (try train(network, regularization)))
    #expect(result != (try train(network, regularization, seed: 2)))
    #expect(result != (try train(network, .init())))
  }

  /// Evaluation on a runner that trains: as if nothing were regularised, bit for bit, before a batch and after one.
  @Test(arguments: [["lstm", "gru"], ["gru-reset-before"], ["lstm-peephole-full"], ["fastgrnn"], ["slstm"]])
  func nothingIsDroppedInEvaluation(_ names: [String]) throws {
    let network = try network(names.map { try .named($0) })
    let batch = try batch(network)
    let machine = try Machine(threads: 2)
    let plain = NetworkRunner(network, machine: machine, trains: false)
    // Masks of 1 change no product, but the order in which products are added up.
    let expected = try plain.outputs(batch.inputs, lengths: batch.lengths)
    let runner = NetworkRunner(network, machine: machine, trains: true, regularization: Self.all)
    var gradient = [Float](repeating: 0, count: network.parameters.count)
    for _ in 0..<2 {
      let outputs = try runner.outputs(batch.inputs, lengths: batch.lengths)
      // Probabilities of sums of some twenty numbers, each within some roundings of 2⁻²⁴, over six steps.
      #expect(zip(outputs, expected).allSatisfy { abs($0 - $1) <= 6 * 20 * 4 * 0x1p-24 })
      _ = try runner.run(batch.inputs, lengths: batch.lengths, targets: batch.targets, gradients: &gradient, seed: 5)
    }
  }

  /// A training with dropped weights is one of the network that has these weights, and its gradient is 0 where they are.
  @Test func droppedWeightsAreThoseOfAnotherNetwork() throws {
    let network = try network()
    let regularization = Regularization(weightDrop: 0.5)
    let mask = try #require(WeightMask(0.5, network))
    mask.draw(seed: 1)
    var parameters = network.parameters
    mask.apply(to: &parameters)
    let dropped = try Network(network.architecture, parameters: { _ in parameters })
    let result = try train(network, regularization)
    var expected = try train(dropped, .init())
    mask.apply(to: &expected.gradient)
    #expect(result == expected)

    let kinds = zip(parameters, network.parameters).map { $1 == 0 ? 2 : $0 / $1 }
    #expect(Set(kinds).isSubset(of: [0, 1, 2]))
    // `W_f [h, x]` of the LSTM reads seven units of the past and six numbers of the input; the GRU's have matrices of their own.
    for entry in network.layout.entries {
      let columns = entry.shape.count == 2 ? entry.shape[1] : 1
      let zeros = Set(entry.range.filter { kinds[$0] == 0 }.map { ($0 - entry.range.lowerBound) % columns })
      let recurrent = entry.name.contains(".U_") || entry.name.contains("layers.0.W_") ? Set(0..<7) : []
      #expect(zeros == recurrent, "\(entry.name)")
    }
  }

  /// The same sequence loses the same elements at each of its steps, and no two sequences the same ones.
  @Test func variationalMasksHoldForAllStepsOfASequence() throws {
    let lengths = try PackedLengths([5, 4, 2])
    let width = 64
    let edge = EdgeRows(width: width, span: .step)
    let dropout = try #require(
      Dropout(0.5, on: edge, place: 0, isVariational: true, machine: try Machine(threads: 1)))
    dropout.begin(
      BatchRun(inputs: .features([]), lengths: lengths, targets: nil, carriesStates: false, seed: 7, takesGradient: true))
    let ones = [Float](repeating: 1, count: lengths.rows * width)
    let segment = Segment(0..<5, of: lengths, reversal: [], keeping: true)
    let dropped = ones.withUnsafeBufferPointer { ones -> [Float] in
      guard let base = ones.baseAddress else { return [] }
      edge.values = base
      dropout.forward(segment)
      return Array(UnsafeBufferPointer(start: edge.values, count: ones.count))
    }
    edge.addGradient(rows: lengths.rows) { $0.update(from: ones, count: ones.count) }
    var none: [Float] = []
    dropout.backward(segment, &none)
    #expect(Array(UnsafeBufferPointer(start: edge.gradient(rows: lengths.rows), count: ones.count)) == dropped)
    #expect(Set(dropped) == [0, 2])
    func row(_ step: Int, _ sequence: Int) -> ArraySlice<Float> {
      let start = (lengths.rows(of: step..<step + 1).lowerBound + sequence) * width
      return dropped[start..<start + width]
    }
    for (sequence, length) in [5, 4, 2].enumerated() {
      for step in 1..<length { #expect(row(step, sequence).elementsEqual(row(0, sequence))) }
    }
    #expect(!row(0, 0).elementsEqual(row(0, 1)) && !row(0, 1).elementsEqual(row(0, 2)))
  }
}
