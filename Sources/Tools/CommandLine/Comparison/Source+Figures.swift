import Classification
import Engine
import Experiments
import Forecasting
import LanguageModels
import Networks
import Platform
import Sequences
import Tables
import Tagging

extension TrainingSession.Source {
  /// What `recurrent evaluate` says first of a network and a file like the one trained on.
  ///
  /// - Parameters:
  ///   - path: the network's file, for messages.
  ///   - loss: of the network on that file.
  func figures(
    of network: Network, from path: String, on file: String, loss: Double, _ machine: Machine
  ) throws -> [Figure: Double] {
    switch self {
    case .problem: return [:]
    case .text(let data):
      return data.vocabulary.kind == .words ? [.bits: loss / log(2), .perplexity: exp(loss)] : [.bits: loss / log(2)]
    case .classification:
      let scores = try Classifier(network, path: path).scores(file, machine: machine).scores
      return [.accuracy: scores.accuracy, .macroF1: scores.macroF1]
    case .tag:
      let runner = NetworkRunner(network, machine: machine, trains: false)
      let scores = try TaggingScores(Tagger(network, path: path), TaggedSentences(contentsOf: file), by: runner)
      var figures: [Figure: Double] = [.accuracy: scores.all.accuracy]
      if scores.known.count > 0 { figures[.knownAccuracy] = scores.known.accuracy }
      if scores.unknown.count > 0 { figures[.unknownAccuracy] = scores.unknown.accuracy }
      return figures
    case .forecast:
      let forecaster = try Forecaster(network, path: path)
      let table = try forecaster.read(file)
      let options = ForecastEvaluationKeys.options(forecaster, table, horizon: nil, samples: 200, last: nil, stride: nil, seed: 0)
      return RollingEvaluation(forecaster, table, options, machine: machine).model.mase.map { [.mase: $0] } ?? [:]
    }
  }
}
