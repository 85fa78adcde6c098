import Classification
import Tagging
import Testing

/// Scores, worked out by hand.
struct ScoreTests {
  /// Of three labels: a is found twice of three times, b always, c never.
  @Test func labelsCountTheSame() {
    var scores = ClassificationScores(labels: ["a", "b", "c", "unused"], isMultiple: false)
    for (expected, found) in [(0, 0), (0, 0), (0, 1), (1, 1), (2, 1), (2, 0)] {
      scores.add(expected: [expected], found: [found])
    }
    #expect(scores.count == 6 && scores.right == 3)
    #expect(scores.accuracy == 0.5 && scores.baseline == 0.5)
    #expect(scores.confusion == [[2, 1, 0, 0], [0, 1, 0, 0], [1, 1, 0, 0], [0, 0, 0, 0]])
    let labels = scores.perLabel
    #expect(labels.map(\.name) == ["a", "b", "c"])
    #expect(labels.map(\.count) == [3, 1, 2])
    #expect(labels.map(\.precision) == [2.0 / 3, 1.0 / 3, 0])
    #expect(labels.map(\.recall) == [2.0 / 3, 1, 0])
    #expect(labels.map(\.f1) == [4.0 / 6, 2.0 / 4, 0])
    #expect(scores.macroF1 == (4.0 / 6 + 2.0 / 4) / 3)
    #expect(scores.mistakes.map { "\($0.label) \($0.takenFor) \($0.count)" } == ["a b 1", "c a 1", "c b 1"])
  }

  /// Wilson's interval of 0 of none, and of 4 of 4, 3 of 6 and 0 of 10 as tables have it.
  @Test(arguments: [(0, 0, 0.0, 1.0), (4, 4, 0.5101, 1), (3, 6, 0.1876, 0.8124), (0, 10, 0, 0.2775)])
  func fewSequencesShowLittle(right: Int, count: Int, lowest: Double, highest: Double) {
    var scores = ClassificationScores(labels: ["a", "b"], isMultiple: false)
    for place in 0..<count { scores.add(expected: [0], found: [place < right ? 0 : 1]) }
    let interval = scores.interval
    #expect(abs(interval.lowerBound - lowest) < 1e-4 && abs(interval.upperBound - highest) < 1e-4, "\(interval)")
    #expect(count == 0 || interval.contains(scores.accuracy))
  }

  @Test func severalLabelsAreRightIfAllAre() {
    var scores = ClassificationScores(labels: ["a", "b"], isMultiple: true)
    scores.add(expected: [0, 1], found: [1, 0])
    scores.add(expected: [0], found: [0, 1])
    scores.add(expected: [], found: [])
    scores.add(expected: [1], found: [])
    #expect(scores.accuracy == 0.5 && scores.baseline == 0.25)
    #expect(scores.perLabel.map(\.f1) == [1, 0.5])
    #expect(scores.mistakes.isEmpty)
  }
}
