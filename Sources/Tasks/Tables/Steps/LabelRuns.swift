package import Support

/// How often labels change from row to row.
struct LabelRuns {
  private var counts: [String: Int] = [:]
  private var last: String?
  private(set) var rows = 0
  private(set) var runs = 0

  mutating func add(_ label: String) {
    counts[label, default: 0] += 1
    rows += 1
    if label != last { runs += 1 }
    last = label
  }

  /// Whether labels stay the same from row to row far more often than they would if the rows had no order, and come again after others:
  /// rows that are sorted by their labels have one run of each.
  var stay: Bool { runs > counts.count && areFew }

  /// Whether there are less than half of the runs that there would be if the rows had no order.
  var areFew: Bool {
    guard rows >= 20 else { return false }
    let same = counts.values.reduce(0) { $0 + (Double($1) / Double(rows)) * (Double($1) / Double(rows)) }
    return Double(runs) < (1 + Double(rows - 1) * (1 - same)) / 2
  }
}

extension TableSummary {
  /// The most numbers in a row that are taken for a single step if the row has a time.
  private static let mostNumbersOfStep = 16

  /// Why the rows seem to be steps with a label each, where a form takes each of them for a sequence; nil if they don't.
  package func stepsDoubt(of form: SequenceForm) throws(RecurrentError) -> String? {
    guard case .row(let columns, _) = form.steps, !form.isMultiple, let label = form.labels.first else { return nil }
    let time = self.time.flatMap { columns.contains($0.name) || $0.name == label || $0.descents > 0 ? nil : $0 }
    let reader = try TableReader(table)
    guard let place = reader.columns.firstIndex(of: label) else { return nil }
    var labels = LabelRuns()
    var row = TableRow()
    while try reader.next(&row) { labels.add(row.text(place)) }
    if let time, columns.count <= Self.mostNumbersOfStep || labels.areFew {
      return "the \(title(ofColumn: time.name)) says when each row is"
    }
    return labels.stay
      ? "the labels stay the same from row to row, in \(labels.runs.grouped) runs of \(labels.rows.grouped) rows" : nil
  }

  /// How the table holds sequences with a label at every step, if it looks as if it did: a label is named or the only text, and the rows
  /// of a sequence, or those of the file, do not all have the same.
  package var likelyStepForm: StepForm? {
    guard let form = try? stepForm(StepRequest(.label)), let label = self[form.targetColumns[0]], !label.hasMoreTexts,
      label.kind == .text || label.kind == .truth, form.group == nil || (try? hasSeveralLabels(form)) == true
    else { return nil }
    return form
  }

  /// Whether some sequence has two labels.
  private func hasSeveralLabels(_ form: StepForm) throws(RecurrentError) -> Bool {
    let reader = try StepReader(table, form: form, hasTargets: true)
    var first = ""
    while let step = try reader.next() {
      if step.isFirst { first = step.label } else if step.label != first { return true }
    }
    return false
  }
}
