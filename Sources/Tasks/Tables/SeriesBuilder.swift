import Support

/// Collects the rows of the series as the file has them.
struct SeriesBuilder {
  struct Rows {
    let name: String
    var times: [TimeValue] = []
    var lines: [Int] = []
    /// The values of each row: its targets, then the columns that are known ahead, and what is read of further ones.
    var values: [Double] = []
  }

  let source: String
  private let reader: TableReader
  private let keys: RowKeys
  private let roles: ColumnRoles
  private let columns: [(name: String, place: Int)]
  private var further: FurtherReader?
  private var timeline = Timeline()
  private var numbers: [String: Int] = [:]
  private(set) var series: [Rows] = []
  /// How the file is written; nil for a table that is no text with delimiters.
  var dialect: TableDialect? { reader.format.dialect }
  /// What was decided about values that could be read in two ways, in sentences.
  var decisions: [String] { reader.decisions }

  /// - Throws: ``RecurrentError`` if a column is not there.
  init(_ reader: TableReader, _ roles: ColumnRoles) throws(RecurrentError) {
    self.reader = reader
    source = reader.source
    columns = try reader.places(roles, roles.targets + roles.known)
    keys = try RowKeys(reader, time: roles.time, group: roles.group, times: roles.times)
    further = try FurtherReader(reader, roles.further)
    self.roles = roles
  }

  /// The rules of the zone in which the times are; nil if none is named.
  var zone: TimeZoneRules? { keys.zone }

  /// - Parameter isOfModel: whether a model has chosen the columns, so that they can't be chosen otherwise.
  mutating func readAll(isOfModel: Bool) throws(RecurrentError) {
    var row = TableRow()
    while try reader.next(&row) {
      let name = try keys.group(row)
      let number = numbers[name] ?? series.count
      if number == series.count {
        numbers[name] = number
        series.append(Rows(name: name))
      }
      if let time = try keys.time(row, after: series[number].times.last) {
        timeline.add(time, after: series[number].times.last, line: row.line, series: name)
        if let back = timeline.back { throw error(back, isOfModel: isOfModel) }
        series[number].times.append(time)
      }
      series[number].lines.append(row.line)
      for column in columns { series[number].values.append(try reader.number(row, column)) }
      series[number].values += try further?.numbers(of: row, in: name) ?? []
    }
    if series.isEmpty { throw RecurrentError(.data, "\(source) has names of columns and no rows below them") }
  }

  /// The step between the rows, after a check that all are equally far apart.
  func checkedStep(_ given: TimeStep?) throws(RecurrentError) -> TimeStep {
    guard let step = given ?? timeline.step else { return .rows }
    if let place = timeline.irregular(step) {
      let series = place.series.isEmpty ? "" : " in the series \(place.series)"
      let other: Sentence = given == nil ? ", or give \(Setting("time")) none to take each row as a step" : ""
      let remedy = clockRemedy(place, step, isOfModel: given != nil) ?? "bring them to even steps\(other)"
      throw RecurrentError(
        .data,
        naming:
          "\(source), line \(place.line): \(roles.text(place.after)) comes after \(roles.text(place.before))\(series), and the rows are otherwise \(step.description) apart; \(remedy)"
      )
    }
    return step
  }

  private func error(_ place: Timeline.Place, isOfModel: Bool) -> RecurrentError {
    let series = place.series.isEmpty ? "" : " of the series \(place.series)"
    let sorted: Sentence =
      place.series.isEmpty && !isOfModel
      ? "sort the rows, or name the column that says which series they belong to with \(Setting("group"))" : "sort the rows"
    let remedy = clockRemedy(place, timeline.step, isOfModel: isOfModel) ?? joinRemedy(place) ?? sorted
    let (before, after) = (roles.text(place.before), roles.text(place.after))
    return place.after == place.before
      ? RecurrentError(.data, naming: "\(source), line \(place.line): \(after) stands there twice\(series); \(remedy)")
      : RecurrentError(
        .data,
        naming: "\(source), line \(place.line): \(after) comes after \(before)\(series), which goes back in time; \(remedy)")
  }

  /// What to do about times in several columns; nil if it does not look so.
  private func joinRemedy(_ place: Timeline.Place) -> Sentence? {
    guard place.after == place.before, let time = roles.time,
      let part = reader.columns.first(where: { $0 != time && Self.partsOfTimes.contains($0.lowercased()) })
    else { return nil }
    return
      "if the \(title(ofColumn: part)) is a part of the time, write it and the \(title(ofColumn: time)) as one, such as 2024-01 or 2024-01-31T13:00"
  }

  private static let partsOfTimes: Set = ["year", "quarter", "month", "week", "day", "hour", "minute", "time", "hh", "mm", "mo"]

  /// What to do about a jump of the clock; nil if a place does not look like one.
  private func clockRemedy(_ place: Timeline.Place, _ step: TimeStep?, isOfModel: Bool) -> Sentence? {
    ClockChange(from: place.before, to: place.after, step: step)?.remedy(isOfModel: isOfModel)
  }
}
