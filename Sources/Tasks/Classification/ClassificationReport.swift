import Console
import Support
import Tables

/// How well a classifier finds labels, as lines of text and as JSON.
struct ClassificationReport {
  private let scores: ClassificationScores
  private let isMultiple: Bool

  init(_ scores: ClassificationScores, description: ClassifierDescription) {
    self.scores = scores
    isMultiple = description.form.isMultiple
  }

  /// The result in one line.
  var summary: String {
    let what = isMultiple ? "all labels right" : "right"
    let interval = "\((scores.interval.lowerBound * 100).fixed(1)) to \(inPercent(scores.interval.upperBound))"
    return
      "\(what): \(inPercent(scores.accuracy)) of \(scores.count.grouped) sequences (95 % interval: \(interval)); macro F1 \(scores.macroF1.fixed(3))"
  }

  /// How the model compares with always giving the same answer.
  private var verdict: String {
    let plain = isMultiple ? "giving no label at all" : "always giving the most frequent label"
    return scores.accuracy > scores.baseline
      ? "\(plain) would be right for \(inPercent(scores.baseline))"
      : "\(plain) would be right for \(inPercent(scores.baseline)): the model is no better"
  }

  func lines(on channel: Channel) -> [String] {
    [summary, verdict, ""] + scores.tables(counting: "sequences", on: channel)
  }

  /// The report as it is written as JSON.
  var report: Report {
    Report(
      sequences: scores.count, accuracy: scores.accuracy,
      interval: [scores.interval.lowerBound, scores.interval.upperBound], baseline: scores.baseline, macroF1: scores.macroF1,
      labels: scores.perLabel.map {
        .init(label: $0.name, sequences: $0.count, precision: $0.precision, recall: $0.recall, f1: $0.f1)
      }, names: scores.labels, confusion: scores.confusion.isEmpty ? nil : scores.confusion,
      mistakes: scores.mistakes.map { .init(label: $0.label, takenFor: $0.takenFor, count: $0.count) })
  }

  struct Report: Encodable {
    let sequences: Int
    let accuracy: Double
    /// The ends of the accuracy's 95 % interval.
    let interval: [Double]
    /// The accuracy of always giving the most frequent label.
    let baseline: Double
    let macroF1: Double
    let labels: [Label]
    /// The labels of the rows and columns of `confusion`.
    let names: [String]
    let confusion: [[Int]]?
    let mistakes: [Mistake]

    struct Label: Encodable {
      let label: String
      let sequences: Int
      let precision: Double
      let recall: Double
      let f1: Double
    }

    struct Mistake: Encodable {
      let label: String
      let takenFor: String
      let count: Int
    }
  }
}
