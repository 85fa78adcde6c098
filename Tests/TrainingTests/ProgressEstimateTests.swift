import Testing
import Training

@Suite struct ProgressEstimateTests {
  @Test func knowsNothingBeforeTheFirstInterval() {
    var progress = ProgressEstimate(total: 10, at: 100)
    #expect(progress.rate == nil && progress.secondsLeft == nil)
    progress.update(done: 3, at: 100)
    #expect(progress.rate == nil && progress.done == 0)
  }

  @Test func isRightAtOnceWhenTheRateIsEven() throws {
    var progress = ProgressEstimate(total: 1000, done: 200, at: 5)
    // Intervals of all lengths; work and time are weighted alike, so only rounding stands between 4 and the rate.
    var time = 5.0
    for (index, length) in [0.25, 0.5, 20, 1, 100, 0.25].enumerated() {
      time += length
      progress.update(done: 200 + Int((time - 5) * 4), at: time)
      let rate = try #require(progress.rate)
      #expect(abs(rate - 4) < 1e-14, "interval \(index)")
    }
    let left = try #require(progress.secondsLeft)
    #expect(abs(left - Double(1000 - progress.done) / 4) < 1e-10)
  }

  @Test func forgetsByHalfInAHalfLife() throws {
    var progress = ProgressEstimate(total: 100_000, at: 0, halfLife: 10)
    progress.update(done: 1000, at: 10)
    progress.update(done: 1000 + 4000, at: 20)
    // (1000 / 2 + 4000) / (10 / 2 + 10)
    #expect(progress.rate == 300)
  }

  @Test func hasNoTimeLeftToTellWhileNothingMoves() {
    var progress = ProgressEstimate(total: 10, at: 0)
    progress.update(done: 0, at: 1)
    #expect(progress.rate == 0 && progress.secondsLeft == nil)
  }

  @Test func isDoneWhenAllIsDone() {
    var progress = ProgressEstimate(total: 10, at: 0)
    progress.update(done: 12, at: 1)
    #expect(progress.secondsLeft == 0)
  }
}
