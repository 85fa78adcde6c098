import Platform
import Storage
package import Support

/// How far the clocks of a time zone are ahead of UTC, and when that changes: what a file of the system's says of it.
///
/// The files have the form of RFC 9636 (TZif): moments at which the offset changes, and a rule for the years after them.
package struct TimeZoneRules: Sendable {
  /// The zone's name, such as `Europe/Berlin`.
  package let name: String
  /// Seconds since the beginning of 1970 at which the offset changes, in rising order.
  private let changes: [Int64]
  /// Seconds ahead of UTC, before the first change and after each.
  private let offsets: [Int]
  /// What holds after the last change; nil for the last offset.
  private let rule: TimeZoneRule?

  package struct Problem: Error {
    package let text: String
  }

  /// The rules of a zone of the system's.
  ///
  /// - Throws: ``RecurrentError`` if there is no zone of that name, or its file is not as it should be.
  package init(named name: String) throws(RecurrentError) {
    guard Self.isName(name) else { throw Self.unknown(name) }
    let path = Self.folder + name
    guard FileSystem.exists(path), !FileSystem.isFolder(path) else {
      guard FileSystem.isFolder(Self.folder) else {
        throw RecurrentError(
          .data,
          naming:
            "the time zone \(name) can't be looked up, since this machine has no \(Self.folder): install the system's package tzdata, or write times with their offsets, such as +01:00"
        )
      }
      throw Self.unknown(name)
    }
    let file = try MappedFile(path)
    guard file.count <= Self.mostBytes else { throw Self.unknown(name) }
    let bytes = file.withBytes(in: 0..<file.count) { Array($0) }
    do throws(Problem) {
      try self.init(bytes, name: name)
    } catch {
      throw RecurrentError(.data, "\(path) is no file of a time zone: \(error.text)")
    }
  }

  private static let folder = "/usr/share/zoneinfo/"
  private static let mostBytes = 1 << 20

  /// Whether a text can be a zone's name: a path of letters, digits and a few marks that leads nowhere else.
  package static func isName(_ name: String) -> Bool {
    !name.isEmpty && name.utf8.count <= 100
      && name.split(separator: "/", omittingEmptySubsequences: false).allSatisfy { part in
        !part.isEmpty && part != "." && part != ".."
          && part.utf8.allSatisfy {
            $0 < 0x80 && (Character(Unicode.Scalar($0)).isLetter || TextScanner.digits ~= $0 || "+-_.".utf8.contains($0))
          }
      }
  }

  private static func unknown(_ name: String) -> RecurrentError {
    RecurrentError(
      .data,
      naming:
        "there is no time zone \(quotedValue(name)): \(Setting("time-zone")) takes a name such as Europe/Berlin or America/New_York"
    )
  }

  /// Reads the contents of a zone's file.
  package init(_ bytes: [UInt8], name: String) throws(Problem) {
    var reader = TimeZoneReader(bytes)
    (self.name, (changes, offsets, rule)) = (name, try reader.read())
  }

  /// Seconds that clocks are ahead of UTC at a moment.
  package func offset(at seconds: Double) -> Int {
    if let last = changes.last, seconds >= Double(last), let rule { return rule.offset(at: seconds) }
    if changes.isEmpty, let rule { return rule.offset(at: seconds) }
    // A binary search for the first change after the moment.
    var (low, high) = (0, changes.count)
    while low < high {
      let middle = (low + high) / 2
      if Double(changes[middle]) <= seconds { low = middle + 1 } else { high = middle }
    }
    return offsets[low]
  }

  /// The offsets at which clocks show a time, the earlier moment first: one, none if clocks leave it out, or two if it comes twice.
  ///
  /// - Parameter clock: seconds from the beginning of 1970 to what the clock shows.
  package func offsets(atClock clock: Double) -> [Int] {
    // Offsets are less than a day, and do not change twice in two.
    let near = [offset(at: clock - 86_400), offset(at: clock + 86_400)]
    let all = near[0] == near[1] ? [near[0]] : near
    return all.filter { offset(at: clock - Double($0)) == $0 }.sorted(by: >)
  }

  /// The moment at which clocks show a time: the earlier one if it comes twice, and as many seconds after the change if they leave it out.
  func moment(atClock clock: Double, precision: Moment.Precision) -> Moment {
    if let offset = offsets(atClock: clock).first { return Moment(clock: clock, offset: offset, precision: precision) }
    let seconds = clock - Double(offset(at: clock - 86_400))
    return Moment(seconds: seconds, offset: offset(at: seconds), precision: precision)
  }
}

extension TimeZoneRules: Hashable {
  /// Zones are known by their names.
  package static func == (left: Self, right: Self) -> Bool { left.name == right.name }
  package func hash(into hasher: inout Hasher) { hasher.combine(name) }
}

/// Reads the bytes of a zone's file, which may be anything.
private struct TimeZoneReader {
  typealias Contents = (changes: [Int64], offsets: [Int], rule: TimeZoneRule?)
  typealias Problem = TimeZoneRules.Problem

  private let bytes: [UInt8]
  private var place = 0

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  private struct Header {
    let version: UInt8
    /// Of marks of UTC and of standard time, leap seconds, changes, kinds of time, and letters of names.
    let counts: [Int]

    /// Bytes of what follows.
    func size(ofTime bytes: Int) -> Int {
      counts[3] * (bytes + 1) + counts[4] * 6 + counts[5] + counts[2] * (bytes + 4) + counts[1] + counts[0]
    }
  }

  mutating func read() throws(Problem) -> Contents {
    let first = try header()
    guard first.version >= UInt8(ascii: "2") else { return try contents(first, ofTime: 4) }
    // The first part is for programs of long ago.
    try skip(first.size(ofTime: 4))
    var contents = try contents(header(), ofTime: 8)
    contents.rule = try rule()
    return contents
  }

  private mutating func header() throws(Problem) -> Header {
    guard try Array(take(4)) == Array("TZif".utf8) else { throw Problem(text: "it does not begin with TZif") }
    let version = try take(1).first ?? 0
    try skip(15)
    var counts: [Int] = []
    for _ in 0..<6 { counts.append(Int(UInt32(truncatingIfNeeded: try number(4)))) }
    let header = Header(version: version, counts: counts)
    // The counts are of 32 bits, so that this does not overflow.
    guard header.size(ofTime: 4) <= bytes.count, counts[4] > 0 else { throw Problem(text: "it is shorter than it says") }
    return header
  }

  private mutating func contents(_ header: Header, ofTime size: Int) throws(Problem) -> Contents {
    guard header.size(ofTime: size) <= bytes.count - place else { throw Problem(text: "it is shorter than it says") }
    var changes: [Int64] = []
    for _ in 0..<header.counts[3] { changes.append(try number(size)) }
    guard zip(changes, changes.dropFirst()).allSatisfy({ $0 < $1 }) else { throw Problem(text: "its changes go back in time") }
    let kinds = try take(header.counts[3]).map { Int($0) }
    var offsets: [Int] = []
    for _ in 0..<header.counts[4] {
      offsets.append(Int(try number(4)))
      try skip(2)
    }
    guard offsets.allSatisfy({ abs($0) < TimeZoneRule.mostOffset }), kinds.allSatisfy({ $0 < offsets.count }) else {
      throw Problem(text: "an offset is more than a day, or missing")
    }
    try skip(header.counts[5] + header.counts[2] * (size + 4) + header.counts[1] + header.counts[0])
    return (changes, [offsets[0]] + kinds.map { offsets[$0] }, nil)
  }

  /// The rule between two ends of lines; nil if there is none.
  private mutating func rule() throws(Problem) -> TimeZoneRule? {
    guard place < bytes.count else { return nil }
    guard bytes[place] == UInt8(ascii: "\n"), let end = bytes[(place + 1)...].firstIndex(of: UInt8(ascii: "\n")) else {
      throw Problem(text: "its rule is not between two ends of lines")
    }
    let text = bytes[place + 1..<end]
    if text.isEmpty { return nil }
    guard let rule = TimeZoneRule(text) else {
      throw Problem(text: "its rule \(quotedValue(String(decoding: text, as: UTF8.self))) is not understood")
    }
    return rule
  }

  private mutating func take(_ count: Int) throws(Problem) -> ArraySlice<UInt8> {
    guard count <= bytes.count - place else { throw Problem(text: "it is shorter than it says") }
    defer { place += count }
    return bytes[place..<place + count]
  }

  private mutating func skip(_ count: Int) throws(Problem) { _ = try take(count) }

  /// A number with its largest byte first.
  private mutating func number(_ size: Int) throws(Problem) -> Int64 {
    let bits = try take(size).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    return size == 4 ? Int64(Int32(truncatingIfNeeded: bits)) : Int64(bitPattern: bits)
  }
}
