package import Support

/// How a gradient becomes a change of the weights, with PyTorch's defaults.
package enum Optimizer: Sendable, Hashable, Codable {
  /// v ← momentum · v + g, w ← w - rate · v. Without momentum, plain gradient descent.
  case sgd(momentum: Double = 0)
  /// The step divided by a running root mean square of the gradient (Tieleman & Hinton 2012).
  case rmsprop(decay: Double = 0.99, epsilon: Double = 1e-8)
  /// Running mean and mean square, both corrected for their start at 0 (Kingma & Ba 2015).
  case adam(beta1: Double = 0.9, beta2: Double = 0.999, epsilon: Double = 1e-8)
  /// Adam with a weight decay of its own (Loshchilov & Hutter 2019), as ``Networks/Regularization/weightDecay`` has it for any
  /// optimizer.
  case adamw(beta1: Double = 0.9, beta2: Double = 0.999, epsilon: Double = 1e-8, weightDecay: Double = 0.01)

  /// The arrays that it keeps for each weight array, of the same length, zero at the start.
  package var moments: [String] {
    switch self {
    case .sgd(let momentum): momentum == 0 ? [] : ["velocity"]
    case .rmsprop: ["mean_square"]
    case .adam, .adamw: ["mean", "mean_square"]
    }
  }

  /// What it has of weight decay itself.
  package var weightDecay: Double { if case .adamw(_, _, _, let decay) = self { decay } else { 0 } }

  /// - Throws: ``RecurrentError`` if a number is outside of where the formulas make sense.
  package func check() throws(RecurrentError) {
    switch self {
    case .sgd(let momentum): try Self.check(fraction: momentum, "momentum")
    case .rmsprop(let decay, let epsilon):
      try Self.check(fraction: decay, "decay")
      try Self.check(epsilon: epsilon)
    case .adam(let beta1, let beta2, let epsilon):
      try Self.check(fraction: beta1, "beta1")
      try Self.check(fraction: beta2, "beta2")
      try Self.check(epsilon: epsilon)
    case .adamw(let beta1, let beta2, let epsilon, let weightDecay):
      try Optimizer.adam(beta1: beta1, beta2: beta2, epsilon: epsilon).check()
      try RecurrentError.require(
        weightDecay >= 0 && weightDecay.isFinite, "the weight decay is \(weightDecay); it must be at least 0")
    }
  }

  private static func check(fraction: Double, _ name: String) throws(RecurrentError) {
    try RecurrentError.require(fraction >= 0 && fraction < 1, "\(name) is \(fraction); it must be at least 0 and below 1")
  }

  private static func check(epsilon: Double) throws(RecurrentError) {
    try RecurrentError.require(epsilon > 0 && epsilon.isFinite, "epsilon is \(epsilon); it must be above 0")
  }
}
