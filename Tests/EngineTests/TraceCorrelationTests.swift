import CellAnalysis
import CellLanguage
import Engine
import Testing

struct TraceCorrelationTests {
  /// Four units over five rows: with the numbers, against them, at right angles to them, and without change.
  private let quantity = Trace.Quantity(
    name: "c'", label: nil, role: .state, width: 4,
    values: [-2, 1, 1, 3, 0, 0, -2, 3, 2, -1, 1, 3, 100, 100, 100, 3, 4, -2, 0, 3])

  @Test func unitsGoWithNumbersOrAgainstThem() {
    let correlations = quantity.correlations(with: [-1, 0, 1, nil, 2])
    #expect(abs(correlations[0] - 1) < 1e-15)
    #expect(abs(correlations[1] + 1) < 1e-15)
    // Less their means of 1/2 and 0 the numbers are -3/2, -1/2, 1/2, 3/2 and the values 1, -2, 1, 0.
    #expect(abs(correlations[2]) < 1e-15)
    #expect(correlations[3] == 0)
  }

  @Test func withoutNumbersNothingGoesTogether() {
    #expect(quantity.correlations(with: [nil, nil, nil, nil, nil]) == [0, 0, 0, 0])
  }
}
