package import Support

/// Reads sequences one by one from a table or a `.ts` file, with their labels if they are asked for.
package final class SequenceReader {
  /// A sequence as the file has it.
  package struct Sequence: Sendable {
    /// The line in which it begins.
    package let line: Int
    /// The sequence's text in the group's column; nil if there is no such column.
    package let name: String?
    package let content: Content
    /// The sequence's labels; none if they were not asked for.
    package let labels: [String]

    /// - Parameter line: the number of a sequence in memory, counted from 1.
    package init(line: Int, name: String?, content: Content, labels: [String]) {
      self.line = line
      self.name = name
      self.content = content
      self.labels = labels
    }

    /// Its text, the name of its group, or its line.
    package var title: String {
      if case .text(let text) = content { return text }
      return name ?? "line \(line)"
    }
  }

  package enum Content: Sendable, Hashable {
    case text(String)
    /// `[T, width]`, in double precision, since numbers that differ little from step to step are rounded to Float only after they
    /// have been scaled; NaN where a number is missing and masked.
    case numbers([Double])
  }

  package let source: String
  package let form: SequenceForm
  /// The labels that the file declares; nil if it does not.
  package let labelNames: [String]?
  /// What has been decided about values that could be read in two ways, and done about missing numbers so far, in sentences.
  package var repairs: [String] {
    if case .table(let reader, _, _) = input { reader.decisions + gaps.sentences } else { gaps.sentences }
  }
  /// How the file is written, as far as it has been read; nil for a file that is no text with delimiters.
  package var dialect: TableDialect? { if case .table(let reader, _, _) = input { reader.format.dialect } else { nil } }
  private let hasLabels: Bool
  private var gaps: SequenceGaps
  private var input: Input
  /// Reads what rows have beside the numbers of their steps; nil for nothing.
  private var further: FurtherReader?
  private var row = TableRow()
  /// The names of the groups that have ended.
  private var finished: FinishedGroups

  private enum Input {
    case table(TableReader, inputs: [Int], labels: [Int])
    /// Rows that have been read in advance, the next one last.
    case sequences([LabelledSequences.Sequence], labels: [String])
  }
  /// Whether ``row`` holds a row that belongs to the next sequence.
  private var isAhead = false
  /// The line in which a row would begin that follows the last one immediately.
  private var lineAfter: Int?
  /// The lines after the last row that are comments.
  private var commentsAtEnd: Set<Int> = []

  /// - Parameters:
  ///   - file: the file. If it does not say whether the first line names the columns, that is assumed if the form's columns have
  ///     names.
  ///   - missing: what is done about missing numbers; nil for what the form says.
  ///   - canMask: whether the network that reads the sequences has a mask of what is missing, for messages.
  ///   - labels: whether labels are wanted, so that the file has to have them.
  /// - Throws: ``RecurrentError`` if the file can't be read, or does not have what the form asks for.
  package init(
    _ file: TableFile, form: SequenceForm, missing: MissingPolicy? = nil, canMask: Bool = true, labels: Bool
  ) throws(RecurrentError) {
    let path = file.path
    self.form = form
    gaps = SequenceGaps(missing ?? form.missing, canMask: canMask)
    hasLabels = labels
    finished = FinishedGroups(isEndless: file.isStandardInput)
    if case .dimensions(let count) = form.steps {
      source = path
      let found = try LabelledSequences(contentsOf: path)
      guard found.dimensions == count else {
        throw RecurrentError(.data, "\(path) has \(found.dimensions) numbers a step, and \(count) are expected")
      }
      if labels, found.labels.isEmpty {
        throw RecurrentError(.data, "\(path) has no labels: its @classLabel should be true, with their names")
      }
      labelNames = found.labels
      input = .sequences(found.sequences.reversed(), labels: found.labels)
      return
    }
    labelNames = nil
    var named = file
    named.hasHeader = file.hasHeader ?? form.hasNames
    let reader = try TableReader(named)
    source = reader.source
    // If columns have no names, a column too many shows that the separator is another one, or occurs in a text.
    if !reader.hasHeader, let most = form.columnCount, reader.columns.count > most {
      throw RecurrentError(
        .data,
        "\(reader.source) has \(reader.columns.count) \(reader.format), and the table that was trained on has \(most): put texts that hold "
          + "what separates columns in quotes")
    }
    func places(_ names: [String]) throws(RecurrentError) -> [Int] {
      try names.map { name throws(RecurrentError) in
        guard let place = reader.columns.firstIndex(of: name) else { throw reader.lacks(name) }
        return place
      }
    }
    input = .table(
      reader, inputs: try places(form.inputs), labels: labels ? try places(form.labels) : [])
    further = try FurtherReader(reader, form.further)
  }

  /// The next sequence; nil at the end. Where labels are not asked for and each row is a sequence, an empty line is one with nothing in
  /// it, so that each line can be answered by a line.
  ///
  /// - Throws: ``RecurrentError`` if a value is missing or of the wrong kind, or the sequence is empty.
  package func next() throws(RecurrentError) -> Sequence? {
    switch input {
    case .sequences(var rest, let names):
      guard let next = rest.popLast() else { return nil }
      input = .sequences(rest, labels: names)
      return try sequence(next, names)
    case .table(let reader, let inputs, let labels):
      if form.isInRows { return try group(reader, Array(inputs.dropLast()), group: inputs[inputs.count - 1], labels) }
      switch try advance(reader) {
      case .end: return nil
      case .empty(let line):
        return Sequence(line: line, name: nil, content: form.width == nil ? .text("") : .numbers([]), labels: [])
      case .row: break
      }
      switch form.steps {
      case .text, .dimensions, .rows:
        let text = row.text(inputs[0])
        if text.isEmpty, hasLabels {
          throw empty(row.line, column: reader.columns[inputs[0]], "a sequence has at least one character")
        }
        return Sequence(line: row.line, name: nil, content: .text(text), labels: try readLabels(reader, labels))
      case .row(_, let perStep):
        let numbers = try withConstants(numbersOfRow(reader, inputs, perStep: perStep))
        return Sequence(line: row.line, name: nil, content: .numbers(numbers), labels: try readLabels(reader, labels))
      case .arrays(_, let widths):
        let numbers = try withConstants(numbersOfArrays(reader, inputs, widths: widths))
        return Sequence(line: row.line, name: nil, content: .numbers(numbers), labels: try readLabels(reader, labels))
      }
    }
  }

  private enum Line {
    case row, end
    /// A line that has no row, before that of ``row``.
    case empty(Int)
  }

  /// Goes on to the next line that has to be answered.
  private func advance(_ reader: TableReader) throws(RecurrentError) -> Line {
    if !isAhead { guard try reader.next(&row) else { return end(reader) } }
    while let line = row.comments.first, line == lineAfter {
      row.comments.removeFirst()
      lineAfter = line + 1
    }
    if !hasLabels, let line = lineAfter, line < row.line {
      (isAhead, lineAfter) = (true, line + 1)
      return .empty(line)
    }
    // A text in quotes may have ends of lines in it; in JSON they are written as \n.
    let ends = row.bytes.count { $0 == UInt8(ascii: "\n") }
    (isAhead, lineAfter) = (false, row.line + 1 + (ends > 0 && reader.format == .jsonLines ? 0 : ends))
    // In a table of one column an empty line is a row without a value.
    if !hasLabels, form.width != nil, row.count == 1, row[0].isEmpty { return .empty(row.line) }
    return .row
  }

  /// Goes on to the next empty line after the last row.
  private func end(_ reader: TableReader) -> Line {
    commentsAtEnd.formUnion(row.comments)
    row.comments = []
    guard !hasLabels, let last = reader.lines else { return .end }
    while let line = lineAfter, line <= last {
      lineAfter = line + 1
      if !commentsAtEnd.contains(line) { return .empty(line) }
    }
    return .end
  }

  private func sequence(_ sequence: LabelledSequences.Sequence, _ names: [String]) throws(RecurrentError) -> Sequence {
    if sequence.values.isEmpty { throw RecurrentError(.data, "\(source), line \(sequence.line): the sequence has no steps") }
    let (line, width) = ("\(source), line \(sequence.line)", max(1, form.width ?? 1))
    var numbers = sequence.values
    try gaps.mend(&numbers, width: width, line: line) {
      "\(line), dimension \($0 % width + 1), step \($0 / width + 1)"
    } column: {
      "dimension \($0 + 1)"
    }
    return Sequence(
      line: sequence.line, name: nil, content: .numbers(numbers),
      labels: hasLabels ? sequence.label.map { [names[$0]] } ?? [] : [])
  }

  private func numbersOfRow(_ reader: TableReader, _ inputs: [Int], perStep: Int) throws(RecurrentError) -> [Double] {
    var numbers = try inputs.map { place throws(RecurrentError) in try reader.number(row, (reader.columns[place], place)) }
    // Empty places at the end.
    while numbers.last?.isNaN ?? false { numbers.removeLast() }
    if numbers.isEmpty {
      throw RecurrentError(.data, "\(source), line \(row.line): the row has no numbers; a sequence has at least one step")
    }
    // A step that has begun has all its numbers, if only missing ones.
    numbers += Array(repeating: .nan, count: (perStep - numbers.count % perStep) % perStep)
    let line = "\(source), line \(row.line)"
    try gaps.mend(&numbers, width: perStep, line: line) {
      "\(line), \(title(ofColumn: reader.columns[inputs[$0]]))"
    } column: {
      "number \($0 + 1) of a step"
    }
    return numbers
  }

  /// The arrays of a row, side by side.
  private func numbersOfArrays(_ reader: TableReader, _ inputs: [Int], widths: [Int]) throws(RecurrentError) -> [Double] {
    let columns = ArrayColumns(titles: inputs.map { title(ofColumn: reader.columns[$0]) }, places: inputs, widths: widths)
    let line = "\(source), line \(row.line)"
    var numbers = try columns.numbers(of: row, line: line)
    try gaps.mend(&numbers, width: columns.width, line: line) {
      "\(line), \(columns.place(ofNumber: $0 % columns.width)), step \($0 / columns.width + 1)"
    } column: {
      columns.place(ofNumber: $0)
    }
    return numbers
  }

  /// The numbers of a row that is a sequence, at each step with what is the same in all of it.
  private func withConstants(_ numbers: [Double]) throws(RecurrentError) -> [Double] {
    guard let constants = try further?.numbers(of: row, in: "", begins: true) else { return numbers }
    let width = max(1, form.ownNames.count)
    return stride(from: 0, to: numbers.count, by: width).flatMap { numbers[$0..<$0 + width] + constants }
  }

  /// The sequence of consecutive rows with the same name.
  private func group(
    _ reader: TableReader, _ inputs: [Int], group: Int, _ labels: [Int]
  ) throws(RecurrentError) -> Sequence? {
    if !isAhead { guard try reader.next(&row) else { return nil } }
    isAhead = false
    let (name, line) = (row.text(group), row.line)
    let column = reader.columns[group]
    if name.isEmpty { throw empty(line, column: column, "name the sequence that the row belongs to") }
    guard finished.insert(name) else {
      throw RecurrentError(
        .data,
        naming:
          "\(source), line \(line), \(title(ofColumn: column)): “\(name)” comes again after rows of another sequence; sort the rows by \(column), or give \(Setting("group")) none if each row is a sequence"
      )
    }
    let own = try readLabels(reader, labels)
    let names = form.stepNames
    var numbers: [Double] = []
    var lines: [Int] = []
    repeat {
      if row.text(group) != name {
        isAhead = true
        break
      }
      for place in inputs {
        numbers.append(try reader.number(row, (reader.columns[place], place)))
      }
      numbers += try further?.numbers(of: row, in: "", begins: lines.isEmpty) ?? []
      lines.append(row.line)
      let labels = try readLabels(reader, labels)
      if labels != own {
        let texts = [labels, own].map { $0.joined(separator: form.separator ?? ", ") }
        throw RecurrentError(
          .data,
          "\(source), line \(row.line), \(title(ofColumn: form.labels[0])): “\(texts[0])” stands there, and “\(texts[1])” in line \(line) of the same sequence \(name); "
            + "give all rows of a sequence the same label, or label each step with `recurrent train label`")
      }
    } while try reader.next(&row)
    try gaps.mend(&numbers, width: names.count, line: "\(source), line \(line)") {
      "\(source), line \(lines[$0 / names.count]), \(title(ofColumn: names[$0 % names.count]))"
    } column: {
      title(ofColumn: names[$0])
    }
    return Sequence(line: line, name: name, content: .numbers(numbers), labels: own)
  }

  private func readLabels(_ reader: TableReader, _ places: [Int]) throws(RecurrentError) -> [String] {
    guard !places.isEmpty else { return [] }
    guard places.count == 1 else {
      var present: [String] = []
      for place in places {
        let column = reader.columns[place]
        switch row.value(place) {
        case .number(0), .truth(false): break
        case .number(1), .truth(true): present.append(column)
        default:
          throw RecurrentError(
            .data,
            "\(source), line \(row.line), \(title(ofColumn: column)): \(quotedValue(row.text(place))) stands where 0 or 1 is expected, whether the sequence has that label"
          )
        }
      }
      return present
    }
    let text = row.text(places[0])
    guard let separator = form.separator else {
      if text.isEmpty { throw empty(row.line, column: reader.columns[places[0]], "each sequence needs a label") }
      return [text]
    }
    var labels: [String] = []
    for part in text.split(separator: separator) {
      let label = String(part.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
      if !label.isEmpty, !labels.contains(label) { labels.append(label) }
    }
    return labels
  }

  private func empty(_ line: Int, column: String, _ remedy: String) -> RecurrentError {
    RecurrentError(.data, "\(source), line \(line), \(title(ofColumn: column)): it is empty; \(remedy)")
  }
}
