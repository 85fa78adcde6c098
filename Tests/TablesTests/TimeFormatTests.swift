import Tables
import Testing

struct TimeFormatTests {
  /// Every known form of a date, in each way in which its letters and numbers may be written, with every kind of time of day; and the
  /// units since 1970.
  static let formats: [TimeFormat] = {
    let dates = DateForm.known.map(\.pattern).flatMap { pattern in
      [
        pattern, pattern.replacing("dd", with: "d"), pattern.replacing("Mon", with: "MON"), pattern.replacing("Mon", with: "mon"),
        pattern.replacing("Qq", with: "qq"), pattern.replacing("Www", with: "www"),
      ]
    }
    let clocks = [
      "", " hh:mm", "Thh:mm", " h:mm", " hh:mm:ss", "Thh:mm:ss.fff", " h:mm AM", " hh:mm:ssam", "Thh:mm:ssZ", "Thh:mm:ss+hh:mm",
      " hh:mm +hhmm", " hh:mm+hh:mm", " hh:mm UTC", "Thhmm", "Thhmmss+hhmm", "hhmm", "hhmmss", " hh",
    ]
    let written = Set(dates).sorted().flatMap { date in clocks.compactMap { TimeFormat(date + $0) } }
    return written + ["epoch-seconds", "epoch-seconds.fff", "epoch-milliseconds"].compactMap { TimeFormat($0) }
  }()

  private func read(_ text: String, _ format: TimeFormat) throws -> TimeValue {
    try TimeReading(format).time(Array(text.utf8)[...], nil, after: nil)
  }

  /// What is printed is read as the same time, and printed again as the same text.
  @Test func printingAndReadingAreInverses() throws {
    #expect(Self.formats.count > 800)
    // Leap days, the ends of years, a 53rd week, times of two halves of a day, and fractions of a second.
    let moments = [
      0, 1_709_164_800, 1_709_210_096, 951_868_799, 1_609_459_199, 1_704_067_200, 1_735_603_200.25, 4_102_441_200, -86_400,
      1_388_577_600,
    ]
    for format in Self.formats {
      #expect(TimeFormat(format.description) == format, "\(format)")
      for seconds in moments {
        let offset = format.hasOffset ? [19_800, -12_600, 0][Int(seconds.magnitude) % 3] : nil
        let reading = TimeReading(format)
        let isUTC = format.description.hasPrefix("epoch")
        let text = reading.text(
          .moment(Moment(clock: seconds, offset: isUTC ? 0 : offset, precision: .second)))
        let time = try #require(try? read(text, format), "\(format): \(text)")
        #expect(reading.text(time) == text, "\(format)")
        guard case .moment(let moment) = time else { continue }
        #expect(moment.offset == (isUTC ? 0 : offset), "\(format): \(text)")
        // A second time is not rounded any more.
        #expect(try read(reading.text(time), format) == time, "\(format): \(text)")
        if format.description.hasSuffix("ss") && format.description.contains("yyyy") {
          #expect(moment.clock == seconds.rounded(), "\(format): \(text)")
        }
      }
    }
  }

  @Test(arguments: [
    ("20240131", "yyyymmdd", "2024-01-31"), ("202401", "yyyymm", "2024-01"), ("240131", "yymmdd", "2024-01-31"),
    ("31.12.2024", "dd.mm.yyyy", "2024-12-31"), ("12/31/2024", "mm/dd/yyyy", "2024-12-31"),
    ("31/12/2024", "dd/mm/yyyy", "2024-12-31"),
    ("1/5/2024", "d/m/yyyy", "2024-05-01"), ("12/31/69", "mm/dd/yy", "1969-12-31"), ("12/31/68", "mm/dd/yy", "2068-12-31"),
    ("2006Q4", "yyyyQq", "2006-10"), ("Q1 2006", "Qq yyyy", "2006-01"), ("2024-W05", "yyyy-Www", "2024-01-29"),
    ("2020-W53", "yyyy-Www", "2020-12-28"), ("2025-W01", "yyyy-Www", "2024-12-30"), ("Jan-24", "Mon-yy", "2024-01"),
    ("MAR 2024", "MON yyyy", "2024-03"), ("5 September 2024", "d Month yyyy", "2024-09-05"),
    ("Feb 29, 2024", "Mon dd, yyyy", "2024-02-29"),
    ("2024M07", "yyyyMmm", "2024-07"), ("1/5/2024 9:05 PM", "m/d/yyyy h:mm AM", "2024-01-05T21:05"),
    ("12/31/2024 12:00 AM", "mm/dd/yyyy hh:mm AM", "2024-12-31T00:00"), ("2024013123", "yyyymmddhh", "2024-01-31T23:00"),
    ("20240131T134500Z", "yyyymmddThhmmssZ", "2024-01-31T13:45:00Z"), ("1700000000", "epoch-seconds", "2023-11-14T22:13:20Z"),
    ("1700000000123", "epoch-milliseconds", "2023-11-14T22:13:20.123Z"), ("-1", "epoch-seconds", "1969-12-31T23:59:59Z"),
    ("2024-06-01T00:30+05:30", "yyyy-mm-ddThh:mm+hh:mm", "2024-06-01T00:30+05:30"),
    ("2024-06-01 00:30:00 -0330", "yyyy-mm-dd hh:mm:ss +hhmm", "2024-06-01T00:30:00-03:30"),
  ])
  func timesAreThoseThatTheirFormatsSay(text: String, pattern: String, time: String) throws {
    let format = try #require(TimeFormat(pattern))
    #expect(try read(text, format).description == time)
    #expect(TimeReading(format).text(try read(text, format)) == text)
  }

  /// Whichever mark a file has before decimals.
  @Test(arguments: ["1700000000.5", "1700000000,5"])
  func countsOfSecondsMayHaveDecimals(text: String) throws {
    let format = try #require(TimeFormat("epoch-seconds.f"))
    #expect(try read(text, format).description == "2023-11-14T22:13:20.5Z")
    #expect(TimeReading(format).text(try read(text, format)) == "1700000000.5")
  }

  @Test(arguments: [
    ("2024-W53", "yyyy-Www"), ("2023-02-29", "yyyy-mm-dd"), ("31/04/2024", "dd/mm/yyyy"), ("13/31/2024", "dd/mm/yyyy"),
    ("2006Q5", "yyyyQq"), ("Jan 2024", "Mon-yy"), ("2024-01-31T25:00", "yyyy-mm-ddThh:mm"),
    ("2024-01-31T24:01", "yyyy-mm-ddThh:mm"),
    ("1/5/2024 13:05 PM", "m/d/yyyy h:mm AM"), ("1/5/2024 0:05 PM", "m/d/yyyy h:mm AM"), ("2024-01-31T05:00", "yyyy-mm-dd"),
    ("2024-01-31T05:00+24:00", "yyyy-mm-ddThh:mm+hh:mm"), ("1e300", "epoch-seconds"), ("1,700,000,000", "epoch-seconds"),
    ("1.700.000,5", "epoch-seconds"), ("99999999999999999999", "epoch-seconds"),
    ("2024-01-31T", "yyyy-mm-ddThh:mm"), ("2024-01-31 ", "yyyy-mm-dd hh:mm"), ("NaT", "yyyy-mm-dd"), ("", "yyyy-mm-dd"),
    ("2024-01-31T05:00:00.", "yyyy-mm-ddThh:mm:ss"), ("31.12.2024", "numbers"),
  ])
  func whatIsNoTimeIsNone(text: String, pattern: String) throws {
    let format = try #require(TimeFormat(pattern))
    #expect(throws: TimeReading.Problem.self) { try read(text, format) }
  }

  @Test(arguments: [
    "", "dd.mm", "yyyy", "yyyy-dd", "dd.mm.yyyy.", "yyyymd", "hh:mm", "yyyy-mm-ddhh:mm", "yyyy-mm-dd hh:", "qq", "yyyyQq-mm",
    "epoch",
    "epoch-seconds.", "epoch-seconds.ffffffffff", "dd.mm.yyyy hh:mm:ss.", "yyyy-mm-ddThh:mm+h", "dd.dd.yyyy", "yyyy-mm-dd hh:mm ",
  ])
  func whatIsNoFormatIsNone(pattern: String) { #expect(TimeFormat(pattern) == nil) }

  /// Whatever bytes come, reading ends with a time or with nothing.
  @Test func bytesOfAllKindsAreRead() {
    let texts = ["2024-02-29T13:45:30.5+02:00", "31 December 2024 9:05 PM", "2020-W53", "1700000000.25"].map { Array($0.utf8) }
    for (text, format) in texts.flatMap({ text in Self.formats.map { (text, $0) } }) where format.description.count % 3 == 0 {
      for place in text.indices {
        for byte: UInt8 in [0, 0x20, 0x2B, 0x30, 0x39, 0x54, 0xFF] {
          var changed = text
          changed[place] = byte
          _ = try? TimeReading(format).time(changed[...], nil, after: nil)
        }
        _ = try? TimeReading(format).time(text[..<place], nil, after: nil)
      }
    }
  }
}
