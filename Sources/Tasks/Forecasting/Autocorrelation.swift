/// How values correlate with those some steps before them, over several series together.
struct Autocorrelation {
  /// The correlations at the distances 0, 1, 2, …
  let values: [Double]
  /// The least number of pairs of values that a correlation is taken over.
  private let count: Int

  /// The correlations of series without their straight trend, which would make all distances look alike.
  ///
  /// - Parameters:
  ///   - series: the values of each; those that are NaN are left out.
  ///   - most: the largest distance.
  init(_ series: [[Double]], most: Int) {
    var (sums, counts) = ([Double](repeating: 0, count: most + 1), [Int](repeating: 0, count: most + 1))
    // Ten thousand values or so are enough to find a season; more would only take time.
    for values in series.prefix(20) {
      let rest = LinearTrend(values.suffix(10_000)).residuals
      for distance in 0...most where distance < rest.count {
        for place in distance..<rest.count where !rest[place].isNaN && !rest[place - distance].isNaN {
          sums[distance] += rest[place] * rest[place - distance]
          counts[distance] += 1
        }
      }
    }
    let variance = counts[0] == 0 ? 0 : sums[0] / Double(counts[0])
    values = zip(sums, counts).map { variance > 0 && $1 > 0 ? $0 / Double($1) / variance : 0 }
    count = counts.last ?? 0
  }

  /// The season: the distance at which values are most like the earlier ones, beyond the first distance at which they are not.
  ///
  /// - Parameter suggested: the season that the calendar suggests, taken if it does nearly as well.
  func season(suggested: Int?) -> Int? {
    guard let dip = values.indices.first(where: { values[$0] < 0.5 * values[0] }) else { return nil }
    let peaks = values.indices.dropFirst(max(dip, 2)).dropLast().filter {
      values[$0] >= values[$0 - 1] && values[$0] >= values[$0 + 1]
    }
    // Two seasons, or three, do about as well as one.
    let highest = peaks.reduce(0) { max($0, values[$1]) }
    let best = peaks.first { values[$0] >= 0.9 * highest }
    // Of pure noise, one distance in twenty is beyond two deviations, 1 / √n each; the largest of many is well within four.
    let deviation = 1 / Double(max(count, 1)).squareRoot()
    // Values that change slowly are like those of any step shortly before: of a season, half is less alike than the whole.
    if let suggested, suggested < values.count, values[suggested] >= max(0.2, 2 * deviation),
      values[suggested] > values[suggested / 2],
      values[suggested] >= 0.8 * highest
    {
      return suggested
    }
    return best.flatMap { values[$0] >= max(0.2, 4 * deviation) ? $0 : nil }
  }
}

/// The straight line nearest to values, by least squares.
struct LinearTrend {
  let residuals: [Double]
  /// The share of the values' variance that the line explains.
  let explained: Double

  init(_ values: some RandomAccessCollection<Double>) {
    let points = values.enumerated().filter { !$0.element.isNaN }.map { (x: Double($0.offset), y: $0.element) }
    let count = Double(max(points.count, 1))
    let (x, y) = (points.reduce(0) { $0 + $1.x } / count, points.reduce(0) { $0 + $1.y } / count)
    let (xx, xy, yy) = points.reduce((0.0, 0.0, 0.0)) { sums, point in
      (sums.0 + (point.x - x) * (point.x - x), sums.1 + (point.x - x) * (point.y - y), sums.2 + (point.y - y) * (point.y - y))
    }
    let slope = xx > 0 ? xy / xx : 0
    residuals = values.enumerated().map { $0.element - y - slope * (Double($0.offset) - x) }
    explained = xx > 0 && yy > 0 ? xy * xy / (xx * yy) : 0
  }
}
