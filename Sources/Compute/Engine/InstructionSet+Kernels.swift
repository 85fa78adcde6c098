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

  /// sums[width] += the column sums of matrix[rows, width], the last row first.
  package func addColumnSums(
    of matrix: UnsafePointer<Float>, stride: Int, rows: Int, width: Int, to sums: UnsafeMutablePointer<Float>
  ) {
    kernels.pointee.add_column_sums(sums, matrix + (rows - 1) * stride, Int64(-stride), Int64(rows), Int64(width))
  }

  /// sums[n, k] += Σ over rows of left[row, n] · right[row, k], the last row first: in the order in which gradients come to be
  /// when steps run back, so that it makes no difference in how many segments they do.
  package func addOuterProducts(
    _ left: UnsafePointer<Float>, stride leftStride: Int, _ right: UnsafePointer<Float>, stride rightStride: Int, rows: Int,
    to sums: UnsafeMutablePointer<Float>, n: Int, k: Int
  ) {
    let bytes = Int(RK_OUTER_SCRATCH) * MemoryLayout<Float>.stride
    let scratch = UnsafeMutableRawPointer.allocate(byteCount: bytes, alignment: 64)
    defer { scratch.deallocate() }
    kernels.pointee.add_outer_products(
      sums, Int64(k), left + (rows - 1) * leftStride, Int64(-leftStride), right + (rows - 1) * rightStride,
      Int64(-rightStride), Int64(rows), Int64(n), Int64(k), scratch.assumingMemoryBound(to: Float.self))
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
