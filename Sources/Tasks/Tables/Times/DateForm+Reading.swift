extension DateForm {
  /// A date that has been read.
  struct Reading {
    let day: CalendarDay
    let precision: TimeValue.Moment.Precision
    /// Whether all numbers have two digits, and the case of the letters, as far as the text shows it.
    let isPadded: Bool
    let letters: Letters?
  }

  /// Reads a date from the beginning of a text. Numbers between marks may have a zero before them or not, and letters may have
  /// any case.
  func read(_ scanner: inout TextScanner) -> Reading? {
    var (year, month, day): (Int?, Int?, Int?)
    var (quarter, week): (Int?, Int?)
    var isPadded = true
    var letters: Letters?
    func short(_ place: Int) -> Int? {
      let isAlone = !isDigits(place - 1) && !isDigits(place + 1)
      if isAlone, scanner.digits == 1 { isPadded = false }
      return isAlone ? scanner.shortNumber() : scanner.number(2)
    }
    for (place, part) in parts.enumerated() {
      switch part {
      case .year(4): year = scanner.number(4)
      case .year: year = scanner.number(2).map { $0 + ($0 <= 68 ? 2000 : 1900) }
      case .month: month = short(place)
      case .day: day = short(place)
      case .quarter: quarter = scanner.number(1)
      case .week: week = scanner.number(2)
      case .monthName(let isFull):
        letters = Letters(of: scanner.rest)
        guard let index = Self.months.firstIndex(where: { scanner.takesWord(isFull ? $0 : String($0.prefix(3))) }) else {
          return nil
        }
        month = index + 1
      case .letter(let letter):
        if let first = scanner.rest.first { letters = first & 0x20 != 0 ? .lower : .upper }
        guard scanner.takesWord(String(Unicode.Scalar(letter | 0x20))) else { return nil }
      case .mark(let mark): guard scanner.takes(mark) else { return nil }
      }
      // A text goes wrong at its beginning, mostly.
      if part.isWanting(year, month, day, quarter, week) { return nil }
    }
    guard let year else { return nil }
    func reading(_ day: CalendarDay, _ precision: TimeValue.Moment.Precision) -> Reading {
      Reading(day: day, precision: precision, isPadded: isPadded, letters: letters)
    }
    if let week { return CalendarDay(year: year, week: week).map { reading($0, .day) } }
    if let quarter { return 1...4 ~= quarter ? reading(CalendarDay(year, quarter * 3 - 2, 1), .month) : nil }
    guard let month, 1...12 ~= month else { return nil }
    guard let day else { return reading(CalendarDay(year, month, 1), .month) }
    guard day >= 1, day <= CalendarDay.count(inMonth: month, of: year) else { return nil }
    return reading(CalendarDay(year, month, day), .day)
  }

  /// The text of a day; of the month, the quarter or the week in which it is, if the form has no days.
  func text(_ day: CalendarDay) -> String {
    let date = day.date
    let year = parts.contains(.week) ? day.week.year : date.year
    return parts.map { part in
      switch part {
      case .year(4): padded(year, 4)
      case .year: padded(year.dividedDown(by: 100).remainder, 2)
      case .month(let isPadded): padded(date.month, isPadded ? 2 : 1)
      case .day(let isPadded): padded(date.day, isPadded ? 2 : 1)
      case .quarter: "\((date.month + 2) / 3)"
      case .week: padded(day.week.week, 2)
      case .monthName(let isFull):
        letters.written(isFull ? Self.months[date.month - 1] : String(Self.months[date.month - 1].prefix(3)))
      case .letter(let letter): letters.written(String(Unicode.Scalar(letter | 0x20)))
      case .mark(let mark): String(Unicode.Scalar(mark))
      }
    }.joined()
  }

  private func isDigits(_ place: Int) -> Bool {
    guard parts.indices.contains(place) else { return false }
    switch parts[place] {
    case .year, .month, .day, .quarter, .week: return true
    case .monthName, .letter, .mark: return false
    }
  }

  private static let months = [
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december",
  ]
}

extension DateForm.Part {
  /// Whether a number that should have been read is not there.
  fileprivate func isWanting(_ year: Int?, _ month: Int?, _ day: Int?, _ quarter: Int?, _ week: Int?) -> Bool {
    switch self {
    case .year: year == nil
    case .month: month == nil
    case .day: day == nil
    case .quarter: quarter == nil
    case .week: week == nil
    case .monthName, .letter, .mark: false
    }
  }
}

extension DateForm.Letters {
  /// The case of a word's letters.
  fileprivate init(of word: ArraySlice<UInt8>) {
    let isLower = word.prefix(2).map { $0 & 0x20 != 0 }
    self = isLower.first == true ? .lower : isLower.last == true ? .capitalized : .upper
  }
}
