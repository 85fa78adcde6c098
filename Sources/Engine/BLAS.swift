import CBLAS

/// Single-precision matrix products by the system's BLAS.
package enum BLAS {
  /// How a matrix is stored, row by row with `stride` floats from one row to the next.
  package enum Operand {
    case asIs(stride: Int)
    case transposed(stride: Int)

    var transpose: CBLAS_TRANSPOSE {
      switch self {
      case .asIs: CblasNoTrans
      case .transposed: CblasTrans
      }
    }

    var stride: Int {
      switch self {
      case .asIs(let stride), .transposed(let stride): stride
      }
    }
  }

  /// Our own threads call BLAS; its own would only get in their way.
  package static func useOneThread() { _ = oneThread }

  private static let oneThread: Void = {
    #if os(Linux)
      openblas_set_num_threads(1)
    #endif
  }()

  /// `c[m, n] = a[m, k] · b[k, n]`, added to what `c` holds if `adding`.
  package static func multiply(
    _ a: UnsafePointer<Float>, _ aForm: Operand, _ b: UnsafePointer<Float>, _ bForm: Operand, into c: UnsafeMutablePointer<Float>,
    stride: Int, m: Int, n: Int, k: Int, adding: Bool
  ) {
    cblas_sgemm(
      CblasRowMajor, aForm.transpose, bForm.transpose, Int32(m), Int32(n), Int32(k), 1, a, Int32(aForm.stride), b,
      Int32(bForm.stride), adding ? 1 : 0, c, Int32(stride))
  }
}
