import Engine
import Forecasting
import Foundation
import Networks
import Sequences
import Support
import Tables
import Testing

struct SeriesScalingTests {
  private static let values = (0..<60).map(Samples.seasonal(noise: 0.3))
  static func wave(_ step: Int) -> Double { values[step] }

  /// What the network reads of a table's first series at each step.
  static func features(_ data: ForecastData, _ table: SeriesTable) throws -> [[Float]] {
    var state = try SeriesState(
      data.description, series: table.series[0].name, scaling: #require(data.description.scaling(of: table.series[0], steps: 60)))
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
    #expect(try Self.features(data, table).allSatisfy { $0.last == 0 })
    #expect(
      data.reasons.last?.description == "“year” is 2024 in every row that is trained on: it says nothing of what comes (known)")
  }

  @Test func aTargetThatNeverChangesIsScaledByItsLevel() throws {
    let table = Samples.table(count: 60, targets: ["a", "b"]) { _, step, target in target == 0 ? Self.wave(step) : 1_000_000 }
    let data = try Samples.data(table)
    #expect(data.description.scaling[1] == Scaling(mean: 1_000_000, deviation: 1))
    #expect(try Self.features(data, table).joined().allSatisfy { abs($0) < 10 })
    #expect(
      data.reasons.last?.description == "“b” is 1000000 in every row that is trained on: there is nothing to learn (target)")
  }

  @Test func smallDifferencesOfLargeValuesAreScaled() throws {
    let table = Samples.table(count: 60) { _, step, _ in 20_000_000_000 + Double(step * 3 % 7) }
    let data = try Samples.data(table) {
      $0.difference = ForecastTask.Difference.none
      $0.transform = ForecastTask.Transform.none
    }
    #expect(abs(data.description.scaling[0].deviation - 2) < 0.1)
    #expect(try Self.features(data, table).joined().allSatisfy { abs($0) < 3 })
  }

  /// Whatever is done to counts, the network reads numbers of order 1, and forecasts the counts themselves.
  @Test(arguments: ForecastTask.Transform.allCases)
  func countsAreReadInTheirScale(transform: ForecastTask.Transform) throws {
    let table = Samples.table(count: 60) { _, step, _ in (500 + 300 * sin(Double(step))).rounded() }
    let data = try Samples.data(table) {
      $0.likelihood = .negativeBinomial
      $0.transform = transform
    }
    let features = try Self.features(data, table)
    #expect(features.joined().allSatisfy { abs($0) < 4 })
    #expect(abs(features.dropFirst().reduce(0) { $0 + $1[0] } / 59) < 0.5)
    guard case .values(let targets, _) = data.training.batch(at: 0).targets else {
      throw RecurrentError(.data, "the batch has no values")
    }
    #expect(targets.allSatisfy { 200...800 ~= $0 })
    let binary = try Samples.data(Samples.table(count: 60) { _, step, _ in Double(step * 3 % 5 % 2) })
    #expect(binary.distribution == .relativeBernoulli && abs(binary.description.scaling[0].mean - 0.4) < 0.03)
  }

  /// One that never changed is as large as it is, and may vary as the others do.
  @Test func aSeriesThatNeverChangedHasItsOwnLevel() throws {
    let table = Samples.table(["a", "b", "c"], count: 60) { series, step, _ in
      series == 2 ? 5000 : 100 * Double(series + 1) + Self.wave(step)
    }
    let data = try Samples.data(table) { $0.difference = ForecastTask.Difference.none }
    let scaling = try ["a", "b", "c"].map { try #require(data.description.seriesScaling[$0])[0] }
    #expect(scaling[2].mean == 5000)
    let deviations = scaling.prefix(2).map(\.deviation)
    #expect(deviations.contains(scaling[2].deviation))
  }
}

/// Series that training has not seen, of the sizes of those that it has.
struct UnseenSeriesTests {
  private static let season: @Sendable (inout ForecastTask) -> Void = {
    $0.season = 7
    $0.difference = ForecastTask.Difference.none
    $0.transform = ForecastTask.Transform.none
  }

  private static func table(_ levels: [String: Double], count: Int = 60) -> SeriesTable {
    let names = levels.keys.sorted()
    let table = Samples.table(names, count: count) { series, step, _ in
      let level = levels[names[series]] ?? 0
      return level * (1 + 0.05 * SeriesScalingTests.wave(step))
    }
    // The only one has a name, too.
    var roles = table.roles
    roles.group = "store"
    return SeriesTable(roles: roles, step: table.step, series: table.series)
  }

  /// Ten steps, and then each forecast is about as large as what comes, as training has brought all series to the same scale.
  @Test func forecastsAreAsLargeAsTheSeries() throws {
    let forecaster = try Samples.forecaster(Samples.data(Self.table(["a": 100, "b": 5000]), Self.season))
    for level in [100.0, 5000] {
      let table = Self.table(["new": level], count: 40)
      let evaluation = try RollingEvaluation(
        forecaster, table, .init(horizon: 2, samples: 50), machine: try Machine(threads: 1))
      #expect(evaluation.origins == 30 && evaluation.surprisals.count == 30 && !evaluation.includesSeen)
      // The series lies within 10 % of its level, and the fresh network forecasts within some deviations of 4 % each.
      #expect(evaluation.model.mae < 0.4 * level)
    }
    let data = try Samples.data(Self.table(["a": 100, "b": 5000]), Self.season)
    #expect(data.description.warmup(of: "a") == 1 && data.description.warmup(of: "new") == 10)
  }

  /// What the loss of held-out series is taken of is what a stream forecasts of them, which knows no more than has come.
  @Test func aStreamPredictsWhatTheLossIsTakenOf() throws {
    let new = Self.table(["new": 70], count: 40)
    var task = ForecastTask()
    Self.season(&task)
    let data = try ForecastData(
      Self.table(["a": 100, "b": 5000]), heldOut: new, task: task, batch: 4, seed: 5
    )
    let forecaster = try Samples.forecaster(data)
    let runner = NetworkRunner(forecaster.network, machine: try Machine(threads: 1), trains: false)
    let batch = try #require(data.validation).batch(at: 0)
    let loss = try runner.run(batch.inputs, lengths: batch.lengths, targets: batch.targets)
    let stream = ForecastStream(forecaster, series: "new", runner: runner)
    let scaling = try #require(data.description.scaling(of: new.series[0], steps: 10))
    var (sum, count) = (0.0, 0)
    for index in 0..<40 {
      #expect(stream.isReady == (index >= 10) && stream.steps == index)
      let (values, known) = new.series[0].row(index, data.description)
      if let surprisal = try stream.observe(time: new.series[0].time(index, new.step), known: known, values: values) {
        sum += surprisal - log(scaling[0].deviation)
        count += 1
      }
    }
    #expect(count == 30 && loss.count == 30)
    // Both round in the same way but for the order of sums.
    #expect(abs(sum / 30 - loss.mean) < 200 * 0x1p-24 * max(1, abs(loss.mean)))
  }

  /// Which steps may tell its size is said by who has them.
  @Test func moreStepsTellMore() throws {
    let description = try Samples.data(Self.table(["a": 100, "b": 5000]), Self.season).description
    let new = Self.table(["new": 300]).series[0]
    #expect(description.scaling(of: new, steps: 9) == nil)
    for steps in [10, 60] {
      #expect(description.scaling(of: new, steps: steps) == [Scaling(of: new.targets.prefix(steps))])
    }
    // One that is trained on keeps what was learned of it.
    let known = Self.table(["a": 7]).series[0]
    #expect(description.scaling(of: known, steps: 60) == description.seriesScaling["a"])
  }

  /// A run goes on with the table that its best weights were chosen by, or not at all.
  @Test func heldOutSeriesAreToldApart() throws {
    func digest(_ level: Double) throws -> String? {
      try ForecastData(
        Self.table(["a": 100]), heldOut: Self.table(["new": level]), task: .init(),
        batch: 4, seed: 5
      ).digest
    }
    #expect(try digest(70) == digest(70))
    #expect(try digest(70) != digest(71))
  }

  @Test func heldOutSeriesThatAreTooShortAreRefused() throws {
    var task = ForecastTask()
    Self.season(&task)
    let error = #expect(throws: RecurrentError.self) {
      _ = try ForecastData(
        Self.table(["a": 100, "b": 5000]), heldOut: Self.table(["new": 70], count: 10), task: task, batch: 4, seed: 5)
    }
    #expect(error?.description == "no series of the table has more than the 10 steps that a forecast needs before it")
  }
}
