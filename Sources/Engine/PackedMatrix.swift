import Kernels

/// A matrix in panels, and a vector of biases: packed once, multiplied by few rows at a time.
package final class PackedMatrix: Sendable {
  private nonisolated(unsafe) let panels: FloatBuffer
  private nonisolated(unsafe) let biases: FloatBuffer
  private let level: CPULevel
  private let n: Int
  private let k: Int

  /// - Parameters:
  ///   - matrix: `[n, k]`, row by row.
  ///   - bias: `[n]`
  package init(_ matrix: UnsafePointer<Float>, bias: UnsafePointer<Float>, n: Int, k: Int, level: CPULevel) {
    self.level = level
    self.n = n
    self.k = k
    panels = FloatBuffer(count: Int(level.kernels.pointee.packed_size(Int64(n), Int64(k))))
    biases = FloatBuffer(count: n)
    level.kernels.pointee.pack(panels.base, matrix, Int64(k), 1, Int64(n), Int64(k))
    biases.base.update(from: bias, count: n)
  }

  /// `result[n] = matrix · vector + bias`
  package func multiply(_ vector: UnsafePointer<Float>, into result: UnsafeMutablePointer<Float>) {
    level.kernels.pointee.product(panels.base, biases.base, vector, Int64(k), result, Int64(n), 1, Int64(k), Int64(n), 0)
  }
}
