/// How the offset of a time zone changes in each year, as POSIX writes it: `CET-1CEST,M3.5.0,M10.5.0/3`.
struct TimeZoneRule: Sendable {
  private let standard: Int
  private let summer: Summer?

  /// The time that holds for a part of the year.
  fileprivate struct Summer {
    let offset: Int
    let start: Day
    let end: Day
  }

  /// A day of a year, and seconds after its beginning on the clock that is about to change.
  fileprivate struct Day {
    enum Kind {
      /// From 1; February 29th is never counted.
      case withoutLeapDay(Int)
      /// From 0; February 29th is counted.
      case withLeapDay(Int)
      /// A weekday of a month, from 0 for Sunday: the week counts from 1, and 5 is the last one.
      case weekday(month: Int, week: Int, day: Int)
    }

    let kind: Kind
    let seconds: Int
  }

  /// Offsets have to be smaller, in seconds.
  static let mostOffset = 26 * 3600

  /// The rule that a text stands for, if it is one.
  init?(_ text: ArraySlice<UInt8>) {
    var scanner = TextScanner(text)
    guard scanner.takesZoneName(), let standard = scanner.zoneTime(most: 24) else { return nil }
    // POSIX counts to the west.
    self.standard = -standard
    if scanner.isAtEnd {
      summer = nil
      return
    }
    guard scanner.takesZoneName() else { return nil }
    var offset = self.standard + 3600
    if scanner.rest.first != UInt8(ascii: ",") {
      guard let given = scanner.zoneTime(most: 24) else { return nil }
      offset = -given
    }
    guard scanner.takes(","), let start = Day(&scanner), scanner.takes(","), let end = Day(&scanner), scanner.isAtEnd else {
      return nil
    }
    summer = Summer(offset: offset, start: start, end: end)
  }

  /// Seconds that clocks are ahead of UTC at a moment.
  func offset(at seconds: Double) -> Int {
    guard let summer, seconds.magnitude < TimeFormat.mostSeconds else { return standard }
    let clock = seconds + Double(standard)
    let year = CalendarDay(number: Int((clock / 86_400).rounded(.down))).date.year
    let start = Double(summer.start.clock(in: year) - standard)
    let end = Double(summer.end.clock(in: year) - summer.offset)
    // South of the equator the end comes first in a year.
    let isSummer = start < end ? start <= seconds && seconds < end : seconds < end || start <= seconds
    return isSummer ? summer.offset : standard
  }
}

extension TimeZoneRule.Day {
  fileprivate init?(_ scanner: inout TextScanner) {
    if scanner.takes("M") {
      guard let month = scanner.upTo(12), month > 0, scanner.takes("."), let week = scanner.upTo(5), week > 0, scanner.takes("."),
        let day = scanner.upTo(6)
      else { return nil }
      kind = .weekday(month: month, week: week, day: day)
    } else if scanner.takes("J") {
      guard let day = scanner.upTo(365), day > 0 else { return nil }
      kind = .withoutLeapDay(day)
    } else {
      guard let day = scanner.upTo(365) else { return nil }
      kind = .withLeapDay(day)
    }
    guard scanner.takes("/") else {
      seconds = 2 * 3600
      return
    }
    guard let time = scanner.zoneTime(most: 167) else { return nil }
    seconds = time
  }

  /// Seconds from the beginning of 1970 to what the clock shows then.
  fileprivate func clock(in year: Int) -> Int {
    let number: Int
    switch kind {
    case .withoutLeapDay(let day):
      let isLeap = CalendarDay.count(inMonth: 2, of: year) == 29
      number = CalendarDay(year, 1, 1).number + day - 1 + (isLeap && day > 59 ? 1 : 0)
    case .withLeapDay(let day): number = CalendarDay(year, 1, 1).number + day
    case .weekday(let month, let week, let day):
      let first = CalendarDay(year, month, 1)
      // From 0 for Monday here, and from 0 for Sunday there.
      let ahead = (day + 6 - first.weekday).dividedDown(by: 7).remainder
      let inMonth = ahead + (week - 1) * 7
      number = first.number + (inMonth < CalendarDay.count(inMonth: month, of: year) ? inMonth : inMonth - 7)
    }
    return number * 86_400 + seconds
  }
}

extension TextScanner {
  /// A whole number of at most three digits that is not larger than a bound.
  fileprivate mutating func upTo(_ most: Int) -> Int? {
    let count = digits
    guard 1...3 ~= count, let number = number(count), number <= most else { return nil }
    return number
  }

  /// A name of at least three letters, or one in angle brackets.
  fileprivate mutating func takesZoneName() -> Bool {
    if takes("<") {
      guard let end = rest.firstIndex(of: UInt8(ascii: ">")) else { return false }
      rest = rest[(end + 1)...]
      return true
    }
    let letters = rest.prefix { UInt8(ascii: "a")...UInt8(ascii: "z") ~= $0 | 0x20 }.count
    rest = rest.dropFirst(letters)
    return letters >= 3
  }

  /// Hours with a sign, and minutes and seconds after colons: seconds.
  fileprivate mutating func zoneTime(most hours: Int) -> Int? {
    let isNegative = takes("-")
    if !isNegative { _ = takes("+") }
    guard let hour = upTo(hours) else { return nil }
    var seconds = hour * 3600
    for unit in [60, 1] where takes(":") {
      guard let number = upTo(59) else { return nil }
      seconds += number * unit
    }
    return isNegative ? -seconds : seconds
  }
}
