package import Console
import Support

extension ClassificationScores {
  /// How well each label is found, and which are taken for which, as lines of text.
  ///
  /// - Parameter things: what has a label: `sequences`.
  package func tables(counting things: String, on channel: Channel) -> [String] {
    var lines: [String] = []
    var table = Table(columns: [.text("label"), .numbers(things), .numbers("precision"), .numbers("recall"), .numbers("F1")])
    let labels = perLabel.sorted { $0.count > $1.count }
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
    let mistakes = Array(mistakes.prefix(10))
    guard !mistakes.isEmpty else { return lines }
    lines += ["", channel.styled("the most frequent mistakes", .bold)]
    let names = (mistakes.map(\.label.count).max() ?? 0, mistakes.map(\.takenFor.count).max() ?? 0)
    for mistake in mistakes {
      let fraction = Double(mistake.count) / Double(labels.first { $0.name == mistake.label }?.count ?? 1)
      lines.append(
        "\(mistake.label.padded(to: names.0)) taken for \(mistake.takenFor.padded(to: names.1))  \(mistake.count == 1 ? "once" : "\(mistake.count.grouped) times"), "
          + "\(inPercent(fraction)) of them")
    }
    return lines
  }

  /// The most labels that are listed in rows, and that a table of mistakes has columns for.
  private static let (mostLabels, mostConfused) = (40, 12)

  /// A row for each label, with how many of the things that have it were given which one.
  private func confusionLines(on channel: Channel) -> [String] {
    if confusion.isEmpty { return [] }
    let used = Set(perLabel.map(\.name))
    let places = labels.indices.filter { used.contains(labels[$0]) }
    var table = Table(columns: [.text("given:")] + places.map { .numbers(labels[$0]) })
    for row in places {
      table.rows.append([labels[row]] + places.map { confusion[row][$0] == 0 ? "·" : confusion[row][$0].grouped })
    }
    return [""] + table.lines(width: channel.width) { channel.styled($0, .bold) }
  }
}

/// A fraction as a percentage with one decimal: `93.1 %`.
package func inPercent(_ fraction: Double) -> String { "\((fraction * 100).fixed(1)) %" }
