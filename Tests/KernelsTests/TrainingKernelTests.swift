import Kernels
import Platform
import Testing

/// Sums, softmax and optimisers against the same formulas in Double.
struct TrainingKernelTests {
  static let counts = [1, 3, 4, 7, 8, 16, 17, 31, 64, 65, 130, 1000]

  /// A sum of m terms, each added with one rounding, is off by at most m u of the sum of magnitudes. Rows are those of a list,
  /// which has some of them, in an order of its own.
  @Test(arguments: Level.all, counts)
  func columnSumsAreAdded(_ level: Level, n: Int) throws {
    try level.withKernels { kernels in
      let rows: [Int32] = [12, 3, 4, 11, 0, 7, 7, 9], stride = n + 3
      var numbers = Numbers(seed: n)
      let matrix = Memory(numbers.array(13 * stride)), sums = Memory(numbers.array(n))
      let before = sums.values
      kernels.add_column_sums(sums.base, matrix.base, Int64(stride), rows, Int64(rows.count), Int64(n))
      for i in 0..<n {
        let terms = [Double(before[i])] + rows.map { Double(matrix.base[Int($0) * stride + i]) }
        let magnitude = terms.reduce(0) { $0 + abs($1) }
        #expect(abs(Double(sums.base[i]) - terms.reduce(0, +)) <= Double(rows.count) * roundoff * magnitude)
      }
      #expect(sums.isUntouched())
    }
  }

  /// Squares of Floats are exact in Double, and each of the sums rounds to 2^-53.
  @Test(arguments: Level.all, counts)
  func squaresAreSummedInDouble(_ level: Level, count: Int) throws {
    try level.withKernels { kernels in
      var numbers = Numbers(seed: count)
      let values = Memory(numbers.array(count, scale: 1e30))
      let exact = values.values.reduce(0) { $0 + Double($1) * Double($1) }
      let sum = kernels.sum_of_squares(values.base, Int64(count))
      #expect(abs(sum - exact) <= 2 * Double(count) * 0x1p-53 * exact)
    }
  }

  @Test(arguments: Level.all, counts)
  func valuesAreScaled(_ level: Level, count: Int) throws {
    try level.withKernels { kernels in
      var numbers = Numbers(seed: count)
      let values = Memory(numbers.array(count))
      let expected = values.values.map { $0 * 0.3 }
      kernels.scale(values.base, 0.3, Int64(count))
      #expect(values.values == expected)
      #expect(values.isUntouched())
    }
  }

  /// A probability is e^(x - largest) divided by a sum of such. The difference is rounded (an error of |x - largest| u in the
  /// exponent, for the element and for the terms of the sum), the exponential is within 2 units (4 u) in the element and in
  /// the sum, and the reciprocal and the product are rounded: (12 + 2 range) u in all.
  @Test(arguments: Level.all, counts)
  func probabilitiesAreTheSoftmax(_ level: Level, n: Int) throws {
    try level.withKernels { kernels in
      let rows = 3, stride = n + 2
      for scale: Float in [1, 30] {
        var numbers = Numbers(seed: n)
        let logits = Memory(count: rows * stride)
        for place in 0..<rows * stride where place % stride < n { logits.base[place] = numbers.next() * scale }
        let before = logits.values
        kernels.softmax(logits.base, Int64(stride), Int64(rows), Int64(n))
        for row in 0..<rows {
          let exact = softmax(before[row * stride..<row * stride + n])
          let bound = (12 + 2 * exact.range) * roundoff
          for i in 0..<n {
            let p = exact.probabilities[i]
            #expect(abs(Double(logits.base[row * stride + i]) - p) <= bound * p + Double(Float.leastNonzeroMagnitude))
          }
        }
        #expect(logits.isUntouched { $0 % stride < n })
      }
    }
  }

  /// The gradient's bound is that of the probability times the scale, plus two roundings; the loss is the logarithm of a sum
  /// with a relative error of (6 + range) u, and everything after that is Double.
  @Test(arguments: Level.all, counts)
  func crossEntropyAndItsGradient(_ level: Level, n: Int) throws {
    try level.withKernels { kernels in
      let rows = 5, stride = n + 2
      let scale: Float = 0.37
      var numbers = Numbers(seed: n)
      let logits = Memory(count: rows * stride)
      for place in 0..<rows * stride where place % stride < n { logits.base[place] = numbers.next() * 20 }
      let before = logits.values
      let targets: [Int32] = (0..<rows).map { $0 == 2 ? -1 : Int32(($0 * 31) % n) }
      let loss = kernels.softmax_cross_entropy(logits.base, Int64(stride), targets, Int64(rows), Int64(n), scale)
      var exactLoss = 0.0, lossBound = 0.0
      for row in 0..<rows {
        let target = Int(targets[row])
        let exact = softmax(before[row * stride..<row * stride + n])
        if target >= 0 {
          exactLoss += exact.logarithmOfSum - Double(before[row * stride + target])
          lossBound += (6 + exact.range) * roundoff
        }
        let bound = (12 + 2 * exact.range) * roundoff
        for i in 0..<n {
          let p = exact.probabilities[i]
          let gradient = target < 0 ? 0 : (p - (i == target ? 1 : 0)) * Double(scale)
          let allowed = target < 0 ? 0 : (bound * p + 2 * roundoff) * Double(scale)
          #expect(abs(Double(logits.base[row * stride + i]) - gradient) <= allowed, "row \(row), class \(i)")
        }
      }
      #expect(abs(loss - exactLoss) <= lossBound)
      #expect(logits.isUntouched { $0 % stride < n })
    }
  }

  @Test(arguments: Level.all)
  func aNaNAmongTheLogitsShowsInTheLoss(_ level: Level) throws {
    try level.withKernels { kernels in
      for place in [0, 5, 18] {
        var numbers = Numbers(seed: 1)
        let logits = Memory(numbers.array(19))
        logits.base[place] = .nan
        #expect(kernels.softmax_cross_entropy(logits.base, 19, [3], 1, 19, 1).isNaN)
      }
    }
  }

  private func softmax(_ row: ArraySlice<Float>) -> (probabilities: [Double], range: Double, logarithmOfSum: Double) {
    let wide = row.map { Double($0) }
    let largest = wide.max() ?? 0, smallest = wide.min() ?? 0
    let powers = wide.map { exp($0 - largest) }
    let sum = powers.reduce(0, +)
    return (powers.map { $0 / sum }, largest - smallest, largest + log(sum))
  }
}
