import Support

/// Reads what rows have beside the numbers of their steps, for each sequence by itself.
struct FurtherReader {
  private struct Last {
    let line: Int
    var time: TimeValue?
    let constants: [Double]
  }

  private let reader: TableReader
  private let keys: RowKeys
  private let hasElapsed: Bool
  private let constants: [(name: String, place: Int)]
  /// The row before of each sequence.
  private var last: [String: Last] = [:]

  /// - Throws: ``RecurrentError`` if the table lacks a column.
  init?(_ reader: TableReader, _ columns: FurtherColumns?) throws(RecurrentError) {
    guard let columns, columns.count > 0 else { return nil }
    if let name = columns.columns.first(where: { !reader.columns.contains($0) }) { throw reader.lacks(name) }
    self.reader = reader
    keys = try RowKeys(reader, time: columns.elapsed, group: nil, times: columns.times)
    hasElapsed = columns.elapsed != nil
    constants = columns.constants.compactMap { name in reader.columns.firstIndex(of: name).map { (name, $0) } }
  }

  /// What a row has: the time since the row before, which is 0 in the first one, and then what is always the same.
  ///
  /// - Parameters:
  ///   - sequence: the name of the row's sequence.
  ///   - begins: whether the row is known to be the first of it; nil if the name alone says which rows belong together.
  /// - Throws: ``RecurrentError`` if something is missing, time goes back, or what should be the same is not.
  mutating func numbers(of row: TableRow, in sequence: String, begins: Bool? = nil) throws(RecurrentError) -> [Double] {
    let before = begins == true ? nil : last[sequence]
    var numbers: [Double] = []
    var time: TimeValue?
    if hasElapsed {
      time = try keys.time(row, after: before?.time)
      numbers.append(try elapsed(to: time, in: row, since: before))
    }
    let own = try constants.map { column throws(RecurrentError) in try constant(column, row) }
    if let before, let odd = own.indices.first(where: { own[$0] != before.constants[$0] }) {
      throw RecurrentError(
        .data,
        naming:
          "\(place(row, constants[odd].name)): \(short(own[odd])) stands there, and \(short(before.constants[odd])) in line \(before.line) of the same sequence; \(Setting("static")) is for what is the same in all rows of a sequence"
      )
    }
    last[sequence] = Last(line: row.line, time: time, constants: own)
    return numbers + own
  }

  private func elapsed(to time: TimeValue?, in row: TableRow, since before: Last?) throws(RecurrentError) -> Double {
    guard let time, let before, let earlier = before.time else { return 0 }
    if time < earlier {
      throw RecurrentError(
        .data,
        "\(source(row)): \(time) comes after \(earlier) in line \(before.line) of the same sequence, which goes back in time; sort the rows"
      )
    }
    switch (earlier, time) {
    case (.number(let earlier), .number(let time)): return time - earlier
    case (.moment(let earlier), .moment(let time)): return Double(time.seconds - earlier.seconds)
    case (.number, .moment), (.moment, .number):
      throw RecurrentError(
        .data, "\(source(row)): \(time) is no time like \(earlier) in line \(before.line); write all times alike")
    }
  }

  private func constant(_ column: (name: String, place: Int), _ row: TableRow) throws(RecurrentError) -> Double {
    let number = try reader.number(row, column)
    if number.isNaN {
      throw RecurrentError(
        .data,
        naming: "\(place(row, column.name)): the number is missing; put it in, or leave the column out of \(Setting("static"))")
    }
    return number
  }

  private func source(_ row: TableRow) -> String { "\(reader.source), line \(row.line)" }
  private func place(_ row: TableRow, _ name: String) -> String { "\(source(row)), \(title(ofColumn: name))" }
}
