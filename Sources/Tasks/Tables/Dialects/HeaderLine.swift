/// Whether the first row of a table names its columns.
enum HeaderLine {
  case named
  case unnamed
  /// The rows below show nothing: only missing values stand below its texts.
  case undecided
  /// Numbers that count, such as 1, 2, 3, stand there beside a text, above other numbers: they may be names or values.
  case doubtful

  static let years = 1500.0...2200

  /// - Parameters:
  ///   - row: the first row.
  ///   - below: the rows below it, as many as there are to look at.
  init(_ row: TableRow, above below: some Collection<TableRow>) {
    func value(_ row: TableRow, _ place: Int) -> Kind { Kind(row.value(place), row[place]) }
    let values = (0..<row.count).map { value(row, $0) }
    // Times may name columns, too, but not beside numbers, which do not.
    let areNames = values.allSatisfy { $0 != .other }
    var isOpen = false
    for (place, name) in values.enumerated() where name == .text || areNames && name == .time {
      let first = below.lazy.filter { place < $0.count }.map { value($0, place) }.first { $0 != .missing }
      switch first {
      case .text?: continue
      case .time? where name == .time: continue
      case nil: isOpen = isOpen || name == .text
      default:
        self = .named
        return
      }
    }
    switch Self.count(row) {
    case .years? where !below.isEmpty && !below.contains(where: { Self.hasYears($0, where: row) }):
      self = .named
    case .numbers(let beside)? where below.count > 1 && !below.contains { Self.count($0) != nil }:
      self = beside == .missing ? .named : beside == .text ? .doubtful : .unnamed
    default: self = isOpen ? .undecided : .unnamed
    }
  }

  /// What a field may be, as far as it matters for names.
  private enum Kind {
    case missing, text, time, other

    init(_ value: TableValue, _ text: ArraySlice<UInt8>) {
      switch value {
      case .missing: self = .missing
      case .moment: self = .time
      case .text: self = TimeFormat.isWritten(text) ? .time : .text
      default: self = .other
      }
    }
  }

  /// What a row of numbers that count has.
  private enum Count {
    case years
    /// Numbers from 0 or 1, one after the other, and something beside them.
    case numbers(beside: TableValue)
  }

  /// What the numbers of a row count; nil if they do not, or if there is something other than one text or one empty field before
  /// them.
  private static func count(_ row: TableRow) -> Count? {
    var numbers: [Double] = []
    var beside: TableValue?
    for place in 0..<row.count {
      switch row.value(place) {
      case .number(let number) where number == number.rounded(): numbers.append(number)
      case let value where numbers.isEmpty && place == 0 && (value == .text || value == .missing): beside = value
      case .missing where place > 0, .text where numbers.isEmpty: continue
      default: return nil
      }
    }
    guard numbers.count > 1 else { return nil }
    let step = numbers[1] - numbers[0]
    guard step != 0, zip(numbers, numbers.dropFirst()).allSatisfy({ $1 - $0 == step }) else { return nil }
    if numbers.allSatisfy({ isYear($0) }) { return .years }
    guard let beside, numbers.count > 2, step == 1, numbers[0] == 0 || numbers[0] == 1 else { return nil }
    return .numbers(beside: beside)
  }

  private static func isYear(_ number: Double) -> Bool { number == number.rounded() && years.contains(number) }

  /// Whether a row has years, or nothing, wherever another one has numbers.
  private static func hasYears(_ row: TableRow, where other: TableRow) -> Bool {
    let places = (0..<min(row.count, other.count)).filter { if case .number = other.value($0) { true } else { false } }
    var hasSome = false
    for place in places {
      switch row.value(place) {
      case .number(let number) where isYear(number): hasSome = true
      case .missing: continue
      default: return false
      }
    }
    return hasSome
  }
}
