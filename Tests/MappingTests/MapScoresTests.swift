import Mapping
import Testing

struct MapScoresTests {
  /// The numbers are worked out by hand.
  @Test func errorsAreMeasuredForEachOutput() {
    var scores = MapScores(outputs: ["a", "b"])
    scores.add(found: [1, 0, 3, 0, 2, 9], targets: [1, 2, 2, 4, 3, .nan])
    let (a, b) = (scores.outputs[0], scores.outputs[1])
    #expect(a.count == 3 && b.count == 2 && scores.steps == 3)
    #expect(abs(a.rootMeanSquare - (2.0 / 3).squareRoot()) < 1e-12 && abs(a.meanAbsolute - 2.0 / 3) < 1e-12)
    // The targets 1, 2, 3 have a variance of 2 together; their energy is 14.
    #expect(abs(a.explained) < 1e-12 && abs(a.errorToSignal - 2.0 / 14) < 1e-12)
    #expect(abs(b.errorToSignal - 1) < 1e-12 && abs(b.explained - (1 - 20.0 / 2)) < 1e-12)
    // Errors 0, 1, -1 and targets 1, 2, 3 after y(t) = x(t) − 0.85 x(t − 1).
    let error = 1 + 1.85 * 1.85
    let target = 1.15 * 1.15 + 1.3 * 1.3
    #expect(abs(a.emphasizedErrorToSignal - error / target) < 1e-12)
    #expect(abs(scores.errorToSignal - (2.0 / 14 + 1) / 2) < 1e-12)
  }

  @Test func silenceHasNoRatio() {
    var scores = MapScores(outputs: ["a"])
    scores.add(found: [0, 0], targets: [0, 0])
    #expect(scores.errorToSignal == 0 && scores.explained == 0 && scores.emphasizedErrorToSignal == 0)
  }
}
