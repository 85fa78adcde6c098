/// The day of the month on which a series' rows are, found out row by row. A single row is not enough: one on February 28th may
/// be followed by rows on each 28th, 30th, or last of the month.
package struct DayOfMonth: Sendable {
  /// The day, from 1; nil as long as all rows are on the last days of their months.
  package private(set) var day: Int?

  package init() {}

  /// The day of a series with rows at some times.
  init(_ times: some Sequence<TimeValue>) { for time in times { add(time) } }

  /// Adds a row's time.
  package mutating func add(_ time: TimeValue) {
    guard case .moment(let moment) = time, !moment.isLastOfMonth else { return }
    day = max(day ?? 0, moment.parts.day)
  }
}
