import Kernels

// The kernels that rooms above the engine call, in Swift's words.
extension InstructionSet {
  /// logits[rows, width] become probabilities.
  package func softmax(_ logits: UnsafeMutablePointer<Float>, rows: Int, width: Int) {
    kernels.pointee.softmax(logits, Int64(width), Int64(rows), Int64(width))
  }

  /// logits[rows, width] become the gradient of the cross-entropy times `scale`; a negative target counts nothing.
  ///
  /// - Returns: the cross-entropies' sum, in nats.
  package func softmaxCrossEntropy(
    _ logits: UnsafeMutablePointer<Float>, targets: UnsafePointer<Int32>, rows: Int, width: Int, scale: Float
  ) -> Double {
    kernels.pointee.softmax_cross_entropy(logits, Int64(width), targets, Int64(rows), Int64(width), scale)
  }

  package func sumOfSquares(_ values: UnsafePointer<Float>, count: Int) -> Double {
    kernels.pointee.sum_of_squares(values, Int64(count))
  }

  package func scale(_ values: UnsafeMutablePointer<Float>, by factor: Float, count: Int) {
    kernels.pointee.scale(values, factor, Int64(count))
  }

  /// v ← momentum · v + g, w ← w - rate · v; without a velocity, w ← w - rate · g.
  package func sgd(
    _ weights: UnsafeMutablePointer<Float>, gradient: UnsafePointer<Float>, velocity: UnsafeMutablePointer<Float>?, count: Int,
    rate: Double, momentum: Double
  ) {
    kernels.pointee.sgd(weights, gradient, velocity, Int64(count), Float(rate), Float(momentum))
  }

  package func rmsprop(
    _ weights: UnsafeMutablePointer<Float>, gradient: UnsafePointer<Float>, meanSquare: UnsafeMutablePointer<Float>, count: Int,
    rate: Double, decay: Double, epsilon: Double
  ) {
    kernels.pointee.rmsprop(weights, gradient, meanSquare, Int64(count), Float(rate), Float(decay), Float(epsilon))
  }

  /// `step` counts from 1.
  package func adam(
    _ weights: UnsafeMutablePointer<Float>, gradient: UnsafePointer<Float>, mean: UnsafeMutablePointer<Float>,
    meanSquare: UnsafeMutablePointer<Float>, count: Int, step: Int, rate: Double, beta1: Double, beta2: Double, epsilon: Double
  ) {
    kernels.pointee.adam(
      weights, gradient, mean, meanSquare, Int64(count), Int64(step), Float(rate), Float(beta1), Float(beta2),
      Float(epsilon))
  }
}
