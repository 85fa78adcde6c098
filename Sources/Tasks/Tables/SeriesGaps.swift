import Support

/// Gives series a row for each step, treats missing values as the policy says, and counts them.
struct SeriesGaps {
  let source: String
  let roles: ColumnRoles
  let policy: MissingPolicy
  /// Whether ``MissingPolicy/mask`` would be possible, for messages.
  let canMask: Bool
  /// Whether a model has chosen how times are read, for messages.
  let isOfModel: Bool
  private var rows = 0
  private var values = 0
  private var knownValues = 0
  private var tails = 0
  /// The first jump that looks like the clock's.
  private var clockChange: Sentence?

  init(source: String, roles: ColumnRoles, policy: MissingPolicy, canMask: Bool, isOfModel: Bool) {
    self.source = source
    self.roles = roles
    self.policy = policy
    self.canMask = canMask
    self.isOfModel = isOfModel
  }

  /// A series of the file with a row for each step; in wide form a series for each target column.
  mutating func fill(
    _ rows: SeriesBuilder.Rows, step: TimeStep, zone: TimeZoneRules?
  ) throws(RecurrentError) -> [SeriesTable.Series] {
    let width = roles.targets.count + roles.besides.count
    var (values, lines) = (rows.values, rows.lines)
    if !rows.times.isEmpty { (values, lines) = try spread(rows, step: step, width: width) }
    let count = lines.count
    func columns(_ range: Range<Int>) -> [Double] {
      (0..<count).flatMap { values[$0 * width + range.lowerBound..<$0 * width + range.upperBound] }
    }
    let known = columns(roles.targets.count..<width)
    let parts =
      roles.isWide ? roles.targets.enumerated().map { ($1, $0..<$0 + 1) } : [(rows.name, 0..<roles.targets.count)]
    let series = try parts.map { part throws(RecurrentError) in
      var series = SeriesTable.Series(name: part.0, start: rows.times.first, targets: columns(part.1), known: known, count: count)
      if case .months = step { series.dayOfMonth = DayOfMonth(rows.times).day }
      series.zone = zone
      series.noteOffsets(rows.times, step: step)
      try mend(&series, names: Array(roles.targets[part.1]), lines: lines)
      return series
    }
    tails += series.reduce(count) { min($0, count - $1.observed) }
    return series
  }

  /// Adds empty rows where the times leave steps out.
  private mutating func spread(
    _ rows: SeriesBuilder.Rows, step: TimeStep, width: Int
  ) throws(RecurrentError) -> (values: [Double], lines: [Int]) {
    var (values, lines): ([Double], [Int]) = ([], [])
    for index in rows.times.indices {
      let gap = index == 0 ? 1 : step.steps(from: rows.times[index - 1], to: rows.times[index]) ?? 1
      if gap > 1 {
        let series = rows.name.isEmpty ? "" : " in the series \(rows.name)"
        let (before, after) = (rows.times[index - 1], rows.times[index])
        let place = "\(source), line \(rows.lines[index]): \(roles.text(after)) comes after \(roles.text(before))"
        let change = ClockChange(from: before, to: after, step: step)?.remedy(isOfModel: isOfModel)
        if policy == .error {
          let missing = gap == 2 ? "1 row is missing" : "\(gap - 1) rows are missing"
          throw RecurrentError(
            .data,
            naming:
              "\(place)\(series): \(missing), \(step.description) each; \(change ?? "put them in, \(MissingPolicy.remedies(canMask: canMask))")"
          )
        }
        if let change, clockChange == nil { clockChange = "\(place)\(series): \(change)" }
        if gap - 1 > MissingPolicy.mostRows(between: rows.times.count) {
          throw RecurrentError(
            .data,
            "\(place)\(series): \(gap - 1) rows are "
              + "missing, too many to go on over; mend the time, or take what follows as another series")
        }
        self.rows += gap - 1
        values += Array(repeating: .nan, count: (gap - 1) * width)
        lines += Array(repeating: rows.lines[index], count: gap - 1)
      }
      values += rows.values[index * width..<(index + 1) * width]
      lines.append(rows.lines[index])
    }
    return (values, lines)
  }

  private mutating func mend(_ series: inout SeriesTable.Series, names: [String], lines: [Int]) throws(RecurrentError) {
    let width = names.count
    func isEmpty(_ step: Int) -> Bool { series.targets[step * width..<(step + 1) * width].allSatisfy(\.isNaN) }
    series.observed = (0..<series.count).last { !isEmpty($0) }.map { $0 + 1 } ?? 0
    if series.observed == 0 {
      throw RecurrentError(
        .data,
        "\(source), \(title(ofColumn: names[0])): the series \(series.name) has no value at all\(series.name.isEmpty ? "" : "; leave it out")"
      )
    }
    for place in 0..<width {
      let missing = try mend(&series.targets, place, of: width, in: 0..<series.observed, names[place], lines)
      values += missing.count
      if policy == .interpolate { series.filled.formUnion(missing.map { $0 * width + place }) }
    }
    let besides = roles.besides
    for (place, name) in besides.enumerated() {
      // The network has no mask for the columns that are known ahead.
      knownValues += try mend(&series.known, place, of: besides.count, in: 0..<series.count, name, lines, isKnown: true).count
    }
  }

  /// - Returns: the steps in which values were missing.
  private func mend(
    _ values: inout [Double], _ place: Int, of width: Int, in steps: Range<Int>, _ name: String, _ lines: [Int],
    isKnown: Bool = false
  ) throws(RecurrentError) -> [Int] {
    let missing = steps.filter { values[$0 * width + place].isNaN }
    guard let first = missing.first else { return [] }
    if policy == .error {
      throw RecurrentError(
        .data,
        naming:
          "\(source), line \(lines[first]), \(title(ofColumn: name)): the value is missing; put it in, \(MissingPolicy.remedies(canMask: canMask))"
      )
    }
    if policy == .mask && !isKnown { return missing }
    guard interpolate(&values, column: place, of: width, in: steps) else {
      throw RecurrentError(.data, "\(source), \(title(ofColumn: name)): a series has no value at all")
    }
    return missing
  }

  /// What was done about missing rows and values, in sentences.
  var sentences: [Sentence] {
    func count(_ number: Int, _ thing: String) -> String { number == 1 ? "1 \(thing)" : "\(number) \(thing)s" }
    var sentences: [Sentence] = []
    if rows > 0 { sentences.append("\(count(rows, "row")) that the times leave out \(rows == 1 ? "was" : "were") put in") }
    if values > 0 { sentences.append(Sentence(policy.sentence(values))) }
    if knownValues > 0 {
      sentences.append(
        "\(count(knownValues, "missing value")) of what is known ahead \(knownValues == 1 ? "was" : "were") interpolated")
    }
    if tails > 0 {
      let what = roles.neededAhead.isEmpty ? "" : ": what is known ahead is read of \(tails == 1 ? "it" : "them")"
      sentences.append("\(count(tails, "row")) at the end \(tails == 1 ? "has" : "have") no value yet\(what)")
    }
    if let clockChange { sentences.append(clockChange) }
    return sentences
  }
}
