import Engine
import Forecasting
import Networks
import Support
import Tables
import Testing

/// Series of which nothing is left to train on.
struct HeldOutSeriesTests {
  /// Three long series of a level of 100 or so, one of twelve steps of which all are held out, and one that is too short for anything.
  private static func table(_ values: (_ series: Int, _ step: Int) -> Double) -> SeriesTable {
    let series = [("a", 60), ("b", 60), ("c", 60), ("late", 12), ("new", 3)].enumerated().map { number, each in
      SeriesTable.Series(
        name: each.0, start: .number(Double(60 - each.1)), targets: (0..<each.1).map { values(number, $0) }, count: each.1)
    }
    return SeriesTable(
      roles: ColumnRoles(time: "t", group: "shop", targets: ["units"]), step: .number(1), series: series)
  }

  private static func table(_ likelihood: ForecastTask.Likelihood, level: Double) -> SeriesTable {
    let wave = (0..<60).map(Samples.seasonal(noise: 0.3))
    return table { number, step in
      let value = (number == 3 ? level : 100) * (1 + 0.1 * wave[step])
      return likelihood == .bernoulli ? (wave[step] > 0 ? 1 : 0) : likelihood == .negativeBinomial ? value.rounded() : value
    }
  }

  /// It is as large as its own past, though training has seen none of it, and a fresh network forecasts about what is usual.
  @Test(arguments: ForecastTask.Likelihood.allCases, [5.0, 20_000])
  func aSeriesThatIsHeldOutHasItsOwnScale(likelihood: ForecastTask.Likelihood, level: Double) throws {
    let table = Self.table(likelihood, level: level)
    let data = try Samples.data(
      table, { ($0.season, $0.likelihood, $0.seriesEmbedding) = (0, likelihood, 2) }, validation: 12)
    let isBinary = likelihood == .bernoulli
    #expect(data.description.warmup(of: "a") < 10 && data.description.warmup(of: "late") >= 10)
    #expect(data.description.seriesScaling["late"] == nil && data.description.seriesScaling["new"] == nil)
    #expect(
      data.reasons.map(\.description).contains(
        "2 series, such as late, have nothing left to train on: they are forecast like those that training has not seen (validation, test)"
      ))
    // Its name has no vector that was learned.
    let forecaster = try Samples.forecaster(data)
    #expect(forecaster.names.lack("late") && forecaster.names.lack("new") && !forecaster.names.lack("a"))
    if isBinary { return }
    var (notes, medians): ([String], [String: Double]) = ([], [:])
    try forecaster.forecast(table, horizon: 1, samples: 200, seed: 1, machine: Machine(threads: 1)) {
      notes.append($0.description)
    } body: {
      medians[$0.name] = $1.steps[0].median
    }
    #expect(medians.keys.sorted() == ["a", "b", "c", "late"])
    #expect(try (0.4 * level...2.5 * level).contains(#require(medians["late"])), "\(medians)")
    #expect(
      notes == ["the series new of the table has 3 steps, and the model needs at least 10 to go on from: it is left out"])
  }

  /// One series alone has one reason of its own.
  @Test func aSingleOneIsNamed() throws {
    let table = Samples.table(["a", "b"], count: 60) { series, step, _ in
      series == 1 && step < 52 ? .nan : Double(step * 7 % 11) + 0.5
    }
    let data = try Samples.data(table, validation: 8)
    #expect(data.description.missing == .mask && data.description.seriesScaling.keys.sorted() == ["a"])
    #expect(
      data.reasons.map(\.description).contains(
        "the series b has nothing left to train on: it is forecast like one that training has not seen (validation, test)"))
    #expect(try Samples.data(table, validation: 6).description.seriesScaling.keys.sorted() == ["a", "b"])
  }

  /// Of several targets one may have begun later, in a series or in all.
  @Test func aTargetWithoutValuesIsSaid() throws {
    func table(_ isMissing: @escaping (_ series: Int, _ step: Int) -> Bool) -> SeriesTable {
      Samples.table(["a", "b"], count: 60, targets: ["x", "y"]) { series, step, target in
        target == 1 && isMissing(series, step) ? .nan : 300 + Double(step * 7 % 11)
      }
    }
    let change = { (task: inout ForecastTask) in
      task.transform = ForecastTask.Transform.none
      task.difference = ForecastTask.Difference.none
    }
    let data = try Samples.data(table { series, step in series == 1 && step < 55 }, change, validation: 8)
    #expect(
      data.reasons.map(\.description).contains(
        "the series b has no value of “y” to train on: it is taken to be as large there as the others (target)"))
    #expect(try abs(#require(data.description.seriesScaling["b"])[1].mean - 305) < 1)
    let error = #expect(throws: RecurrentError.self) {
      _ = try Samples.data(table { _, step in step < 55 }, change, validation: 8)
    }
    #expect(
      error?.description
        == "the table, column y: it has no value in the steps that are trained on; hold out less with validation and test, or leave it "
        + "out of target")
  }

  /// A stream of a new series waits for a first value, however many rows come before it.
  @Test func aScaleNeedsAValue() throws {
    let table = Samples.table(["a", "b"], count: 60) { series, step, _ in step == 20 ? .nan : Double(step * 7 % 11) + 50 }
    let description = try Samples.data(table) { $0.season = 0 }.description
    var new = SeriesTable.Series(name: "new", targets: Array(repeating: .nan, count: 30), count: 30)
    #expect(description.scaling(of: new, steps: 30) == nil)
    new.targets[29] = 70
    #expect(description.scaling(of: new, steps: 29) == nil && description.scaling(of: new, steps: 30)?[0].mean == 70)
  }
}
