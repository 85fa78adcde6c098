package import Support

/// All sequences of a table, or of arrays in memory, with what a network is to give at each step.
package struct StepTable: Sendable {
  /// The file's path, or what messages call data in memory.
  package let source: String
  /// Whether the sequences come from a file.
  package let isFile: Bool
  package private(set) var form: StepForm
  package private(set) var sequences: [StepSequence]
  /// What was decided about values that could be read in two ways, and done about missing numbers, in sentences.
  package let repairs: [String]
  /// How the file is written; nil if it is no text with delimiters.
  package let dialect: TableDialect?

  /// Reads a table.
  ///
  /// - Parameters:
  ///   - missing: what is done about missing numbers; nil for what the form says.
  ///   - canMask: whether the network that reads the sequences has a mask of what is missing, for messages.
  /// - Throws: ``RecurrentError`` if the table can't be read, or what it holds is not as the form says.
  package init(
    _ table: DataTable, form: StepForm, missing: MissingPolicy? = nil, canMask: Bool = true, hasTargets: Bool = true
  ) throws(RecurrentError) {
    let reader = try StepReader(table, form: form, hasTargets: hasTargets)
    var gaps = SequenceGaps(missing ?? form.missing, canMask: canMask)
    var sequences: [StepSequence] = []
    while let step = try reader.next() {
      if step.isFirst {
        if !sequences.isEmpty { try sequences[sequences.count - 1].mend(&gaps, reader) }
        sequences.append(StepSequence(name: step.sequence))
      }
      sequences[sequences.count - 1].add(step, hasTargets: hasTargets)
    }
    guard !sequences.isEmpty else { throw RecurrentError(.data, "\(reader.source) has no rows") }
    try sequences[sequences.count - 1].mend(&gaps, reader)
    (source, isFile, self.form, self.sequences) = (reader.source, table.file != nil, form, sequences)
    (repairs, dialect) = (reader.decisions + gaps.sentences, reader.dialect)
  }

  /// Takes sequences in memory.
  ///
  /// - Parameters:
  ///   - inputs: `[sequences][T][columns]`; NaN where a number is missing.
  ///   - labels: of each step, empty where there is none; none if steps have numbers to give.
  ///   - values: `[sequences][T][outputs]`, NaN where there is none; none if steps have labels.
  /// - Throws: ``RecurrentError`` if a sequence has no steps, or the shapes differ.
  package init(
    inputs: [[[Float]]], labels: [[String]] = [], values: [[[Float]]] = [], missing: MissingPolicy
  ) throws(RecurrentError) {
    let isLabelled = values.isEmpty
    let count = isLabelled ? labels.count : values.count
    guard inputs.count == count, let width = inputs.first?.first?.count, width > 0 else {
      throw RecurrentError(
        .shape,
        inputs.isEmpty
          ? "there are no sequences to train on"
          : "there are \(inputs.count) sequences and \(isLabelled ? "labels" : "outputs") of \(count): give those of each step of each sequence"
      )
    }
    let outputs = values.first?.first?.count ?? 0
    var gaps = SequenceGaps(missing, canMask: true)
    var sequences: [StepSequence] = []
    for (place, steps) in inputs.enumerated() {
      let title = "sequence \(place + 1)"
      let given = isLabelled ? labels[place].count : values[place].count
      guard steps.count == given else {
        throw RecurrentError(
          .shape, "\(title) has \(steps.count) steps and \(isLabelled ? "labels" : "outputs") of \(given): give one for each step"
        )
      }
      var sequence = StepSequence(name: "")
      sequence.lines = Array(1...max(1, steps.count))
      guard case .numbers(let numbers) = try SequenceReader.Content(steps, width: width, at: title, &gaps) else { continue }
      sequence.inputs = numbers
      if isLabelled {
        sequence.labels = labels[place]
      } else {
        if let odd = values[place].firstIndex(where: { $0.count != outputs || $0.contains(where: \.isInfinite) }) {
          throw RecurrentError(
            .shape, "\(title), step \(odd + 1): \(outputs) finite numbers are expected that a network is to give")
        }
        sequence.values = values[place].joined().map(Double.init)
      }
      sequences.append(sequence)
    }
    let names = { (count: Int, name: String) in count == 1 ? [name] : (1...max(1, count)).map { "\(name) \($0)" } }
    form = StepForm(
      columns: names(width, "input"),
      targets: isLabelled ? .label(column: "label") : .values(columns: names(outputs, "output")), missing: missing)
    (source, isFile, self.sequences) = ("the data", false, sequences)
    (repairs, dialect) = (gaps.sentences, nil)
  }

  /// Takes one sequence of numbers, such as the samples of a sound.
  ///
  /// - Parameters:
  ///   - samples: `[T, columns]`
  ///   - values: `[T, outputs]`
  ///   - source: the files, for messages.
  package init(
    samples: [Float], columns: [String], values: [Float], outputs: [String], source: String
  ) {
    var sequence = StepSequence(name: "")
    sequence.lines = Array(1...max(1, samples.count / max(1, columns.count)))
    (sequence.inputs, sequence.values) = (samples.map(Double.init), values.map(Double.init))
    form = StepForm(columns: columns, targets: .values(columns: outputs))
    (self.source, isFile, sequences, repairs, dialect) = (source, false, [sequence], [], nil)
  }

  /// The table with what cells read of it as inputs of their own.
  package func read(by inputs: [FurtherInput]) -> StepTable {
    var table = self
    table.form.read(by: inputs)
    return table
  }

  /// The number of steps of all sequences together.
  package var steps: Int { sequences.reduce(0) { $0 + $1.count } }

  /// What messages call a sequence.
  package func title(of sequence: Int) -> String {
    let name = sequences[sequence].name
    return name.isEmpty ? "sequence \(sequence + 1)" : name
  }

  /// Where a step is, as messages say it.
  package func place(step: Int, of sequence: Int) -> String {
    isFile
      ? "\(source), line \(sequences[sequence].lines[step])" : "sequence \(sequence + 1), step \(step + 1)"
  }

  /// A digest that identifies the content.
  package var digest: String {
    var digest = Digest(ofParts: sequences.count)
    for sequence in sequences {
      digest.combine(Digest(of: sequence.name))
      digest.combine(Digest(of: sequence.inputs))
      digest.combine(Digest(of: sequence.values))
      digest.combine(Digest(of: sequence.labels.joined(separator: "\n")))
    }
    return digest.shortDigits
  }
}

extension StepSequence {
  fileprivate mutating func add(_ step: StepReader.Step, hasTargets: Bool) {
    lines.append(step.line)
    inputs += step.inputs
    values += step.values
    if hasTargets { labels.append(step.label) }
  }

  fileprivate mutating func mend(_ gaps: inout SequenceGaps, _ reader: StepReader) throws(RecurrentError) {
    let (lines, names) = (lines, reader.form.stepNames)
    let width = names.count
    try gaps.mend(&inputs, width: width, line: "\(reader.source), line \(lines.first ?? 0)") {
      reader.place(line: lines[$0 / width], input: $0 % width)
    } column: {
      title(ofColumn: names[$0])
    }
  }
}
