/// A form of dates, and what reading the column in it has come to.
struct TimeCandidate {
  let form: DateForm
  /// The first text that is not read.
  var odd: ColumnSummary.Odd?
  /// The first text that another candidate reads otherwise.
  var contested: ColumnSummary.Odd?
  /// A sum over all that has been read, by which readings are compared.
  var sum: UInt64 = 0
  /// What clocks show at first and at last.
  var earliest = Double.infinity
  var latest = -Double.infinity
  var isPadded = true
  var letters: DateForm.Letters?
  var clock: ClockForm?
  var marked = Offsets()
  var unmarked = Offsets()

  /// Texts with offsets, or without.
  struct Offsets {
    var count = 0
    var first: ColumnSummary.Odd?

    mutating func add(_ text: () -> ColumnSummary.Odd) {
      if first == nil { first = text() }
      count += 1
    }
  }
}

extension TimeCandidate {
  /// Reads a text and notes what it shows.
  ///
  /// - Returns: what the clock shows; nil if the text is no time of this form.
  mutating func take(_ text: ArraySlice<UInt8>, _ shown: () -> ColumnSummary.Odd) -> Double? {
    var scanner = TextScanner(text)
    guard let day = form.read(&scanner), scanner.isAtEnd || form.hasDays else {
      if odd == nil { odd = shown() }
      return nil
    }
    var seconds = day.day.seconds
    var hasOffset = false
    if !scanner.isAtEnd {
      guard let time = ClockForm.read(scanner.rest, afterCompact: form.isCompact) else {
        if odd == nil { odd = shown() }
        return nil
      }
      seconds += time.seconds
      hasOffset = time.offset != nil
      clock = clock.map { $0.joined(with: time.form) } ?? time.form
    }
    if hasOffset { marked.add(shown) } else { unmarked.add(shown) }
    isPadded = isPadded && day.isPadded
    letters = letters ?? day.letters
    sum = (sum &* 31) &+ seconds.bitPattern
    (earliest, latest) = (min(earliest, seconds), max(latest, seconds))
    return seconds
  }

  /// The number of texts that are read.
  var count: Int { marked.count + unmarked.count }

  /// The format with all that the column shows of it.
  var format: TimeFormat {
    var clock = clock
    if !isMarked { clock?.offset = nil }
    return TimeFormat(.written(form.written(isPadded: isPadded, letters ?? .upper), clock))
  }

  /// Whether times have offsets, as most of them show.
  var isMarked: Bool { marked.count > unmarked.count }

  /// Whether numbers without marks between them may be meant as dates: of years in which something has been measured.
  var isPlausible: Bool {
    !form.isCompact || CalendarDay(1800, 1, 1).seconds <= earliest && latest < CalendarDay(2200, 1, 1).seconds
  }
}

extension ColumnSummary.Odd {
  var bytes: ArraySlice<UInt8> { Array(text.utf8)[...] }
}
