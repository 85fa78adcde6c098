import Foundation
import Sequences
import Tables
import Testing

struct TimeTests {
  private func moment(_ text: String) throws -> Moment { try #require(Moment(Array(text.utf8))) }

  @Test(arguments: [
    "1949-01", "2024-02-29", "1600-03-01", "0001-01-01", "2024-12-31T23:59", "2024-06-15T12:30:45", "2024-06-15T12:30:45.5",
  ])
  func datesAreWrittenAsTheyAreRead(text: String) throws { #expect(try moment(text).description == text) }

  /// Against Foundation's calendar, every 1,009 days from 1583 to 2400.
  @Test func daysAreThoseOfTheCalendar() throws {
    var calendar = Calendar(identifier: .gregorian)
    calendar.timeZone = try #require(TimeZone(identifier: "UTC"))
    for day in stride(from: -141_000, to: 157_000, by: 1009) {
      let moment = Moment(seconds: Double(day) * 86_400, precision: .day)
      let parts = calendar.dateComponents([.year, .month, .day, .weekday], from: Date(timeIntervalSince1970: moment.seconds))
      #expect(moment.parts.year == parts.year && moment.parts.month == parts.month && moment.parts.day == parts.day)
      // Foundation counts weekdays from 1 for Sunday.
      let weekday = try #require(parts.weekday)
      #expect(moment.parts.weekday == (weekday + 5) % 7)
    }
  }

  @Test func offsetsLeadToUTC() throws {
    #expect(try moment("2024-06-15T24:00:00") == moment("2024-06-16T00:00:00"))
    #expect(try moment("2024-06-15T12:30+02:00") == moment("2024-06-15T10:30Z"))
    #expect(try moment("2024-06-15 00:15-0530") == moment("2024-06-15T05:45"))
  }

  @Test(arguments: [
    (TimeStep.months(1), "2024-01-31", 1, "2024-02-29"), (.months(1), "2024-01-15", -2, "2023-11-15"),
    (.months(3), "2024-01", 5, "2025-04"),
    (.weekdays, "2024-03-01", 1, "2024-03-04"), (.weekdays, "2024-03-04", -6, "2024-02-23"),
    (.weekdays, "2024-03-06", 13, "2024-03-25"),
    (.seconds(86_400), "2024-02-28", 2, "2024-03-01"),
  ])
  func stepsAreTakenOnTheCalendar(step: TimeStep, from: String, count: Int, to: String) throws {
    let (first, last) = (TimeValue.moment(try moment(from)), TimeValue.moment(try moment(to)))
    #expect(step.advance(first, by: count) == last)
    #expect(step.steps(from: first, to: last) == count)
  }

  /// The step of a series of dates, which leaves one out.
  @Test(arguments: [
    (TimeStep.months(1), "2024-01-31"), (.months(12), "2020-05"), (.weekdays, "2024-03-01"), (.seconds(3600), "2024-03-01T05:00"),
    (.seconds(7 * 86_400), "2024-03-01"),
  ])
  func stepsAreFound(step: TimeStep, from: String) throws {
    let first = TimeValue.moment(try moment(from))
    var timeline = Timeline()
    var before: TimeValue?
    for index in 0..<20 where index != 7 {
      let time = try #require(step.advance(first, by: index))
      timeline.add(time, after: before, line: index + 2, series: "")
      before = time
    }
    #expect(timeline.step == step)
    #expect(timeline.missing(step)?.steps == 1)
    #expect(timeline.missing(step)?.first.line == 10)
    #expect(timeline.irregular(step) == nil && timeline.back == nil)
  }

  /// Months as years with decimals, rounded, are evenly apart.
  @Test(arguments: [2, 3, 4])
  func yearsWithDecimalsAreSteps(decimals: Int) throws {
    let scale = pow(10, Double(decimals))
    var timeline = Timeline()
    var before: TimeValue?
    let times = (0..<240).map { TimeValue.number((1749 * scale + Double($0) * scale / 12).rounded() / scale) }
    for (index, time) in times.enumerated() where index != 7 {
      timeline.add(time, after: before, line: index + 2, series: "")
      before = time
    }
    let step = try #require(timeline.step)
    #expect(step == .number(1.0 / 12))
    #expect(step.advance(.number(1769), by: 1)?.description == "1769.08333333333")
    #expect(timeline.irregular(step) == nil && timeline.missing(step)?.steps == 1)
    #expect(step.steps(from: times[0], to: times[239]) == 239)
  }

  /// What rounding does not explain is still no step.
  @Test func unevenNumbersAreNoSteps() throws {
    var timeline = Timeline()
    for (index, pair) in [(0.0, 0.5), (0.5, 1.0), (1.0, 1.7), (1.7, 2.2)].enumerated() {
      timeline.add(.number(pair.1), after: .number(pair.0), line: index + 2, series: "")
    }
    let step = try #require(timeline.step)
    #expect("\(step)" == "0.5" && timeline.irregular(step)?.line == 4)
    #expect("\(TimeValue.number(0.1 + 0.2))" == "0.3" && "\(TimeStep.number(0.08300000000008367))" == "0.083")
    #expect("\(TimeValue.number(1_700_000_000_123))" == "1700000000123" && "\(TimeValue.number(1e-7))" == "1e-07")
  }
}
