import Support

/// Finds out how a file is written: it is read in the way in which most of it makes sense.
struct TableDetection {
  /// How the file is written; marks that nothing has shown yet are nil.
  let dialect: TableDialect
  let header: HeaderLine
  /// The number of columns.
  let width: Int
  /// What the first rows show of the numbers.
  let evidence: NumberEvidence
  let outcome: NumberEvidence.Outcome
  /// Whether the first lines are no table: a single column of texts, or lines that do not go together.
  let isProse: Bool
  /// How many rows have been looked at.
  let rowCount: Int
  /// How many lines have been consumed.
  let linesBefore: Int

  /// Looks at the first lines of a file, which stay to be read.
  ///
  /// - Throws: ``RecurrentError`` if the file can't be read, or two delimiters are equally good.
  init(_ file: TableFile, _ bytes: ByteSource) throws(RecurrentError) {
    let isStream = file.isStandardInput
    let sample = isStream ? try TableSample(ofStream: bytes, file.dialect) : try TableSample(of: bytes)
    let named = isStream ? nil : TableSample.delimiter(namedBy: sample.firstLine)
    let skipped = isStream ? 0 : file.dialect.skippedLines ?? (named == nil ? 0 : 1)
    let isTabbed = [".tsv", ".tsv.gz"].contains { file.path.lowercased().hasSuffix($0) }
    let candidates =
      ((file.dialect.delimiter ?? named ?? (isTabbed ? .tab : nil)).map { [$0] } ?? [.comma, .tab, .semicolon, .pipe])
      .map { TableCandidate($0, sample, skipping: skipped, leading: sample.leadingLines(after: skipped), file) }
    let spaced = {
      TableCandidate(.space, sample, skipping: skipped, leading: sample.leadingLines(after: skipped), file)
    }
    let best = try Self.best(of: candidates, spaced, file, source: bytes.name)
    (header, width, evidence, outcome) = (best.header, best.width, best.evidence, best.outcome)
    isProse = best.sense < 0.5 && (best.width == 1 || best.fit < 0.9)
    (rowCount, linesBefore) = (best.rows.count, sample.linesBefore)
    var dialect = TableDialect(
      delimiter: best.delimiter,
      hasComments: best.hasComments || isStream && file.dialect.hasComments != false && sample.linesBefore > 0,
      skippedLines: best.skippedLines)
    dialect.write(outcome)
    self.dialect = dialect
  }

  /// The candidate by which most of the file makes sense.
  ///
  /// - Parameter spaced: that with spaces between columns, which stand in texts, too, so that all lines must have as many fields, and
  ///   more of them must be numbers and times than with any other delimiter.
  private static func best(
    of candidates: [TableCandidate], _ spaced: () -> TableCandidate, _ file: TableFile, source: String
  ) throws(RecurrentError) -> TableCandidate {
    let dividing = candidates.filter { !$0.isBroken && $0.width > 1 && $0.fit >= 0.5 }
    let sense = dividing.map(\.sense).max() ?? 0.5
    if sense < 1, candidates.count > 1 {
      let spaced = spaced()
      if !spaced.isBroken, spaced.width > 1, spaced.fit == 1, spaced.sense > sense, spaced.rows.count > 2 { return spaced }
    }
    if dividing.isEmpty {
      // A single column, unless the first row shows that there should be several: what is wrong is said when the rows are read.
      let single = candidates.filter { !$0.isBroken && $0.width == 1 }
      let isSingle = single.count == candidates.count
      return first(of: isSingle ? single : candidates) { isSingle ? $0.score : Double($0.rows.first?.count ?? 0) }
    }
    let most = dividing.map(\.score).max() ?? 0
    let equal = dividing.filter { $0.score == most }
    if let model = equal.first(where: { $0.delimiter == file.model?.delimiter }) { return model }
    // Texts have no tabs, as a rule; and a single row shows little.
    if let tabbed = equal.first(where: { $0.delimiter == .tab }) { return tabbed }
    if equal.count > 1, equal[0].rows.count > 1, !file.isStandardInput { throw refusal(equal[0], equal[1], source: source) }
    return first(of: equal) { Double($0.width) }
  }

  /// The first of the candidates of which a number is largest.
  private static func first(of candidates: [TableCandidate], by size: (TableCandidate) -> Double) -> TableCandidate {
    candidates.dropFirst().reduce(candidates[0]) { size($1) > size($0) ? $1 : $0 }
  }

  private static func refusal(_ one: TableCandidate, _ other: TableCandidate, source: String) -> RecurrentError {
    func shown(_ candidate: TableCandidate) -> Sentence {
      guard let row = candidate.rows.first else { return "" }
      let fields = (0..<min(row.count, 4)).map { quotedValue(row.text($0)) }.joined(separator: ", ")
      return "\(fields)\(row.count > 4 ? " and so on" : "") (\(TableDialect.Settings.delimiter) \(candidate.delimiter.rawValue))"
    }
    return RecurrentError(
      .data,
      naming:
        "\(source), line \(one.rows.first?.line ?? 1): its columns may be \(shown(one)), or \(shown(other)), and all lines fit both: say which"
    )
  }
}

extension TableDialect {
  /// Takes over what has been found out of the numbers; marks that nothing distinguishes stay open.
  mutating func write(_ outcome: NumberEvidence.Outcome) {
    switch outcome {
    case .decided(let reading), .decidedByModel(let reading, _): (decimal, thousands) = (reading.decimal, reading.thousands)
    case .open, .doubtful, .mixed: (decimal, thousands) = (nil, nil)
    }
  }
}
