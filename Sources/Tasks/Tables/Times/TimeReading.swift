package import Support

/// How the times of a column are read: how they are written, and in which zone clocks show them.
package struct TimeReading: Sendable, Hashable, Codable {
  package var format: TimeFormat
  /// The name of the zone, such as `Europe/Berlin`; nil if clocks show what is written, and go on with the last offset.
  package var zone: String?

  package init(_ format: TimeFormat, zone: String? = nil) { (self.format, self.zone) = (format, zone) }

  /// The rules of the zone; nil if there is none, or times are whole days or numbers, which are the same everywhere.
  ///
  /// - Throws: ``RecurrentError`` if the system has no such zone.
  package func rules() throws(RecurrentError) -> TimeZoneRules? {
    guard let zone, format.hasClock else { return nil }
    return try TimeZoneRules(named: zone)
  }

  /// What is wrong with a text where a time should be, and what to do about it.
  package struct Problem: Error {
    package let text: Sentence
  }

  /// The time that a text stands for.
  ///
  /// - Parameters:
  ///   - rules: those of the zone.
  ///   - numbers: how the table writes numbers.
  ///   - before: the time of the row before: an hour that comes twice is the later one if the earlier one has been there.
  package func time(
    _ text: ArraySlice<UInt8>, _ rules: TimeZoneRules?, numbers: NumberReading = .plain, after before: TimeValue?
  ) throws(Problem) -> TimeValue {
    if format == .numbers {
      if case .number(let number) = TableValue(text, numbers) { return .number(number) }
      throw Problem(text: "is no number, as the other times are; mend it")
    }
    guard let reading = format.read(text) else {
      throw Problem(text: "is no time written as \(format.description) (\(Setting("dates"))); mend it, or leave the row out")
    }
    let moment = Moment(clock: reading.clock, offset: reading.offset, precision: reading.precision)
    if let rules {
      guard reading.offset == nil else {
        return .moment(Moment(seconds: moment.seconds, offset: rules.offset(at: moment.seconds), precision: moment.precision))
      }
      return .moment(try local(moment, rules, after: before))
    }
    if format.hasOffset, reading.offset == nil {
      throw Problem(
        text:
          "has no offset from UTC, and other times have; give it one, such as +01:00, or name the zone with \(Setting("time-zone"))"
      )
    }
    if !format.hasOffset, reading.offset != nil, format.isWritten {
      throw Problem(
        text:
          "has an offset from UTC, and other times have none; give all of them one, or name the zone with \(Setting("time-zone"))"
      )
    }
    return .moment(moment)
  }

  /// The moment at which clocks of a zone show a time that is written without an offset.
  private func local(_ moment: Moment, _ rules: TimeZoneRules, after before: TimeValue?) throws(Problem) -> Moment {
    let moments = rules.offsets(atClock: moment.clock).map {
      Moment(clock: moment.clock, offset: $0, precision: moment.precision)
    }
    guard let first = moments.first, let last = moments.last else {
      let after = rules.moment(atClock: moment.clock, precision: moment.precision)
      throw Problem(
        text:
          "is left out by the clocks of \(rules.name), which daylight saving sets forward: what they show then is \(text(.moment(after))); mend it, or name the zone in which the times are with \(Setting("time-zone"))"
      )
    }
    if case .moment(let before)? = before, before >= first { return last }
    return first
  }

  /// A time as the column has it.
  package func text(_ time: TimeValue) -> String {
    guard case .moment(let moment) = time else { return time.description }
    // Without an offset the hour that comes twice would be the same text twice.
    let isMarked = format.hasOffset || zone != nil && format.hasClock
    return format.text(clock: moment.clock, offset: isMarked || !format.isWritten ? moment.offset : nil)
  }
}

extension TimeFormat {
  /// Whether times are written as dates.
  fileprivate var isWritten: Bool { if case .written = kind { true } else { false } }
}

extension ColumnRoles {
  /// A time as the table has it.
  package func text(_ time: TimeValue) -> String { times?.text(time) ?? time.description }
}
