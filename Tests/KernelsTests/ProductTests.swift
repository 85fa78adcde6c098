import Kernels
import Testing

struct ProductTests {
  static let sizes = [1, 2, 3, 5, 7, 8, 9, 15, 16, 17, 23, 31, 33, 47, 48, 49, 63, 64, 65, 70]

  /// Rows, results and sources of a product with its operands.
  struct Operands {
    let rows: Int, n: Int, k: Int
    let x: Memory, weights: [Float], bias: Memory, panels: Memory
    var xStride: Int { k + 3 }
    var outStride: Int { n + 5 }

    init(rows: Int, n: Int, k: Int, transposed: Bool, _ kernels: rk_kernels) {
      (self.rows, self.n, self.k) = (rows, n, k)
      var numbers = Numbers(seed: rows * 10_000 + n * 100 + k)
      x = Memory(numbers.array(rows * (k + 3)))
      weights = numbers.array(n * k)
      bias = Memory(numbers.array(n))
      panels = Memory(count: Int(kernels.packed_size(Int32(RK_FLOAT32), Int64(n), Int64(k))))
      let matrix = Memory(weights)
      let (rowStride, columnStride) = transposed ? (1, n) : (k, 1)
      kernels.pack(Int32(RK_FLOAT32), panels.base, matrix.base, Int64(rowStride), Int64(columnStride), Int64(n), Int64(k))
      self.transposed = transposed
    }

    private let transposed: Bool

    var matrix: rk_matrix {
      rk_matrix(panels: panels.base, scales: nil, weights: Int32(RK_FLOAT32), k: Int32(k), n: Int32(n))
    }

    func weight(_ result: Int, _ source: Int) -> Float {
      transposed ? weights[source * n + result] : weights[result * k + source]
    }

    func run(_ kernels: rk_kernels, rows range: Range<Int>, into out: Memory, biased: Bool, accumulate: Bool) {
      var matrix = matrix
      kernels.product(
        &matrix, biased ? bias.base : nil, x.base + range.lowerBound * xStride, Int64(xStride),
        out.base + range.lowerBound * outStride, Int64(outStride), Int64(range.count), accumulate ? 1 : 0)
    }
  }

  /// A sum of k products and a start, each product and each sum rounded (or both at once), is off by at most
  /// (k + 1) u / (1 - (k + 1) u) of the sum of the magnitudes (Higham, Accuracy and Stability, 3.1); u is the roundoff.
  @Test(arguments: Level.all, sizes)
  func aProductIsWithinTheBoundOfItsSums(_ level: Level, n: Int) throws {
    try level.withKernels { kernels in
      for k in Self.sizes {
        for rows in [1 + (n + k) % 20, 1 + (n * k) % 20] {
          let operands = Operands(rows: rows, n: n, k: k, transposed: k.isMultiple(of: 2), kernels)
          #expect(operands.panels.isUntouched())
          for (biased, accumulate) in [(false, false), (true, false), (true, true)] {
            let out = Memory(count: rows * operands.outStride)
            var numbers = Numbers(seed: k)
            if accumulate { for i in 0..<out.count { out.base[i] = numbers.next() } }
            let before = out.values
            operands.run(kernels, rows: 0..<rows, into: out, biased: biased, accumulate: accumulate)
            for place in 0..<out.count {
              let (row, result) = place.quotientAndRemainder(dividingBy: operands.outStride)
              guard result < n else {
                #expect(out.base[place].bitPattern == before[place].bitPattern)
                continue
              }
              var exact = accumulate ? Double(before[place]) : biased ? Double(operands.bias.base[result]) : 0
              var magnitude = abs(exact)
              for source in 0..<k {
                let term = Double(operands.x.base[row * operands.xStride + source]) * Double(operands.weight(result, source))
                exact += term
                magnitude += abs(term)
              }
              let growth = Double(k + 1) * roundoff
              let error = abs(Double(out.base[place]) - exact)
              #expect(error <= growth / (1 - growth) * magnitude, "n \(n), k \(k), row \(row) of \(rows), result \(result)")
            }
            #expect(out.isUntouched())
          }
        }
      }
    }
  }

  @Test(arguments: Level.all, [1, 7, 16, 50, 144, 200])
  func aRowIsTheSameBitsHoweverManyRunBesideIt(_ level: Level, n: Int) throws {
    try level.withKernels { kernels in
      for rows in 1...20 {
        let operands = Operands(rows: rows, n: n, k: 37, transposed: false, kernels)
        let together = Memory(count: rows * operands.outStride), alone = Memory(count: rows * operands.outStride)
        operands.run(kernels, rows: 0..<rows, into: together, biased: true, accumulate: false)
        for row in 0..<rows { operands.run(kernels, rows: row..<row + 1, into: alone, biased: true, accumulate: false) }
        #expect(together.values.map(\.bitPattern) == alone.values.map(\.bitPattern), "\(rows) rows")
        #expect(together.isUntouched { $0 % operands.outStride < n })
      }
    }
  }

  @Test(arguments: Level.all)
  func nothingToSumLeavesTheStart(_ level: Level) throws {
    try level.withKernels { kernels in
      let operands = Operands(rows: 3, n: 5, k: 0, transposed: false, kernels)
      let out = Memory(count: 3 * operands.outStride)
      operands.run(kernels, rows: 0..<3, into: out, biased: true, accumulate: false)
      for place in 0..<out.count where place % operands.outStride < 5 {
        #expect(out.base[place] == operands.bias.base[place % operands.outStride])
      }
      operands.run(kernels, rows: 0..<0, into: out, biased: false, accumulate: false)
      #expect(out.isUntouched { $0 % operands.outStride < 5 })
    }
  }
}
