import CellLanguage
import Kernels
import Testing

/// What makes matrices of vectors and vectors of matrices, on rows that lie apart, against plain loops in Double.
struct MatrixMapTests {
  static let maps = Primitive.unnamed.filter { $0.matrixMap != nil }

  /// Floats from one row's operand to the next one's.
  private static func stride(of part: MatrixMap, columns: Int) -> Int { part == .asColumns || part == .sumOfColumns ? 1 : 0 }

  @Test(arguments: maps.filter { $0.matrixMap?.spreads == true }, Level.all)
  func aMatrixIsMadeOfAVector(_ primitive: Primitive, _ level: Level) throws {
    let map = try #require(primitive.matrixMap)
    for (rows, columns) in [(1, 1), (3, 7), (7, 16), (16, 33), (5, 100)] {
      var numbers = Numbers(seed: rows * columns)
      let vector = numbers.array(map.length(rows: rows, columns: columns))
      let (input, output) = (Memory(vector), Memory(count: rows * (columns + 3)))
      let stride = Int64(Self.stride(of: map, columns: columns))
      try level.withKernels { kernels in
        kernels.apply(
          rk_operation(primitive.name), output.base, Int64(columns + 3), input.base, stride, input.base, stride, input.base,
          stride,
          Int64(rows), Int64(columns))
      }
      for row in 0..<rows {
        for column in 0..<columns {
          let place = map == .asRows ? column : map == .asColumns ? row : 0
          #expect(output.values[row * (columns + 3) + column] == vector[place])
        }
      }
      #expect(output.isUntouched { $0 % (columns + 3) < columns })
    }
  }

  /// Rows come a block at a time, and go on from what the blocks before have given. A float's sum of n numbers is off by at most n - 1
  /// roundings of what they amount to without their signs.
  @Test(arguments: maps.filter { $0.matrixMap?.spreads == false }, Level.all)
  func aMatrixIsAddedUp(_ primitive: Primitive, _ level: Level) throws {
    let map = try #require(primitive.matrixMap)
    for (rows, columns) in [(1, 1), (3, 7), (7, 16), (16, 33), (5, 100)] {
      var numbers = Numbers(seed: rows * columns)
      let matrix = numbers.array(rows * columns)
      let length = map.length(rows: rows, columns: columns)
      let (input, output) = (Memory(matrix), Memory([Float](repeating: 0, count: length)))
      let stride = Self.stride(of: map, columns: columns)
      try level.withKernels { kernels in
        for block in [0..<rows / 2, rows / 2..<rows] where !block.isEmpty {
          let (from, to) = (input.base + block.lowerBound * columns, output.base + block.lowerBound * stride)
          kernels.apply(
            rk_operation(primitive.name), to, Int64(stride), from, Int64(columns), from, 0, from, 0, Int64(block.count),
            Int64(columns))
        }
      }
      for place in 0..<length {
        let terms = matrix.indices.filter { index in
          switch map {
          case .sumOfRows: index % columns == place
          case .sumOfColumns: index / columns == place
          default: true
          }
        }.map { Double(matrix[$0]) }
        let bound = Double(terms.count) * 0x1p-24 * terms.reduce(0) { $0 + abs($1) }
        #expect(abs(Double(output.values[place]) - terms.reduce(0, +)) <= bound)
      }
    }
  }
}
