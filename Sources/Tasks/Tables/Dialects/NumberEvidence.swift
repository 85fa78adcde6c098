/// What the fields of a file show of how its numbers are written: how many fields each reading makes a number of.
struct NumberEvidence {
  /// A field, for messages.
  struct Field {
    let line: Int
    let place: Int
    let text: String
  }

  /// What a column's fields show.
  private struct Column {
    var filled = 0
    var counts = [Int](repeating: 0, count: NumberReading.all.count)
    /// How many fields are like `1.234`.
    var doubtfulPoints = 0
    /// The first fields that are numbers with one decimal mark alone.
    var onlyPoint: Field?
    var onlyComma: Field?
  }

  private var columns: [Column] = []
  /// Whether a row has been added.
  private var hasRows = false
  private var totals = [Int](repeating: 0, count: NumberReading.all.count)
  /// How many fields are numbers in some reading.
  private var numeric = 0
  /// Whether the last row has a number that is none, or another one, in some reading.
  private(set) var hasNews = false
  /// The first field like `1.234`, and the first like `1,234`: a number with three decimals, or a whole one.
  private var doubtfulPoint: Field?
  private var doubtfulComma: Field?

  private static func index(_ decimal: TableDialect.DecimalMark, _ thousands: TableDialect.ThousandsMark) -> Int {
    NumberReading.all.firstIndex(of: NumberReading(decimal: decimal, thousands: thousands)) ?? 0
  }
  private static let (point, comma) = (index(.point, .none), index(.comma, .none))
  private static let (pointGroups, commaGroups) = (index(.comma, .point), index(.point, .comma))

  mutating func add(_ row: TableRow) {
    while columns.count < row.count { columns.append(Column()) }
    hasNews = false
    for place in 0..<row.count { add(row[place], row, place) }
    hasRows = true
  }

  private mutating func add(_ text: ArraySlice<UInt8>, _ row: TableRow, _ place: Int) {
    if text.allSatisfy({ UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 }) {
      if !text.isEmpty { count(place) { _ in true } }
      return
    }
    // A month such as 01.2024 shows nothing of decimals.
    if Self.isMonth(text) { return }
    let numbers = NumberReading.mayBegin(with: text) ? NumberReading.all.map { $0.amount(text)?.number } : []
    guard numbers.contains(where: { $0 != nil }) else {
      // A text in the first row may be a name.
      if hasRows, TableValue(text) != .missing { columns[place].filled += 1 }
      return
    }
    count(place) { numbers[$0] != nil }
    hasNews = hasNews || Set(numbers).count > 1
    let field = { Field(line: row.line, place: place, text: row.text(place)) }
    func differ(_ one: Int, _ other: Int) -> Bool {
      numbers[one] != nil && numbers[other] != nil && numbers[one] != numbers[other]
    }
    if differ(Self.point, Self.pointGroups) {
      doubtfulPoint = doubtfulPoint ?? field()
      columns[place].doubtfulPoints += 1
    }
    if doubtfulComma == nil, differ(Self.comma, Self.commaGroups) { doubtfulComma = field() }
    let marks = Set(NumberReading.all.indices.filter { numbers[$0] != nil }.map { NumberReading.all[$0].decimal })
    if marks == [.point], columns[place].onlyPoint == nil { columns[place].onlyPoint = field() }
    if marks == [.comma], columns[place].onlyComma == nil { columns[place].onlyComma = field() }
  }

  private static func isMonth(_ text: ArraySlice<UInt8>) -> Bool {
    guard 6...7 ~= text.count else { return false }
    let parts = text.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
    guard parts.count == 2, let four = parts.firstIndex(where: { $0.count == 4 }), 1...2 ~= parts[1 - four].count else {
      return false
    }
    let (year, month) = (
      Double(String(decoding: parts[four], as: UTF8.self)), Int(String(decoding: parts[1 - four], as: UTF8.self))
    )
    return year.map { HeaderLine.years.contains($0) } ?? false && month.map { 1...12 ~= $0 } ?? false
  }

  private mutating func count(_ place: Int, _ isNumber: (Int) -> Bool) {
    numeric += 1
    columns[place].filled += 1
    for index in NumberReading.all.indices where isNumber(index) {
      columns[place].counts[index] += 1
      totals[index] += 1
    }
  }

  /// What the evidence comes to.
  enum Outcome {
    /// No field distinguishes the marks. The reading is good for what has been seen.
    case open(NumberReading)
    /// One reading makes numbers of more fields than all others.
    case decided(NumberReading)
    /// A model's dialect decides between readings that are equally good.
    case decidedByModel(NumberReading, Doubt)
    /// Two readings make numbers of equally many fields, but not the same ones.
    case doubtful(Doubt)
    /// Some fields are numbers with decimal points only, and others with decimal commas only.
    case mixed(point: Field, comma: Field)
  }

  /// A field that two readings make different numbers of, while they are equally good for all others.
  struct Doubt {
    let field: Field
    /// The reading in which the mark stands before decimals, and the one in which it stands between groups.
    let decimals: NumberReading
    let groups: NumberReading
  }

  /// - Parameters:
  ///   - asked: what the caller says of the marks.
  ///   - model: what a model was trained with, which decides between readings that are equally good.
  func outcome(asked: TableDialect, model: TableDialect?) -> Outcome {
    let allowed = NumberReading.all.indices.filter { index in
      let reading = NumberReading.all[index]
      return asked.decimal ?? reading.decimal == reading.decimal && asked.thousands ?? reading.thousands == reading.thousands
    }
    let most = allowed.map { totals[$0] }.max() ?? 0
    let best = allowed.filter { totals[$0] == most }
    guard let first = best.first else { return .decided(.plain) }
    if asked.decimal == nil, let (point, comma) = mixture(best, most) { return .mixed(point: point, comma: comma) }
    guard let doubt = doubt(best) else {
      let isOpen = Set(best.map { NumberReading.all[$0].decimal }).count > 1
      return isOpen ? .open(NumberReading.all[first]) : .decided(NumberReading.all[first])
    }
    let preferred = best.filter { model?.decimal == NumberReading.all[$0].decimal }
    let closest = preferred.first { model?.thousands == NumberReading.all[$0].thousands } ?? preferred.first
    return closest.map { .decidedByModel(NumberReading.all[$0], doubt) } ?? .doubtful(doubt)
  }

  /// Whether points stand before decimals, though all fields could have them between groups: commas stand between columns, as they
  /// do where decimals have points, and all numbers of the columns in question, ten or more of them, have a point and three digits
  /// after it, as programs print numbers with three decimals.
  func hasPrintedDecimals(_ doubt: Doubt, delimiter: TableDialect.Delimiter?) -> Bool {
    delimiter == .comma && doubt.decimals.decimal == .point
      && columns.allSatisfy { $0.doubtfulPoints == 0 || $0.doubtfulPoints >= max(10, $0.counts[Self.point]) }
  }

  private func doubt(_ best: [Int]) -> Doubt? {
    let sides: [(Field?, TableDialect.DecimalMark, TableDialect.ThousandsMark)] = [
      (doubtfulPoint, .point, .point), (doubtfulComma, .comma, .comma),
    ]
    for (field, decimal, thousands) in sides {
      guard let field, let decimals = best.first(where: { NumberReading.all[$0].decimal == decimal }),
        let groups = best.first(where: { NumberReading.all[$0].thousands == thousands })
      else { continue }
      return Doubt(field: field, decimals: NumberReading.all[decimals], groups: NumberReading.all[groups])
    }
    return nil
  }

  /// Fields that show different decimal marks, if both marks have as much to be said for them: by all fields together, or by a
  /// column that only one of them makes numbers of.
  private func mixture(_ best: [Int], _ most: Int) -> (point: Field, comma: Field)? {
    let decimals = Set(best.map { NumberReading.all[$0].decimal })
    if decimals.count > 1, most < numeric, let point = columns.lazy.compactMap(\.onlyPoint).first,
      let comma = columns.lazy.compactMap(\.onlyComma).first
    {
      return (point, comma)
    }
    guard decimals.count == 1, let chosen = best.first else { return nil }
    let isComma = decimals.contains(.comma)
    func isNumeric(_ column: Column, _ index: Int) -> Bool {
      column.counts[index] > 1 && 10 * column.counts[index] >= 9 * column.filled
    }
    let others = NumberReading.all.indices.filter { NumberReading.all[$0].decimal == (isComma ? .point : .comma) }
    let odd = columns.first { column in
      !isNumeric(column, chosen) && (isComma ? column.onlyPoint : column.onlyComma) != nil
        && others.contains { isNumeric(column, $0) }
    }
    guard let odd, let own = columns.lazy.compactMap({ isComma ? $0.onlyComma : $0.onlyPoint }).first else { return nil }
    return isComma ? odd.onlyPoint.map { ($0, own) } : odd.onlyComma.map { (own, $0) }
  }
}
