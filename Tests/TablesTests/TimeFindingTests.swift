import Sequences
import Support
import Tables
import Testing

/// How the times of a column are written is found out from all of it.
struct TimeFindingTests {
  private static func table(_ times: [String], name: String = "date") -> String {
    "\(name),units\n" + times.enumerated().map { "\"\($1)\",\($0 * 7 % 5).5\n" }.joined()
  }

  private func roles(_ text: String, _ request: TimeRequest = TimeRequest()) throws -> ColumnRoles {
    try withFile(text) {
      try TableSummary(contentsOf: $0, times: request).roles(time: nil, group: nil, targets: ["units"], known: [], isWide: false)
    }
  }

  /// The times of steps from the first one on, in a format.
  private static func times(_ pattern: String, from first: String, _ step: TimeStep, _ count: Int) -> [String] {
    guard let format = TimeFormat(pattern), let moment = Moment(Array(first.utf8)) else { return [] }
    let start = TimeValue.moment(
      format.hasOffset ? Moment(clock: moment.seconds, offset: 19_800, precision: moment.precision) : moment)
    return (0..<count).compactMap { step.advance(start, by: $0).map(TimeReading(format).text) }
  }

  private static let regular: [(pattern: String, first: String, step: TimeStep, next: String)] = [
    ("yyyymmdd", "2024-01-01", .seconds(86_400), "20240301"), ("yyyymm", "2019-03", .months(1), "202403"),
    ("yymmdd", "2024-01-01", .seconds(86_400), "240301"), ("yyyymmddhh", "2024-01-31T20:00", .seconds(3600), "2024020308"),
    ("yyyymmddhhmm", "2024-01-31T20:00", .seconds(900), "202402011100"),
    ("dd.mm.yyyy", "2024-01-01", .seconds(86_400), "01.03.2024"),
    ("mm/dd/yyyy", "2024-01-01", .seconds(86_400), "03/01/2024"), ("d/m/yyyy", "2024-01-01", .seconds(86_400), "1/3/2024"),
    ("m/d/yyyy", "2024-01-01", .weekdays, "3/25/2024"), ("dd-mm-yy", "2024-01-01", .seconds(86_400), "01-03-24"),
    // Months, which fit no other order, since one does not come after a step of a day.
    ("dd.mm.yyyy", "2023-01-01", .months(1), "01.01.2028"), ("mm/dd/yyyy", "2023-01-01", .months(1), "01/01/2028"),
    // Hours of few days.
    ("dd/mm/yyyy hh:mm", "2024-02-01T00:00", .seconds(3600), "03/02/2024 12:00"),
    ("m/d/yyyy h:mm AM", "2024-12-31T09:00", .seconds(3600), "1/2/2025 9:00 PM"),
    ("yyyy-mm-dd hh:mm:ss", "2024-01-01T00:00", .seconds(60), "2024-01-01 01:00:00"),
    ("yyyy-mm-ddThh:mm:ss+hh:mm", "2024-06-01T00:00", .seconds(3600), "2024-06-03T12:00:00+05:30"),
    ("yyyy-mm-ddThh:mm:ss.ff", "2024-06-01T00:00", .seconds(0.25), "2024-06-01T00:00:15.00"),
    ("yyyyQq", "2006-10", .months(3), "2021Q4"), ("Qq yyyy", "2006-10", .months(3), "Q4 2021"),
    ("yyyy-Www", "2020-06-01", .seconds(604_800), "2021-W30"),
    ("Mon-yy", "2020-01", .months(1), "Jan-25"), ("Month yyyy", "2020-01", .months(1), "January 2025"),
    ("dd-MON-yyyy", "2024-01-01", .seconds(86_400), "01-MAR-2024"),
    ("Mon d, yyyy", "2024-01-01", .seconds(86_400), "Mar 1, 2024"),
    ("epoch-seconds", "2024-02-28T22:00", .seconds(3600), "1709373600"),
    ("epoch-milliseconds", "2024-02-28T22:00", .seconds(60), "1709161200000"),
    ("yyyy-mm-dd", "2023-01-31", .months(1), "2028-01-31"), ("numbers", "", .number(1), "2059"),
  ]

  /// The file goes on as it is written, with the step of its calendar.
  @Test(arguments: regular.indices)
  func seriesGoOnAsTheyAreWritten(index: Int) throws {
    let (pattern, first, step, next) = Self.regular[index]
    let times = pattern == "numbers" ? (1999..<2059).map { "\($0)" } : Self.times(pattern, from: first, step, 60)
    try #require(times.count == 60)
    let text = Self.table(times, name: pattern == "numbers" ? "year" : "date")
    let found = try roles(text)
    let reading = try #require(found.times)
    #expect(reading.format.description == pattern, "\(times)")
    let table = try withFile(text) { try SeriesTable(contentsOf: $0, roles: found, missing: .error) }
    let isOnClock = reading.format.hasOffset || pattern.hasPrefix("epoch")
    if case .seconds(86_400) = step, isOnClock {
      #expect(table.step == .clock(86_400))
    } else {
      #expect(table.step == step, "\(times)")
    }
    let series = table.series[0]
    #expect(series.count == 60)
    #expect((0..<60).compactMap { series.time($0, table.step).map(reading.text) } == times)
    #expect(series.time(60, table.step).map(reading.text) == next)
    // The same order may be asked for, and what is found is kept in files.
    let asked = try roles(text, TimeRequest(format: reading.format))
    #expect(asked == found)
  }

  private static let numbers = (1...12).map { $0 < 10 ? "0\($0)" : "\($0)" }

  /// Days and months that are never above 12, with nothing that tells which is which.
  @Test(arguments: [
    (
      numbers.map { "\($0)/01/2024" }, "mm/dd/yyyy", "dd/mm/yyyy",
      "sales.csv, line 3, column date: “02/01/2024” is 2024-01-02 (dates dd/mm/yyyy) or 2024-02-01 (dates mm/dd/yyyy), and the rows fit both: say which"
    ),
    (
      numbers.map { "01.\($0).2024" }, "dd.mm.yyyy", "mm.dd.yyyy",
      "sales.csv, line 3, column date: “01.02.2024” is 2024-02-01 (dates dd.mm.yyyy) or 2024-01-02 (dates mm.dd.yyyy), and the rows fit both: say which"
    ),
    (
      ["200101", "200102", "200103", "200104"], "yyyymm", "yymmdd",
      "sales.csv, line 2, column date: “200101” is 2001-01 (dates yyyymm) or 2020-01-01 (dates yymmdd), and the rows fit both: say which"
    ),
    (
      // Uneven in both.
      ["1/2/2024", "1/3/2024", "2/3/2024", "7/8/2024"], "d/m/yyyy", "m/d/yyyy",
      "sales.csv, line 2, column date: “1/2/2024” is 2024-02-01 (dates d/m/yyyy) or 2024-01-02 (dates m/d/yyyy), and the rows fit both: say which"
    ),
  ])
  func whatIsUndecidedIsAsked(times: [String], one: String, other: String, message: String) throws {
    let text = Self.table(times)
    #expect(throws: Refusal(text: message)) { try roles(text) }
    for pattern in [one, other] {
      let format = try #require(TimeFormat(pattern))
      let reading = try #require(try roles(text, TimeRequest(format: format)).times)
      #expect(reading.format.description == pattern)
    }
    // As it is without dates, each row may be a step.
    let steps = try withFile(text) {
      try TableSummary(contentsOf: $0).roles(time: ColumnChoice.none, group: nil, targets: ["units"], known: [], isWide: false)
    }
    #expect(steps.time == nil)
  }

  /// Numbers that look like dates only now and then are numbers.
  @Test(arguments: [
    ("t", 1), ("year", 1949), ("time", 20_240_050), ("step", 1_700_000_000), ("t", 90_000_000), ("date", 101_001),
  ])
  func countersStayNumbers(name: String, first: Int) throws {
    let times = (first..<first + 60).map { "\($0)" }
    #expect(try roles(Self.table(times, name: name)).times == TimeReading(.numbers))
  }

  /// What happens to be a number of eight digits is no time, unless all are evenly apart as days.
  @Test func onlyCalendarsAreTimesWithoutAName() throws {
    let days = Self.times("yyyymmdd", from: "2024-01-25", .seconds(86_400), 30)
    #expect(try roles(Self.table(days, name: "a")).time == "a")
    let shuffled = days.indices.map { days[$0 * $0 % 30] }
    #expect(try roles(Self.table(shuffled, name: "a")).time == nil)
    let seconds = Self.table((0..<30).map { "\(1_700_000_000 + 3600 * $0)" }, name: "a")
    #expect(try roles(seconds).time == nil)
    let halves = "time;units\n" + (0..<30).map { "\(1_700_000_000 + 60 * $0),50;\($0 % 7),25\n" }.joined()
    #expect(try roles(halves).times?.format.description == "epoch-seconds.ff")
    // Asked for, it is a time whatever it is called.
    #expect(try roles(seconds, TimeRequest(format: TimeFormat("epoch-seconds"))).time == "a")
  }

  /// A column is read in the way in which most of it makes sense, and what doesn't is named.
  @Test(arguments: [
    ("31/31/2024", "“31/31/2024” is no time written as dd/mm/yyyy (dates); mend it, or leave the row out"),
    ("05/13/2024", "“05/13/2024” is no time written as dd/mm/yyyy (dates); mend it, or leave the row out"),
    ("soon", "“soon” is no time written as dd/mm/yyyy (dates); mend it, or leave the row out"),
    ("NaT", "the time is missing (“NaT”); put it in, or leave the row out"),
    ("", "the time is missing; put it in, or leave the row out"),
  ])
  func whatDoesNotFitIsNamed(odd: String, message: String) throws {
    var times = Self.times("dd/mm/yyyy", from: "2024-05-01", .seconds(86_400), 25)
    times[12] = odd
    let text = Self.table(times)
    let found = try roles(text)
    #expect(found.times?.format == TimeFormat("dd/mm/yyyy"))
    #expect(throws: Refusal(text: "sales.csv, line 14, column date: \(message)")) {
      try withFile(text) { try SeriesTable(contentsOf: $0, roles: found, missing: .interpolate) }
    }
  }

  private static let unfit: [(pattern: String?, zone: String?, message: String)] = [
    ("mm/dd/yyyy", nil, "sales.csv, line 14, column date: “13/05/2024” is not written as mm/dd/yyyy (dates)"),
    ("epoch-seconds", nil, "sales.csv, line 2, column date: “01/05/2024” is not written as epoch-seconds (dates)"),
    ("numbers", nil, "sales.csv, line 2, column date: “01/05/2024” is not written as numbers (dates)"),
    (
      nil, "Mars/Olympus", "there is no time zone “Mars/Olympus”: timeZone takes a name such as Europe/Berlin or America/New_York"
    ),
  ]

  @Test(arguments: unfit.indices)
  func whatIsAskedForMustFit(index: Int) {
    let (pattern, zone, message) = Self.unfit[index]
    let text = Self.table(Self.times("dd/mm/yyyy", from: "2024-05-01", .seconds(86_400), 25))
    #expect(throws: Refusal(text: message)) { try roles(text, TimeRequest(format: pattern.flatMap(TimeFormat.init), zone: zone)) }
  }

  @Test func zonesAreForTimes() {
    #expect(
      throws: Refusal(
        text: "sales.csv, column t: it holds numbers that count steps, which no time zone has: leave out timeZone")
    ) { try roles("t,units\n1,2\n2,3\n3,5\n", TimeRequest(zone: "Europe/Berlin")) }
    #expect(throws: Refusal(text: "sales.csv has no column of times to read: leave out dates, or name one with time")) {
      try roles("a,units\nx,2\ny,3\nz,5\n", TimeRequest(format: TimeFormat("dd.mm.yyyy")))
    }
  }

  /// A value may be missing in the way in which tables of pandas have it.
  @Test func missingTimesAreMissingValuesElsewhere() throws {
    let table = try withFile("day,units\n2024-01-01,1\n2024-01-02,NaT\n2024-01-03,3\n") {
      try SeriesTable(contentsOf: $0, roles: ColumnRoles(time: "day", targets: ["units"]), missing: .interpolate)
    }
    #expect(table.series[0].targets == [1, 2, 3])
  }
}
