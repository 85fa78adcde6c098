/// A file read with one delimiter, and how much of it makes sense so.
struct TableCandidate {
  let delimiter: TableDialect.Delimiter
  private(set) var skippedLines: Int
  private(set) var hasComments: Bool
  /// The rows that are looked at, the one that may name the columns first.
  private(set) var rows: [TableRow]
  /// Whether quotes do not match in the next one.
  let isBroken: Bool
  private(set) var evidence = NumberEvidence()
  private(set) var outcome: NumberEvidence.Outcome
  private(set) var header: HeaderLine
  /// The share of the rows below the first that have as many fields as it.
  private(set) var fit = 1.0
  /// The share of the values that are numbers, times and the like, and not texts.
  private(set) var sense = 0.0

  /// - Parameter leading: lines at the beginning that are empty or begin with `#`.
  init(
    _ delimiter: TableDialect.Delimiter, _ sample: TableSample, skipping lines: Int, leading: [ArraySlice<UInt8>],
    _ file: TableFile
  ) {
    self.delimiter = delimiter
    func read(_ lines: Int, _ hasComments: Bool) -> (rows: [TableRow], isBroken: Bool) {
      sample.rows(delimiter, skipping: lines, hasComments: hasComments)
    }
    (skippedLines, hasComments) = (lines, file.dialect.hasComments ?? false)
    var found = read(lines, hasComments)
    if file.dialect.hasComments == nil, leading.contains(where: { $0.first == UInt8(ascii: "#") }) {
      let body = read(lines, true)
      if let named = Self.firstOfTable(leading, delimiter, width: body.rows.first?.count), HeaderLine(body.rows) != .named {
        (skippedLines, found) = (lines + named, read(lines + named, false))
      } else {
        (hasComments, found) = (true, body)
      }
    }
    (rows, isBroken) = found
    if file.dialect.skippedLines == nil, let first = Self.header(of: rows) {
      skippedLines = first.line - 1
      rows.removeFirst(rows.firstIndex { $0.line == first.line } ?? 0)
    }
    for row in rows { evidence.add(row) }
    outcome = evidence.outcome(asked: file.dialect, model: file.model)
    for place in rows.indices { rows[place].numbers = outcome.reading }
    header = file.hasHeader.map { $0 ? .named : .unnamed } ?? HeaderLine(rows)
    weigh()
  }

  /// The number of columns; one without a name and without values at the end of the rows is none.
  var width: Int {
    guard let first = rows.first else { return 0 }
    guard header != .unnamed else { return first.count }
    var width = first.count
    while width > 1, first[width - 1].isEmpty, rows.allSatisfy({ $0.filledCount < width }) { width -= 1 }
    return width
  }

  /// How much speaks for the delimiter.
  var score: Double { fit * (0.25 + sense) }

  private mutating func weigh() {
    let (width, below) = (width, rows.dropFirst())
    if !below.isEmpty {
      let fitting = below.count { $0.count == width || $0.count > width && $0.filledCount <= width }
      fit = Double(fitting) / Double(below.count)
    }
    var (values, texts) = (0, 0)
    for row in header == .unnamed ? rows[...] : below {
      for place in 0..<row.count {
        switch row.value(place) {
        case .missing: break
        case .text: texts += 1
        case .number, .amount, .truth, .moment, .array: values += 1
        }
      }
    }
    sense = values == 0 ? 0 : Double(values) / Double(values + texts)
  }

  /// The number of lines before the first of the leading lines that belongs to the table: those that begin with `#` at their end
  /// and have as many fields as the rows; nil if there is none.
  private static func firstOfTable(
    _ leading: [ArraySlice<UInt8>], _ delimiter: TableDialect.Delimiter, width: Int?
  ) -> Int? {
    func isRow(_ line: ArraySlice<UInt8>) -> Bool {
      line.first == UInt8(ascii: "#") && (width == nil || TableSample.width(of: line, delimiter) == width)
    }
    guard let last = leading.lastIndex(where: { !TableSample.isBlank($0) }), isRow(leading[last]) else { return nil }
    return leading.lastIndex { !TableSample.isBlank($0) && !isRow($0) }.map { $0 + 1 } ?? 0
  }

  /// The row that names the columns, if others with fewer fields stand before it; nil if it is the first, or if no row before the
  /// values names them.
  private static func header(of rows: [TableRow]) -> TableRow? {
    var counts: [Int: Int] = [:]
    for row in rows { counts[row.count, default: 0] += 1 }
    guard let width = counts.max(by: { ($0.value, $0.key) < ($1.value, $1.key) })?.key, width > 1,
      let place = rows.firstIndex(where: { $0.count == width }), place > 0,
      rows[..<place].allSatisfy({ $0.count < width }), HeaderLine(rows[place], above: rows[(place + 1)...]) == .named
    else { return nil }
    return rows[place]
  }
}

extension TableRow {
  /// The number of fields up to the last that is not empty.
  var filledCount: Int { (0..<count).last { !self[$0].isEmpty }.map { $0 + 1 } ?? 0 }
}

extension HeaderLine {
  fileprivate init(_ rows: [TableRow]) {
    guard let first = rows.first else {
      self = .unnamed
      return
    }
    self.init(first, above: rows.dropFirst())
  }
}

extension NumberEvidence.Outcome {
  /// The reading that is good for what has been seen.
  var reading: NumberReading {
    switch self {
    case .open(let reading), .decided(let reading), .decidedByModel(let reading, _): reading
    case .doubtful(let doubt): doubt.decimals
    case .mixed: .plain
    }
  }
}
