/// The sums from which a linear autoregression is computed by least squares.
///
/// A value less the one at a base lag is a sum of the same differences of other earlier values, and of the mean, each times a
/// weight (ridge regression, Hoerl & Kennard 1970): with large ridges the value at the base lag is repeated.
struct LinearFit {
  /// The lags beside that of the base.
  private let others: [Int]
  private let base: Int
  private let isPulled: Bool
  private var products: [Double]
  private var results: [Double]
  private(set) var rows = 0

  private var size: Int { others.count + (isPulled ? 1 : 0) }

  /// - Parameters:
  ///   - lags: the steps back of the values that are read, the base among them.
  ///   - isPulled: whether the mean has a weight.
  init(_ lags: [Int], base: Int, isPulled: Bool) {
    others = lags.filter { $0 != base }
    (self.base, self.isPulled) = (base, isPulled)
    let size = others.count + (isPulled ? 1 : 0)
    products = Array(repeating: 0, count: size * size)
    results = Array(repeating: 0, count: size)
  }

  /// Adds the steps of a series, the last ones of a long one.
  ///
  /// - Parameters:
  ///   - weight: what each of its products counts.
  ///   - most: as many steps at most.
  mutating func add(_ values: ArraySlice<Double>, mean: Double, weight: Double = 1, most: Int = 20_000) {
    let reach = max(base, others.max() ?? 0)
    var row = [Double](repeating: 0, count: size)
    for step in max(values.startIndex + reach, values.endIndex - most)..<max(values.endIndex, values.startIndex + reach) {
      let from = values[step - base]
      for (place, lag) in others.enumerated() { row[place] = values[step - lag] - from }
      if isPulled { row[size - 1] = mean - from }
      let result = values[step] - from
      guard result.isFinite, row.allSatisfy(\.isFinite) else { continue }
      rows += 1
      for left in 0..<size {
        let number = row[left] * weight
        results[left] += number * result
        for right in 0...left { products[left * size + right] += number * row[right] }
      }
    }
  }

  /// The weights of the least squares; nil if they can't be told.
  ///
  /// - Parameters:
  ///   - ridge: what is added to each square, times their mean.
  ///   - lags: the order of the weights.
  func solution(ridge: Double, lags: [Int]) -> LinearForecast? {
    let squares = (0..<size).reduce(0) { $0 + products[$1 * size + $1] }
    guard rows > 0, squares > 0 || size == 0 else { return nil }
    var factor = products
    for place in 0..<size { factor[place * size + place] += ridge * squares / Double(size) }
    // Cholesky's decomposition, in place.
    for row in 0..<size {
      for column in 0...row {
        var sum = factor[row * size + column]
        for inner in 0..<column { sum -= factor[row * size + inner] * factor[column * size + inner] }
        if row == column {
          guard sum > 0 else { return nil }
          factor[row * size + row] = sum.squareRoot()
        } else {
          factor[row * size + column] = sum / factor[column * size + column]
        }
      }
    }
    var solution = results
    for row in 0..<size {
      for column in 0..<row { solution[row] -= factor[row * size + column] * solution[column] }
      solution[row] /= factor[row * size + row]
    }
    for row in (0..<size).reversed() {
      for column in row + 1..<max(size, row + 1) { solution[row] -= factor[column * size + row] * solution[column] }
      solution[row] /= factor[row * size + row]
    }
    guard solution.allSatisfy(\.isFinite) else { return nil }
    let own = Dictionary(uniqueKeysWithValues: zip(others + [base], solution.prefix(others.count) + [1 - solution.reduce(0, +)]))
    return LinearForecast(weights: lags.map { Float(own[$0] ?? 0) }, pull: isPulled ? Float(solution[size - 1]) : 0)
  }
}
