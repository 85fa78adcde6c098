package import TaskKit

extension Figure {
  /// The mean absolute scaled error of forecasts: 1 is the error of a naive forecast on the training data.
  package static let mase = Figure("mase", title: "MASE", digits: 3)
}

extension ForecastTask {
  package static var figures: [Figure] { [.mase] }
}
