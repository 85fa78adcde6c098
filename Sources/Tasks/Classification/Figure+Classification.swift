package import TaskKit

extension Figure {
  /// The mean of the labels' F1.
  package static let macroF1 = Figure("macro_f1", title: "macro F1", digits: 3)
}

extension ClassifyTask {
  package static var figures: [Figure] { [.accuracy, .macroF1] }
}
