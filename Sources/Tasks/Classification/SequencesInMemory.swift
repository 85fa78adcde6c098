import Support
import Tables

extension SequenceFile {
  /// Texts in memory, each with its labels.
  ///
  /// - Parameter isMultiple: whether a text may have several labels, or none.
  /// - Throws: ``RecurrentError`` if there are not as many labels as texts.
  init(_ texts: [String], labels: [[String]], isMultiple: Bool) throws(RecurrentError) {
    try Self.check(texts.count, labels, isMultiple)
    try self.init(
      zip(texts, labels).enumerated().map { place, text in
        SequenceReader.Sequence(line: place + 1, name: nil, content: .text(text.0), labels: text.1)
      }, form: SequenceForm(.text(column: "text"), labels: ["label"], separator: isMultiple ? ";" : nil), repairs: [])
  }

  /// Sequences of numbers in memory, `[T][width]` each, with their labels.
  ///
  /// - Parameters:
  ///   - isMultiple: whether a sequence may have several labels, or none.
  ///   - missing: what is done about missing numbers, which are NaN.
  /// - Throws: ``RecurrentError`` if there are not as many labels as sequences, or a step has more or fewer numbers than the
  ///   first one.
  init(
    _ sequences: [[[Float]]], labels: [[String]], isMultiple: Bool, missing: MissingPolicy
  ) throws(RecurrentError) {
    try Self.check(sequences.count, labels, isMultiple)
    let width = sequences.first?.first?.count ?? 0
    guard width > 0 else {
      throw RecurrentError(.shape, "sequence 1 has no step, or a step without a number; give each step at least one number")
    }
    var gaps = SequenceGaps(missing, canMask: true)
    var own: [SequenceReader.Sequence] = []
    for (place, steps) in sequences.enumerated() {
      let content = try SequenceReader.Content(steps, width: width, at: "sequence \(place + 1)", &gaps)
      own.append(.init(line: place + 1, name: nil, content: content, labels: labels[place]))
    }
    let form = SequenceForm(
      .arrays(columns: ["values"], widths: [width]), labels: ["label"], separator: isMultiple ? ";" : nil, missing: missing)
    try self.init(own, form: form, repairs: gaps.sentences)
  }

  private static func check(_ count: Int, _ labels: [[String]], _ isMultiple: Bool) throws(RecurrentError) {
    if labels.count != count {
      throw RecurrentError(
        .shape, "there are \(count) sequences and labels of \(labels.count): give the labels of each sequence")
    }
    if let empty = labels.firstIndex(where: { $0.contains("") || !isMultiple && $0.isEmpty }) {
      throw RecurrentError(.data, "sequence \(empty + 1): its label is empty; each sequence needs a label")
    }
  }
}
