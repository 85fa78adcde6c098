import Support

/// Reads the series and the time of each row.
struct RowKeys {
  private let source: String
  private let time: (place: Int, name: String)?
  private let group: (place: Int, name: String)?
  private let times: TimeReading?
  /// The rules of the zone in which the times are.
  let zone: TimeZoneRules?

  /// - Parameter times: how the column of times is read; nil for numbers, and for moments as ISO 8601 writes them.
  /// - Throws: ``RecurrentError`` if the system has no such time zone.
  init(_ reader: TableReader, time: String?, group: String?, times: TimeReading?) throws(RecurrentError) {
    source = reader.source
    func place(_ name: String?) -> (Int, String)? {
      name.flatMap { name in reader.columns.firstIndex(of: name).map { ($0, name) } }
    }
    (self.time, self.group, self.times) = (place(time), place(group), times)
    zone = try times?.rules()
  }

  func group(_ row: TableRow) throws(RecurrentError) -> String {
    guard let group else { return "" }
    let text = row.text(group.place)
    if text.isEmpty {
      throw RecurrentError(
        .data,
        "\(source), line \(row.line), \(title(ofColumn: group.name)): it is empty; name the series that the row belongs to"
      )
    }
    return text
  }

  /// - Parameter before: the time of the series' row before.
  func time(_ row: TableRow, after before: TimeValue?) throws(RecurrentError) -> TimeValue? {
    guard let time else { return nil }
    let value = row.value(time.place)
    if value == .missing {
      let shown = row[time.place].isEmpty ? "" : " (\(quotedValue(row.text(time.place))))"
      throw error(row, "the time is missing\(shown); put it in, or leave the row out")
    }
    guard let times else { return try plain(value, row) }
    do throws(TimeReading.Problem) {
      return try times.time(row[time.place], zone, numbers: row.numbers, after: before)
    } catch {
      throw self.error(row, "\(quotedValue(row.text(time.place))) \(error.text)")
    }
  }

  /// The time in a column of which nothing is known: models of the first version take moments in UTC.
  private func plain(_ value: TableValue, _ row: TableRow) throws(RecurrentError) -> TimeValue {
    switch value {
    case .number(let number): return .number(number)
    case .moment(let moment):
      return .moment(Moment(seconds: moment.seconds, offset: moment.offset.map { _ in 0 }, precision: moment.precision))
    case .missing, .amount, .truth, .array, .text:
      throw error(
        row,
        "\(quotedValue(row.text(time?.place ?? 0))) is no time; write dates like 2024-01-31, 2024-01 or 2024-01-31T13:45, or numbers"
      )
    }
  }

  private func error(_ row: TableRow, _ what: Sentence) -> RecurrentError {
    RecurrentError(.data, naming: "\(source), line \(row.line), \(title(ofColumn: time?.name ?? "")): \(what)")
  }
}
