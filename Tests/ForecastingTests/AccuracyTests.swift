import Forecasting
import Testing

struct AccuracyTests {
  @Test func aForecastOfOneNumberHasItsErrorAsScore() {
    var accuracy = RollingEvaluation.Accuracy()
    accuracy.add([3], 5, scale: 4)
    accuracy.add([1], 1, scale: 4)
    #expect(accuracy.mae == 1 && accuracy.crps == 1 && accuracy.mase == 0.25)
    // Of 3 and 5: 200 · 2 / 8.
    #expect(accuracy.smape == 25)
    // Half of the mean of 2 · level over the deciles, whose mean is a half.
    #expect(abs(accuracy.pinball - 0.5) < 1e-12)
    #expect(accuracy.coverage80 == 0.5 && accuracy.coverage95 == 0.5)
  }

  /// By definition: the mean distance to the value, less half of that between two samples.
  @Test func theRankedScoreIsThatOfItsDefinition() throws {
    let samples = [-1.0, 0.5, 2, 2, 7]
    var accuracy = RollingEvaluation.Accuracy()
    accuracy.add(samples, 1.25, scale: nil)
    let pairs = samples.flatMap { first in samples.map { abs(first - $0) } }
    let expected = samples.reduce(0) { $0 + abs($1 - 1.25) } / 5 - pairs.reduce(0, +) / 50
    #expect(try abs(#require(accuracy.crps) - expected) < 1e-12)
    #expect(accuracy.mase == nil)
  }

  @Test func bandsHoldWhatIsWithinThem() {
    var accuracy = RollingEvaluation.Accuracy()
    let samples = (0...100).map(Double.init)
    for value in [5.0, 50, 95, 101] { accuracy.add(samples, value, scale: nil) }
    #expect(accuracy.coverage80 == 0.25 && accuracy.coverage95 == 0.75)
  }

  @Test func partsAddUp() {
    var (whole, first, second) = (RollingEvaluation.Accuracy(), RollingEvaluation.Accuracy(), RollingEvaluation.Accuracy())
    for accuracy in 0..<2 {
      let value = Double(accuracy) * 3
      whole.add([0, 1, 2], value, scale: 2)
      if accuracy == 0 { first.add([0, 1, 2], value, scale: 2) } else { second.add([0, 1, 2], value, scale: 2) }
    }
    first += second
    #expect(first == whole)
  }
}
