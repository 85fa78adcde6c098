import Engine

/// What an optimizer remembers of a network's weights, and the update itself.
struct OptimizerState: Sendable {
  let optimizer: Optimizer
  /// Each of the optimizer's moments, as long as the weights, one after the other.
  var moments: [Float]

  init(_ optimizer: Optimizer, count: Int) {
    self.optimizer = optimizer
    moments = [Float](repeating: 0, count: optimizer.moments.count * count)
  }

  /// Changes the weights in some ranges by one step; `step` counts from 1.
  mutating func update(
    _ weights: inout [Float], in ranges: [Range<Int>], gradient: UnsafePointer<Float>, rate: Double, step: Int,
    on machine: Machine
  ) {
    let count = weights.count
    let optimizer = optimizer
    weights.withUnsafeMutableBufferPointer { weights in
      moments.withUnsafeMutableBufferPointer { moments in
        guard let base = weights.baseAddress else { return }
        nonisolated(unsafe) let (weights, gradient, moments) = (base, gradient, moments.baseAddress ?? base)
        for range in ranges {
          machine.forEachPart(of: range.count, grain: 1 << 14) { part in
            let first = range.lowerBound + part.lowerBound
            optimizer.update(
              weights + first, gradient: gradient + first, first: moments + first, second: moments + (count + first),
              count: part.count, rate: rate, step: step, on: machine.instructionSet)
          }
        }
      }
    }
  }
}

extension Optimizer {
  /// One range of the weights. The second moment is there only if ``moments`` has two.
  fileprivate func update(
    _ weights: UnsafeMutablePointer<Float>, gradient: UnsafePointer<Float>, first: UnsafeMutablePointer<Float>,
    second: UnsafeMutablePointer<Float>, count: Int, rate: Double, step: Int, on level: InstructionSet
  ) {
    switch self {
    case .sgd(momentum: 0): level.sgd(weights, gradient: gradient, velocity: nil, count: count, rate: rate, momentum: 0)
    case .sgd(let momentum):
      level.sgd(weights, gradient: gradient, velocity: first, count: count, rate: rate, momentum: momentum)
    case .rmsprop(let decay, let epsilon):
      level.rmsprop(weights, gradient: gradient, meanSquare: first, count: count, rate: rate, decay: decay, epsilon: epsilon)
    case .adam(let beta1, let beta2, let epsilon), .adamw(let beta1, let beta2, let epsilon, _):
      level.adam(
        weights, gradient: gradient, mean: first, meanSquare: second, count: count, step: step, rate: rate, beta1: beta1,
        beta2: beta2, epsilon: epsilon)
    }
  }
}
