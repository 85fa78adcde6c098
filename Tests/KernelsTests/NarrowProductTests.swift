import Kernels
import Testing

/// Products with weights that are narrower than floats.
struct NarrowProductTests {
  /// A matrix of 16-bit numbers, packed as they are and as floats.
  struct Operands {
    let x: Memory, bias: Memory, narrow: Memory, floats: Memory
    let rows: Int, n: Int, k: Int, kind: Int

    init(rows: Int, n: Int, k: Int, kind: Int, bits: [UInt16], _ kernels: rk_kernels) {
      (self.rows, self.n, self.k, self.kind) = (rows, n, k, kind)
      var numbers = Numbers(seed: rows * 10_000 + n * 100 + k)
      x = Memory(numbers.array(rows * k))
      bias = Memory(numbers.array(n))
      narrow = Memory(count: Int(kernels.packed_size(Int32(kind), Int64(n), Int64(k))))
      floats = Memory(count: Int(kernels.packed_size(Int32(RK_FLOAT32), Int64(n), Int64(k))))
      kernels.pack(Int32(kind), narrow.base, bits, Int64(k), 1, Int64(n), Int64(k))
      let values = bits.map { kind == RK_FLOAT16 ? half($0) : Float(bitPattern: UInt32($0) << 16) }
      kernels.pack(Int32(RK_FLOAT32), floats.base, values, Int64(k), 1, Int64(n), Int64(k))
    }

    /// The bits of the product with the packed numbers, and with them as floats.
    func products(_ kernels: rk_kernels) -> (narrow: [UInt32], floats: [UInt32]) {
      func product(_ panels: Memory, _ kind: Int) -> [UInt32] {
        let out = Memory(count: rows * n)
        var matrix = rk_matrix(panels: panels.base, scales: nil, weights: Int32(kind), k: Int32(k), n: Int32(n))
        kernels.product(&matrix, bias.base, x.base, Int64(k), out.base, Int64(n), Int64(rows), 0)
        #expect(out.isUntouched() && panels.isUntouched())
        return out.values.map(\.bitPattern)
      }
      return (product(narrow, kind), product(floats, RK_FLOAT32))
    }
  }

  /// Each of the finite halves, denormals among them, times 1.
  @Test(arguments: Level.all)
  func everyHalfBecomesItsFloat(_ level: Level) throws {
    try level.withKernels { kernels in
      let bits = (0...UInt16.max).filter { $0 >> 10 & 31 != 31 }
      let operands = Operands(rows: 1, n: bits.count, k: 1, kind: RK_FLOAT16, bits: bits, kernels)
      operands.x.base[0] = 1
      for place in bits.indices { operands.bias.base[place] = 0 }
      let (narrow, _) = operands.products(kernels)
      let bad = bits.indices.first { Float(bitPattern: narrow[$0]) != half(bits[$0]) }
      #expect(bad == nil)
    }
  }

  @Test(arguments: Level.all, [RK_FLOAT16, RK_BFLOAT16])
  func sixteenBitsGiveTheBitsOfFloats(_ level: Level, kind: Int) throws {
    try level.withKernels { kernels in
      for n in [1, 7, 8, 16, 33, 70, 130] {
        for (k, rows) in [(1, 1), (2, 3), (5, 4), (17, 9), (64, 1), (65, 20)] {
          var numbers = Numbers(seed: n + k)
          // Numbers up to 2 and denormals.
          let bits = (0..<n * k).map { _ in
            let bits = UInt16(truncatingIfNeeded: numbers.bits())
            return bits & 0xbfff
          }
          let (narrow, floats) = Operands(rows: rows, n: n, k: k, kind: kind, bits: bits, kernels).products(kernels)
          #expect(narrow == floats, "\(n) × \(k), \(rows) rows")
        }
      }
    }
  }

  /// A start, k products and a scale: within the bound of as many roundings and two more, whether the scales are those of the
  /// results or of the sources.
  @Test(arguments: Level.all, [RK_INT8, RK_INT8_BY_SOURCE])
  func bytesAreScaled(_ level: Level, kind: Int) throws {
    try level.withKernels { kernels in
      for (n, k, rows) in [(1, 1, 1), (7, 5, 2), (16, 17, 1), (33, 64, 5), (130, 31, 1), (70, 65, 20)] {
        var numbers = Numbers(seed: n + k)
        let bytes = (0..<n * k).map { _ in Int8(truncatingIfNeeded: numbers.bits()) }
        let scales = Memory(numbers.array(kind == RK_INT8 ? n : k)), bias = Memory(numbers.array(n))
        let x = Memory(numbers.array(rows * k)), out = Memory(numbers.array(rows * n))
        let panels = Memory(count: Int(kernels.packed_size(Int32(kind), Int64(n), Int64(k))))
        kernels.pack(Int32(kind), panels.base, bytes, Int64(k), 1, Int64(n), Int64(k))
        var matrix = rk_matrix(panels: panels.base, scales: scales.base, weights: Int32(kind), k: Int32(k), n: Int32(n))
        for accumulates in [false, true] {
          let before = out.values
          kernels.product(&matrix, bias.base, x.base, Int64(k), out.base, Int64(n), Int64(rows), accumulates ? 1 : 0)
          for row in 0..<rows {
            for result in 0..<n {
              var exact = Double(accumulates ? before[row * n + result] : bias.base[result])
              var magnitude = abs(exact)
              for source in 0..<k {
                let scale = Double(scales.base[kind == RK_INT8 ? result : source])
                let term = Double(x.base[row * k + source]) * Double(bytes[result * k + source]) * scale
                exact += term
                magnitude += abs(term)
              }
              let growth = Double(k + 3) * roundoff
              let error = abs(Double(out.base[row * n + result]) - exact)
              #expect(error <= growth / (1 - growth) * magnitude, "\(n) × \(k), row \(row), result \(result)")
            }
          }
        }
        for memory in [scales, bias, x, out, panels] { #expect(memory.isUntouched()) }
      }
    }
  }
}

/// The number that a half is.
private func half(_ bits: UInt16) -> Float {
  let (exponent, fraction) = (Int(bits >> 10 & 31), Float(bits & 1023))
  let magnitude =
    exponent == 0 ? fraction * 0x1p-24 : (1024 + fraction) * Float(sign: .plus, exponent: exponent - 25, significand: 1)
  return bits >> 15 == 0 ? magnitude : -magnitude
}
