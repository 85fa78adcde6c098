/// What a task counts beside a loss: what `recurrent evaluate` says first of a model for it.
public enum Figure: String, Sendable, Hashable, CaseIterable {
  /// Shares of what is answered right: of all, of words that training has seen, and of others.
  case accuracy
  case knownAccuracy = "known_accuracy"
  case unknownAccuracy = "unknown_accuracy"
  /// The mean of the labels' or tags' F1.
  case macroF1 = "macro_f1"
  /// The mean absolute scaled error of forecasts.
  case mase
  /// The loss of a symbol in bits.
  case bits
  case perplexity

  /// What it is called in a table, the factor that brings it there, and its digits.
  package var column: (title: String, factor: Double, digits: Int) {
    switch self {
    case .accuracy: ("% right", 100, 1)
    case .knownAccuracy: ("% known", 100, 1)
    case .unknownAccuracy: ("% unknown", 100, 1)
    case .macroF1: ("macro F1", 1, 3)
    case .mase: ("MASE", 1, 3)
    case .bits: ("bits", 1, 3)
    case .perplexity: ("perplexity", 1, 1)
    }
  }
}
