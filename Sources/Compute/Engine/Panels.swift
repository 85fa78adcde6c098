import Kernels
import Support

/// A matrix `[n, k]` packed as the kernels read it.
package final class Panels {
  package let n: Int
  package let k: Int
  /// In the kernels' own structure, at addresses that stay valid as long as the panels do.
  let matrix: rk_matrix
  private let kind: WeightKind
  private let panels: FloatBuffer
  private let scales: FloatBuffer?
  private let kernels: UnsafePointer<rk_kernels>

  /// - Parameters:
  ///   - kind: the numbers that are packed.
  ///   - isTransposed: whether it is the transpose of a matrix as that is stored, so that whole numbers have a scale for each
  ///     source in place of one for each result.
  ///   - activations: the numbers that the vectors are rounded to before they are multiplied; those of a transpose stay what they are.
  package init(
    n: Int, k: Int, level: InstructionSet, kind: WeightKind = .float32,
    activations: ActivationKind = .float32,
    isTransposed: Bool = false
  ) {
    self.n = n
    self.k = k
    self.kind = kind
    kernels = level.kernels
    let weights =
      switch kind {
      case .float32: RK_FLOAT32
      case .float16: RK_FLOAT16
      case .bfloat16: RK_BFLOAT16
      case .int8 where isTransposed: RK_INT8_BY_SOURCE
      case .int8: activations == .int8 ? RK_INT8_BY_INT8 : RK_INT8
      }
    panels = FloatBuffer(count: Int(kernels.pointee.packed_size(Int32(weights), Int64(n), Int64(k))))
    scales = kind == .int8 ? FloatBuffer(count: isTransposed ? k : n) : nil
    matrix = rk_matrix(
      panels: panels.base, scales: scales.map { UnsafePointer($0.base) }, weights: Int32(weights), k: Int32(k), n: Int32(n))
  }

  /// Takes over a matrix whose element (row, column) stands at `row * rowStride + column * columnStride`, and can be held by the
  /// kind of numbers that is packed.
  ///
  /// - Parameter scales: those of whole numbers.
  package func pack(_ matrix: UnsafePointer<Float>, rowStride: Int, columnStride: Int, scales: [Float] = []) {
    switch kind {
    case .float32:
      kernels.pointee.pack(self.matrix.weights, panels.base, matrix, Int64(rowStride), Int64(columnStride), Int64(n), Int64(k))
    case .float16, .bfloat16:
      pack { row, column in WeightForm.bits(of: matrix[row * rowStride + column * columnStride], kind) }
    case .int8:
      let own = found(self.scales, orFail: "a matrix of bytes has no scales")
      ensure(scales.count == own.count, "a matrix of bytes needs \(own.count) scales; it was given \(scales.count)")
      own.base.update(from: scales, count: scales.count)
      let scalesSources = self.matrix.weights == RK_INT8_BY_SOURCE
      pack { row, column in
        WeightForm.byte(
          of: matrix[row * rowStride + column * columnStride], scale: own.base[scalesSources ? column : row])
      }
    }
  }

  /// Floats of room that so many vectors need as they are rounded; 0 if they are multiplied as they are.
  func roundedSize(rows: Int) -> Int {
    matrix.weights == RK_INT8_BY_INT8 ? rows * Int(rk_quantized_size(matrix.k)) : 0
  }

  private func pack<Element>(_ element: (_ row: Int, _ column: Int) -> Element) {
    let elements = (0..<n * k).map { element($0 / k, $0 % k) }
    elements.withUnsafeBufferPointer { elements in
      kernels.pointee.pack(matrix.weights, panels.base, elements.baseAddress, Int64(k), 1, Int64(n), Int64(k))
    }
  }

  /// `results[rows, n] = vectors[rows, k] · matrixᵀ + bias`, or added to what is there.
  ///
  /// - Parameter bias: `[n]`, nil for 0; not used if it accumulates.
  package func multiply(
    _ vectors: UnsafePointer<Float>, stride: Int, rows: Int, bias: UnsafePointer<Float>?,
    into results: UnsafeMutablePointer<Float>,
    stride resultStride: Int, accumulates: Bool = false
  ) {
    withUnsafePointer(to: matrix) { matrix in
      kernels.pointee.product(
        matrix, bias, vectors, Int64(stride), results, Int64(resultStride), Int64(rows), accumulates ? 1 : 0)
    }
  }
}
