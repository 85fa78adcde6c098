import Engine
import Models
import Networks
import TaskKit
import Training

extension TrainingSession {
  /// The result of the training so far.
  ///
  /// - Parameters:
  ///   - cell: the name that the user gave the cell.
  ///   - test: the test file; nil for none.
  ///   - failure: why the training failed; nil if it did not.
  func result(cell: String, test: String?, failure: String? = nil) throws -> RunResult {
    let best = trainer.progress.best.loss
    let records = try TrainingLog.records(path: folder.log)
    let source: any BatchSource = data.training
    var (loss, right): (Double?, Double?)
    var figures: [Figure: Double] = [:]
    if failure == nil {
      let network = try Network(contentsOf: folder.model)
      right = try data.fractionRight(network, from: folder.model, machine: trainer.machine)
      if let test {
        let measured = try Trainer(network, options: trainer.options, machine: trainer.machine).evaluate(data.batches(of: test))
        loss = measured.mean
        figures = try data.figures(
          of: network, from: folder.model, on: test, loss: measured.mean, machine: trainer.machine)
      }
    }
    return RunResult(
      cell: cell, seed: trainer.options.seed, units: trainer.network.architecture.layers[0].units,
      weights: trainer.network.parameters.count, iterations: trainer.progress.iteration, validation: best,
      bestIteration: records.first { $0.validation != nil && $0.validation == best }?.iteration, test: loss,
      testFigures: figures, score: right, seconds: trainer.progress.seconds, iterationsPerEpoch: source.iterationsPerEpoch,
      failure: failure)
  }
}
