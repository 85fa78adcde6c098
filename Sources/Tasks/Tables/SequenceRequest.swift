package import Support

/// What the caller says of how a table holds labelled sequences; the rest is found out from the table.
package struct SequenceRequest: Sendable, Hashable {
  /// The columns of labels; a name may be a range, `first..last`.
  package var labels: [String]?
  /// The column of texts.
  package var text: String?
  /// The columns of numbers, or of arrays of numbers.
  package var columns: [String]?
  /// The column that says which sequence a row belongs to.
  package var group: String?
  /// Whether each row is a sequence, so that there is no such column; nil to find it out from the table.
  package var hasSequenceInEachRow: Bool?
  /// Numbers of a step where each row is a sequence.
  package var perStep: Int?
  /// What stands between several labels.
  package var separator: String?
  /// Whether each sequence has a single label, whatever it contains; nil to find it out from the table.
  package var hasSingleLabels: Bool?
  /// What is done about missing numbers; nil to refuse them.
  package var missing: MissingPolicy?
  /// What is read beside the numbers of steps; nil for nothing.
  package var further: FurtherRequest?

  package init(
    labels: [String]? = nil, text: String? = nil, columns: [String]? = nil, group: String? = nil,
    hasSequenceInEachRow: Bool? = nil, perStep: Int? = nil, separator: String? = nil, hasSingleLabels: Bool? = nil,
    missing: MissingPolicy? = nil, further: FurtherRequest? = nil
  ) {
    self.labels = labels
    self.text = text
    self.columns = columns
    self.group = group
    self.hasSequenceInEachRow = hasSequenceInEachRow
    self.perStep = perStep
    self.separator = separator
    self.hasSingleLabels = hasSingleLabels
    self.missing = missing
    self.further = further
  }
}

extension SequenceRequest {
  /// All names of columns in the request.
  package var names: [String] {
    (labels ?? []) + (columns ?? []) + [text, group].compactMap { $0 } + (further?.names ?? [])
  }
}

extension TableSummary {
  /// Summarises a table of labelled sequences. In a table of texts alone no value shows which of them are names: there the first
  /// line names the columns if one of its texts says that labels follow, and is no label itself.
  ///
  /// - Parameters:
  ///   - names: names of columns that the caller knows.
  ///   - times: what the caller has said of how times are read.
  package init(
    ofLabelled file: TableFile, names: [String] = [], times: TimeRequest = TimeRequest()
  ) throws(RecurrentError) {
    let summary = try TableSummary(of: DataTable(file), times: times)
    var isNamed = false
    if file.hasHeader == nil, !summary.hasHeader, summary.columns.allSatisfy({ $0.kind == .text }) {
      var first = TableRow()
      _ = try TableReader(summary.table).next(&first)
      isNamed = summary.columns.indices.contains { place in
        let text = first.text(place)
        return (Self.labelNames.contains(text.lowercased()) || names.contains(text)) && summary.columns[place].texts[text] == 1
      }
    }
    guard isNamed, var named = summary.table.file else {
      self = summary
      return
    }
    named.hasHeader = true
    self = try TableSummary(of: DataTable(named), times: times)
  }

  /// How the table holds labelled sequences.
  ///
  /// - Throws: ``RecurrentError`` if there is no such column, or more than one could be meant.
  package func sequenceForm(_ request: SequenceRequest) throws(RecurrentError) -> SequenceForm {
    let labels: [String] = if let names = request.labels { try columns(named: names) } else { [try labelColumn(request).name] }
    let further = try request.further.flatMap { request throws(RecurrentError) in try self.further(request) }
    let taken = Set(labels + (further?.columns ?? []))
    let read = try request.columns.map { names throws(RecurrentError) in try columns(named: names) } ?? []
    if taken.count < labels.count + (further?.count ?? 0) || further.map({ !Set($0.columns).isDisjoint(with: read) }) ?? false {
      throw RecurrentError(
        .data, naming: "a column has one role only: labels, \(Setting("elapsed")), \(Setting("static")), or what is read")
    }
    for name in labels where name == request.text || name == request.group {
      throw RecurrentError(.data, "the column “\(name)” can't hold labels and what they are of")
    }
    let steps: SequenceForm.Steps
    if let text = try textColumn(request, taken) {
      if request.group != nil || request.columns != nil || request.perStep != nil {
        throw RecurrentError(
          .data, "\(source), \(title(ofColumn: text)): it holds texts, which have no groups and no columns of numbers")
      }
      if request.missing != nil {
        throw RecurrentError(
          .data,
          naming:
            "\(source), \(title(ofColumn: text)): it holds texts, in which no numbers are missing: leave out \(Setting("missing"))"
        )
      }
      if let further {
        throw RecurrentError(
          .data,
          naming:
            "\(source), \(title(ofColumn: text)): it holds texts, and \(Setting(further.elapsed == nil ? "static" : "elapsed")) is for sequences of numbers: leave it out"
        )
      }
      steps = .text(column: text)
    } else {
      steps = try numberSteps(request, taken)
    }
    if let elapsed = further?.elapsed, !steps.areRows {
      throw RecurrentError(
        .data,
        naming:
          "each row of \(source) is a sequence, and “\(elapsed)” can't say how far apart its steps are: leave out \(Setting("elapsed")), or name the column that tells sequences apart with \(Setting("group"))"
      )
    }
    let columnCount = hasHeader ? nil : columns.count
    if labels.count > 1 {
      if request.separator != nil {
        throw RecurrentError(
          .data, "several columns of labels have zeros and ones, and nothing to separate: give one column, or no separator")
      }
      return SequenceForm(
        steps, labels: labels, missing: request.missing ?? .error, columnCount: columnCount, further: further)
    }
    let separator = request.hasSingleLabels == true ? nil : request.separator ?? defaultSeparator(labels[0])
    return SequenceForm(
      steps, labels: labels, separator: separator, missing: request.missing ?? .error, columnCount: columnCount,
      further: further)
  }

  /// How the table holds labelled sequences, if it looks as if it did; nil if nothing but the place of a column suggests it.
  package var likelySequenceForm: SequenceForm? {
    guard let form = try? sequenceForm(.init()), let label = self[form.labels[0]] else { return nil }
    let isNamed = Self.labelNames.contains(label.name.lowercased())
    switch form.steps {
    case .text: guard isNamed || variety(label) < 0.5 else { return nil }
    case .row(let columns, _):
      let isNumbered = label.kind == .number && label.isWhole && label.minimum >= 0 && label.maximum < 100
      guard isNamed || time == nil && columns.count > 1 && (isNumbered || variety(label) < 0.5) else { return nil }
    case .rows: guard isNamed || label.kind == .text && time?.kind != .moment else { return nil }
    case .arrays, .dimensions: break
    }
    // The first sequences show whether they are any.
    guard let file = table.file, let reader = try? SequenceReader(file, form: form, missing: .mask, labels: true) else {
      return nil
    }
    var count = 0
    do throws(RecurrentError) {
      while count < 100, try reader.next() != nil { count += 1 }
    } catch {
      return nil
    }
    return count > 1 ? form : nil
  }

  /// A semicolon if it occurs in labels.
  private func defaultSeparator(_ label: String) -> String? {
    (self[label]?.texts.keys.contains { $0.contains(";") } ?? false) ? ";" : nil
  }

  static let labelNames: Set = [
    "label", "labels", "class", "classes", "category", "categories", "target", "tag", "tags", "topic", "intent", "sentiment",
    "language", "speaker", "activity",
  ]
  static let sequenceNames: Set = ["sequence", "series", "group", "id", "piece", "recording", "sample", "case", "trial"]

  private func labelColumn(_ request: SequenceRequest) throws(RecurrentError) -> ColumnSummary {
    let given = Set([request.text, request.group].compactMap { $0 } + (try columns(named: request.columns ?? [])))
    let free = columns.filter { !given.contains($0.name) && $0.kind != .array }
    if let named = free.first(where: { Self.labelNames.contains($0.name.lowercased()) }) { return named }
    let texts = free.filter { $0.kind == .text || $0.kind == .truth }
    // Labels are repeated, texts seldom.
    if texts.count == 2, columns.count == 2 || request.text == nil {
      return variety(texts[0]) < variety(texts[1]) ? texts[0] : texts[1]
    }
    if texts.count == 1, variety(texts[0]) < 1 { return texts[0] }
    guard let last = free.last, columns.count > 1,
      last.kind == .text || last.kind == .truth || last.kind == .number && last.isWhole
    else {
      throw RecurrentError(
        .data, naming: "\(source) does not show which column holds the labels: say it with \(Setting("target")) NAME")
    }
    return last
  }

  /// The number of different texts for each row, 1 if no text is repeated.
  private func variety(_ column: ColumnSummary) -> Double {
    column.hasMoreTexts ? 1 : Double(column.texts.count) / Double(max(1, column.count))
  }

  private func textColumn(_ request: SequenceRequest, _ taken: Set<String>) throws(RecurrentError) -> String? {
    if let name = request.text {
      guard self[name] != nil else { throw unknown(name) }
      return name
    }
    if request.columns != nil || request.group != nil { return nil }
    if columns.contains(where: { $0.kind == .array && !taken.contains($0.name) }) { return nil }
    let texts = columns.filter { $0.kind == .text && !taken.contains($0.name) }
    let numbers = columns.contains { $0.kind == .number && !taken.contains($0.name) }
    guard let first = texts.first else { return nil }
    // A text that is repeated beside numbers says which sequence they belong to.
    if numbers, texts.count == 1, variety(first) < 0.5 { return nil }
    guard texts.count == 1 else {
      throw RecurrentError(
        .data,
        naming:
          "\(source) has \(texts.count) columns of texts, such as “\(first.name)” and “\(texts[1].name)”: say which to read with \(Setting("text")) NAME"
      )
    }
    return first.name
  }

  private func numberSteps(_ request: SequenceRequest, _ taken: Set<String>) throws(RecurrentError) -> SequenceForm.Steps {
    let asked = try request.columns.map { names throws(RecurrentError) in try columns(named: names) }
    let arrays = columns.filter { $0.kind == .array && asked?.contains($0.name) ?? !taken.contains($0.name) }
    if !arrays.isEmpty { return try arraySteps(arrays, request, asked, taken) }
    let group = try groupColumn(request, taken.union(asked ?? []))
    // A column that counts the rows is not data.
    let time = time?.name
    let numbersRows = { (column: ColumnSummary) in
      Self.sequenceNames.contains(column.name.lowercased()) || column.name == time
    }
    let free = columns.filter {
      ($0.kind == .number || $0.kind == .truth) && !taken.contains($0.name) && $0.name != group && !numbersRows($0)
    }
    let names = asked ?? (free.contains { !$0.isIndex } ? free.filter { !$0.isIndex } : free).map(\.name)
    guard !names.isEmpty else { throw RecurrentError(.data, "\(source) has no column of texts or numbers beside the labels") }
    for name in names {
      guard let column = self[name], !taken.contains(name) else {
        throw RecurrentError(.data, "the column “\(name)” can't hold labels and what they are of")
      }
      if let odd = column.odd { throw error(odd, of: column) }
      guard [.number, .truth, .empty].contains(column.kind) else {
        throw RecurrentError(.data, "\(source), \(title(ofColumn: name)): it holds \(column.kind.things), and numbers are needed")
      }
    }
    if let group {
      if request.perStep != nil {
        throw RecurrentError(
          .data,
          naming:
            "each row of \(source) is a step, by the \(title(ofColumn: group)): leave out \(Setting("per-step")), or give \(Setting("group")) none"
        )
      }
      return .rows(columns: names, group: group)
    }
    let perStep = request.perStep ?? 1
    guard names.count.isMultiple(of: perStep) else {
      throw RecurrentError(.data, "\(source) has \(names.count) columns of numbers, which are no steps of \(perStep) each")
    }
    return .row(columns: names, perStep: perStep)
  }

  /// The form of a table in which each row is a sequence, whose steps are in arrays.
  private func arraySteps(
    _ arrays: [ColumnSummary], _ request: SequenceRequest, _ asked: [String]?, _ taken: Set<String>
  ) throws(RecurrentError) -> SequenceForm.Steps {
    if let name = asked?.first(where: { name in !arrays.contains { $0.name == name } || taken.contains(name) }) {
      throw RecurrentError(
        .data,
        naming:
          "\(source), \(title(ofColumn: name)): it holds \(self[name]?.kind.things ?? "nothing"), and \(title(ofColumn: arrays[0].name)) arrays: name columns of arrays in \(Setting("columns")), or columns of numbers"
      )
    }
    if request.group != nil || request.perStep != nil {
      throw RecurrentError(
        .data,
        naming:
          "\(source), \(title(ofColumn: arrays[0].name)): each row has a whole sequence there, as an array: leave out \(Setting("group")) and \(Setting("per-step"))"
      )
    }
    let widths = try arrays.map { column throws(RecurrentError) in
      if let odd = column.odd { throw error(odd, of: column) }
      return column.width ?? 1
    }
    return .arrays(columns: arrays.map(\.name), widths: widths)
  }

  private func groupColumn(_ request: SequenceRequest, _ taken: Set<String>) throws(RecurrentError) -> String? {
    if request.hasSequenceInEachRow == true { return nil }
    if let asked = request.group {
      guard self[asked] != nil else { throw unknown(asked) }
      return asked
    }
    let free = columns.filter { !taken.contains($0.name) }
    for column in free where Self.sequenceNames.contains(column.name.lowercased()) {
      switch column.kind {
      case .text where variety(column) < 0.5: return column.name
      case .number where column.isWhole: if try comesAgain(column) { return column.name }
      case .text, .number, .truth, .moment, .array, .empty: break
      }
    }
    return free.first { $0.kind == .text && variety($0) < 0.5 }?.name
  }

  /// Whether a number of a column stands in several rows, one below the other or not.
  private func comesAgain(_ column: ColumnSummary) throws(RecurrentError) -> Bool {
    if column.changes + 1 < column.count { return true }
    // Numbers that only rise, or only fall, are all different.
    if column.descents == 0 || column.descents == column.changes { return false }
    let reader = try TableReader(table)
    guard let place = reader.columns.firstIndex(of: column.name) else { return false }
    var seen: Set<Double> = []
    var row = TableRow()
    while try reader.next(&row) {
      if case .number(let number) = row.value(place), !seen.insert(number).inserted { return true }
    }
    return false
  }
}
