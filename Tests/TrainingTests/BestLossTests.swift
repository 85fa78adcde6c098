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

  /// Where there are scores, the highest decides, whatever the loss is.
  @Test func goesByScoresWhereThereAreSome() {
    var best = BestLoss()
    let scores: [(loss: Double, score: Double, isBest: Bool)] = [
      (1, 10, true), (0.5, 9, false), (2, 11, true), (0.1, 11, false), (3, .nan, false), (3, 12, true),
    ]
    for (loss, score, isBest) in scores { #expect(best.record(loss, score: score) == isBest) }
    #expect(best.loss == 3 && best.score == 12 && best.validationsSince == 0)
  }

  @Test func isTheSameWhenReadBack() throws {
    var best = BestLoss()
    for loss in [0.1, 0.2, 0.3] { best.record(loss, score: loss < 0.25 ? loss : nil) }
    #expect(try JSONDecoder().decode(BestLoss.self, from: JSONEncoder().encode(best)) == best)
  }
}
