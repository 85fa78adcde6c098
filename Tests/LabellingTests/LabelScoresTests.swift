import Classification
import Labelling
import Testing

struct LabelScoresTests {
  @Test func segmentsAreConsecutiveStepsWithTheSameLabel() {
    #expect(LabelScores.runs([1, 1, -1, 1, 0, 0]).map(\.steps) == [0..<2, 3..<4, 4..<6])
    #expect(LabelScores.runs([1, 1, -1, 1, 0, 0]).map(\.label) == [1, 1, 0])
    #expect(LabelScores.runs([]).isEmpty && LabelScores.runs([-1]).isEmpty)
  }

  /// A found segment matches one that shares half of the steps that either has.
  @Test func stepsAndSegmentsAreCounted() {
    var scores = LabelScores(labels: ["a", "b"])
    scores.add(expected: [0, 0, 0, 0, 1, 1, 1, 1, -1], found: [0, 0, 0, 1, 1, 1, 0, 1, 0])
    #expect(scores.steps.count == 8 && scores.steps.accuracy == 0.75 && scores.steps.confusion == [[3, 1], [1, 3]])
    // Found are 0..<3 (shares 3 of 4), 3..<6 (shares 2 of 5), 6..<7 and 7..<8 (shares 1 of 4).
    #expect(scores.segments.count == 2 && scores.segments.found == 4 && scores.segments.right == 1)
    #expect(abs(scores.segments.f1 - 1.0 / 3) < 1e-12)
    scores.add(expected: [1, 1], found: [1, 1])
    #expect(scores.sequences == 2 && scores.segments.right == 2)
    #expect(LabelScores(labels: ["a", "b"]).segments.f1 == 0)
  }
}
