import Kernels

/// A matrix `[n, k]` packed as the kernels read it.
package final class Panels {
  package let n: Int
  package let k: Int
  let base: UnsafeMutablePointer<Float>
  private let buffer: FloatBuffer
  private let kernels: UnsafePointer<rk_kernels>

  package init(n: Int, k: Int, level: InstructionSet) {
    self.n = n
    self.k = k
    kernels = level.kernels
    buffer = FloatBuffer(count: Int(kernels.pointee.packed_size(Int64(n), Int64(k))))
    base = buffer.base
  }

  /// Takes over a matrix whose element (row, column) stands at `row * rowStride + column * columnStride`.
  package func pack(_ matrix: UnsafePointer<Float>, rowStride: Int, columnStride: Int) {
    kernels.pointee.pack(base, matrix, Int64(rowStride), Int64(columnStride), Int64(n), Int64(k))
  }

  /// `results[rows, n] = vectors[rows, k] · matrixᵀ + bias`, or added to what is there.
  ///
  /// - Parameter bias: `[n]`, nil for 0; not used if it accumulates.
  package func multiply(
    _ vectors: UnsafePointer<Float>, stride: Int, rows: Int, bias: UnsafePointer<Float>?,
    into results: UnsafeMutablePointer<Float>,
    stride resultStride: Int, accumulates: Bool = false
  ) {
    kernels.pointee.product(
      base, bias, vectors, Int64(stride), results, Int64(resultStride), Int64(rows), Int64(k), Int64(n), accumulates ? 1 : 0)
  }
}
