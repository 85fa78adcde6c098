package import CellLanguage
package import Engine
import Networks
import Sequences
import Support
import Training

/// How much time each kind of regularization adds to a training step.
///
/// Each is timed in turn with a training without any, step by step, so that other work of the machine affects both alike.
package struct RegularizationCost: Sendable {
  package let name: String
  package let cell: String
  package let units: Int
  /// How many times longer a step takes with it, as the median of the pairs: on a busy machine the fastest of each were up to 70
  /// per cent apart where nothing differed, the medians of 41 pairs 5.
  package let factor: Double
  package let pairs: Int

  /// A kind of regularization, with a usual fraction or weight.
  private struct Kind {
    let name: String
    var regularization = Regularization()
    var zoneout = 0.0
    var tiesEmbedding = false
  }

  private static let kinds: [Kind] = [
    Kind(name: "dropout", regularization: .init(dropout: 0.2)),
    Kind(name: "dropout, variational", regularization: .init(dropout: 0.2, isVariational: true)),
    Kind(name: "input dropout", regularization: .init(inputDropout: 0.2)),
    Kind(name: "recurrent dropout", regularization: .init(recurrentDropout: 0.2)),
    Kind(name: "zoneout of all states", zoneout: 0.1),
    Kind(name: "weight drop", regularization: .init(weightDrop: 0.5)),
    Kind(name: "embedding dropout", regularization: .init(embeddingDropout: 0.1)),
    Kind(name: "weight decay", regularization: .init(weightDecay: 0.01)),
    Kind(name: "activation penalty", regularization: .init(activationPenalty: 2)),
    Kind(name: "temporal penalty", regularization: .init(temporalPenalty: 1)),
    Kind(name: "label smoothing", regularization: .init(labelSmoothing: 0.1)),
    Kind(name: "tied embedding", tiesEmbedding: true),
  ]

  /// A language model of 64 symbols with one layer, embeddings as wide as it, and Adam.
  ///
  /// - Parameter effort: how long to measure each kind.
  package static func all(
    _ cell: Cell, units: Int, batch: Int, steps: Int, on machine: Machine, effort: Timing.Effort = .init()
  ) throws -> [RegularizationCost] {
    let vocabulary = try Vocabulary(kind: .characters, symbols: (0..<64).map { "\(UnicodeScalar(UInt8(48 + $0)))" })
    let source = RandomSymbols(symbols: vocabulary.count, batch: batch, steps: steps)
    func trainer(_ kind: Kind) throws -> Trainer {
      let fractions = cell.states.map { ($0.name, kind.zoneout) }
      let network = try Network(
        input: .tokens(vocabulary, embedding: units),
        layers: [.init(cell.zoningOut(Dictionary(uniqueKeysWithValues: fractions)), units: units)], output: .categorical,
        tiesEmbedding: kind.tiesEmbedding)
      let options = try TrainingOptions(
        iterations: .max, learningRate: LearningRate(0.001), regularization: kind.regularization)
      return Trainer(network, options: options, machine: machine)
    }
    return try kinds.filter { !$0.tiesEmbedding || cell.states[0].size == .units }.map { kind in
      let (plain, regularized) = (try trainer(Kind(name: "none")), try trainer(kind))
      var failure: RecurrentError?
      func run(_ trainer: Trainer, _ count: Int) {
        for _ in 0..<count {
          do { try trainer.step(on: source) } catch { failure = error }
        }
      }
      let both = Timing.inTurn(effort, { run(regularized, $0) }, { run(plain, $0) })
      if let failure { throw failure }
      let factors = Timing(samples: zip(both.first.samples, both.second.samples).map { $0 / $1 })
      return RegularizationCost(
        name: kind.name, cell: cell.name, units: units, factor: factors.median, pairs: factors.samples.count)
    }
  }
}

/// The same random symbols in each batch.
private struct RandomSymbols: BatchSource {
  private let repeated: Batch
  let iterationsPerEpoch: Int? = nil
  let stepsPerBatch: Int

  init(symbols: Int, batch: Int, steps: Int) {
    var random = Random(.benchmark, seed: 1)
    let lengths = PackedLengths(steps: steps, batch: batch)
    let drawn = (0..<2).map { _ in (0..<lengths.rows).map { _ in Int32(random.integer(in: 0..<symbols)) } }
    repeated = Batch(lengths: lengths, inputs: .tokens(drawn[0]), targets: .classes(drawn[1]))
    stepsPerBatch = lengths.rows
  }

  func batch(at iteration: Int) -> Batch { repeated }
  func continues(at iteration: Int) -> Bool { false }
}
