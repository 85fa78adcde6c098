import Platform

extension ForecastDescription {
  /// The values of paths, in rising order, with the bands about their median as wide as they have to be, by what was held out.
  ///
  /// - Parameter step: the number of steps between the last one observed and theirs.
  func widened(_ values: [Double], ahead step: Int) -> [Double] {
    guard let factors = bandFactors, let last = factors.last, !values.isEmpty else { return values }
    let factor = step < factors.count ? factors[step] : last
    let median = ForecastStream.Paths.quantile(0.5, of: values)
    // Counts are whole numbers from 0 on.
    if isDiscrete { return values.map { max(0, (median + factor * ($0 - median)).rounded()) } }
    guard transform.isLogarithmic else { return values.map { median + factor * ($0 - median) } }
    return values.map { median * pow($0 / median, factor) }
  }

  /// How many times as far from the median as an end of a band a value is; nil where the band has no width.
  ///
  /// - Parameters:
  ///   - samples: in rising order.
  ///   - outside: the fraction of the samples on each side of the band.
  func distance(of value: Double, in samples: [Double], outside: Double) -> Double? {
    func place(_ number: Double) -> Double { transform.isLogarithmic && !isDiscrete ? log(number) : number }
    let median = place(ForecastStream.Paths.quantile(0.5, of: samples))
    if isDiscrete, value == median { return 0 }
    let end = place(ForecastStream.Paths.quantile(place(value) < median ? outside : 1 - outside, of: samples))
    let distance = (place(value) - median) / (end - median)
    return distance.isFinite && distance >= 0 ? distance : nil
  }
}
