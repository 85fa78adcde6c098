import Classification
import CommandKit
import Forecasting
import Models
import Networks
import Tagging

/// What a model is for, by which commands that take any model choose what they do with it.
enum ModelKind {
  /// It goes on with texts.
  case language
  /// It foretells series.
  case forecast
  /// It says which labels sequences have.
  case labels
  /// It gives words tags.
  case tags

  /// - Parameter path: of the network's file, for messages.
  /// - Throws: ``RecurrentError`` if the model is for something that this program does not know.
  init(of network: Network, path: String) throws {
    guard let text = network.meaning else {
      self = .language
      return
    }
    guard let meaning = try? ModelMeaning(text) else {
      throw RecurrentError(.unsuitable, "\(path) does not say what its numbers stand for in a way that this program knows: use a newer program")
    }
    switch meaning.kind {
    case ForecastDescription.kindName: self = .forecast
    case ClassifierDescription.kindName: self = .labels
    case TagDescription.kindName: self = .tags
    default: throw RecurrentError(.unsuitable, "\(path) is a model for “\(meaning.kind)”, which this program does not know: use a newer program")
    }
  }
}
