package import Support

/// A jump of times without offsets that looks like the clock of a place where daylight saving begins or ends.
package enum ClockChange: Sendable {
  /// The hour that clocks leave out is not there.
  case skipped
  /// The hour that clocks show twice comes twice.
  case repeated

  /// The jump between two times of a series; nil if it is none, or is more likely something else.
  ///
  /// Clocks are changed by an hour in the night to a Sunday, nearly everywhere.
  ///
  /// - Parameter step: how far apart the rows are otherwise; nil if that isn't known.
  package init?(from before: TimeValue, to after: TimeValue, step: TimeStep?) {
    guard case .moment(let before) = before, case .moment(let after) = after, before.offset == nil, after.offset == nil,
      after.precision > .day, case .seconds(let size)? = step, size <= 86_400
    else { return nil }
    let parts = after.parts
    let isThatNight = parts.weekday == 6 && parts.secondOfDay < 5 * 3600 || size > 3600 && [6, 0].contains(parts.weekday)
    guard isThatNight else { return nil }
    switch after.seconds - before.seconds - size {
    case -3600: self = .repeated
    case 3600: self = .skipped
    default: return nil
    }
  }

  /// What happened and what to do about it, as the end of a sentence.
  ///
  /// - Parameter isOfModel: whether a model has chosen how times are read, so that it has to be trained otherwise.
  package func remedy(isOfModel: Bool) -> Sentence {
    let what =
      self == .repeated
      ? "it looks like the hour that comes twice where daylight saving ends"
      : "it looks like the hour that clocks leave out where daylight saving begins"
    return isOfModel
      ? "\(what): train with \(Setting("time-zone")), such as Europe/Berlin, so that the model knows of it"
      : "\(what): name the time zone with \(Setting("time-zone")), such as Europe/Berlin, or give each time its offset, such as +01:00"
  }
}

extension Timeline {
  /// The jump of the clock that a place looks like.
  package func clockChange(_ place: Place) -> ClockChange? { ClockChange(from: place.before, to: place.after, step: step) }
}
