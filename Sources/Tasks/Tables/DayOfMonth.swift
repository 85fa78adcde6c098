/// The day of the month on which a series' rows are, as they show it one after the other. A single row can't tell: what is on February 28th may
/// be on each 28th, 30th, or last of the month.
package struct DayOfMonth: Sendable {
  /// From 1; nil as long as all rows are the last of their months.
  package private(set) var day: Int?

  package init() {}

  /// Of a series whose rows are at some times.
  init(_ times: some Sequence<TimeValue>) { for time in times { add(time) } }

  /// Takes in a row's time.
  package mutating func add(_ time: TimeValue) {
    guard case .moment(let moment) = time, !moment.isLastOfMonth else { return }
    day = max(day ?? 0, moment.parts.day)
  }
}
