import Foundation
import Support
import Tables
import Testing

struct TimeZoneTests {
  /// Zones in both hemispheres, with half hours and quarters, with daylight saving of half an hour, without any, and with odd rules.
  static let names = [
    "Europe/Berlin", "America/New_York", "Asia/Kolkata", "Asia/Kathmandu", "Australia/Lord_Howe", "Australia/Adelaide",
    "Europe/Dublin",
    "America/Santiago", "Pacific/Auckland", "America/St_Johns", "Asia/Tokyo", "America/Sao_Paulo", "UTC", "Pacific/Apia",
  ]

  /// Against Foundation's zones, every 83 hours or so from 1970 to 2060, and at each change of the offset in between.
  @Test(arguments: names)
  func offsetsAreThoseOfTheZone(name: String) throws {
    let rules = try TimeZoneRules(named: name)
    let zone = try #require(TimeZone(identifier: name))
    var before = 0
    for seconds in stride(from: 3600.0, to: 2_840_140_800, by: 300_017) {
      let offset = zone.secondsFromGMT(for: Date(timeIntervalSince1970: seconds))
      #expect(rules.offset(at: seconds) == offset, "\(name) at \(seconds)")
      // Each moment's clock is shown at that moment.
      #expect(rules.offsets(atClock: seconds + Double(offset)).contains(offset), "\(name) at \(seconds)")
      if offset != before, seconds > 3600 {
        var (low, high) = (Int(seconds) - 300_017, Int(seconds))
        while high - low > 1 {
          let middle = (low + high) / 2
          if zone.secondsFromGMT(for: Date(timeIntervalSince1970: Double(middle))) == offset {
            high = middle
          } else {
            low = middle
          }
        }
        #expect(rules.offset(at: Double(high)) == offset && rules.offset(at: Double(high - 1)) == before, "\(name) at \(high)")
      }
      before = offset
    }
  }

  @Test func hoursComeTwiceAndAreLeftOut() throws {
    let rules = try TimeZoneRules(named: "Europe/Berlin")
    func clock(_ text: String) throws -> Double { try #require(Moment(Array(text.utf8))).seconds }
    #expect(try rules.offsets(atClock: clock("2024-03-31T01:59")) == [3600])
    #expect(try rules.offsets(atClock: clock("2024-03-31T02:00")) == [])
    #expect(try rules.offsets(atClock: clock("2024-03-31T03:00")) == [7200])
    #expect(try rules.offsets(atClock: clock("2024-10-27T02:30")) == [7200, 3600])
    #expect(try rules.offsets(atClock: clock("2024-10-27T03:00")) == [3600])
    // By the rule for later years.
    #expect(try rules.offsets(atClock: clock("2090-07-01")) == [7200] && rules.offsets(atClock: clock("2090-12-01")) == [3600])
  }

  @Test(arguments: [
    "", "/etc/passwd", "../etc/passwd", "Europe/../Europe/Berlin", "Europe", "Europe/Berln", "Europe//Berlin", "a b", "É",
    "tzdata.zi",
  ])
  func whatIsNoZoneIsRefused(name: String) {
    #expect { try TimeZoneRules(named: name) } throws: { error in
      let text = (error as? RecurrentError)?.description ?? ""
      return text.contains("there is no time zone “\(name)”: timeZone takes a name such as Europe/Berlin or America/New_York")
        || name == "tzdata.zi" && text.contains("no file of a time zone: it does not begin with TZif")
    }
  }

  /// A file of our own: an hour ahead, two from a moment on, and then a rule.
  private static func file(rule: String = "<+01>-1<+02>,M3.5.0,M10.5.0/3", version: String = "2") -> [UInt8] {
    func header(changes: Int) -> [UInt8] {
      Array("TZif\(version)".utf8) + [UInt8](repeating: 0, count: 15)
        + [0, 0, 0, changes, 2, 8].flatMap { [0, 0, 0, UInt8($0)] }
    }
    let kinds: [UInt8] = [0, 0, 0x0E, 0x10, 0, 0, 0, 0, 0x1C, 0x20, 1, 4] + Array("+01\0+02\0".utf8)
    let first = header(changes: 0) + kinds
    return first + header(changes: 1) + [0, 0, 0, 0, 0x65, 0, 0, 0] + [1] + kinds + Array("\n\(rule)\n".utf8)
  }

  @Test func filesAreReadWithoutTheSystem() throws {
    let rules = try TimeZoneRules(Self.file(), name: "own")
    #expect(rules.offset(at: 0) == 3600 && rules.offset(at: 1_694_498_815) == 3600)
    // After the change the rule holds, in July and in January.
    #expect(rules.offset(at: 1_720_000_000) == 7200 && rules.offset(at: 1_705_000_000) == 3600)
    let fixed = try TimeZoneRules(Self.file(rule: ""), name: "own")
    #expect(fixed.offset(at: 1_705_000_000) == 7200)
    let south = try TimeZoneRules(Self.file(rule: "AAA-10BBB-10:30,J300/2,60/26"), name: "own")
    #expect(south.offset(at: 1_705_000_000) == 37_800 && south.offset(at: 1_720_000_000) == 36_000)
  }

  @Test(arguments: [
    ("x", "it does not begin with TZif"), ("rule", "its rule “nonsense” is not understood"),
    ("cut", "it is shorter than it says"),
    ("end", "its rule is not between two ends of lines"),
  ])
  func whatIsWrongWithAFileIsNamed(kind: String, text: String) {
    var file = Self.file(rule: kind == "rule" ? "nonsense" : "AAA0")
    switch kind {
    case "x": file[0] = 0
    case "cut": file.removeLast(30)
    case "end": file.removeLast()
    default: break
    }
    #expect { try TimeZoneRules(file, name: "own") } throws: { ($0 as? TimeZoneRules.Problem)?.text == text }
  }

  /// Whatever a file holds, it is read or refused, and what is read can be asked.
  @Test func filesOfAllKindsAreRead() throws {
    let file = Self.file()
    func ask(_ bytes: [UInt8]) {
      guard let rules = try? TimeZoneRules(bytes, name: "own") else { return }
      for seconds in [-1e18, -1e10, 0, 1.7e9, 1e11, 1e18] { _ = rules.offset(at: seconds) }
      _ = rules.offsets(atClock: 1.7e9)
    }
    for place in file.indices {
      ask(Array(file[..<place]))
      for byte: UInt8 in [0, 1, 0x2C, 0x30, 0x39, 0x7F, 0x80, 0xFF] {
        var changed = file
        changed[place] = byte
        ask(changed)
      }
    }
    ask(Array(repeating: 0xFF, count: 500))
    ask(Array("TZif2".utf8) + [UInt8](repeating: 0, count: 15) + [UInt8](repeating: 0xFF, count: 24))
  }
}
