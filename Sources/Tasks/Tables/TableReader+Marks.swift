import Support

/// How it is found out, while rows are read, how numbers are written in a file whose first rows do not show it.
extension TableReader {
  /// Takes over what some rows show.
  ///
  /// - Throws: ``RecurrentError`` if they can be read in two ways, and nothing in the file decides which.
  func take(_ outcome: NumberEvidence.Outcome, _ evidence: NumberEvidence) throws(RecurrentError) {
    openEvidence = nil
    switch outcome {
    case .decided: break
    case .open: openEvidence = evidence
    case .decidedByModel(let reading, let doubt):
      decisions.append(doubt.sentence(reading, column: name(ofColumn: doubt.field.place)))
    case .mixed(let point, let comma): throw mixed(point, comma)
    case .doubtful(let doubt): return try settle(doubt)
    }
    numbers = outcome.reading
    write(outcome)
  }

  /// Looks at a row as long as no row has shown how decimals are written.
  func look(at row: TableRow) throws(RecurrentError) {
    guard openEvidence != nil, row.bytes.contains(where: { $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: ",") }) else {
      return
    }
    openEvidence?.add(row)
    if let evidence = openEvidence, evidence.hasNews { try take(outcome(evidence), evidence) }
  }

  /// Goes through the file to find a value that decides between two readings.
  private func settle(_ doubt: NumberEvidence.Doubt) throws(RecurrentError) {
    let refusal = doubt.error(source, column: name(ofColumn: doubt.field.place))
    guard let file, !file.isStandardInput, let dialect = format.dialect else { throw refusal }
    let bytes = try ByteSource(path: file.path)
    try bytes.skipByteOrderMark()
    var rows = DelimitedRows(bytes, delimiter: dialect.delimiter ?? .comma, hasComments: dialect.hasComments ?? false)
    try rows.skipLines(dialect.skippedLines ?? 0)
    var (evidence, row, count) = (NumberEvidence(), TableRow(), 0)
    while try rows.next(&row) {
      if row.count <= columns.count { evidence.add(row) }
      count += 1
      guard count.isMultiple(of: 256) else { continue }
      switch outcome(evidence) {
      case .decided(let reading), .decidedByModel(let reading, _): return try take(.decided(reading), evidence)
      case .open, .doubtful, .mixed: continue
      }
    }
    let last = outcome(evidence)
    guard case .doubtful(let doubt) = last else { return try take(last, evidence) }
    guard evidence.hasPrintedDecimals(doubt, delimiter: dialect.delimiter) else { throw refusal }
    decisions.append(doubt.sentence(column: name(ofColumn: doubt.field.place)))
    try take(.decided(doubt.decimals), evidence)
  }

  /// What a column is called, or would be if the first line had one there.
  private func name(ofColumn place: Int) -> String { place < columns.count ? columns[place] : "column \(place + 1)" }

  private func outcome(_ evidence: NumberEvidence) -> NumberEvidence.Outcome {
    evidence.outcome(asked: file?.dialect ?? TableDialect(), model: file?.model)
  }

  private func mixed(_ point: NumberEvidence.Field, _ comma: NumberEvidence.Field) -> RecurrentError {
    func shown(_ field: NumberEvidence.Field) -> String {
      "\(quotedValue(field.text)) in line \(field.line), \(title(ofColumn: name(ofColumn: field.place)))"
    }
    return RecurrentError(
      .data,
      naming:
        "\(source) has numbers with decimal points, such as \(shown(point)), and with decimal commas, such as \(shown(comma)): say which are numbers with \(TableDialect.Settings.decimal) point or \(TableDialect.Settings.decimal) comma; the others are then texts"
    )
  }
}

extension HeaderLine {
  /// The error for a first row of which it is not clear whether it names the columns.
  static func refusal(_ row: TableRow, source: String) -> RecurrentError {
    let shown = (0..<min(row.count, 4)).map { quotedValue(row.text($0)) }.joined(separator: ", ")
    return RecurrentError(
      .data,
      naming:
        "\(source), line \(row.line): \(shown)\(row.count > 4 ? " and so on" : "") may be names of columns or the first row of values: give \(Setting("header")) yes or \(Setting("header")) no"
    )
  }
}
