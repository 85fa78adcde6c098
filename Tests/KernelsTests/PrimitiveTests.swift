import CellLanguage
import Kernels
import Testing

/// Each primitive's kernel against the table's definition in Double.
struct PrimitiveTests {
  static let kernels = (Primitive.all + Primitive.unnamed).filter { primitive in
    switch primitive.definition {
    case .composite, .matrix: false
    case .unary, .binary, .ternary, .row, .fused, .map: true
    }
  }
  static let unary = kernels.filter { if case .unary = $0.definition { true } else { false } }
  static let several = kernels.filter { $0.arity > 1 && !$0.mixesElements }

  /// The reference in Double is itself rounded: by 2^-29 of a Float's unit for each operation.
  static let slackOfReference = 0x1p-26

  static let special: [Float] = {
    let positive: [Float] = [
      0, .leastNonzeroMagnitude, .leastNonzeroMagnitude * 3, .leastNormalMagnitude.nextDown, .leastNormalMagnitude, 1e-30, 1e-10,
      1e-4, 0.25, 0.41421354, 0.41421357, 0.5, 0.70710677, 0.8813736, 1, 1.4142135, 1.5707964, 2, 3.1415927, 9.010913, 10,
      16.635532, 17.328680, 20, 40, 87.33654, 88.72283, 88.722839, 89, 103.27893, 103.97208, 104, 105, 1_048_576, 1_048_577, 1e10,
      8_388_608, 1e20, 0x1p64, .greatestFiniteMagnitude, .infinity,
    ]
    let near = positive.flatMap { [$0.nextDown, $0, $0.nextUp] }
    return near + near.map { -$0 } + [.nan]
  }()

  /// Floats of all exponents and signs, NaN and infinities, and the range where functions bend more densely.
  static let sweep: [Float] =
    special + stride(from: 0, through: UInt32.max, by: 4099).map { Float(bitPattern: $0) }
    + (-200_000...200_000).map { Float($0) * 0.000_537 }

  @Test func everyRowOfTheTableHasAKernel() {
    for primitive in Self.kernels { #expect(rk_operation(primitive.name) >= 0, "\(primitive.name)") }
    for primitive in Primitive.all where !Self.kernels.contains(primitive) {
      #expect(rk_operation(primitive.name) == -1, "\(primitive.name) is written in other primitives")
    }
    #expect(rk_operation("no such primitive") == -1)
  }

  @Test func everyKernelHasARowOfTheTable() {
    let numbers = Set(Self.kernels.map { rk_operation($0.name) })
    #expect(numbers == Set(0..<rk_operation_count()))
  }

  @Test(arguments: unary)
  func aFunctionOfOneArgumentIsWithinItsBoundForAllFloats(_ primitive: Primitive) throws {
    guard case .unary(let exact) = primitive.definition else { return }
    let input = Memory(Self.sweep), output = Memory(count: input.count)
    let expected = Self.sweep.map { exact(Double($0)) }
    for level in Level.all {
      try level.withKernels { kernels in
        kernels.apply(
          rk_operation(primitive.name), output.base, 0, input.base, 0, input.base, 0, input.base, 0, 1, Int64(input.count))
      }
      let worst = worstError(of: output.values, from: expected)
      #expect(
        worst.units <= primitive.ulps + Self.slackOfReference,
        "\(primitive.name) on \(level.name): \(worst.units) at \(Self.sweep[worst.place])")
    }
  }

  @Test(arguments: several)
  func aFunctionOfSeveralArgumentsIsWithinItsBound(_ primitive: Primitive) throws {
    var numbers = Numbers(seed: 1)
    var triples = Self.special.flatMap { a in Self.special.map { b in [a, b, numbers.next()] } }
    for _ in 0..<100_000 {
      triples.append((0..<3).map { _ in Float(bitPattern: numbers.bits()) })
      triples.append(numbers.array(3, scale: 10))
    }
    let columns = (0..<3).map { column in Memory(triples.map { $0[column] }) }
    let output = Memory(count: triples.count)
    let expected = triples.map { triple -> Double in
      let wide = triple.map { Double($0) }
      return switch primitive.definition {
      case .binary(let exact): exact(wide[0], wide[1])
      case .ternary(let exact): exact(wide[0], wide[1], wide[2])
      case .unary, .row, .composite, .fused, .matrix, .map: .nan
      }
    }
    for level in Level.all {
      try level.withKernels { kernels in
        kernels.apply(
          rk_operation(primitive.name), output.base, 0, columns[0].base, 0, columns[1].base, 0, columns[2].base, 0, 1,
          Int64(triples.count))
      }
      let worst = worstError(of: output.values, from: expected)
      #expect(
        worst.units <= primitive.ulps + Self.slackOfReference,
        "\(primitive.name) on \(level.name): \(worst.units) at \(triples[worst.place])")
    }
  }

  private func worstError(of values: [Float], from expected: [Double]) -> (units: Double, place: Int) {
    var worst = (units: 0.0, place: 0)
    for place in values.indices {
      let units = unitsInTheLastPlace(values[place], from: expected[place])
      if units > worst.units { worst = (units, place) }
    }
    return worst
  }
}
