extension RollingEvaluation {
  /// How far forecasts were off, added up over origins, steps and targets.
  public struct Accuracy: Sendable, Hashable, Codable {
    /// The number of forecast values that were compared with the actual ones.
    public private(set) var count = 0
    /// Whether the forecasts have a mean.
    private var hasMean: Bool
    private var absolute = 0.0
    private var scaled = 0.0
    private var scaledCount = 0
    private var symmetric = 0.0
    private var ranked = 0.0
    private var pinballs = 0.0
    private var within80 = 0
    private var within95 = 0

    /// The levels over which the pinball loss is taken.
    static let levels = (1...9).map { Double($0) / 10 }

    /// - Parameter hasMean: whether the forecasts have a mean.
    package init(hasMean: Bool = true) { self.hasMean = hasMean }

    /// Compares samples of a forecast with the actual value.
    ///
    /// - Parameters:
    ///   - samples: in rising order; a forecast that is one number has one.
    ///   - scale: the error that counts as 1 in ``mase``; nil if there is none.
    package mutating func add(_ samples: [Double], _ value: Double, scale: Double?) {
      let median = ForecastStream.Paths.quantile(0.5, of: samples)
      let error = abs(value - median)
      count += 1
      absolute += error
      if let scale {
        scaled += error / scale
        scaledCount += 1
      }
      let size = abs(value) + abs(median)
      symmetric += size > 0 ? 200 * error / size : 0
      ranked += Self.rankedScore(samples, value)
      for level in Self.levels {
        let above = value - ForecastStream.Paths.quantile(level, of: samples)
        pinballs += max(level * above, (level - 1) * above) / Double(Self.levels.count)
      }
      func holds(_ outside: Double) -> Bool {
        value >= ForecastStream.Paths.quantile(outside, of: samples)
          && value <= ForecastStream.Paths.quantile(1 - outside, of: samples)
      }
      within80 += holds(0.1) ? 1 : 0
      within95 += holds(0.025) ? 1 : 0
    }

    /// The continuous ranked probability score of samples, E|X - y| - E|X - X'| / 2 (Gneiting & Raftery 2007, equation 21).
    private static func rankedScore(_ samples: [Double], _ value: Double) -> Double {
      let count = Double(samples.count)
      var (distance, spread) = (0.0, 0.0)
      for (rank, sample) in samples.enumerated() {
        distance += abs(sample - value)
        spread += sample * (2 * Double(rank) - count + 1)
      }
      return distance / count - spread / (count * count)
    }

    package static func += (total: inout Accuracy, part: Accuracy) {
      total.count += part.count
      total.hasMean = total.hasMean && part.hasMean
      total.absolute += part.absolute
      total.scaled += part.scaled
      total.scaledCount += part.scaledCount
      total.symmetric += part.symmetric
      total.ranked += part.ranked
      total.pinballs += part.pinballs
      total.within80 += part.within80
      total.within95 += part.within95
    }

    private func mean(_ sum: Double) -> Double { count == 0 ? .nan : sum / Double(count) }

    /// Mean absolute error of the median, in the data's units.
    public var mae: Double { mean(absolute) }
    /// Mean absolute scaled error (Hyndman & Koehler 2006): 1 is the seasonal naive forecast's error of one season ahead over the
    /// past. Nil if no series has a past to take that error from.
    public var mase: Double? { scaledCount == 0 ? nil : scaled / Double(scaledCount) }
    /// Symmetric mean absolute percentage error, from 0 to 200.
    public var smape: Double { mean(symmetric) }
    /// Continuous ranked probability score, in the data's units; of a forecast that is one number its absolute error. Nil for forecasts
    /// without a mean (``ForecastValue/mean``): it is infinite then, and of some paths as large as the largest of them.
    public var crps: Double? { hasMean ? mean(ranked) : nil }
    /// Mean pinball loss of the deciles, in the data's units.
    package var pinball: Double { mean(pinballs) }
    /// The fraction of values within the band that should hold 80 in 100.
    public var coverage80: Double { mean(Double(within80)) }
    /// The fraction of values within the band that should hold 95 in 100.
    public var coverage95: Double { mean(Double(within95)) }
  }
}
