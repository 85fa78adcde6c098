import Forecasting
import Support
import Tables
import Testing

/// Which features of dates are read.
struct CalendarTests {
  /// Series of days, each from a day on.
  private static func data(_ spans: [(from: String, steps: Int)], step: TimeStep = .seconds(86_400)) throws -> ForecastData {
    let series = spans.enumerated().map { number, span in
      SeriesTable.Series(
        name: "\(number)", start: Samples.month(span.from), targets: (0..<span.steps).map { Double($0 * 5 % 13) + 0.5 },
        count: span.steps)
    }
    let roles = ColumnRoles(time: "day", group: spans.count > 1 ? "shop" : nil, targets: ["units"])
    return try Samples.data(SeriesTable(roles: roles, step: step, series: series), validation: 0)
  }

  private static let spans: [([(from: String, steps: Int)], [CalendarFeature], String?)] = [
    ([("2021-01-01", 365)], [.dayOfWeek, .dayOfYear], nil),
    ([("2021-01-01", 364)], [.dayOfWeek], "a whole year, so the network does not read the day of year"),
    // The halves of a year, of two series and in two years; and one that comes twice.
    ([("2021-01-01", 181), ("2019-07-01", 184)], [.dayOfWeek, .dayOfYear], nil),
    ([("2021-01-01", 181), ("2019-01-01", 184)], [.dayOfWeek], "a whole year, so the network does not read the day of year"),
    // Over the end of a year, and what it leaves.
    ([("2020-10-01", 120), ("2021-01-20", 260)], [.dayOfWeek, .dayOfYear], nil),
    ([("2021-03-03", 6)], [], "a whole week, so the network does not read the day of week and day of year"),
  ]

  @Test(arguments: spans)
  func aCycleIsReadIfTrainingSeesAWholeTurn(
    spans: [(from: String, steps: Int)], features: [CalendarFeature], reason: String?
  ) throws {
    let data = try Self.data(spans)
    #expect(data.description.calendar == features)
    let reasons = data.reasons.map(\.description).filter { $0.hasPrefix("the steps to train on don't go through ") }
    #expect(
      reasons
        == (reason.map { ["the steps to train on don't go through \($0) (noCalendar leaves out all that is made of dates)"] }
          ?? []))
  }

  @Test func hoursAndMonthsHaveTheirCycles() throws {
    #expect(try Self.data([("2021-01-01", 24)], step: .seconds(3600)).description.calendar == [.hourOfDay])
    #expect(try Self.data([("2021-01-01", 23)], step: .seconds(3600)).description.calendar == [])
    #expect(try Self.data([("2021-04-01", 12)], step: .months(1)).description.calendar == [.monthOfYear])
    #expect(try Self.data([("2021-04-01", 11)], step: .months(1)).description.calendar == [])
    #expect(try Self.data([("2021-01-04", 5)], step: .weekdays).description.calendar == [.dayOfWeek])
  }

  /// What is held out is not trained on.
  @Test func whatIsHeldOutDoesNotCount() throws {
    let table = SeriesTable(
      roles: ColumnRoles(time: "day", targets: ["units"]), step: .seconds(86_400),
      series: [
        .init(name: "", start: Samples.month("2021-01-01"), targets: (0..<380).map { Double($0 * 5 % 13) + 0.5 }, count: 380)
      ])
    #expect(try Samples.data(table, validation: 15).description.calendar == [.dayOfWeek, .dayOfYear])
    #expect(try Samples.data(table, validation: 16).description.calendar == [.dayOfWeek])
    #expect(try Samples.data(table) { $0.hasCalendar = false }.description.calendar == [])
  }
}
