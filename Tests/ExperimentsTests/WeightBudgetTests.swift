import Experiments
import Testing

struct WeightBudgetTests {
  /// Against trying all numbers of units.
  @Test(arguments: [1, 2, 7, 100, 101, 5000, 123_456], [1, 3])
  func theNearestIsFound(target: Int, factor: Int) {
    func weights(_ units: Int) -> Int? { factor * (units * units + 3 * units + 1) }
    let nearest = (1...400).min { first, second in
      abs((weights(first) ?? 0) - target) < abs((weights(second) ?? 0) - target)
    }
    let smallest = weights(1) ?? 0
    #expect(WeightBudget.units(for: target, weights: weights) == (smallest > target ? nil : nearest))
  }

  @Test func aCellThatNeedsSomeUnitsHasThem() {
    func weights(_ units: Int) -> Int? { units < 6 ? nil : units * 10 }
    #expect(WeightBudget.units(for: 90, weights: weights) == 9)
    #expect(WeightBudget.units(for: 60, weights: weights) == 6)
    #expect(WeightBudget.units(for: 40, weights: weights) == nil)
  }

  @Test func thereIsALargest() {
    #expect(WeightBudget.units(for: 1_000_000, most: 700) { $0 } == 700)
    #expect(WeightBudget.units(for: 1_000_000, most: 700) { _ in nil } == nil)
  }
}
