package import Engine
import Networks
import Platform
package import Support
import Tables

extension ForecastData {
  /// A model at the end of its training: measured on what was held out, with bands as wide as that asks for; and if its network gains
  /// nothing to speak of there over the linear autoregression that it adds to, without the network's part.
  ///
  /// - Throws: ``RecurrentError`` if the network does not run.
  package func finished(_ trained: Forecaster, machine: Machine) throws(RecurrentError) -> Forecaster {
    var forecaster = trained.changed { ($0.bandFactors, $0.linearAlone, $0.heldOut) = (nil, nil, nil) }
    if let evaluation = try heldOutEvaluation(of: forecaster, machine: machine) {
      var own = evaluation
      var refused: Double?
      if let linear = evaluation.linear, Self.score(evaluation.model) > Self.leastGain * Self.score(linear) {
        forecaster = try alone(forecaster, machine: machine)
        refused = Self.score(evaluation.model)
        own = try heldOutEvaluation(of: forecaster, machine: machine) ?? evaluation
      } else if let alone = linearAlone(by: evaluation, forecaster) {
        forecaster = forecaster.changed { $0.linearAlone = alone }
        own = try heldOutEvaluation(of: forecaster, machine: machine) ?? evaluation
      }
      // Bands of zeros and ones have no width.
      let calibration =
        forecaster.distribution.name == Distribution.bernoulli.name
        ? nil : BandCalibration(own.distances, areCounts: forecaster.description.isDiscrete)
      let scores = HeldOutScores(
        own, calibration, horizon: forecaster.description.horizon, refused: refused,
        alone: forecaster.description.linearAlone?.series.sorted())
      forecaster = forecaster.changed { ($0.bandFactors, $0.heldOut) = (calibration?.factors, scores) }
    }
    let threshold = try surprisalThreshold(of: forecaster, machine: machine)
    return forecaster.changed { $0.surprisalThreshold = threshold }
  }

  /// The MASE of forecasts of what was held out, or their mean absolute error if nothing changes that they could be set beside; nil if nothing
  /// was held out.
  func heldOutError(of forecaster: Forecaster, machine: Machine) throws(RecurrentError) -> Double? {
    let own = forecaster.changed { ($0.bandFactors, $0.heldOut) = (nil, nil) }
    return try heldOutEvaluation(of: own, machine: machine).map { Self.score($0.model) }
  }

  /// Forecasts of what was held out; nil if nothing was.
  private func heldOutEvaluation(of forecaster: Forecaster, machine: Machine) throws(RecurrentError) -> RollingEvaluation? {
    let ranges = zip(ends, lengths).map { $0..<max($0, $1) }
    let steps = ranges.reduce(0) { $0 + $1.count }
    guard steps > 0 else { return nil }
    let values = steps * forecaster.description.width * forecaster.description.horizon
    var options = RollingEvaluation.Options(
      horizon: forecaster.description.horizon, samples: 100, stride: max(1, values / Self.mostHeldOutValues))
    options.ranges = ranges
    let evaluation = try RollingEvaluation(forecaster, table, options, machine: machine)
    return evaluation.model.count > 0 ? evaluation : nil
  }

  /// The part of the linear autoregression's error that the network's has to be below. The weights were chosen on what is held out, so
  /// that a smaller gain there is as likely chance.
  private static let leastGain = 0.95
  /// The most values that are forecast of what was held out.
  private static let mostHeldOutValues = 6_000

  static func score(_ accuracy: RollingEvaluation.Accuracy) -> Double {
    let score = accuracy.mase ?? accuracy.mae
    return score.isFinite ? score : .infinity
  }

  /// The model without its network's part: one whose outputs are the same at each step, those that fit best how
  /// what is left by the linear autoregressions is spread.
  private func alone(_ forecaster: Forecaster, machine: Machine) throws(RecurrentError) -> Forecaster {
    guard let head = forecaster.network.layout.head else { return forecaster }
    var weights = forecaster.network.parameters
    for place in head.weight.range { weights[place] = 0 }
    for (place, number) in constants(forecaster).enumerated() { weights[head.bias.range.lowerBound + place] = number }
    return forecaster.changed(weights: weights)
  }

  /// The series of several of which the linear autoregression alone is nearer than the model; nil if there are none.
  private func linearAlone(by evaluation: RollingEvaluation, _ forecaster: Forecaster) -> LinearAlone? {
    guard table.series.count > 1 else { return nil }
    let names = evaluation.bySeries.filter { Self.score($0.value.model) > Self.score($0.value.linear) }.keys
    return names.isEmpty ? nil : LinearAlone(series: Set(names), outputs: constants(forecaster))
  }

  /// What a network gives that is the same at each step and fits best how what is left by the linear autoregressions is spread.
  private func constants(_ forecaster: Forecaster) -> [Float] {
    (0..<forecaster.description.width).flatMap { target in
      let rest = training.targets(ofTarget: target, most: 2_000).sorted()
      // About 0, so that what is expected is what the linear autoregression says.
      let middle = rest.isEmpty ? 0 : rest[rest.count / 2]
      return forecaster.distribution.constants(for: rest.map { $0 - middle })
    }
  }
}

extension Distribution {
  /// The numbers of a network that gives the same at each step under which some targets have the least loss, by Adam (Kingma & Ba
  /// 2015).
  fileprivate func constants(for targets: [Double]) -> [Float] {
    var numbers = [Double](repeating: 0, count: parameterCount)
    var (means, squares) = (numbers, numbers)
    guard !targets.isEmpty else { return numbers.map(Float.init) }
    for iteration in 1...400 {
      var gradient = [Double](repeating: 0, count: parameterCount)
      for target in targets {
        var given = numbers.map(Float.init)
        _ = loss(of: target, &given)
        for place in given.indices { gradient[place] += Double(given[place]) / Double(targets.count) }
      }
      let (first, second) = (1 - pow(0.9, Double(iteration)), 1 - pow(0.99, Double(iteration)))
      for place in numbers.indices {
        means[place] = 0.9 * means[place] + 0.1 * gradient[place]
        squares[place] = 0.99 * squares[place] + 0.01 * gradient[place] * gradient[place]
        numbers[place] -= 0.03 * means[place] / first / ((squares[place] / second).squareRoot() + 1e-8)
      }
    }
    return numbers.map(Float.init)
  }
}
