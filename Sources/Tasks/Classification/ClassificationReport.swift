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
    let interval = "\((scores.interval.lowerBound * 100).fixed(1)) to \(percent(scores.interval.upperBound))"
    return
      "\(what): \(percent(scores.accuracy)) of \(scores.count.grouped) sequences (95 % interval: \(interval)); macro F1 \(scores.macroF1.fixed(3))"
  }

  /// How the model compares with always giving the same answer.
  private var verdict: String {
    let plain = isMultiple ? "giving no label at all" : "always giving the most frequent label"
    return scores.accuracy > scores.baseline
      ? "\(plain) would be right for \(percent(scores.baseline))"
      : "\(plain) would be right for \(percent(scores.baseline)): the model is no better"
  }

  func lines(on channel: Channel) -> [String] {
    var lines = [summary, verdict, ""]
    var table = Table(
      columns: [.text("label"), .numbers("sequences"), .numbers("precision"), .numbers("recall"), .numbers("F1")])
    let labels = scores.perLabel.sorted { $0.count > $1.count }
    for label in labels.prefix(Self.mostLabels) {
      table.rows.append([
        label.name, label.count.grouped, label.precision.fixed(3), label.recall.fixed(3), label.f1.fixed(3),
      ])
    }
    lines += table.lines(width: channel.width) { channel.styled($0, .bold) }
    if labels.count > Self.mostLabels {
      lines.append("and \((labels.count - Self.mostLabels).grouped) more labels; as JSON they are all there")
    }
    if labels.count <= Self.mostConfused { lines += confusionLines(on: channel) }
    let mistakes = scores.mistakes
    if !mistakes.isEmpty {
      lines += ["", channel.styled("the most frequent mistakes", .bold)]
      let names = (mistakes.prefix(10).map(\.label.count).max() ?? 0, mistakes.prefix(10).map(\.takenFor.count).max() ?? 0)
      for mistake in mistakes.prefix(10) {
        let fraction = Double(mistake.count) / Double(labels.first { $0.name == mistake.label }?.count ?? 1)
        lines.append(
          "\(mistake.label.padded(to: names.0)) taken for \(mistake.takenFor.padded(to: names.1))  \(mistake.count == 1 ? "once" : "\(mistake.count.grouped) times"), "
            + "\(percent(fraction)) of them")
      }
    }
    return lines
  }

  /// The most labels that are listed in rows, and that a table of mistakes has columns for.
  private static let (mostLabels, mostConfused) = (40, 12)

  /// A row for each label, with how many of its sequences were given which one.
  private func confusionLines(on channel: Channel) -> [String] {
    if scores.confusion.isEmpty { return [] }
    let used = Set(scores.perLabel.map(\.name))
    let places = scores.labels.indices.filter { used.contains(scores.labels[$0]) }
    var table = Table(columns: [.text("given:")] + places.map { .numbers(scores.labels[$0]) })
    for row in places {
      table.rows.append(
        [scores.labels[row]] + places.map { scores.confusion[row][$0] == 0 ? "·" : scores.confusion[row][$0].grouped })
    }
    return [""] + table.lines(width: channel.width) { channel.styled($0, .bold) }
  }

  private func percent(_ fraction: Double) -> String { "\((fraction * 100).fixed(1)) %" }

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
