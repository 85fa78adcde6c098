import Support

/// How the times of a column are written.
///
/// It is a pattern such as `yyyy-mm-dd`, `dd.mm.yyyy hh:mm`, `mm/dd/yyyy h:mm AM`, `yyyymmdd`, `yyyy-mm-ddThh:mm:ss+hh:mm`, `Mon-yy`
/// (Jan-24), `yyyyQq` (2006Q4) or `yyyy-Www` (2024-W05); or one of `epoch-seconds`, `epoch-milliseconds` (since the beginning of 1970
/// in UTC) and `numbers`, which count steps in whatever way.
public struct TimeFormat: Sendable, Hashable {
  enum Kind: Sendable, Hashable {
    case numbers
    /// Units since the beginning of 1970 in UTC, with some decimals.
    case epoch(Epoch, decimals: Int)
    /// A date, and if there is a form for it, a time of day.
    case written(DateForm, ClockForm?)
  }

  enum Epoch: String, Sendable, Hashable, CaseIterable {
    case seconds = "epoch-seconds"
    case milliseconds = "epoch-milliseconds"

    /// The number of units in a second.
    var perSecond: Double { self == .seconds ? 1 : 1000 }

    /// The numbers that are taken for times where nothing says that they are: those of the years from 1973 to 2099.
    var likely: ClosedRange<Double> { 1e8 * perSecond...4_102_444_799 * perSecond }
  }

  let kind: Kind

  init(_ kind: Kind) { self.kind = kind }

  /// Numbers that count steps.
  package static let numbers = TimeFormat(.numbers)

  /// The format that a pattern stands for; nil if it stands for none.
  public init?(_ pattern: String) {
    if pattern == "numbers" {
      kind = .numbers
      return
    }
    for epoch in Epoch.allCases where pattern.hasPrefix(epoch.rawValue) {
      let rest = pattern.dropFirst(epoch.rawValue.count)
      guard rest.isEmpty || rest.count <= 10 && rest.first == "." && rest.count > 1 && rest.dropFirst().allSatisfy({ $0 == "f" })
      else { return nil }
      kind = .epoch(epoch, decimals: max(0, rest.count - 1))
      return
    }
    if let date = DateForm(pattern) {
      kind = .written(date, nil)
      return
    }
    // The date ends where the time of day begins; the names of months have letters of it, too.
    for place in pattern.indices where pattern[place] == "T" || pattern[place] == " " || pattern[place] == "h" {
      guard let date = DateForm(pattern[..<place]), let clock = ClockForm(pattern[place...]) else { continue }
      guard date.hasDays, clock.mark != nil || date.isCompact else { return nil }
      kind = .written(date, clock)
      return
    }
    return nil
  }

  /// What the format is for a reader who does not say more than the order of the date.
  package static let examples = "such as yyyy-mm-dd, dd.mm.yyyy, mm/dd/yyyy, yyyymmdd, Mon-yy, yyyyQq, epoch-seconds or numbers"

  /// Whether dates are in the same order, and numbers in the same unit, whatever else is written.
  func hasSameOrder(as other: TimeFormat) -> Bool {
    switch (kind, other.kind) {
    case (.numbers, .numbers): true
    case (.epoch(let one, _), .epoch(let two, _)): one == two
    case (.written(let one, _), .written(let two, _)): one.hasSameOrder(as: two)
    case (.numbers, _), (.epoch, _), (.written, _): false
    }
  }

  /// The same format of dates, with the time of day that another one has if this one has none.
  package func with(clockOf other: TimeFormat?) -> TimeFormat {
    guard case .written(let date, nil) = kind, date.hasDays, case .written(_, let clock?)? = other?.kind else { return self }
    return TimeFormat(.written(date, clock))
  }

  /// The format if any number can be written in it.
  var ofNumbers: TimeFormat? { if case .epoch = kind { self } else { nil } }

  /// The pattern of the date alone, or of the unit, by which the format can be asked for.
  var order: String {
    switch kind {
    case .numbers: description
    case .epoch(let epoch, _): epoch.rawValue
    case .written(let date, _): date.pattern
    }
  }

  /// Whether times are written as ISO 8601 has them, or are numbers that count, so that nothing about them is a choice.
  package var isPlain: Bool {
    switch kind {
    case .numbers: true
    case .epoch: false
    case .written(let date, let clock): DateForm.standard.contains(date) && clock?.halves == nil
    }
  }

  /// Whether each time has its offset from UTC.
  package var hasOffset: Bool { if case .written(_, let clock?) = kind { clock.offset != nil } else { false } }

  /// Whether there is a time of day.
  package var hasClock: Bool {
    switch kind {
    case .numbers, .written(_, nil): false
    case .epoch, .written: true
    }
  }
}

extension TimeFormat: CustomStringConvertible {
  /// The pattern.
  public var description: String {
    switch kind {
    case .numbers: "numbers"
    case .epoch(let epoch, let decimals): epoch.rawValue + (decimals > 0 ? "." + String(repeating: "f", count: decimals) : "")
    case .written(let date, let clock): date.pattern + (clock?.pattern ?? "")
    }
  }
}

/// In files a format is its pattern.
extension TimeFormat: Codable {
  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    let pattern = try container.decode(String.self)
    guard let format = TimeFormat(pattern) else {
      throw DecodingError.dataCorruptedError(
        in: container, debugDescription: "it is \(quoted(pattern)), and no pattern of times \(Self.examples)")
    }
    self = format
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(description)
  }
}

extension TimeFormat {
  /// A time as a text has it.
  struct Reading {
    /// Seconds from the beginning of 1970 to what the clock shows.
    let clock: Double
    /// Seconds that the clock is ahead of UTC; nil if the text has no offset.
    let offset: Int?
    let precision: TimeValue.Moment.Precision
  }

  /// Whether a text is a time in one of the forms that are known, other than a number.
  static func isWritten(_ text: ArraySlice<UInt8>) -> Bool {
    DateForm.known.contains { TimeFormat(.written($0, .any)).read(text) != nil }
  }

  /// The time that a text stands for; nil if it is not written in this way, or counts steps.
  ///
  /// Details may differ from text to text: seconds may be left out, zeros before numbers, and midnight.
  func read(_ text: ArraySlice<UInt8>) -> Reading? {
    switch kind {
    case .numbers: return nil
    case .epoch(let epoch, _):
      // Whichever mark the file has before decimals; a count of seconds has no other.
      let plain = Self.decimalMark(in: text).map { place in text.prefix(upTo: place) + [UInt8(ascii: ".")] + text[(place + 1)...]
      }
      guard let first = text.first, first != UInt8(ascii: "+"),
        case (let number, nil)? = NumberReading.plain.amount(plain ?? text),
        number.magnitude <= Self.mostSeconds * epoch.perSecond
      else { return nil }
      return Reading(clock: number / epoch.perSecond, offset: 0, precision: .second)
    case .written(let date, let clock):
      var scanner = TextScanner(text)
      guard let day = date.read(&scanner) else { return nil }
      let midnight = day.day.seconds
      if scanner.isAtEnd { return Reading(clock: midnight, offset: nil, precision: day.precision) }
      guard clock != nil, date.hasDays, let time = ClockForm.read(scanner.rest, afterCompact: date.isCompact) else {
        return nil
      }
      return Reading(
        clock: midnight + time.seconds, offset: time.offset, precision: time.form.detail == .second ? .second : .minute)
    }
  }

  /// The text of a time, which ``read(_:)`` reads.
  ///
  /// - Parameters:
  ///   - clock: seconds from the beginning of 1970 to what the clock shows.
  ///   - offset: seconds that the clock is ahead of UTC; nil if that isn't known.
  func text(clock seconds: Double, offset: Int?) -> String {
    switch kind {
    case .numbers: return TimeValue.number(seconds).description
    case .epoch(let epoch, let decimals): return ((seconds - Double(offset ?? 0)) * epoch.perSecond).fixed(decimals)
    case .written(let date, let clock):
      let unit = clock?.unitsPerSecond ?? 1
      let (day, rest) = Int((seconds * Double(unit)).rounded()).dividedDown(by: 86_400 * unit)
      return date.text(CalendarDay(number: day)) + (clock?.text(rest, offset: offset) ?? "")
    }
  }

  /// The place of the only point or comma of a number; nil if there is none, or several.
  static func decimalMark(in text: ArraySlice<UInt8>) -> Int? {
    let places = text.indices.filter { text[$0] == UInt8(ascii: ".") || text[$0] == UInt8(ascii: ",") }
    return places.count == 1 ? places[0] : nil
  }

  /// Seconds from 1970 to the end of the year 9999, nearly.
  static let mostSeconds = 2.5e11
}
