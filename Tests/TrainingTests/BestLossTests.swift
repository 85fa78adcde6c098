import Foundation
import Testing
import Training

@Suite struct BestLossTests {
  @Test func countsTheValidationsSinceTheBest() {
    var best = BestLoss()
    let losses: [(loss: Double, isBest: Bool, since: Int)] = [
      (.nan, false, 1), (2, true, 0), (2, false, 1), (1.9, true, 0), (3, false, 1), (.nan, false, 2), (1, true, 0),
    ]
    for (loss, isBest, since) in losses {
      #expect(best.record(loss) == isBest)
      #expect(best.validationsSince == since)
    }
    #expect(best.loss == 1)
  }

  @Test func isTheSameWhenReadBack() throws {
    var best = BestLoss()
    for loss in [0.1, 0.2, 0.3] { best.record(loss) }
    #expect(try JSONDecoder().decode(BestLoss.self, from: JSONEncoder().encode(best)) == best)
  }
}
