import CellLanguage
import Engine
import Support
import Testing

/// How weights are rounded to other numbers.
struct WeightFormTests {
  private static let entries: [ParameterLayout.Entry] = [
    .init(name: "W", shape: [2, 3], range: 0..<6), .init(name: "b", shape: [2], range: 6..<8),
  ]

  private func rounded(_ row: [Float], to kind: WeightKind) throws -> (weights: [Float], scale: Float?) {
    var weights = row
    let entry = ParameterLayout.Entry(name: "W", shape: [1, row.count], range: 0..<row.count)
    let form = try WeightForm(rounding: &weights, of: [entry], to: kind)
    return (weights, form.scales["W"]?.first)
  }

  @Test func rowsOfWholeNumbersAreScaledEachByItself() throws {
    var weights: [Float] = [1, -0.5, 0.001, -12.7, 12.65, 0, 0.1, 0.2]
    let form = try WeightForm(rounding: &weights, of: Self.entries, to: .int8)
    #expect(form.scales == ["W": [1 / 127, 12.7 / 127]])
    let (small, large): (Float, Float) = (1 / 127, 12.7 / 127)
    #expect(weights == [127 * small, -64 * small, 0, -127 * large, 126 * large, 0, 0.1, 0.2])
  }

  /// What is rounded once stays as it is, whatever the numbers are.
  @Test(arguments: WeightKind.allCases, [0x1p-140, 0x1p-100, 0.01, 1, 0x1p15, 0x1p120] as [Float])
  func roundedWeightsStayAsTheyAre(kind: WeightKind, scale: Float) throws {
    var random = Random(.lawTrial, seed: 3)
    let row = (0..<40).map { _ in (2 * random.uniformFloat() - 1) * scale }
    guard kind != .float16 || scale < 0x1p16 else { return }
    let (weights, own) = try rounded(row, to: kind)
    for (weight, before) in zip(weights, row) {
      let stored =
        switch kind {
        case .float32: weight
        case .float16, .bfloat16: WeightForm.number(WeightForm.bits(of: weight, kind), kind)
        case .int8: Float(WeightForm.byte(of: weight, scale: own ?? 0)) * (own ?? 0)
        }
      #expect(stored == weight)
      let step: Float =
        switch kind {
        case .float32: 0
        case .float16: max(abs(before) * 0x1p-11, 0x1p-25)
        case .bfloat16: max(abs(before) * 0x1p-8, 0x1p-134)
        case .int8: (own ?? 0) * 0.500001
        }
      #expect(abs(weight - before) <= step)
    }
  }

  @Test func wholeNumbersHoldRowsOfAnySize() throws {
    #expect(try rounded([0, 0], to: .int8) == ([0, 0], 1))
    for largest: Float in [.leastNonzeroMagnitude, 0x1p-144, 0x1.8p-142, .leastNormalMagnitude, .greatestFiniteMagnitude] {
      let (weights, scale) = try rounded([largest, -largest, largest / 2], to: .int8)
      let own = try #require(scale)
      #expect(own > 0 && own.isFinite && weights[0].isFinite && weights[0] == -weights[1])
      // Half a scale, and half of what a float can tell apart there.
      #expect(abs(weights[0] / 2 - largest / 2) <= own / 4 + largest.ulp / 2)
    }
  }

  @Test func whatDoesNotFitIsNamed() throws {
    var weights: [Float] = [1, 2, 3, 4, -65520, 6, 70000, 8]
    let half = #expect(throws: RecurrentError.self) { try WeightForm(rounding: &weights, of: Self.entries, to: .float16) }
    #expect(
      half?.description
        == "the weights W hold -65520.0, and float16 has no numbers beyond 65504.0: store the weights as another kind of numbers")
    // A vector stays as it is, and so may hold more.
    weights = [1, 2, 3, 4, -65519, 6, 70000, 8]
    let form = try WeightForm(rounding: &weights, of: Self.entries, to: .float16)
    #expect(weights == [1, 2, 3, 4, -65504, 6, 70000, 8] && form.scales.isEmpty)
    weights[0] = .greatestFiniteMagnitude
    let upper = #expect(throws: RecurrentError.self) { try WeightForm(rounding: &weights, of: Self.entries, to: .bfloat16) }
    #expect(
      upper?.description.hasPrefix("the weights W hold 3.4028235e+38, and bfloat16 has no numbers beyond 3.3895314e+38:") == true)
  }
}
