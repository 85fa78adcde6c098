import CellLanguage
import Forecasting
import Foundation
import Networks
import Sequences
import Support
import Tables
import Models

/// Series made for tests.
enum Samples {
  static func month(_ text: String = "2000-01") -> TimeValue? { Moment(Array(text.utf8)).map { .moment($0) } }

  /// A table of series with so many targets each, month by month; `value` gives a target's value of a step.
  static func table(
    _ names: [String] = [""], count: Int, targets: [String] = ["units"], known: [String] = [],
    value: (_ series: Int, _ step: Int, _ target: Int) -> Double
  ) -> SeriesTable {
    let series = names.enumerated().map { number, name in
      SeriesTable.Series(
        name: name, start: month(), targets: (0..<count).flatMap { step in targets.indices.map { value(number, step, $0) } },
        known: (0..<count).flatMap { step in known.map { _ in Double(step % 5) } }, count: count)
    }
    return SeriesTable(
      roles: ColumnRoles(time: "month", group: names.count > 1 ? "store" : nil, targets: targets, known: known),
      missing: series.contains { $0.targets.contains(where: \.isNaN) } ? .mask : .error, step: .months(1), series: series)
  }

  static func data(
    _ table: SeriesTable, _ change: (inout ForecastTask) -> Void = { _ in }, test: Int = 0, validation: Int? = nil,
    batch: Int = 4
  ) throws -> ForecastData {
    var task = ForecastTask()
    (task.horizon, task.test, task.validation) = (3, test, validation)
    change(&task)
    return try ForecastData(table, task: task, batch: batch, seed: 5)
  }

  /// Noise with a season of twelve steps, on a slope.
  static func seasonal(slope: Double = 0, noise: Double = 0.1, seed: UInt64 = 1) -> (Int) -> Double {
    var random = Random(seed: seed)
    let values = (0..<400).map { sin(2 * .pi * Double($0) / 12) + slope * Double($0) + noise * random.normal() }
    return { values[$0] }
  }

  static func forecaster(_ data: ForecastData, seed: UInt64 = 2) throws -> Forecaster {
    var network = try Network(
      input: data.input, layers: [.init(.lstm, units: 5), .init(.gru, units: 4)],
      output: .distribution(data.distribution, targets: data.description.width), seed: seed)
    network.meaning = data.description.text
    return try Forecaster(network, path: "model")
  }
}
