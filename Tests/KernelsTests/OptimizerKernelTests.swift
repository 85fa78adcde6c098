import Kernels
import Testing

/// One update of each optimiser against its formula in Double. Each bound counts the roundings of the Float formula,
/// operation by operation, times the magnitude they act on.
struct OptimizerKernelTests {
  static let counts = [1, 3, 7, 16, 17, 100]

  /// Weights, gradient and what an optimiser remembers, with values before and after.
  struct State {
    let weights: Memory, gradient: Memory, mean: Memory, square: Memory
    let w: [Double], g: [Double], m: [Double], s: [Double]

    init(_ count: Int) {
      var numbers = Numbers(seed: count)
      weights = Memory(numbers.array(count))
      gradient = Memory(numbers.array(count, scale: 0.1))
      mean = Memory(numbers.array(count, scale: 0.1))
      square = Memory(numbers.array(count, scale: 0.01).map { abs($0) })
      w = weights.values.map { Double($0) }
      g = gradient.values.map { Double($0) }
      m = mean.values.map { Double($0) }
      s = square.values.map { Double($0) }
    }

    var isUntouchedAround: Bool { [weights, gradient, mean, square].allSatisfy { $0.isUntouched() } }
  }

  @Test(arguments: Level.all, counts)
  func gradientDescent(_ level: Level, count: Int) throws {
    try level.withKernels { kernels in
      let rate: Float = 0.1, momentum: Float = 0.9
      let plain = State(count)
      kernels.sgd(plain.weights.base, plain.gradient.base, nil, Int64(count), rate, 0)
      let state = State(count)
      kernels.sgd(state.weights.base, state.gradient.base, state.mean.base, Int64(count), rate, momentum)
      for i in 0..<count {
        let step = Double(rate) * plain.g[i]
        #expect(abs(Double(plain.weights.base[i]) - (plain.w[i] - step)) <= roundoff * (abs(plain.w[i]) + 2 * abs(step)))
        let v = Double(momentum) * state.m[i] + state.g[i]
        let magnitude = abs(Double(momentum) * state.m[i]) + abs(state.g[i])
        #expect(abs(Double(state.mean.base[i]) - v) <= 2 * roundoff * magnitude)
        let bound = 1.001 * roundoff * (abs(state.w[i]) + 4 * Double(rate) * magnitude)
        #expect(abs(Double(state.weights.base[i]) - (state.w[i] - Double(rate) * v)) <= bound)
      }
      #expect(plain.isUntouchedAround && state.isUntouchedAround)
    }
  }

  @Test(arguments: Level.all, counts)
  func rootMeanSquarePropagation(_ level: Level, count: Int) throws {
    try level.withKernels { kernels in
      let rate: Float = 0.01, decay: Float = 0.99, epsilon: Float = 1e-8
      let state = State(count)
      kernels.rmsprop(state.weights.base, state.gradient.base, state.square.base, Int64(count), rate, decay, epsilon)
      for i in 0..<count {
        let s = Double(decay) * state.s[i] + (1 - Double(decay)) * state.g[i] * state.g[i]
        #expect(abs(Double(state.square.base[i]) - s) <= 4 * roundoff * s)
        let step = Double(rate) * state.g[i] / (s.squareRoot() + Double(epsilon))
        // Half of the mean square's 4, its root, the sum, the product, the quotient; then the difference.
        let bound = 1.001 * roundoff * (abs(state.w[i]) + 8 * abs(step))
        #expect(abs(Double(state.weights.base[i]) - (state.w[i] - step)) <= bound)
      }
      #expect(state.isUntouchedAround)
    }
  }

  @Test(arguments: Level.all, [Int64(1), 10, 10_000])
  func adaptiveMoments(_ level: Level, step: Int64) throws {
    try level.withKernels { kernels in
      let rate: Float = 0.01, beta1: Float = 0.9, beta2: Float = 0.999, epsilon: Float = 1e-8
      for count in Self.counts {
        let state = State(count)
        kernels.adam(
          state.weights.base, state.gradient.base, state.mean.base, state.square.base, Int64(count), step, rate, beta1, beta2,
          epsilon)
        let (b1, b2) = (Double(beta1), Double(beta2))
        let correction1 = 1 - power(b1, step), correction2 = 1 - power(b2, step)
        for i in 0..<count {
          let m = b1 * state.m[i] + (1 - b1) * state.g[i]
          let magnitude = abs(b1 * state.m[i]) + abs((1 - b1) * state.g[i])
          let s = b2 * state.s[i] + (1 - b2) * state.g[i] * state.g[i]
          #expect(abs(Double(state.mean.base[i]) - m) <= 3 * roundoff * magnitude)
          #expect(abs(Double(state.square.base[i]) - s) <= 4 * roundoff * s)
          let denominator = (s / correction2).squareRoot() + Double(epsilon)
          let update = Double(rate) * m / correction1 / denominator
          let updateMagnitude = Double(rate) * magnitude / correction1 / denominator
          // The mean's 3, the corrected rate and the product; half of the square's 4 and its correction's 2, the root, the
          // sum, the quotient: 11. The weight is rounded at the end.
          let bound = 1.001 * roundoff * (abs(state.w[i]) + 12 * updateMagnitude)
          #expect(abs(Double(state.weights.base[i]) - (state.w[i] - update)) <= bound)
        }
        #expect(state.isUntouchedAround)
      }
    }
  }

  private func power(_ base: Double, _ exponent: Int64) -> Double {
    (0..<exponent).reduce(1) { product, _ in product * base }
  }
}
