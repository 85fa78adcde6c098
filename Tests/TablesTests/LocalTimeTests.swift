import Sequences
import Support
import Tables
import Testing

/// Times with offsets, and those of zones with daylight saving.
struct LocalTimeTests {
  private func table(
    _ times: [String], _ request: TimeRequest = TimeRequest(), _ missing: MissingPolicy = .error
  ) throws -> SeriesTable {
    let text = "time,units\n" + times.enumerated().map { "\($1),\($0 * 7 % 5).5\n" }.joined()
    return try withFile(text) { path in
      let roles = try TableSummary(contentsOf: path, times: request).roles(
        time: nil, group: nil, targets: nil, known: [], isWide: false)
      return try SeriesTable(contentsOf: path, roles: roles, missing: missing)
    }
  }

  /// Moments that are evenly apart, as the clocks of a zone show them: with their offsets, or without.
  private static func clocks(
    _ zone: String, from first: String, every seconds: Double, _ count: Int, pattern: String
  ) throws -> [String] {
    let rules = try TimeZoneRules(named: zone)
    let start = try #require(Moment(Array(first.utf8))).seconds
    let reading = TimeReading(try #require(TimeFormat(pattern)))
    return (0..<count).map { index in
      let moment = start + Double(index) * seconds
      return reading.text(.moment(Moment(seconds: moment, offset: rules.offset(at: moment), precision: .minute)))
    }
  }

  private func texts(_ table: SeriesTable, _ steps: Range<Int>) -> [String] {
    steps.compactMap { table.series[0].time($0, table.step).map(table.roles.text) }
  }

  @Test func offsetsStay() throws {
    let times = try Self.clocks("Asia/Kolkata", from: "2024-06-01T00:00Z", every: 3600, 40, pattern: "yyyy-mm-ddThh:mm:ss+hh:mm")
    let table = try table(times)
    #expect(table.step == .seconds(3600) && texts(table, 0..<40) == times)
    #expect(texts(table, 40..<41) == ["2024-06-02T21:30:00+05:30"])
    // Features of the calendar go by the clock.
    guard case .moment(let moment)? = table.series[0].time(0, table.step) else { return }
    #expect(moment.parts.secondOfDay == 5 * 3600 + 1800)
  }

  private static let zones = [
    ("Europe/Berlin", "2024-03-30T20:00Z", 3600.0), ("Europe/Berlin", "2024-10-26T20:00Z", 3600),
    ("Europe/Berlin", "2024-10-26T20:00Z", 900),
    ("Australia/Lord_Howe", "2024-04-06T08:00Z", 1800), ("Australia/Lord_Howe", "2024-10-05T08:00Z", 1800),
    ("Australia/Adelaide", "2024-04-06T08:30Z", 3600), ("America/St_Johns", "2024-11-02T22:30Z", 3600),
    ("America/New_York", "2024-03-09T22:00Z", 3600), ("America/Santiago", "2024-09-07T20:00Z", 3600),
  ]

  /// Over a change of the clock the series is even, and its times are those that were there: with offsets in the file, or with a zone.
  @Test(arguments: zones.indices)
  func clocksChangeAndStepsDoNot(index: Int) throws {
    let (zone, first, step) = Self.zones[index]
    let marked = try Self.clocks(zone, from: first, every: step, 40, pattern: "yyyy-mm-dd hh:mm+hh:mm")
    try #require(Set(marked.map { $0.suffix(6) }).count == 2)
    let byOffset = try table(marked)
    #expect(byOffset.step == .seconds(step) && texts(byOffset, 0..<40) == marked)
    let bare = try Self.clocks(zone, from: first, every: step, 40, pattern: "yyyy-mm-dd hh:mm")
    let byZone = try table(bare, TimeRequest(zone: zone))
    #expect(byZone.step == .seconds(step) && byZone.series[0].count == 40)
    // Without the offset the hour that comes twice could not be told apart.
    #expect(texts(byZone, 0..<40) == marked)
    let both = try table(marked, TimeRequest(zone: zone))
    #expect(texts(both, 0..<40) == marked)
    // From before the change the series goes on over it.
    let half = try table(Array(bare.prefix(4)), TimeRequest(zone: zone))
    #expect(texts(half, 0..<40) == marked)
    let seconds = try Self.clocks(zone, from: first, every: step, 40, pattern: "epoch-seconds")
    let epoch = try table(seconds, TimeRequest(zone: zone))
    #expect(texts(epoch, 0..<40) == seconds)
    guard case .moment(let one)? = epoch.series[0].time(39, epoch.step),
      case .moment(let two)? = byZone.series[0].time(39, byZone.step)
    else { return }
    #expect(one == two && one.parts == two.parts)
  }

  /// Without offsets a clock's jump is named, in both directions, at whatever step, and wherever it is in the series.
  @Test(arguments: [
    (
      "2024-10-26T20:00Z", 3600.0,
      "line 7: 2024-10-27 02:00 stands there twice; it looks like the hour that comes twice where daylight saving ends: "
    ),
    (
      "2024-10-26T20:00Z", 900,
      "line 22: 2024-10-27 02:00 comes after 2024-10-27 02:45, which goes back in time; it looks like the hour that comes twice where daylight "
        + "saving ends: "
    ),
    (
      "2024-03-30T20:00Z", 3600,
      "line 7: 2024-03-31 03:00 comes after 2024-03-31 01:00: 1 row is missing, an hour each; it looks like the hour that clocks leave out where "
        + "daylight saving begins: "
    ),
    (
      "2024-03-30T20:00Z", 900,
      "line 22: 2024-03-31 03:00 comes after 2024-03-31 01:45: 4 rows are missing, 15 minutes each; it looks like the hour that clocks leave out "
        + "where daylight saving begins: "
    ),
    (
      "2024-03-30T17:00Z", 7200,
      "line 6: 2024-03-31 03:00 comes after 2024-03-31 00:00, and the rows are otherwise 2 hours apart; it looks like the hour that clocks leave "
        + "out where daylight saving begins: "
    ),
  ])
  func jumpsOfClocksAreNamed(first: String, step: Double, message: String) throws {
    let times = try Self.clocks("Europe/Berlin", from: first, every: step, 40, pattern: "yyyy-mm-dd hh:mm")
    let remedy = "name the time zone with timeZone, such as Europe/Berlin, or give each time its offset, such as +01:00"
    #expect(throws: Refusal(text: "sales.csv, \(message)\(remedy)")) { try table(times) }
    _ = try table(times, TimeRequest(zone: "Europe/Berlin"))
  }

  /// What is put in where clocks leave an hour out is said.
  @Test func filledHoursOfClocksAreNamed() throws {
    let times = try Self.clocks("Europe/Berlin", from: "2024-03-30T20:00Z", every: 3600, 40, pattern: "yyyy-mm-dd hh:mm")
    let table = try table(times, TimeRequest(), .interpolate)
    #expect(
      table.repairs.last?.description
        == "\(table.source), line 7: 2024-03-31 03:00 comes after 2024-03-31 01:00: it looks like the hour that clocks leave out where daylight "
        + "saving begins: name the time zone with timeZone, such as Europe/Berlin, or give each time its offset, such as +01:00")
  }

  /// Days, weeks and months are those of the local calendar, however long they last.
  @Test(arguments: [
    ("yyyy-mm-ddThh:mm+hh:mm", "Europe/Berlin", TimeStep.clock(86_400)),
    ("yyyy-mm-ddThh:mm+hh:mm", "America/New_York", .clock(604_800)),
    ("yyyy-mm-ddThh:mm+hh:mm", "Australia/Lord_Howe", .months(1)), ("yyyy-mm-ddThh:mm+hh:mm", "Europe/Berlin", .clock(21_600)),
    ("yyyy-mm-ddThh:mm+hh:mm", "Europe/Berlin", .weekdays),
  ])
  func daysAreThoseOfTheClock(pattern: String, zone: String, step: TimeStep) throws {
    let rules = try TimeZoneRules(named: zone)
    let reading = TimeReading(try #require(TimeFormat(pattern)), zone: zone)
    let clock = try #require(Moment(Array("2024-01-01T00:00".utf8))).seconds
    let start = Moment(clock: clock, offset: rules.offset(at: clock), precision: .minute)
    let count = step == .clock(21_600) ? 1400 : 330
    let times = (0..<count).compactMap { step.advance(.moment(start), by: $0, in: rules).map(reading.text) }
    let byOffset = try table(times)
    #expect(byOffset.step == step && texts(byOffset, 0..<count) == times)
    let byZone = try table(times.map { String($0.dropLast(6)) }, TimeRequest(zone: zone))
    #expect(byZone.step == step && texts(byZone, 0..<count) == times)
  }

  @Test(arguments: [
    (
      ["2024-03-31T01:30", "2024-03-31T02:30"], "Europe/Berlin",
      "line 3, column time: “2024-03-31T02:30” is left out by the clocks of Europe/Berlin, which daylight saving sets forward: what they show then "
        + "is 2024-03-31T03:30+02:00; mend it, or name the zone in which the times are with timeZone"
    ),
    (
      (0..<12).map { "2024-06-01T\("0\($0)".suffix(2)):00\($0 == 5 ? "" : "+02:00")" }, nil,
      "line 7, column time: “2024-06-01T05:00” has no offset from UTC, and other times have; give it one, such as +01:00, or name the zone with "
        + "timeZone"
    ),
    (
      (0..<12).map { "2024-06-01T\("0\($0)".suffix(2)):00\($0 == 5 ? "Z" : "")" }, nil,
      "line 7, column time: “2024-06-01T05:00Z” has an offset from UTC, and other times have none; give all of them one, or name the zone with timeZone"
    ),
  ])
  func whatCanNotBeIsNamed(times: [String], zone: String?, message: String) {
    #expect(throws: Refusal(text: "sales.csv, \(message)")) { try table(times, TimeRequest(zone: zone)) }
  }

  /// Each series has its own clock.
  @Test func seriesHaveOffsetsOfTheirOwn() throws {
    let times = try Self.clocks("Europe/Berlin", from: "2024-10-26T22:00Z", every: 3600, 6, pattern: "yyyy-mm-ddThh:mm")
    let text = "time,shop,units\n" + times.enumerated().map { "\($1),a,\($0)\n\($1),b,\($0 * 2)\n" }.joined()
    let table = try withFile(text) { path in
      let roles = try TableSummary(contentsOf: path, times: TimeRequest(zone: "Europe/Berlin")).roles(
        time: nil, group: nil, targets: nil, known: [], isWide: false)
      return try SeriesTable(contentsOf: path, roles: roles, missing: .error)
    }
    #expect(table.series.map(\.count) == [6, 6] && table.step == .seconds(3600))
  }
}
