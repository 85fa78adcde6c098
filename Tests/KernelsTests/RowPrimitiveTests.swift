import CellLanguage
import Kernels
import Testing

/// Primitives of whole rows, each row by itself, against what the table says in Double.
struct RowPrimitiveTests {
  static let primitives = PrimitiveTests.kernels.filter { $0.mixesElements && $0.matrixMap == nil }
  @Test(arguments: primitives, Level.all)
  func aRowIsWithinItsBound(_ primitive: Primitive, _ level: Level) throws {
    for width in [1, 2, 7, 8, 16, 33, 100, 1000] {
      for offset: Float in [0, 30] {
        var numbers = Numbers(seed: width)
        let rows = 3, rowStride = width + 5
        let inputs = (0..<2).map { _ in Memory(numbers.array(rows * rowStride).map { $0 + offset }) }
        let output = Memory(count: rows * rowStride)
        try level.withKernels { kernels in
          kernels.apply(
            rk_operation(primitive.name), output.base, Int64(rowStride), inputs[0].base, Int64(rowStride), inputs[1].base,
            Int64(rowStride), inputs[1].base, 0, Int64(rows), Int64(width))
        }
        for row in 0..<rows {
          let places = row * rowStride..<row * rowStride + width
          let arguments = inputs.prefix(primitive.arity).map { input in input.values[places].map { Double($0) } }
          let exact = primitive.value(arguments)
          let bound = Self.bound(primitive, arguments, exact)
          for (value, exact) in zip(output.values[places], exact) {
            #expect(abs(Double(value) - exact) <= bound, "width \(width), offset \(offset): \(value), not \(exact)")
          }
        }
        #expect(output.isUntouched { $0 % rowStride < width })
      }
    }
  }

  /// How far a row may be from the exact one, u being half a unit in the last place of 1.
  ///
  /// A mean is as good as correctly rounded. That of ``normalize`` in the kernels comes with two more roundings, 2.5 u of the elements'
  /// size, which moves all deviations; divided by the deviation s that is 2.5 u (1 + |mean| / s). The sum of squares is 5 u off, so
  /// that with the root, its inverse and two products a normalised element y is within 6 u (1 + |y|) (1 + |mean| / s). A gradient b
  /// takes its mean and y times its slope along y away, each off by that much times the largest b, at most 22 u (1 + |y|).
  private static func bound(_ primitive: Primitive, _ arguments: [[Double]], _ exact: [Double]) -> Double {
    let unit = 0x1p-23
    if case .row = primitive.definition { return primitive.ulps * unit * (exact.map(abs).max() ?? 0) }
    let row = arguments[0]
    let mean = row.reduce(0, +) / Double(row.count)
    let deviation = (row.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(row.count) + 1e-5).squareRoot()
    let largest = row.map { abs($0 - mean) / deviation }.max() ?? 0
    let gradient = arguments.count == 2 ? (arguments[1].map(abs).max() ?? 0) / deviation : 1
    return primitive.ulps * unit * (1 + largest) * (1 + abs(mean) / deviation) * gradient
  }

  @Test(arguments: primitives, Level.all)
  func aDestinationMayBeItsOwnSource(_ primitive: Primitive, _ level: Level) throws {
    for width in [3, 16, 40] {
      var numbers = Numbers(seed: width)
      let first = numbers.array(width), second = numbers.array(width)
      for place in 0..<primitive.arity {
        let inputs = [Memory(first), Memory(second)]
        let output = Memory(count: width)
        try level.withKernels { kernels in
          for target in [output, inputs[place]] {
            kernels.apply(
              rk_operation(primitive.name), target.base, 0, inputs[0].base, 0, inputs[1].base, 0, inputs[1].base, 0, 1,
              Int64(width))
          }
        }
        #expect(inputs[place].values == output.values)
      }
    }
  }
}

extension Primitive {
  /// What the table says of rows.
  fileprivate func value(_ arguments: [[Double]]) -> [Double] {
    if let composition {
      return composition.value(Dictionary(uniqueKeysWithValues: zip(["a", "b", "c"], arguments)))
    }
    return switch definition {
    case .unary(let function): arguments[0].map(function)
    case .binary(let function):
      (0..<arguments.map(\.count).reduce(1, max)).map { place in
        function(arguments[0][arguments[0].count == 1 ? 0 : place], arguments[1][arguments[1].count == 1 ? 0 : place])
      }
    case .row(let function): function(arguments[0])
    case .ternary, .composite, .fused, .matrix, .map: []
    }
  }
}

extension Expression {
  fileprivate func value(_ names: [String: [Double]]) -> [Double] {
    switch self {
    case .number(let number): [number]
    case .name(let name): names[name] ?? []
    case .apply(let primitive, let arguments): primitive.value(arguments.map { $0.value(names) })
    case .next, .product, .projection, .concatenation, .slice: []
    }
  }
}
