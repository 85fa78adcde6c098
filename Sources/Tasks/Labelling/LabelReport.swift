import Classification
import Console
import Support

/// How well a labeller finds labels, as lines of text and as JSON.
struct LabelReport {
  private let scores: LabelScores

  init(_ scores: LabelScores) { self.scores = scores }

  /// The result in one line.
  var summary: String {
    "right: \(inPercent(scores.steps.accuracy)) of \(scores.steps.count.grouped) steps; macro F1 \(scores.steps.macroF1.fixed(3)); segment F1 \(scores.segments.f1.fixed(3))"
  }

  /// How the model compares with always giving the same answer.
  private var verdict: String {
    let (own, plain) = (scores.steps.accuracy, scores.steps.baseline)
    return "always giving the most frequent label would be right for \(inPercent(plain))"
      + (own > plain ? "" : ": the model is no better")
  }

  func lines(on channel: Channel) -> [String] {
    let segments = scores.segments
    return [summary, verdict, ""] + scores.steps.tables(counting: "steps", on: channel) + [
      "",
      "segments: \(segments.count.grouped) there are, \(segments.found.grouped) were found, \(segments.right.grouped) of them share half of their steps with one of the same label",
    ]
  }

  /// The report as it is written as JSON.
  var report: Report {
    let steps = scores.steps
    return Report(
      steps: steps.count, sequences: scores.sequences, accuracy: steps.accuracy, baseline: steps.baseline,
      macroF1: steps.macroF1,
      labels: steps.perLabel.map {
        .init(label: $0.name, steps: $0.count, precision: $0.precision, recall: $0.recall, f1: $0.f1)
      }, names: steps.labels, confusion: steps.confusion,
      segments: .init(
        count: scores.segments.count, found: scores.segments.found, right: scores.segments.right, f1: scores.segments.f1))
  }

  struct Report: Encodable {
    let steps: Int
    let sequences: Int
    let accuracy: Double
    /// The accuracy of always giving the most frequent label.
    let baseline: Double
    let macroF1: Double
    let labels: [Label]
    /// The labels of the rows and columns of `confusion`.
    let names: [String]
    let confusion: [[Int]]
    let segments: Segments

    struct Label: Encodable {
      let label: String
      let steps: Int
      let precision: Double
      let recall: Double
      let f1: Double
    }

    struct Segments: Encodable {
      let count: Int
      let found: Int
      let right: Int
      let f1: Double
    }
  }
}
