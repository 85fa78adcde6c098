import Engine
import Foundation
import Forecasting
import Sequences
import Tables
import Testing

struct SeriesScalingTests {
  static let wave = Samples.seasonal(noise: 0.3)

  /// What the network reads of a table's first series at each step.
  static func features(_ data: ForecastData, _ table: SeriesTable) -> [[Float]] {
    var state = SeriesState(data.description, series: table.series[0].name)
    return (0..<table.series[0].count).map { index in
      let (values, known) = table.series[0].row(index, data.description)
      var features: [Float] = []
      state.append(time: table.series[0].time(index, table.step), known: known, to: &features)
      state.observe(values)
      return features
    }
  }

  @Test func aKnownColumnThatNeverChangesIsReadAsZeros() throws {
    var table = Samples.table(count: 60, known: ["year"]) { _, step, _ in Self.wave(step) }
    table = SeriesTable(
      roles: table.roles, step: table.step,
      series: table.series.map {
        .init(name: $0.name, start: $0.start, targets: $0.targets, known: $0.known.map { _ in 2024 }, count: $0.count)
      })
    let data = try Samples.data(table)
    #expect(data.description.knownScaling == [Scaling(mean: 2024, deviation: 1)])
    #expect(Self.features(data, table).allSatisfy { $0.last == 0 })
    #expect(data.reasons.last == "“year” is 2024 in every row that is trained on: it says nothing of what comes (--known)")
  }

  @Test func aTargetThatNeverChangesIsScaledByItsLevel() throws {
    let table = Samples.table(count: 60, targets: ["a", "b"]) { _, step, target in target == 0 ? Self.wave(step) : 1_000_000 }
    let data = try Samples.data(table)
    #expect(data.description.scaling[1] == Scaling(mean: 1_000_000, deviation: 1))
    #expect(Self.features(data, table).joined().allSatisfy { abs($0) < 10 })
    #expect(data.reasons.last == "“b” is 1000000 in every row that is trained on: there is nothing to learn (--target)")
  }

  @Test func smallDifferencesOfLargeValuesAreScaled() throws {
    let table = Samples.table(count: 60) { _, step, _ in 20_000_000_000 + Double(step * 3 % 7) }
    let data = try Samples.data(table) {
      $0.difference = ForecastRequest.Difference.none
      $0.transform = ForecastRequest.Transform.none
    }
    #expect(abs(data.description.scaling[0].deviation - 2) < 0.1)
    #expect(Self.features(data, table).joined().allSatisfy { abs($0) < 3 })
  }

  /// One that never changed is as large as it is, and may vary as the others do.
  @Test func aSeriesThatNeverChangedHasItsOwnLevel() throws {
    let table = Samples.table(["a", "b", "c"], count: 60) { series, step, _ in
      series == 2 ? 5000 : 100 * Double(series + 1) + Self.wave(step)
    }
    let data = try Samples.data(table) { $0.difference = ForecastRequest.Difference.none }
    let scaling = data.description.seriesScaling
    #expect(scaling["c"]?[0].mean == 5000)
    #expect([scaling["a"]?[0].deviation, scaling["b"]?[0].deviation].contains(scaling["c"]?[0].deviation))
  }
}
