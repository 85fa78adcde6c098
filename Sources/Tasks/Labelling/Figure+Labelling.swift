import Classification
package import TaskKit

extension Figure {
  /// The F1 of segments.
  package static let segmentF1 = Figure("segment_f1", title: "segment F1", digits: 3)
}

extension LabelTask {
  package static var figures: [Figure] { [.accuracy, .macroF1, .segmentF1] }
}
