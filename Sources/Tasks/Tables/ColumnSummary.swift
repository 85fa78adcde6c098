import Support

/// What a column of a table holds.
package struct ColumnSummary: Sendable {
  package enum Kind: String, Sendable, Hashable {
    case empty, number, truth = "boolean", moment = "date", array, text

    /// What a field of such a column should hold.
    package var expected: String {
      switch self {
      case .moment: "a date such as 2024-01-31"
      case .array: "an array of numbers such as [1.5, 2, 0.25]"
      case .truth: "true or false"
      case .number, .text, .empty: "a number"
      }
    }

    /// What a column of the kind holds, in a sentence.
    var things: String {
      switch self {
      case .empty: "nothing"
      case .number: "numbers"
      case .truth: "true and false"
      case .moment: "dates"
      case .array: "arrays"
      case .text: "texts"
      }
    }
  }

  /// A text where something else is expected.
  package struct Odd: Sendable, Hashable {
    package let line: Int
    package let text: String
  }

  package let name: String
  package private(set) var missing = 0
  /// The line of the first missing value.
  package private(set) var firstMissing: Int?
  private var numbers = Seen()
  /// Numbers in another unit than the first.
  private var otherAmounts = Seen()
  private var truths = Seen()
  private var moments = Seen()
  private var arrays = Seen()
  private var words = Seen()

  /// How many values of a kind there are, and the first one.
  private struct Seen {
    var count = 0
    var first: Odd?

    mutating func add(_ row: TableRow, _ place: Int) {
      if first == nil { first = Odd(line: row.line, text: row.text(place)) }
      count += 1
    }
  }

  /// The smallest and the largest of the numbers.
  package private(set) var minimum = Double.infinity
  package private(set) var maximum = -Double.infinity
  package private(set) var mean = 0.0
  private var squares = 0.0
  /// The unit of the numbers: that of the first.
  package private(set) var unit: NumberUnit?
  /// Whether all numbers are whole.
  package private(set) var isWhole = true
  private var probe = TimeProbe()
  /// How the values are written, if they are times.
  package private(set) var times = TimeFinding.none
  /// The different texts that come first in the column, and how often each of them occurs.
  package private(set) var texts: [String: Int] = [:]
  /// The texts by the order in which they come first.
  private var ordinals: [String: Int] = [:]
  /// A sum over the ordinals of all rows: columns for which it is the same divide the rows in the same way.
  private(set) var division: UInt64 = 0
  /// Whether there are more texts than are kept.
  package private(set) var hasMoreTexts = false
  /// For arrays: the number of numbers in a step of the first one, and the smallest and the largest number of steps.
  package private(set) var width: Int?
  package private(set) var fewestSteps = Int.max
  package private(set) var mostSteps = 0
  /// How many numbers are missing in the arrays, with the line of the first.
  package private(set) var gaps = 0
  package private(set) var firstGap: Int?
  /// How often a number differs from the one before it, and how often it is smaller.
  package private(set) var changes = 0
  package private(set) var descents = 0
  private var last: Double?
  private var running = RunningNumber()

  static let mostTexts = 10_000

  init(name: String) { self.name = name }

  /// The number of values that are not missing.
  package var count: Int {
    numbers.count + otherAmounts.count + truths.count + moments.count + arrays.count + words.count
  }

  /// The first value of all.
  var firstValue: Odd? {
    [numbers, otherAmounts, truths, moments, arrays, words].compactMap(\.first).min { $0.line < $1.line }
  }

  /// The first value that is a text.
  package var firstText: Odd? { words.first }

  /// How most of the texts are written as times, and the first that is not; nil if the column does not hold such.
  var nearlyTimes: (format: TimeFormat, odd: Odd)? { kind == .text ? probe.nearly : nil }

  /// The first of the texts that look like times that are not read, such as 45/31/2024, 13:45 without a day, or a month in another
  /// language; nil if the column does not hold such.
  var unreadTime: Odd? {
    guard kind == .text, let first = words.first else { return nil }
    if Self.isClock(first.text) || Self.isMonthAndYear(first.text) { return first }
    let date = first.text.utf8.prefix { $0 != UInt8(ascii: " ") && $0 != UInt8(ascii: "T") }
    let isDate = "/.-".utf8.contains { mark in
      let parts = date.split(separator: mark, omittingEmptySubsequences: false)
        .map { $0.count <= 4 ? Int(Substring($0)) ?? -1 : -1 }
      return parts.count == 3 && parts.allSatisfy { $0 >= 0 } && parts.contains { 1...12 ~= $0 }
        && parts.count { 1...31 ~= $0 } >= 2
    }
    return isDate ? first : nil
  }

  /// The kind that nine of ten values have; text if there is none.
  package var kind: Kind {
    if count == 0 { return .empty }
    if times.areTimes { return .moment }
    let kinds: [(Kind, Int)] = [
      (.number, numbers.count + otherAmounts.count), (.truth, truths.count), (.moment, moments.count), (.array, arrays.count),
    ]
    return kinds.first { 10 * $0.1 >= 9 * count }?.0 ?? .text
  }

  /// The first value that is of another kind than the column.
  package var odd: Odd? {
    if case .found(let times) = times { return times.odd }
    let others: [Seen]
    switch kind {
    case .number: others = [otherAmounts, truths, moments, arrays, words]
    case .truth: others = [numbers, otherAmounts, moments, arrays, words]
    case .moment: others = [numbers, otherAmounts, truths, arrays, words]
    case .array: others = [numbers, otherAmounts, truths, moments, words]
    case .text, .empty: return nil
    }
    return others.compactMap(\.first).min { $0.line < $1.line }
  }

  /// The first value that is no number in a column of texts that was probably meant to hold numbers, since most of its values
  /// are; nil for others.
  package var oddAmongNumbers: Odd? {
    let others = count - numbers.count
    guard kind == .text, 2 * others < count, others <= max(2, count / 5) else { return nil }
    return [otherAmounts, truths, moments, arrays, words].compactMap(\.first).min { $0.line < $1.line }
  }

  /// How many values are of another kind than the column.
  package var oddCount: Int {
    switch kind {
    case .number: count - numbers.count
    case .truth: count - truths.count
    case .moment: if case .found(let times) = times { count - times.count } else { count - moments.count }
    case .array: count - arrays.count
    case .text, .empty: 0
    }
  }

  /// The standard deviation of the numbers.
  package var deviation: Double { (squares / Double(max(1, numbers.count))).squareRoot() }

  /// Whether all numbers, or all texts, are the same.
  package var isConstant: Bool {
    switch kind {
    case .number: minimum == maximum
    case .text: texts.count == 1 && !hasMoreTexts && words.count == count
    case .truth: texts.count == 1
    case .moment, .array, .empty: false
    }
  }

  /// Whether the values count the rows.
  var isIndex: Bool { kind == .number && missing == 0 && odd == nil && running.isIndex }

  /// Whether the column may be a target where none is named: its numbers differ, and do more than count the rows.
  var mayBeTarget: Bool { kind == .number && !isConstant && !isIndex }

  /// Whether a value is a number in another unit than the first.
  func isAmount(_ odd: Odd) -> Bool { odd == otherAmounts.first }

  /// The value of a column that is the same in every row.
  var constant: String { kind == .number ? short(minimum) : texts.keys.first ?? "" }

  /// Whether the values are zeros and ones, and nothing else.
  package var isBinary: Bool { kind == .number && isWhole && minimum == 0 && maximum == 1 }

  /// Ends the pass over the column: what its times look like is decided.
  ///
  /// - Parameter asked: the format that the caller has named, which only some column has.
  mutating func finish(asked: TimeFormat?) {
    let (isNumber, isNamed) = (kind == .number, TableSummary.isCalledTime(name))
    times = asked.map { probe.finding(asked: $0, isNumber: isNumber, isNamed: isNamed) } ?? .none
    if times.areTimes || asked == .numbers && isNumber { return }
    times = probe.finding(asked: nil, isNumber: isNumber, isNamed: isNamed)
  }

  /// The first value that is not written in a format.
  func odd(_ format: TimeFormat) -> Odd? { probe.odd(format) }

  mutating func add(_ value: TableValue, _ row: TableRow, _ place: Int) {
    if value != .missing, value != .array { probe.add(value, row, place) }
    switch value {
    case .missing:
      missing += 1
      if firstMissing == nil { firstMissing = row.line }
      return
    case .number(let number): add(number, nil, row, place)
    case .amount(let number, let unit): add(number, unit, row, place)
    case .truth:
      truths.add(row, place)
      add(text: row.text(place))
    case .moment: moments.add(row, place)
    case .array:
      arrays.add(row, place)
      // What is wrong with an array is reported where sequences are read.
      guard let array = try? NumberArray(row[place]) else { break }
      width = width ?? array.width
      fewestSteps = min(fewestSteps, array.steps)
      mostSteps = max(mostSteps, array.steps)
      let gaps = array.values.count(where: \.isNaN)
      if gaps > 0, firstGap == nil { firstGap = row.line }
      self.gaps += gaps
    case .text:
      words.add(row, place)
      add(text: row.text(place))
    }
  }

  private mutating func add(text: String) {
    let ordinal = ordinals[text] ?? ordinals.count
    if ordinal < Self.mostTexts { ordinals[text] = ordinal }
    division = (division &* 31) &+ UInt64(ordinal)
    if texts[text] != nil || texts.count < Self.mostTexts { texts[text, default: 0] += 1 } else { hasMoreTexts = true }
  }

  private mutating func add(_ number: Double, _ unit: NumberUnit?, _ row: TableRow, _ place: Int) {
    if numbers.count == 0 { self.unit = unit }
    guard unit == self.unit else { return otherAmounts.add(row, place) }
    numbers.add(row, place)
    let step = number - mean
    mean += step / Double(numbers.count)
    squares += step * (number - mean)
    minimum = min(minimum, number)
    maximum = max(maximum, number)
    if isWhole, number != number.rounded() { isWhole = false }
    if let last, last != number {
      changes += 1
      if number < last { descents += 1 }
    }
    last = number
    running.add(number)
  }
}
