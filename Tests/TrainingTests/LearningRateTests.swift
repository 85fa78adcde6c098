import Foundation
import Support
import Testing
import Training

@Suite struct LearningRateTests {
  @Test(arguments: [Schedule.constant, .cosine(), .step(every: 5), .plateau(patience: 1)])
  func warmUpRisesInAStraightLine(schedule: Schedule) throws {
    let rate = try LearningRate(0.5, schedule: schedule, warmup: 4)
    #expect((0...4).map { rate.rate(at: $0, of: 100) } == [0.125, 0.25, 0.375, 0.5, 0.5])
  }

  @Test func constantStays() throws {
    let rate = try LearningRate(0.002)
    #expect((0..<50).allSatisfy { rate.rate(at: $0, of: 50) == 0.002 })
  }

  @Test func cosineFallsFromTheFullRateToItsEnd() throws {
    let rate = try LearningRate(2, schedule: .cosine(end: 0.1), warmup: 10)
    #expect(rate.rate(at: 10, of: 110) == 2)
    // Halfway the cosine is that of π/2, which rounding leaves a few 1e-17 from 0.
    #expect(abs(rate.rate(at: 60, of: 110) - 1.1) < 1e-15)
    #expect(abs(rate.rate(at: 110, of: 110) - 0.2) < 1e-15)
    #expect(rate.rate(at: 200, of: 110) == rate.rate(at: 110, of: 110))
    let rates = (10...110).map { rate.rate(at: $0, of: 110) }
    #expect(zip(rates, rates.dropFirst()).allSatisfy { $0 > $1 })
  }

  @Test func cosineOfAWarmUpThatFillsTheTraining() throws {
    let rate = try LearningRate(1, schedule: .cosine(), warmup: 10)
    #expect(rate.rate(at: 9, of: 10) == 1)
    #expect(rate.rate(at: 10, of: 10) == 1)
  }

  @Test func stepsCountFromTheEndOfTheWarmUp() throws {
    let rate = try LearningRate(1, schedule: .step(every: 3, factor: 0.5), warmup: 2)
    #expect((2..<9).map { rate.rate(at: $0, of: 9) } == [1, 1, 1, 0.5, 0.5, 0.5, 0.25])
  }

  @Test func plateauFallsAfterEachPatienceWithoutABetterLoss() throws {
    var rate = try LearningRate(1, schedule: .plateau(patience: 2, factor: 0.5))
    var seen: [Double] = []
    for loss in [3, 2, 2, 2.5, 1, 1.5, .nan, 1, 1] {
      rate.record(validation: loss)
      seen.append(rate.rate(at: 0, of: 1))
    }
    #expect(seen == [1, 1, 1, 0.5, 0.5, 0.5, 0.25, 0.25, 0.125])
  }

  @Test(arguments: [Schedule.constant, .cosine(), .step(every: 1)])
  func otherSchedulesDoNotHeedLosses(schedule: Schedule) throws {
    let fresh = try LearningRate(1, schedule: schedule)
    var told = fresh
    for _ in 0..<100 { told.record(validation: 1) }
    #expect(told == fresh)
  }

  @Test func aSavedPlateauGoesOnAsIfNeverInterrupted() throws {
    let losses = [0.3, 0.1, 0.2, 0.2, 0.1, 0.4, 0.05, 0.06, 0.07, 0.08]
    for stop in losses.indices {
      var straight = try LearningRate(1, schedule: .plateau(patience: 2, factor: 0.25), warmup: 3)
      var resumed = straight
      for (index, loss) in losses.enumerated() {
        straight.record(validation: loss)
        if index == stop {
          resumed = try JSONDecoder().decode(LearningRate.self, from: JSONEncoder().encode(resumed))
        }
        resumed.record(validation: loss)
      }
      #expect(straight == resumed)
      #expect(straight.rate(at: 9, of: 9) == 1.0 / 64)
    }
  }

  @Test(
    arguments: [
      (0, Schedule.constant, 0, "the learning rate is 0.0; it must be above 0"),
      (.nan, .constant, 0, "the learning rate is nan; it must be above 0"),
      (1, .constant, -1, "the warm-up takes -1 iterations; it must take at least 0"),
      (1, .cosine(end: 2), 0, "the cosine schedule ends at 2.0 of the learning rate; it must end between 0 and 1"),
      (1, .step(every: 0), 0, "the step schedule has a step every 0 iterations; it must be at least 1"),
      (1, .step(every: 1, factor: 1), 0, "the step schedule multiplies by 1.0; it must be above 0 and below 1"),
      (1, .plateau(patience: 0), 0, "the plateau schedule waits for 0 validations; it must wait for at least 1"),
      (1, .plateau(patience: 1, factor: 0), 0, "the plateau schedule multiplies by 0.0; it must be above 0 and below 1"),
    ] as [(Double, Schedule, Int, String)])
  func refusesWhatMakesNoSense(rate: Double, schedule: Schedule, warmup: Int, message: String) {
    let error = #expect(throws: RecurrentError.self) { try LearningRate(rate, schedule: schedule, warmup: warmup) }
    #expect(error?.description == message)
  }
}
