package import Support

/// Reads the rows of a table that are the steps of sequences, one by one.
package final class StepReader {
  /// A row.
  package struct Step: Sendable {
    /// The line in which it stands.
    package let line: Int
    /// The text in the group's column; empty if there is no such column.
    package let sequence: String
    /// Whether the row is the first of its sequence.
    package let isFirst: Bool
    /// The numbers that are read, `[stepNames]`; NaN where one is missing.
    package let inputs: [Double]
    /// The label; empty if there is none, or it was not asked for.
    package let label: String
    /// The numbers that a network is to give, NaN where there is none; none if they were not asked for.
    package let values: [Double]
  }

  package let form: StepForm
  package let source: String
  private let reader: TableReader
  private let inputs: [(name: String, place: Int)]
  private let targets: [(name: String, place: Int)]
  private let group: (name: String, place: Int)?
  private let time: (name: String, place: Int)?
  /// Reads what rows have beside these; nil for nothing.
  private var further: FurtherReader?
  private var row = TableRow()
  private var finished: FinishedGroups
  /// The sequence of the row before, and its time; nil before the first.
  private var last: (sequence: String, line: Int, time: Double?)?

  /// - Parameters:
  ///   - table: a file or columns in memory. If a file does not say whether its first line names the columns, that is assumed if the
  ///     form's columns have names.
  ///   - hasTargets: whether what a network is to give is wanted, so that the table has to have it.
  /// - Throws: ``RecurrentError`` if the table can't be read, or lacks a column.
  package init(_ table: DataTable, form: StepForm, hasTargets: Bool) throws(RecurrentError) {
    var table = table
    if var file = table.file {
      file.hasHeader = file.hasHeader ?? !form.columns.allSatisfy(isPlace)
      table = DataTable(file)
    }
    let reader = try TableReader(table)
    if !reader.hasHeader, let most = form.columnCount, reader.columns.count > most {
      throw RecurrentError(
        .data,
        "\(reader.source) has \(reader.columns.count) \(reader.format), and the table that was trained on has \(most): give it the same "
          + "columns")
    }
    func place(_ name: String) throws(RecurrentError) -> (name: String, place: Int) {
      guard let place = reader.columns.firstIndex(of: name) else { throw reader.lacks(name) }
      return (name, place)
    }
    inputs = try form.columns.map(place)
    targets = hasTargets ? try form.targetColumns.map(place) : []
    group = try form.group.map(place)
    // What is predicted need not have times.
    time = hasTargets ? try form.time.map(place) : form.time.flatMap { try? place($0) }
    finished = FinishedGroups(isEndless: table.file?.isStandardInput ?? false)
    further = try FurtherReader(reader, form.further)
    (self.form, self.reader, source) = (form, reader, reader.source)
  }

  /// How the file is written, as far as it has been read; nil for a table that is no text with delimiters.
  package var dialect: TableDialect? { reader.format.dialect }
  /// What was decided about values that could be read in two ways, in sentences.
  package var decisions: [String] { reader.decisions }

  /// Where a number that is read stands, for messages.
  package func place(line: Int, input: Int) -> String { "\(source), line \(line), \(title(ofColumn: form.stepNames[input]))" }

  /// The next row; nil at the end.
  ///
  /// - Throws: ``RecurrentError`` if a value is of the wrong kind, a row belongs to no sequence or to one that has ended, or its time
  ///   is before that of the row before.
  package func next() throws(RecurrentError) -> Step? {
    guard try reader.next(&row) else { return nil }
    let (sequence, isFirst) = try sequenceOfRow()
    last = (sequence, row.line, try time.flatMap { column throws(RecurrentError) in try timeOfRow(column, isFirst: isFirst) })
    var (label, values): (String, [Double]) = ("", [])
    switch form.targets {
    case .label: label = targets.first.map { trimmed(row.text($0.place)) } ?? ""
    case .values: values = try targets.map { column throws(RecurrentError) in try reader.number(row, column) }
    }
    return Step(
      line: row.line, sequence: sequence, isFirst: isFirst,
      inputs: try inputs.map { column throws(RecurrentError) in try reader.number(row, column) }
        + (further?.numbers(of: row, in: sequence, begins: isFirst) ?? []), label: label, values: values)
  }

  private func sequenceOfRow() throws(RecurrentError) -> (name: String, isFirst: Bool) {
    guard let group else { return ("", last == nil) }
    let name = row.text(group.place)
    let place = "\(source), line \(row.line), \(title(ofColumn: group.name))"
    if name.isEmpty { throw RecurrentError(.data, "\(place): it is empty; name the sequence that the row belongs to") }
    if last?.sequence == name { return (name, false) }
    guard finished.insert(name) else {
      throw RecurrentError(
        .data, "\(place): “\(name)” comes again after rows of another sequence; sort the rows by \(group.name)")
    }
    return (name, true)
  }

  /// The time of the row as a number that only its order counts of; nil if it is written in a form that is not compared.
  private func timeOfRow(_ time: (name: String, place: Int), isFirst: Bool) throws(RecurrentError) -> Double? {
    let own: Double
    switch row.value(time.place) {
    case .number(let number): own = number
    case .moment(let moment): own = Double(moment.seconds)
    case .missing, .amount, .truth, .array, .text: return nil
    }
    if !isFirst, let last, let before = last.time, own < before {
      throw RecurrentError(
        .data,
        naming:
          "\(source), line \(row.line), \(title(ofColumn: time.name)): \(quotedValue(row.text(time.place))) is before the time of line \(last.line) in the same sequence; sort the rows, name the column that tells sequences apart with \(Setting("group")), or give \(Setting("time")) none"
      )
    }
    return own
  }
}

private func trimmed(_ text: String) -> String {
  String(text.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
}
