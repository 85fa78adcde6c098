import Engine
import Forecasting
import Foundation
import Networks
import Support
import Tables
import Testing

/// What a forecast of one number is, where paths may go anywhere.
struct PointTests {
  /// A series that jumps by orders of magnitude.
  private static let jumps: [Double] = {
    var random = Random(seed: 9)
    return (0..<90).map { step in exp(4 + sin(Double(step) * .pi / 6) + (step % 11 == 5 ? 4 : 0.5) * random.normal()) }
  }()

  /// What a value is where there are only zeros and ones, or counts.
  private static func value(_ jump: Double, _ likelihood: ForecastTask.Likelihood) -> Double {
    likelihood == .bernoulli ? (jump > 60 ? 1 : 0) : likelihood == .negativeBinomial ? jump.rounded() : jump
  }

  private static func forecaster(
    _ likelihood: ForecastTask.Likelihood, _ transform: ForecastTask.Transform, _ difference: ForecastTask.Difference
  ) throws -> Forecaster {
    let isDiscrete = likelihood == .negativeBinomial || likelihood == .bernoulli
    let table = Samples.table(count: 90) { _, step, _ in
      value(jumps[step], likelihood)
    }
    let data = try Samples.data(table) {
      ($0.likelihood, $0.transform, $0.season) = (likelihood, likelihood == .bernoulli ? nil : transform, 12)
      $0.difference = isDiscrete ? nil : difference
    }
    return try Samples.forecaster(data)
  }

  private static func table(of likelihood: ForecastTask.Likelihood) -> DataTable {
    let months = (0..<90).map { "\(2000 + $0 / 12)-\($0 % 12 < 9 ? "0" : "")\($0 % 12 + 1)" }
    return DataTable(columns: ["month": months, "units": jumps.map { value($0, likelihood) }])
  }

  /// Of a network that has learned nothing and is unsure of everything, too, the point forecasts are within what has been seen, and ten times
  /// as much at either end; it is the mean where there is one.
  @Test(arguments: ForecastTask.Likelihood.allCases, ForecastTask.Transform.allCases)
  func pointsAreFiniteAndWithinReason(likelihood: ForecastTask.Likelihood, transform: ForecastTask.Transform) throws {
    for difference in [ForecastTask.Difference.none, .season] {
      let forecaster = try Self.forecaster(likelihood, transform, difference)
      let isMedian = likelihood == .studentT && transform == .log
      #expect(forecaster.point == (isMedian ? .median : .mean))
      let forecasts = try forecaster.forecast(Self.table(of: likelihood), samples: 300, machine: Machine(threads: 1))
      let forecast = try #require(forecasts.first)
      #expect(forecast.point == forecaster.point && forecast.steps.count == 3)
      for step in forecast.steps {
        #expect(step.point == (isMedian ? step.median : step.mean) && (step.mean == nil) == isMedian)
        #expect(step.point.isFinite && abs(step.point) <= 10 * (Self.jumps.max() ?? 0), "\(likelihood.rawValue): \(step.point)")
      }
    }
  }

  /// What would be a mean is not sensible there: this is what it is for.
  @Test func exponentialsOfHeavyTailsHaveNoMean() throws {
    let forecaster = try Self.forecaster(.studentT, .log, .none)
    let forecast = try forecaster.forecast(Self.table(of: .studentT), horizon: 12, samples: 5000, machine: Machine(threads: 1))[0]
    let means = forecast.steps.map { $0.values[0].samples.reduce(0, +) / 5000 }
    #expect(means.contains { $0 > 1e6 })
    #expect(forecast.steps.allSatisfy { $0.values[0].samples.allSatisfy(\.isFinite) })
    #expect(forecast.steps.allSatisfy { (1...5000).contains($0.point) })
  }

  /// Neither has their continuous ranked probability score.
  @Test(arguments: [(ForecastTask.Likelihood.studentT, false), (.normal, true), (.quantile, true)])
  func scoresThatNeedAMeanAreLeftOut(likelihood: ForecastTask.Likelihood, hasScore: Bool) throws {
    let evaluation = try Self.forecaster(likelihood, .log, .none)
      .evaluation(on: Self.table(of: likelihood), last: 5, samples: 50, machine: Machine(threads: 1))
    #expect((evaluation.model.crps != nil) == hasScore && evaluation.naive.crps != nil)
    #expect(evaluation.model.mae.isFinite && evaluation.model.mase?.isFinite == true)
  }
}
