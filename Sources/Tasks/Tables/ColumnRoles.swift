package import Support

/// What the columns of a table are for.
package struct ColumnRoles: Sendable, Hashable, Codable {
  /// The column of times; nil if each row is a step.
  package var time: String?
  /// How its times are read; nil for numbers or moments in UTC, as models of the first version read them.
  package var times: TimeReading?
  /// The column that says which series a row belongs to; nil if there is one series.
  package var group: String?
  /// The columns to forecast.
  package var targets: [String]
  /// The columns that are known ahead of time.
  package var known: [String]
  /// Whether each target column is a series of its own, all of the same thing: a table in wide form.
  package var isWide: Bool
  /// What cells may read beside the numbers of a step; nil for nothing.
  package var further: FurtherColumns?

  package init(
    time: String? = nil, times: TimeReading? = nil, group: String? = nil, targets: [String], known: [String] = [],
    isWide: Bool = false, further: FurtherColumns? = nil
  ) {
    self.time = time
    self.times = times
    self.group = group
    self.targets = targets
    self.known = known
    self.isWide = isWide
    self.further = further
  }

  /// All columns that have a role.
  package var all: [String] { [time, group].compactMap { $0 } + targets + known + (further?.columns ?? []) }

  /// The names of the numbers that a step has beside its targets: what is known ahead, and what is read of further columns.
  package var besides: [String] { known + (further?.names ?? []) }
  /// The columns that rows after the last value have to have, of whose steps a forecast is asked for.
  package var neededAhead: [String] { known + [further?.elapsed].compactMap(\.self) }

  /// The name of each number that a step forecasts.
  package var targetNames: [String] { isWide ? ["value"] : targets }
}

extension TableSummary {
  /// The column that says when a row is: the first one of moments, or one of whole numbers that is called like a time.
  package var time: ColumnSummary? {
    let moments = columns.filter { $0.kind == .moment }
    return moments.first { request.isMet(by: $0.times) } ?? moments.first
      ?? columns.first { $0.kind == .number && Self.timeNames.contains($0.name.lowercased()) }
  }

  /// The column that says which series a row belongs to: the only one of texts that come again, or the first if all such go
  /// together, or, if times go back, one of whole numbers that is called like a group.
  package var group: ColumnSummary? {
    let texts = columns.filter {
      $0.kind == .text && $0.oddAmongNumbers == nil && $0.unreadTime == nil && $0.nearlyTimes == nil && $0.unreadNumber == nil
        && !$0.areAnswers
        && !$0.isConstant
        && ($0.hasMoreTexts || $0.texts.count < $0.count)
    }
    // Names and their abbreviations, say, name the same series.
    if let first = texts.first, texts.allSatisfy({ $0.divides(as: first) }) { return first }
    guard texts.isEmpty, let time, time.kind == .moment || time.descents > 0 else { return nil }
    return columns.first { $0.kind == .number && $0.isWhole && Self.groupNames.contains($0.name.lowercased()) }
  }

  /// A sentence about a column that seems to hold times in a form that is not read; nil if there is a column of times, or no such
  /// column.
  package var unreadTime: Sentence? {
    guard time == nil else { return nil }
    for column in columns {
      if let (format, odd) = column.nearlyTimes {
        return
          "\(title(ofColumn: column.name)) is not read as times: \(quotedValue(odd.text)) in line \(odd.line) is not written as \(format.description), as most others are; mend it"
      }
      if let odd = column.unreadTime {
        return
          "\(title(ofColumn: column.name)) is not read as times: \(quotedValue(odd.text)) in line \(odd.line) has no known form; write dates like 2024-01-31, 2024-01 or 2024-01-31T13:45"
      }
    }
    return nil
  }

  /// The columns that could be forecast: numbers that are not always the same, do not count the rows, and have no other role.
  package var candidates: [ColumnSummary] {
    // Computed once: each goes through all columns, of which there may be thousands.
    let (time, group) = (time?.name, group?.name)
    return columns.filter { $0.mayBeTarget && $0.name != time && $0.name != group }
  }

  /// A sentence about columns that count the rows and have no role; nil if there are none.
  ///
  /// - Parameter roles: those that the columns have.
  package func counters(besides roles: ColumnRoles) -> Sentence? {
    let names = columns.filter { $0.isIndex && !roles.all.contains($0.name) }.map { title(ofColumn: $0.name) }
    guard !names.isEmpty else { return nil }
    return
      "\(names.joined(separator: " and ")) \(names.count == 1 ? "counts the rows, and is" : "count the rows, and are") not forecast"
  }

  private static let timeNames: Set = ["time", "date", "timestamp", "t", "step", "index", "year", "month", "week", "day", "hour"]
  /// Names of columns of numbers that may be days such as 20240131, or seconds since 1970, and don't just count.
  private static let dateNames = timeNames.subtracting(["step", "index"]).union([
    "datetime", "date_time", "ts", "ds", "epoch", "unix", "unixtime", "unix_time", "unix_timestamp", "timestamp_ms", "time_ms",
    "period", "quarter", "yearmonth", "yyyymm", "yyyymmdd", "yearmoda",
  ])

  /// Whether a column of numbers is called so that they may be times.
  static func isCalledTime(_ name: String) -> Bool { dateNames.contains(name.lowercased()) }
  private static let groupNames: Set = ["series", "group", "id", "piece", "item", "store", "sensor", "unit", "name", "key"]

  /// The roles that are asked for, completed by those that are not ambiguous.
  ///
  /// - Parameters:
  ///   - time: the column of times, ``ColumnChoice/none`` to take the rows as steps, nil to find it in the table.
  ///   - group: the column that says which series a row belongs to, ``ColumnChoice/none`` for a single series, nil to find it in
  ///     the table.
  ///   - targets: nil for the only column of numbers that has no other role, or in wide form for all of them. A name may be
  ///     a range, `first..last`.
  ///   - further: what is read beside the numbers of steps; nil for nothing. Where times are read, the rows are the steps.
  /// - Throws: ``RecurrentError`` if there is no such column, or more than one could be meant.
  package func roles(
    time: ColumnChoice?, group: ColumnChoice?, targets: [String]?, known: [String], isWide: Bool,
    further request: FurtherRequest? = nil
  ) throws(RecurrentError) -> ColumnRoles {
    let given = try targets.map { names throws(RecurrentError) in try columns(named: names) }
    let known = try columns(named: known)
    let further = try request.flatMap { request throws(RecurrentError) in try self.further(request) }
    let others = further?.columns ?? []
    let taken = Set((given ?? []) + known + others)
    var roles = ColumnRoles(targets: [], known: known, isWide: isWide, further: further)
    roles.time = try role(time, taken: taken, guess: further?.elapsed == nil ? self.time : nil)
    if roles.time != nil || further?.elapsed == nil { roles.times = try reading(ofTime: roles.time) }
    roles.group = isWide ? nil : try role(group, taken: taken, guess: self.group)
    if let given {
      roles.targets = given
    } else {
      let free = columns.filter {
        $0.kind == .number && !taken.contains($0.name) && $0.name != roles.time && $0.name != roles.group
      }
      let varying = free.filter(\.mayBeTarget)
      guard let first = varying.first else {
        let near = columns.lazy.compactMap { column in column.oddAmongNumbers.map { (column, $0) } }.first
        if let (column, odd) = near, free.isEmpty { throw error(odd, of: column) }
        let why = free.isEmpty ? whatThereIs : Self.why(free)
        throw RecurrentError(.data, naming: "\(source) has no column of numbers to forecast\(why)")
      }
      guard isWide || varying.count == 1 else {
        throw RecurrentError(
          .data,
          naming:
            "\(source) has \(varying.count) columns that could be forecast, such as “\(first.name)” and “\(varying[1].name)”: say which with \(Setting("target")) NAME, or \(Setting("wide")) if each column is a series of the same thing"
        )
      }
      roles.targets = varying.map(\.name)
    }
    try check(roles)
    return roles
  }

  /// The end of a sentence that says why columns of numbers are no targets by themselves.
  private static func why(_ columns: [ColumnSummary]) -> Sentence {
    if let index = columns.first(where: \.isIndex) {
      return "; “\(index.name)” counts the rows, and \(Setting("target")) \(index.name) forecasts it all the same"
    }
    return Sentence(columns.first.map { "; “\($0.name)” is \($0.constant) in every row" } ?? "")
  }

  /// The end of a sentence that says what the columns without numbers hold.
  private var whatThereIs: Sentence {
    let shown = columns.prefix(6).compactMap { column -> String? in
      switch column.kind {
      case .empty: "\(quotedValue(column.name)) holds nothing"
      case .moment, .array, .number, .truth: "\(quotedValue(column.name)) holds \(column.kind.things)"
      case .text:
        column.firstText.map { "\(quotedValue(column.name)) holds texts such as \(quotedValue($0.text)) in line \($0.line)" }
      }
    }
    let hasTexts = columns.contains { $0.kind == .text }
    let remedy = hasTexts ? "; write numbers like 1234.5, with nothing around them" : ""
    return Sentence(": \(shown.joined(separator: ", "))\(remedy)")
  }

  /// The columns that names or ranges of names stand for.
  func columns(named names: [String]) throws(RecurrentError) -> [String] {
    var found: [String] = []
    for name in names {
      if columns.contains(where: { $0.name == name }) {
        found.append(name)
        continue
      }
      let ends = name.split(separator: "..").map(String.init)
      guard ends.count == 2 else { throw unknown(name) }
      guard let first = columns.firstIndex(where: { $0.name == ends[0] }) else { throw unknown(ends[0]) }
      guard let last = columns.firstIndex(where: { $0.name == ends[1] }) else { throw unknown(ends[1]) }
      guard first <= last else {
        throw RecurrentError(
          .data, "\(source): the column “\(ends[1])” stands before “\(ends[0])”, so the range is \(ends[1])..\(ends[0])")
      }
      found += columns[first...last].map(\.name)
    }
    return found
  }

  private func role(_ asked: ColumnChoice?, taken: Set<String>, guess: ColumnSummary?) throws(RecurrentError) -> String? {
    guard let asked else { return guess.flatMap { taken.contains($0.name) ? nil : $0.name } }
    guard let name = asked.name else { return nil }
    guard columns.contains(where: { $0.name == name }) else { throw unknown(name) }
    return name
  }

  func unknown(_ name: String) -> RecurrentError {
    let near = columns.map(\.name).prefix(12).map { "“\($0)”" }.joined(separator: ", ")
    return RecurrentError(
      .data, "\(source) has no column “\(name)”; it has \(near)\(columns.count > 12 ? " and \(columns.count - 12) more" : "")")
  }

  /// - Throws: ``RecurrentError`` if a column can't have the role that it has.
  private func check(_ roles: ColumnRoles) throws(RecurrentError) {
    var names: Set<String> = []
    if let double = roles.all.first(where: { !names.insert($0).inserted }) {
      let more: Sentence = roles.further == nil ? "" : ", or one for \(Setting("elapsed")) or \(Setting("static"))"
      throw RecurrentError(
        .data, naming: "the column “\(double)” can have one role only: time, group, target, or known ahead\(more)")
    }
    let known = Dictionary(columns.map { ($0.name, $0) }) { first, _ in first }
    for name in roles.targets + roles.known {
      guard let column = known[name] else { continue }
      if let odd = column.oddAmongNumbers { throw error(odd, of: column) }
      guard [.number, .truth, .empty].contains(column.kind) else {
        let what: Sentence = "\(source), \(title(ofColumn: name)): it holds \(column.kind.things), and numbers are needed"
        guard let odd = column.unreadNumber, let remedy = remedy(for: odd, of: column) else {
          throw RecurrentError(.data, naming: what)
        }
        throw RecurrentError(.data, naming: what + "; \(quotedValue(odd.text)) in line \(odd.line) is no number, but \(remedy)")
      }
      if let odd = column.odd { throw error(odd, of: column) }
      if column.kind == .empty { throw RecurrentError(.data, "\(source), \(title(ofColumn: name)): it has no values") }
      if column.isConstant, roles.targets == [name] {
        throw RecurrentError(
          .data, "\(source), \(title(ofColumn: name)): it is \(column.constant) in every row, so there is nothing to learn")
      }
    }
  }
}
