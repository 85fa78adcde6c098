/// How the date of a time is written, such as `dd.mm.yyyy`, `yyyymmdd`, `Mon-yy`, `yyyyQq` or `yyyy-Www`.
package struct DateForm: Sendable, Hashable {
  enum Part: Sendable, Hashable {
    /// With four digits, or with two: those up to 68 are years from 2000 on, the others from 1900 on, as POSIX has it.
    case year(digits: Int)
    /// With two digits, or with as many as are needed.
    case month(isPadded: Bool)
    case day(isPadded: Bool)
    /// In English: January, or Jan.
    case monthName(isFull: Bool)
    case quarter
    /// The week by ISO 8601, whose year may be another than the calendar's.
    case week
    /// The letter of a quarter, a week or a month, `Q`, `W` or `M`, in upper case.
    case letter(UInt8)
    case mark(UInt8)
  }

  /// How the letters of a date are written.
  enum Letters: Sendable, Hashable {
    case capitalized, upper, lower
  }

  let parts: [Part]
  let letters: Letters

  init(parts: [Part], letters: Letters) { (self.parts, self.letters) = (parts, letters) }

  /// Whether digits follow each other with no mark between them, so that the text is a whole number.
  var isCompact: Bool {
    parts.allSatisfy {
      switch $0 {
      case .year, .month(isPadded: true), .day(isPadded: true): true
      case .month, .day, .monthName, .quarter, .week, .letter, .mark: false
      }
    }
  }

  /// Whether the form names a day, which a time of day can follow.
  var hasDays: Bool { parts.contains(.day(isPadded: true)) || parts.contains(.day(isPadded: false)) }

  /// The same parts in the same order, whatever their letters and zeros look like.
  func hasSameOrder(as other: DateForm) -> Bool { order == other.order }

  private var order: [Part] { written(isPadded: true, .upper).parts }

  /// The form with numbers below 10 written with a zero before them or without, and with letters of some case.
  func written(isPadded: Bool, _ letters: Letters) -> DateForm {
    // Numbers with nothing between them always have two digits.
    let isPadded = isPadded || isCompact
    return DateForm(
      parts: parts.map {
        switch $0 {
        case .month: .month(isPadded: isPadded)
        case .day: .day(isPadded: isPadded)
        case .year, .monthName, .quarter, .week, .letter, .mark: $0
        }
      }, letters: letters)
  }

  /// Whether the form has letters.
  var hasLetters: Bool {
    parts.contains {
      switch $0 {
      case .monthName, .letter: true
      case .year, .month, .day, .quarter, .week, .mark: false
      }
    }
  }

  /// The forms that are found in tables without being named. Of those that read a column alike, the first is chosen.
  package static let known: [DateForm] = [
    "yyyy-mm-dd", "yyyy-mm", "yyyymmdd", "yyyymm", "yymmdd", "yyyy/mm/dd", "yyyy/mm", "yyyy.mm.dd",
    "dd.mm.yyyy", "mm.dd.yyyy", "dd/mm/yyyy", "mm/dd/yyyy", "dd-mm-yyyy", "mm-dd-yyyy", "mm/yyyy", "mm-yyyy",
    "dd.mm.yy", "mm.dd.yy", "yy.mm.dd", "dd/mm/yy", "mm/dd/yy", "yy/mm/dd", "dd-mm-yy", "mm-dd-yy", "yy-mm-dd",
    "dd-Mon-yyyy", "dd-Mon-yy", "dd Mon yyyy", "dd Mon yy", "dd Month yyyy", "dd. Month yyyy", "dd/Mon/yyyy", "ddMonyyyy",
    "yyyy-Mon-dd", "Mon dd, yyyy", "Mon dd yyyy", "Month dd, yyyy",
    "Mon-yy", "Mon-yyyy", "Mon yy", "Mon yyyy", "Month yyyy", "Month-yyyy", "Mon/yyyy", "yyyy Mon", "yyyy-Mon", "yyyyMon",
    "yyyyMmm", "yyyy-Mmm",
    "yyyyQq", "yyyy-Qq", "yyyy Qq", "yyyy:Qq", "Qq yyyy", "Qq-yyyy", "Qq/yyyy", "Qq yy", "Qq-yy",
    "yyyy-Www", "yyyyWww", "yyyy Www",
  ].compactMap { DateForm($0) }

  /// The forms of ISO 8601.
  static let standard = Array(known.prefix(2))
}

extension DateForm {
  /// The form that a pattern stands for.
  init?(_ pattern: some StringProtocol) {
    var scanner = TextScanner(pattern.utf8)
    var parts: [Part] = []
    var letters = Letters.upper
    while let first = scanner.rest.first {
      let isLower = first & 0x20 != 0
      let second = scanner.rest.dropFirst().first ?? 0
      if scanner.takesWord("yyyy") {
        parts.append(.year(digits: 4))
      } else if scanner.takesWord("yy") {
        parts.append(.year(digits: 2))
      } else if scanner.takesWord("month") {
        (parts, letters) = (parts + [.monthName(isFull: true)], isLower ? .lower : second & 0x20 != 0 ? .capitalized : .upper)
      } else if scanner.takesWord("mon") {
        (parts, letters) = (parts + [.monthName(isFull: false)], isLower ? .lower : second & 0x20 != 0 ? .capitalized : .upper)
      } else if scanner.takesWord("mmm") {
        (parts, letters) = (parts + [.letter(UInt8(ascii: "M")), .month(isPadded: true)], isLower ? .lower : .upper)
      } else if scanner.takesWord("mm") {
        parts.append(.month(isPadded: true))
      } else if scanner.takesWord("m") {
        parts.append(.month(isPadded: false))
      } else if scanner.takesWord("dd") {
        parts.append(.day(isPadded: true))
      } else if scanner.takesWord("d") {
        parts.append(.day(isPadded: false))
      } else if scanner.takesWord("qq") {
        (parts, letters) = (parts + [.letter(UInt8(ascii: "Q")), .quarter], isLower ? .lower : .upper)
      } else if scanner.takesWord("www") {
        (parts, letters) = (parts + [.letter(UInt8(ascii: "W")), .week], isLower ? .lower : .upper)
      } else if "-/., :".utf8.contains(first), scanner.takes(first) {
        parts.append(.mark(first))
      } else {
        return nil
      }
    }
    self.init(parts: parts, letters: letters)
    guard isDate else { return nil }
  }

  /// Whether the parts name a day, a month, a quarter or a week, each once, and can be told apart.
  private var isDate: Bool {
    let (years, days, quarters) = (count { if case .year = $0 { true } else { false } }, count(of: .day), count(of: .quarter))
    let months = count(of: .month) + count { if case .monthName = $0 { true } else { false } }
    guard years == 1, days <= 1,
      (months, quarters + count(of: .week)) == (1, 0) || (months, days, quarters + count(of: .week)) == (0, 0, 1)
    else { return false }
    if case .mark? = parts.first { return false }
    if case .mark? = parts.last { return false }
    return zip(parts, parts.dropFirst()).allSatisfy { !($0.isOpen && $1.isDigits || $0.isDigits && $1.isOpen) }
  }

  private func count(_ isCounted: (Part) -> Bool) -> Int { parts.count(where: isCounted) }

  private enum Kind { case day, month, quarter, week }

  private func count(of kind: Kind) -> Int {
    count {
      switch ($0, kind) {
      case (.day, .day), (.month, .month), (.quarter, .quarter), (.week, .week): true
      default: false
      }
    }
  }

  /// The form as ``init(_:)`` reads it.
  package var pattern: String {
    parts.map { part in
      switch part {
      case .year(let digits): String(repeating: "y", count: digits)
      case .month(let isPadded): isPadded ? "mm" : "m"
      case .day(let isPadded): isPadded ? "dd" : "d"
      case .monthName(let isFull): letters.written(isFull ? "month" : "mon")
      case .quarter: "q"
      case .week: "ww"
      case .letter(let letter): letters.written(String(Unicode.Scalar(letter)).lowercased())
      case .mark(let mark): String(Unicode.Scalar(mark))
      }
    }.joined()
  }
}

extension DateForm.Part {
  /// Whether it is written in digits.
  fileprivate var isDigits: Bool {
    switch self {
    case .year, .month, .day, .quarter, .week: true
    case .monthName, .letter, .mark: false
    }
  }

  /// Whether it is written in one digit or two.
  fileprivate var isOpen: Bool { self == .month(isPadded: false) || self == .day(isPadded: false) }
}

extension DateForm.Letters {
  /// A word in small letters, as it is written.
  func written(_ word: String) -> String {
    switch self {
    case .lower: word
    case .upper: word.uppercased()
    case .capitalized: word.prefix(1).uppercased() + word.dropFirst()
    }
  }
}
