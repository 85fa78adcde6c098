import Support

extension TableReader {
  /// The number in a field; NaN if it is missing. True and false are 1 and 0.
  ///
  /// - Throws: ``RecurrentError`` if it is no number, or in another unit than those before it in its column.
  func number(_ row: TableRow, _ column: (name: String, place: Int)) throws(RecurrentError) -> Double {
    let (number, unit): (Double, NumberUnit?)
    switch row.value(column.place) {
    case .missing: return .nan
    case .number(let plain): (number, unit) = (plain, nil)
    case .amount(let amount, let own): (number, unit) = (amount, own)
    case .truth(let isTrue): (number, unit) = (isTrue ? 1 : 0, .truth)
    case .moment, .array, .text: throw noNumber(row, column)
    }
    if let expected = units.unitExpected(beside: unit, at: column.place) {
      throw RecurrentError(
        .data,
        "\(place(row, column)): \(quotedValue(row.text(column.place))) stands where \(NumberUnit.thing(expected)) is expected, as in the "
          + "rest of the column; write all its values alike")
    }
    return number
  }

  private func noNumber(_ row: TableRow, _ column: (name: String, place: Int)) -> RecurrentError {
    let text = row.text(column.place)
    let remedy = format.dialect == nil ? nil : NumberReading.remedy(for: text)
    return RecurrentError(
      .data,
      naming: "\(place(row, column)): \(quotedValue(text)) is not a number; "
        + (remedy.map { "\($0), or mend it" as Sentence } ?? "mend it, or leave the place empty"))
  }

  private func place(_ row: TableRow, _ column: (name: String, place: Int)) -> String {
    "\(source), line \(row.line), \(title(ofColumn: column.name))"
  }
}

/// The units of the numbers of a table's columns, as the first number of each shows it.
struct ColumnUnits {
  private let columns: [String]
  private var units: [NumberUnit??]

  /// - Parameter known: those of a table that a model was trained on; nil if there is none, or it does not say.
  init(_ columns: [String], known: [String: NumberUnit]?) {
    self.columns = columns
    units = columns.map { name in known.map { .some($0[name]) } ?? .none }
  }

  /// The units that have been found, by the names of their columns.
  var found: [String: NumberUnit] {
    Dictionary(zip(columns, units).compactMap { name, unit in (unit ?? nil).map { (name, $0) } }) { first, _ in first }
  }

  /// What is expected in place of a number's unit; nil if that is as in the rest of its column.
  mutating func unitExpected(beside unit: NumberUnit?, at place: Int) -> NumberUnit?? {
    guard let expected = units[place] else {
      units[place] = .some(unit)
      return nil
    }
    return expected == unit ? nil : .some(expected)
  }
}

extension NumberUnit {
  /// What stands where a number with a unit stands, in a sentence: `a number with %`.
  static func thing(_ unit: NumberUnit?) -> String {
    guard let unit else { return "a number without a unit" }
    return unit == .truth ? "true or false" : "a number with \(unit)"
  }
}
