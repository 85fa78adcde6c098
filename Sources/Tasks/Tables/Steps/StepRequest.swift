package import Support

/// What the caller says of how a table holds sequences with something to give at every step; the rest is found out from the table.
package struct StepRequest: Sendable, Hashable {
  /// What the network is to give at each step.
  package enum Kind: Sendable { case label, values }

  package var kind: Kind
  /// The column of labels, or the columns of outputs; a name may be a range, `first..last`.
  package var targets: [String]?
  /// The columns of numbers to read.
  package var columns: [String]?
  /// The column that says which sequence a row belongs to.
  package var group: ColumnChoice?
  /// The column that says when a step is.
  package var time: ColumnChoice?
  /// What is done about missing numbers; nil to refuse them.
  package var missing: MissingPolicy?
  /// What is read beside the numbers of steps; nil for nothing.
  package var further: FurtherRequest?

  package init(
    _ kind: Kind, targets: [String]? = nil, columns: [String]? = nil, group: ColumnChoice? = nil, time: ColumnChoice? = nil,
    missing: MissingPolicy? = nil, further: FurtherRequest? = nil
  ) {
    self.kind = kind
    self.targets = targets
    self.columns = columns
    self.group = group
    self.time = time
    self.missing = missing
    self.further = further
  }

  /// All names of columns in the request.
  package var names: [String] {
    (targets ?? []) + (columns ?? []) + [group?.name, time?.name].compactMap { $0 } + (further?.names ?? [])
  }
}

extension TableSummary {
  /// How the table holds sequences with something to give at every step.
  ///
  /// - Throws: ``RecurrentError`` if there is no such column, or more than one could be meant.
  package func stepForm(_ request: StepRequest) throws(RecurrentError) -> StepForm {
    for name in [request.group?.name, request.time?.name].compactMap({ $0 }) where self[name] == nil { throw unknown(name) }
    let asked = try request.columns.map { names throws(RecurrentError) in try columns(named: names) }
    let further = try request.further.flatMap { request throws(RecurrentError) in try self.further(request) }
    let others = further?.columns ?? []
    // Of times that are read only the order is checked, which further columns do themselves.
    let time =
      request.time.map(\.name)
      ?? (further?.elapsed == nil ? likelyTime(taken: (asked ?? []) + (request.targets ?? []) + others) : nil)
    let given = Set((asked ?? []) + [time, request.group?.name].compactMap { $0 } + others)
    let targets = try targets(request, given)
    let group = request.group.map(\.name) ?? likelyGroup(taken: given.union(targets))
    let roles = targets + [group, time].compactMap { $0 } + (asked ?? []) + others
    var seen: Set<String> = []
    if let double = roles.first(where: { !seen.insert($0).inserted }) {
      let more: Sentence = others.isEmpty ? "group or time" : "group, time, \(Setting("elapsed")) or \(Setting("static"))"
      throw RecurrentError(
        .data, naming: "the column “\(double)” can have one role only: what is read, what is given, \(more)")
    }
    let names =
      asked
      ?? columns.filter { ($0.kind == .number || $0.kind == .truth) && !seen.contains($0.name) && !$0.isIndex }.map(\.name)
    guard !names.isEmpty else {
      throw RecurrentError(
        .data, naming: "\(source) has no other column of numbers to read: name those that are read with \(Setting("columns"))")
    }
    try checkNumbers(names)
    if request.kind == .values { try checkNumbers(targets) }
    return StepForm(
      columns: names, targets: request.kind == .label ? .label(column: targets[0]) : .values(columns: targets), group: group,
      time: time, missing: request.missing ?? .error, columnCount: hasHeader ? nil : columns.count, further: further)
  }

  /// The columns that are neither read nor given, nor say to which sequence or time a row belongs.
  package func unread(by form: StepForm) -> [String] {
    let used = Set(form.columns + form.targetColumns + [form.group, form.time].compactMap { $0 } + (form.further?.columns ?? []))
    return columns.map(\.name).filter { !used.contains($0) }
  }

  private func likelyTime(taken: [String]) -> String? { time.flatMap { taken.contains($0.name) ? nil : $0.name } }

  private func targets(_ request: StepRequest, _ given: Set<String>) throws(RecurrentError) -> [String] {
    if let asked = request.targets {
      let names = try columns(named: asked)
      if request.kind == .label, names.count > 1 {
        throw RecurrentError(
          .data,
          naming: "each step has one label: name one column with \(Setting("target")), not \(names.joined(separator: ", "))")
      }
      return names
    }
    let free = columns.filter { !given.contains($0.name) && $0.kind != .array && $0.kind != .empty }
    let (known, what) =
      switch request.kind {
      case .label: (Self.labelNames.union(Self.stepLabelNames), "which column holds the label of each step")
      case .values: (Self.outputNames, "which columns a network is to give")
      }
    // Numbers with decimals are no labels.
    let named = free.first {
      known.contains($0.name.lowercased()) && (request.kind == .values || $0.kind != .number || $0.isWhole)
    }
    if let named { return [named.name] }
    if request.kind == .label {
      let group = request.group?.name ?? likelyGroup(taken: given)
      let texts = free.filter { ($0.kind == .text || $0.kind == .truth) && $0.name != group }
      if texts.count == 1 { return [texts[0].name] }
    }
    throw RecurrentError(.data, naming: "\(source) does not show \(what): say it with \(Setting("target")) NAME")
  }

  /// The column that says which sequence a row belongs to: one that is called like it and stays the same from row to row.
  private func likelyGroup(taken: Set<String>) -> String? {
    let free = columns.filter { !taken.contains($0.name) && $0.missing == 0 }
    let named = Self.sequenceNames.union(Self.stepGroupNames)
    let likely = free.filter { column in
      switch column.kind {
      case .text: !column.hasMoreTexts && 2 * column.texts.count < column.count && !column.isConstant
      case .number: column.isWhole && 2 * column.changes < column.count && !column.isConstant
      case .empty, .truth, .moment, .array: false
      }
    }
    return likely.first { named.contains($0.name.lowercased()) }?.name
  }

  private func checkNumbers(_ names: [String]) throws(RecurrentError) {
    for name in names {
      guard let column = self[name] else { throw unknown(name) }
      if let odd = column.odd { throw error(odd, of: column) }
      guard [.number, .truth, .empty].contains(column.kind) else {
        throw RecurrentError(.data, "\(source), \(title(ofColumn: name)): it holds \(column.kind.things), and numbers are needed")
      }
    }
  }

  private static let stepLabelNames: Set = [
    "state", "stage", "phase", "beat", "annotation", "event", "status", "mode", "regime",
  ]
  private static let outputNames: Set = ["output", "y", "target", "wet", "out"]
  private static let stepGroupNames: Set = [
    "subject", "patient", "person", "session", "run", "night", "record", "file", "user", "participant", "experiment", "unit",
    "track",
  ]
}
