import Foundation
import Testing
import Training

@Suite struct EarlyStoppingTests {
  @Test func stopsAfterAsManyValidationsWithoutABetterOne() throws {
    var stopping = try EarlyStopping(patience: 2)
    let losses: [(loss: Double, isBest: Bool, isOver: Bool)] = [
      (.nan, false, false), (2, true, false), (2, false, false), (1.9, true, false), (3, false, false), (.nan, false, true),
      (1, true, false),
    ]
    for (loss, isBest, isOver) in losses {
      #expect(stopping.record(validation: loss) == isBest)
      #expect(stopping.isOver == isOver)
    }
    #expect(stopping.best.loss == 1)
  }

  @Test func isTheSameWhenReadBack() throws {
    var stopping = try EarlyStopping(patience: 3)
    for loss in [0.1, 0.2, 0.3] { stopping.record(validation: loss) }
    #expect(try JSONDecoder().decode(EarlyStopping.self, from: JSONEncoder().encode(stopping)) == stopping)
  }

  @Test func needsPatience() {
    let error = #expect(throws: OptionError.self) { try EarlyStopping(patience: 0) }
    #expect(error?.description == "the patience is 0 validations; it must be at least 1")
  }
}
