import CellLanguage
import Engine
import Forecasting
import Foundation
import Models
import Networks
import Support
import Tables
import TaskKit
import Testing

/// Series of very different sizes, which one network learns.
struct LevelTests {
  /// Sales of a week's rhythm, of ten items that sell from two to twenty thousand a day.
  private static let table: DataTable = {
    var random = Random(seed: 4)
    let rows = (0..<120).flatMap { day in (0..<10).map { (day: day, item: $0) } }
    let sold = rows.map { row in
      let mean = 2 * pow(10, 4 * Double(row.item) / 9) * (1 + 0.4 * sin(2 * .pi * Double(row.day) / 7))
      return Distribution.negativeBinomial.sample([mean, 1e-4], using: &random)
    }
    return DataTable(columns: ["step": rows.map(\.day), "item": rows.map { "item \($0.item)" }, "sold": sold])
  }()

  private static let likelihoods = ForecastTask.Likelihood.allCases.filter { $0 != .bernoulli }

  /// Each series is forecast at its own level: the errors beside those of the seasonal naive forecast are what they are of one series.
  @Test(arguments: likelihoods)
  func eachSeriesHasItsOwnLevel(likelihood: ForecastTask.Likelihood) throws {
    let machine = try Machine(threads: 1)
    let forecaster = try Forecaster.train(on: Self.table, target: "sold", horizon: 7, machine: machine) { _ in
    } configure: {
      ($0.task.likelihood, $0.task.test, $0.task.season) = (likelihood, 14, 7)
      ($0.network.units, $0.training.iterations, $0.training.learningRate) = (16, 300, 0.01)
    }
    let evaluation = try forecaster.evaluation(on: Self.table, stride: 7, samples: 100, machine: machine)
    let (own, naive) = (try #require(evaluation.model.mase), try #require(evaluation.seasonalNaive?.mase))
    // The level and the rhythm known, what is left of the naive error is 1 / √2 of it.
    #expect(own < 0.95 * naive, "\(likelihood.rawValue): \(own), naive \(naive)")
    for forecast in try forecaster.forecast(Self.table, samples: 100, machine: machine) {
      let item = try #require(Double(forecast.series.dropFirst(5)))
      let level = 2 * pow(10, 4 * item / 9)
      let mean = forecast.steps.reduce(0) { $0 + $1.point } / 7
      #expect((0.5 * level...2 * level).contains(mean), "\(likelihood.rawValue), \(forecast.series): \(mean), not \(level)")
    }
  }

  /// Shops that sell anything on one day in a hundred, and others that do on nearly all days.
  @Test func zerosAndOnesHaveALevelOfEachSeries() throws {
    let shares = [0.02, 0.1, 0.5, 0.9, 0.98]
    var random = Random(seed: 5)
    let rows = (0..<200).flatMap { step in shares.indices.map { (step: step, shop: $0) } }
    let table = DataTable(columns: [
      "step": rows.map(\.step), "shop": rows.map { "shop \($0.shop)" },
      "open": rows.map { random.uniform() < shares[$0.shop] ? 1.0 : 0 },
    ])
    let machine = try Machine(threads: 1)
    // One step of training: what is right after it is right by the levels alone.
    let forecaster = try Forecaster.train(on: table, target: "open", horizon: 7, machine: machine) { _ in
    } configure: {
      ($0.task.season, $0.network.units, $0.training.iterations) = (0, 8, 1)
    }
    #expect(forecaster.distribution == .relativeBernoulli)
    let forecasts = try forecaster.forecast(table, samples: 200, machine: machine)
    #expect(forecasts.count == shares.count)
    for (forecast, share) in zip(forecasts, shares) {
      let mean = try forecast.steps.reduce(0) { try $0 + #require($1.mean) } / 7
      // 200 values have a deviation of 0.035 about the share, and 1,400 samples a smaller one.
      #expect(abs(mean - share) < 0.12, "\(forecast.series): \(mean), not \(share)")
    }
  }

  /// What has been learned is kept: a file knows that its counts are relative, and one of the first version that they are not.
  @Test func aModelKnowsWhetherItsCountsAreRelative() throws {
    let table = Samples.table(["a", "b"], count: 60) { series, step, _ in
      (pow(30, Double(series)) * (3 + Double(step * 5 % 7))).rounded()
    }
    let data = try Samples.data(table) { $0.likelihood = .negativeBinomial }
    #expect(data.distribution == .relativeNegativeBinomial)
    let forecaster = try Samples.forecaster(data)
    let bytes = try forecaster.network.bytes()
    #expect(try Forecaster(bytes: bytes).distribution == .relativeNegativeBinomial)
    // The same network with another head does not fit the description.
    var other = try Network(
      input: data.input, layers: [.init(.lstm, units: 5), .init(.gru, units: 4)],
      output: .distribution(.negativeBinomial, targets: 1))
    other.meaning = forecaster.network.meaning
    #expect(throws: RecurrentError.self) { _ = try Forecaster(other, path: "model") }
    other.meaning = other.meaning?.replacingOccurrences(of: "\"has_levels\":true,", with: "")
    #expect(try Forecaster(other, path: "model").distribution == .negativeBinomial)
  }
}
