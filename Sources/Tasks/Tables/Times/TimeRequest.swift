package import Support

/// What the caller says of how the times of a table are read; the rest is found out from the table.
package struct TimeRequest: Sendable, Hashable {
  /// How dates are written; of the time of day a table shows that itself.
  package var format: TimeFormat?
  /// The name of the time zone.
  package var zone: String?
  /// How a model that the training starts from reads times, which decides where a table can be read in two ways, and names the zone if
  /// the caller does not.
  package var model: TimeReading?

  package init(format: TimeFormat? = nil, zone: String? = nil, model: TimeReading? = nil) {
    (self.format, self.zone, self.model) = (format, zone, model)
  }

  /// Whether a column is written as asked, if anything is asked.
  func isMet(by finding: TimeFinding) -> Bool {
    guard let format, case .found(let found) = finding else { return false }
    return found.format.hasSameOrder(as: format)
  }
}

extension TableSummary {
  /// How the column of times is read; nil if there is none, or nothing is known of it.
  ///
  /// - Throws: ``RecurrentError`` if it can be read in two ways, if it is not written as the caller has said, or if the system has no
  ///   such time zone.
  package func reading(ofTime name: String?) throws(RecurrentError) -> TimeReading? {
    guard let name, let column = self[name] else {
      if request.format != nil || request.zone != nil {
        throw RecurrentError(
          .data,
          naming:
            "\(source) has no column of times to read: leave out \(Setting(request.format == nil ? "time-zone" : "dates")), or name one with \(Setting("time"))"
        )
      }
      return nil
    }
    var reading: TimeReading
    switch column.times {
    case .found(let found): reading = TimeReading(found.format)
    case .undecided(let undecided):
      let known = request.model.flatMap { model in undecided.readings.first { $0.format.hasSameOrder(as: model.format) } }
      guard let known else {
        throw RecurrentError(
          .data, naming: "\(source), line \(undecided.example.line), \(title(ofColumn: name)): \(undecided.sentence)")
      }
      reading = TimeReading(known.format)
    case .none:
      // Texts are refused row by row, unless the caller has said what they are.
      guard column.kind == .number || request.format != nil else { return nil }
      reading = TimeReading(column.kind == .number ? request.format?.ofNumbers ?? .numbers : .numbers)
    }
    if let asked = request.format, !reading.format.hasSameOrder(as: asked) {
      let odd = column.odd(asked) ?? column.firstValue
      throw RecurrentError(
        .data,
        naming:
          "\(source)\(odd.map { ", line \($0.line)" } ?? ""), \(title(ofColumn: name)): \(quotedValue(odd?.text ?? "")) is not written as \(asked.description) (\(Setting("dates")))"
      )
    }
    reading.zone = request.zone ?? (reading.format == .numbers ? nil : request.model?.zone)
    if request.zone != nil, reading.format == .numbers {
      throw RecurrentError(
        .data,
        naming:
          "\(source), \(title(ofColumn: name)): it holds numbers that count steps, which no time zone has: leave out \(Setting("time-zone"))"
      )
    }
    // A zone that the system does not have is named before anything else is done.
    if let zone = reading.zone { _ = try TimeZoneRules(named: zone) }
    return reading
  }
}
