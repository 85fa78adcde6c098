import Kernels
import Testing

struct OuterProductTests {
  struct Shape: CustomTestStringConvertible, Sendable {
    let rows: Int, n: Int, k: Int
    /// Floats between the end of a row of left and the next.
    var gap = 3

    var testDescription: String { "\(rows) rows, \(n) × \(k), gap \(gap)" }

    /// Small ones of all kinds, and some that need several blocks of rows, of columns and of results, dense and far apart.
    static let all =
      [1, 2, 7, 8, 9, 17].flatMap { n in [1, 3, 8, 15, 16, 33, 50].map { Shape(rows: 1 + (n * $0) % 23, n: n, k: $0) } }
      + [
        Shape(rows: 128, n: 8, k: 48), Shape(rows: 300, n: 1, k: 300), Shape(rows: 129, n: 65, k: 100),
        Shape(rows: 300, n: 12, k: 257),
        Shape(rows: 131, n: 70, k: 19, gap: 400), Shape(rows: 257, n: 5, k: 40, gap: 1019),
        Shape(rows: 140, n: 129, k: 300, gap: 300),
      ]
  }

  struct Operands {
    let shape: Shape
    let left: Memory, right: Memory, start: [Float]
    var leftStride: Int { shape.n + shape.gap }
    var rightStride: Int { shape.k + 5 }
    var outStride: Int { shape.k + 2 }

    init(_ shape: Shape) {
      self.shape = shape
      var numbers = Numbers(seed: shape.rows * 10_000 + shape.n * 100 + shape.k)
      left = Memory(numbers.array(shape.rows * (shape.n + shape.gap)))
      right = Memory(numbers.array(shape.rows * (shape.k + 5)))
      start = numbers.array(shape.n * (shape.k + 2))
    }

    /// The sums after all rows, one call for each range.
    func sums(_ kernels: rk_kernels, rows ranges: [Range<Int>]) -> Memory {
      let out = Memory(start), scratch = Memory(count: Int(RK_OUTER_SCRATCH))
      for rows in ranges {
        kernels.add_outer_products(
          out.base, Int64(outStride), left.base + rows.lowerBound * leftStride, Int64(leftStride),
          right.base + rows.lowerBound * rightStride, Int64(rightStride), Int64(rows.count), Int64(shape.n), Int64(shape.k),
          scratch.base)
      }
      for memory in [left, right, scratch] { #expect(memory.isUntouched()) }
      return out
    }
  }

  /// A start and one product for each row, each product and each sum rounded (or both at once), are off by at most
  /// (rows + 1) u / (1 - (rows + 1) u) of the sum of the magnitudes (Higham, Accuracy and Stability, 3.1); u is the roundoff.
  @Test(arguments: Level.all, Shape.all)
  func sumsAreWithinTheirBound(_ level: Level, shape: Shape) throws {
    try level.withKernels { kernels in
      let operands = Operands(shape)
      let out = operands.sums(kernels, rows: [0..<shape.rows])
      let growth = Double(shape.rows + 1) * roundoff
      for place in 0..<out.count {
        let (result, source) = place.quotientAndRemainder(dividingBy: operands.outStride)
        guard source < shape.k else {
          #expect(out.base[place].bitPattern == operands.start[place].bitPattern)
          continue
        }
        var exact = Double(operands.start[place]), magnitude = abs(exact)
        for row in 0..<shape.rows {
          let term =
            Double(operands.left.base[row * operands.leftStride + result])
            * Double(operands.right.base[row * operands.rightStride + source])
          exact += term
          magnitude += abs(term)
        }
        #expect(abs(Double(out.base[place]) - exact) <= growth / (1 - growth) * magnitude, "result \(result), source \(source)")
      }
      #expect(out.isUntouched())
    }
  }

  /// The order of the sums is that of the rows, wherever a call ends and however many results and sources run side by side.
  @Test(arguments: Level.all, Shape.all)
  func sumsAreTheSameBitsHoweverTheRowsAreCut(_ level: Level, shape: Shape) throws {
    try level.withKernels { kernels in
      let operands = Operands(shape)
      let third = shape.rows / 3, half = (shape.rows + 1) / 2
      let whole = operands.sums(kernels, rows: [0..<shape.rows]).values.map(\.bitPattern)
      for ranges in [[0..<third, third..<half, half..<shape.rows], (0..<shape.rows).map { $0..<$0 + 1 }] {
        #expect(operands.sums(kernels, rows: ranges).values.map(\.bitPattern) == whole)
      }
    }
  }

  /// What a row of left or right holds beside its columns takes no part, not even as 0 times a NaN.
  @Test(arguments: Level.all, Shape.all)
  func whatLiesBetweenTheRowsIsNotRead(_ level: Level, shape: Shape) throws {
    try level.withKernels { kernels in
      let operands = Operands(shape)
      let expected = operands.sums(kernels, rows: [0..<shape.rows]).values
      for place in 0..<operands.left.count where place % operands.leftStride >= shape.n { operands.left.base[place] = .nan }
      for place in 0..<operands.right.count where place % operands.rightStride >= shape.k { operands.right.base[place] = .nan }
      #expect(operands.sums(kernels, rows: [0..<shape.rows]).values == expected)
    }
  }
}
