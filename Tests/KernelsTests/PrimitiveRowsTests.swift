import CellLanguage
import Kernels
import Testing

/// How primitives walk over rows: strides, rests of vectors, broadcast, in place. Values are compared bit for bit with
/// the same primitive run on each element alone, since an element's value depends on nothing but that element.
struct PrimitiveRowsTests {
  static let elementwise = PrimitiveTests.kernels.filter { !$0.mixesElements }

  @Test(arguments: Level.all, elementwise)
  func anElementDoesNotDependOnItsPlace(_ level: Level, _ primitive: Primitive) throws {
    try level.withKernels { kernels in
      let operation = rk_operation(primitive.name)
      for width in [1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 31, 33, 48, 63, 65] {
        for gap in [0, 3] {
          let rows = 3, rowStride = width + gap
          var numbers = Numbers(seed: width)
          let sources = (0..<3).map { _ in Memory(numbers.array(rows * rowStride, scale: 4)) }
          let output = Memory(count: rows * rowStride)
          let alone = Memory(count: rows * rowStride)
          kernels.apply(
            operation, output.base, Int64(rowStride), sources[0].base, Int64(rowStride), sources[1].base, Int64(rowStride),
            sources[2].base, Int64(rowStride), Int64(rows), Int64(width))
          for place in 0..<rows * rowStride where place % rowStride < width {
            kernels.apply(
              operation, alone.base + place, 1, sources[0].base + place, 1, sources[1].base + place, 1,
              sources[2].base + place, 1, 1, 1)
          }
          #expect(output.values.map(\.bitPattern) == alone.values.map(\.bitPattern), "width \(width), stride \(rowStride)")
          #expect(output.isUntouched { $0 % rowStride < width }, "width \(width), stride \(rowStride)")
        }
      }
    }
  }

  @Test(arguments: Level.all, [1, 16, 21])
  func aDestinationMayBeItsOwnSource(_ level: Level, width: Int) throws {
    try level.withKernels { kernels in
      var numbers = Numbers(seed: width)
      let rows = 4, count = rows * width
      let first = Memory(numbers.array(count)), second = Memory(numbers.array(count)), apart = Memory(count: count)
      let stride = Int64(width)
      let operation = rk_operation("subtract")
      kernels.apply(
        operation, apart.base, stride, second.base, stride, first.base, stride, first.base, stride, Int64(rows), stride)
      kernels.apply(
        operation, first.base, stride, second.base, stride, first.base, stride, first.base, stride, Int64(rows), stride)
      #expect(first.values == apart.values)
    }
  }

  @Test(arguments: Level.all, [1, 16, 21])
  func aRowWithStrideZeroIsBroadcast(_ level: Level, width: Int) throws {
    try level.withKernels { kernels in
      var numbers = Numbers(seed: width)
      let rows = 4
      let matrix = Memory(numbers.array(rows * width)), vector = Memory(numbers.array(width))
      let output = Memory(count: rows * width)
      kernels.apply(
        rk_operation("multiply"), output.base, Int64(width), matrix.base, Int64(width), vector.base, 0, vector.base, 0,
        Int64(rows), Int64(width))
      #expect(output.values == (0..<rows * width).map { matrix.values[$0] * vector.values[$0 % width] })
    }
  }

  @Test(arguments: Level.all, [1, 16, 21])
  func aDestinationWithStrideZeroSumsTheRowsInOrder(_ level: Level, width: Int) throws {
    try level.withKernels { kernels in
      var numbers = Numbers(seed: width)
      let rows = 9
      let matrix = Memory(numbers.array(rows * width)), sums = Memory(numbers.array(width))
      let expected = (0..<rows).reduce(sums.values) { sums, row in
        sums.indices.map { sums[$0] + matrix.values[row * width + $0] }
      }
      kernels.apply(
        rk_operation("add"), sums.base, 0, sums.base, 0, matrix.base, Int64(width), matrix.base, 0, Int64(rows), Int64(width))
      #expect(sums.values == expected)
    }
  }
}
