import Tables
import Testing

struct ScalingTests {
  /// What is the same in every row becomes zeros, whatever its size.
  @Test(arguments: [[2024, 2024, 2024], [1_000_000], [0.1, 0.1], [-3e12, .nan, -3e12], []])
  func whatNeverDiffersBecomesZeros(values: [Double]) {
    let scaling = Scaling(of: values)
    #expect(values.allSatisfy { $0.isNaN || scaling.scaled($0) == 0 })
    #expect(scaling.deviation == 1 && Scaling(differing: values) == nil)
  }

  /// However large the numbers are beside their differences.
  @Test(arguments: [0, 1e3, 2e10, 1e12])
  func smallDifferencesAreSeen(base: Double) throws {
    let values = (0..<70).map { base + Double($0 % 7) }
    let scaling = try #require(Scaling(differing: values))
    #expect(scaling == Scaling(of: values))
    // A mean of numbers of that size is rounded to 2⁻⁵³ of it, in each of 70 steps.
    #expect(abs(scaling.mean - base - 3) <= 70 * base * 0x1p-53 + 1e-12)
    #expect(abs(scaling.deviation - 2) < 1e-3)
  }

  /// The differences of decimal numbers that rise evenly differ by rounding.
  @Test func roundingIsNoDifference() {
    let values = (0..<100).map { Double($0) * 0.1 + 1000 }
    let changes = zip(values.dropFirst(), values).map { $0 - $1 }
    #expect(Set(changes).count > 1)
    #expect(Scaling(differing: changes, size: 1010) == nil)
    #expect(Scaling(of: changes, size: 1010).deviation == 1)
  }
}
