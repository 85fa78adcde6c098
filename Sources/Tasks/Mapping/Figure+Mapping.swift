package import TaskKit

extension Figure {
  /// The fraction of the variance that is explained.
  package static let explained = Figure("explained", title: "% explained", factor: 100, digits: 1)
  /// The energy of the errors divided by that of the targets.
  package static let errorToSignal = Figure("error_to_signal", title: "% error to signal", factor: 100, digits: 2)
}

extension MapTask {
  package static var figures: [Figure] { [.explained, .errorToSignal] }
}
