package import TaskKit

extension Figure {
  /// The fraction of the words seen in training whose tag is right.
  package static let knownAccuracy = Figure("known_accuracy", title: "% known", factor: 100, digits: 1)
  /// The fraction of the words not seen in training whose tag is right.
  package static let unknownAccuracy = Figure("unknown_accuracy", title: "% unknown", factor: 100, digits: 1)
  /// The F1 of the stretches of words that the tags mark, such as names.
  package static let entityF1 = Figure("entity_f1", title: "entity F1", factor: 100, digits: 1)
}

extension TagTask {
  package static var figures: [Figure] { [.accuracy, .knownAccuracy, .unknownAccuracy, .entityF1] }
}
