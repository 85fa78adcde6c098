import Kernels
import Testing

/// Products of whole numbers, those of the weights and those that vectors are rounded to.
struct ByteProductTests {
  /// The nearest whole numbers, ties to the even one, and the 127th of the largest magnitude.
  @Test(arguments: Level.all)
  func aRowIsRounded(_ level: Level) throws {
    try level.withKernels { kernels in
      for k in [1, 3, 4, 7, 8, 15, 16, 17, 40, 65] {
        var numbers = Numbers(seed: k)
        let size = Int(rk_quantized_size(Int32(k)))
        let x = Memory(numbers.array(3 * k))
        let rounded = Memory(count: 3 * size)
        for place in 0..<k { x.base[k + place] = place == 0 ? 127 : Float(place % 7) - 2.5 }
        for place in 0..<k { x.base[2 * k + place] = 1e-31 }
        kernels.quantize(rounded.base, x.base, Int64(k), 3, Int64(k))
        for row in 0..<3 {
          let own = (0..<k).map { x.base[row * k + $0] }
          let largest = own.reduce(0) { max($0, $1.magnitude) }
          let isZero = row == 2
          #expect(rounded.base[row * size] == (isZero ? 0 : largest / 127))
          let bytes = UnsafeRawPointer(rounded.base + row * size + 1)
          for place in 0..<k {
            let number = isZero ? 0 : (own[place] * (127 / largest)).rounded(.toNearestOrEven)
            #expect(
              Float(bytes.load(fromByteOffset: place, as: Int8.self)) == number,
              "row \(row), \(place) of \(k)")
          }
        }
        #expect(x.isUntouched() && rounded.isUntouched())
      }
    }
  }

  @Test(arguments: Level.all)
  func whatIsNoNumberMakesAllResultsNone(_ level: Level) throws {
    try level.withKernels { kernels in
      let x = Memory([1, .nan, 2, 3, 4])
      let out = Memory([0, 0, 0])
      run(
        kernels, Array(repeating: 1, count: 15), scales: Memory([1, 1, 1]), bias: nil, x, rows: 1,
        n: 3, k: 5, out, accumulates: false)
      let areNone = out.values.allSatisfy { $0.isNaN }
      #expect(areNone)
    }
  }

  /// Whole numbers are summed up exactly: what is left are the roundings of the sum as a float, of the two scales' product and of the result.
  @Test(arguments: Level.all)
  func sumsAreExact(_ level: Level) throws {
    try level.withKernels { kernels in
      for (n, k, rows) in [
        (1, 1, 1), (7, 5, 2), (16, 17, 1), (33, 64, 5), (130, 31, 1), (70, 65, 20), (9, 2000, 3),
      ] {
        var numbers = Numbers(seed: n + k)
        let bytes = (0..<n * k).map { _ in Int8(truncatingIfNeeded: numbers.bits()) }
        let scales = Memory(numbers.array(n))
        let bias = Memory(numbers.array(n))
        let x = Memory(numbers.array(rows * k))
        let out = Memory(numbers.array(rows * n))
        for accumulates in [false, true] {
          let before = out.values
          run(
            kernels, bytes, scales: scales, bias: bias, x, rows: rows, n: n, k: k, out,
            accumulates: accumulates)
          for row in 0..<rows {
            let own = (0..<k).map { x.base[row * k + $0] }
            let largest = own.reduce(0) { max($0, $1.magnitude) }
            let whole = own.map { Int(($0 * (127 / largest)).rounded(.toNearestOrEven)) }
            for result in 0..<n {
              let start = Double(accumulates ? before[row * n + result] : bias.base[result])
              let sum = (0..<k).reduce(0) { $0 + whole[$1] * Int(bytes[result * k + $1]) }
              let product = Double(scales.base[result]) * Double(largest / 127) * Double(sum)
              let error = abs(Double(out.base[row * n + result]) - (start + product))
              #expect(
                error <= 1.01 * roundoff * (2 * abs(product) + abs(start + product)),
                "\(n) × \(k), row \(row), result \(result)")
            }
          }
        }
        for memory in [scales, bias, x, out] { #expect(memory.isUntouched()) }
      }
    }
  }

  private func run(
    _ kernels: rk_kernels, _ bytes: [Int8], scales: Memory, bias: Memory?, _ x: Memory, rows: Int,
    n: Int, k: Int, _ out: Memory,
    accumulates: Bool
  ) {
    let panels = Memory(count: Int(kernels.packed_size(Int32(RK_INT8_BY_INT8), Int64(n), Int64(k))))
    kernels.pack(Int32(RK_INT8_BY_INT8), panels.base, bytes, Int64(k), 1, Int64(n), Int64(k))
    let size = rk_quantized_size(Int32(k))
    let rounded = Memory(count: rows * Int(size))
    kernels.quantize(rounded.base, x.base, Int64(k), Int64(rows), Int64(k))
    var matrix = rk_matrix(
      panels: panels.base, scales: scales.base, weights: Int32(RK_INT8_BY_INT8), k: Int32(k),
      n: Int32(n))
    kernels.product(
      &matrix, bias?.base, rounded.base, size, out.base, Int64(n), Int64(rows), accumulates ? 1 : 0)
    #expect(panels.isUntouched() && rounded.isUntouched())
  }
}
