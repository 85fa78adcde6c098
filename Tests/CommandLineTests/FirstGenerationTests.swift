import CommandLine
import Foundation
import Testing

/// Models and run folders of the first version open for good: each later version reads what `Tests/Vectors/first-generation`
/// holds, gives the same numbers, and goes on with each run as the first version did, but for what is drawn at random: that has been
/// drawn for each sequence by itself since then, and `Tests/Vectors/first-generation-resumed` holds what such runs come to.
struct FirstGenerationTests {
  @Test func thereIsOneOfEachKind() throws {
    #expect(try FirstFixture.names.count == 23)
    #expect(try FirstFixture.runs.count == 20)
  }

  @Test(arguments: try FirstFixture.names)
  func whatItGivesStaysTheSame(name: String) throws {
    let (shop, fixture) = try (Workshop(), FirstFixture(name))
    try fixture.copy(into: shop)
    for (file, line) in fixture.record.gives {
      let outcome = shop.run(line)
      try #require(outcome.code == 0, "\(line): \(outcome.messages)")
      if file.hasSuffix(".safetensors") {
        #expect(try differences(tensors(shop.read(file)), tensors(fixture.expected(file)), at: file) == [])
      } else {
        #expect(try differences(outcome.output, fixture.expectedText(file), at: file) == [])
      }
    }
  }

  @Test(arguments: try FirstFixture.names)
  func itOpensForAllThatLooksIntoIt(name: String) throws {
    let (shop, fixture) = try (Workshop(), FirstFixture(name))
    try fixture.copy(into: shop)
    for line in fixture.record.opens {
      let outcome = shop.run(line)
      #expect(outcome.code == 0, "\(line): \(outcome.messages)")
    }
  }

  /// The log tells of the weights, of what the optimizer remembers, of the states that texts carry on and of all that is drawn:
  /// were one of them another, the losses would be.
  @Test(arguments: try FirstFixture.runs)
  func aRunGoesOnAsItDid(name: String) throws {
    let (shop, fixture) = try (Workshop(), FirstFixture(name))
    try fixture.copy(into: shop)
    let outcome = shop.run(try #require(fixture.record.resumedBy))
    try #require(outcome.code == 0, "\(outcome.messages)")
    #expect(outcome.messages.contains("going on with $/run after iteration "))
    let log = try String(decoding: shop.read("run/log.jsonl"), as: UTF8.self)
    #expect(try differences(log, fixture.resumedText("jsonl"), at: "log.jsonl") == [])
  }

  /// The same command finds its runs, and more iterations go on from their checkpoints.
  @Test func aComparisonIsTakenUp() throws {
    let (shop, fixture) = try (Workshop(), FirstFixture("compare"))
    try fixture.copy(into: shop)
    let again = shop.run(try #require(fixture.record.gives["comparison.jsonl"]))
    #expect(again.code == 0 && again.messages.contains("2 of 2 runs are there already\n"), "\(again.messages)")
    let more = shop.run(try #require(fixture.record.resumedBy))
    try #require(more.code == 0, "\(more.messages)")
    #expect(try differences(more.output, fixture.resumedText("jsonl"), at: "comparison") == [])
  }

  /// The search was stopped after the first of three rounds. How far it comes depends on the machine; what it finds does not.
  @Test func aSearchIsTakenUp() throws {
    let (shop, fixture) = try (Workshop(), FirstFixture("tune"))
    try fixture.copy(into: shop)
    let before = try trials(shop.read("search/search.json"))
    let outcome = shop.run(try #require(fixture.record.resumedBy))
    try #require(outcome.code == 0, "\(outcome.messages)")
    #expect(outcome.messages.contains("going on after 4 trials, "))
    let after = try trials(shop.read("search/search.json"))
    let expected = try trials(Data(fixture.resumedText("json").utf8))
    #expect(before.count == 4 && expected.count == 4 && after.count >= 4)
    for (place, old) in before.enumerated() where place < min(after.count, expected.count) {
      let (found, wanted) = (after[place], expected[place])
      #expect(differences(found["settings"], wanted["settings"] ?? "none", at: "trial \(place + 1)") == [])
      let losses = try [old, found, wanted].map { try #require($0["losses"] as? [Double]) }
      #expect(losses[0].count <= losses[1].count && losses[1].count <= losses[2].count)
      #expect(differences(losses[1], Array(losses[2].prefix(losses[1].count)), at: "losses of trial \(place + 1)") == [])
    }
  }

  private func trials(_ record: Data) throws -> [[String: Any]] {
    let object = try #require(JSONSerialization.jsonObject(with: record) as? [String: Any])
    return try #require((object["halving"] as? [String: Any])?["trials"] as? [[String: Any]])
  }

  // MARK: Comparing

  /// Whether two numbers are the same but for the order in which sums were taken.
  ///
  /// Other kernels add up in another order, and other versions may compute exp and tanh in another way: in single precision
  /// that moves each operation by some 1e-7 of itself. Hundreds of steps and iterations stand one behind the other here; the
  /// plainest kernels and those of AVX2 were found to differ by less than a hundredth of what is allowed. What is read in a
  /// wrong way is off by more: with what the optimizer remembers set to 0, each log is off by at least five times as much.
  /// Numbers near 0 are what is left of larger ones, hence the part that is not relative.
  private func agree(_ found: Double, _ expected: Double, rounding: Double = 0) -> Bool {
    found == expected || abs(found - expected) <= 1e-4 * abs(expected) + 1e-5 + rounding
  }

  /// Times, which are others each time; sentences, which may be worded anew; and the command line, which is the one given.
  private static let free: Set = ["seconds", "tokens_per_second", "seconds_per_epoch", "verdict", "command"]

  /// Where what was read from JSON is not what was expected. It may have more keys.
  private func differences(_ found: Any?, _ expected: Any, at place: String) -> [String] {
    let difference = ["\(place): \(found ?? "nothing") is not \(expected)"]
    switch expected {
    case let expected as [String: Any]:
      guard let found = found as? [String: Any] else { return difference }
      return expected.sorted { $0.key < $1.key }.filter { !Self.free.contains($0.key) }
        .flatMap { differences(found[$0.key], $0.value, at: "\(place), \($0.key)") }
    case let expected as [Any]:
      guard let found = found as? [Any], found.count == expected.count else { return difference }
      return expected.indices.flatMap { differences(found[$0], expected[$0], at: "\(place), \($0)") }
    case let expected as String: return found as? String == expected ? [] : difference
    case let expected as Double: return (found as? Double).map { agree($0, expected) } == true ? [] : difference
    default: return expected is NSNull && found is NSNull ? [] : difference
    }
  }

  /// Where a text is not as expected, number by number: lines of JSON, of numbers and words with commas between them, or words.
  private func differences(_ found: String, _ expected: String, at place: String) throws -> [String] {
    let (found, expected) = (found.split(separator: "\n"), expected.split(separator: "\n"))
    guard found.count == expected.count else { return ["\(place): \(found.count) lines, not \(expected.count)"] }
    return try expected.indices.flatMap { line in
      let place = "\(place), line \(line + 1)"
      if expected[line].hasPrefix("{") {
        let objects = try [found[line], expected[line]].map { try JSONSerialization.jsonObject(with: Data($0.utf8)) }
        return differences(objects[0], objects[1], at: place)
      }
      let fields = [found[line], expected[line]].map { $0.split(separator: ",", omittingEmptySubsequences: false) }
      guard fields[0].count == fields[1].count else { return ["\(place): \(found[line]) is not \(expected[line])"] }
      return zip(fields[0], fields[1]).filter { !agree($0, $1) }.map { "\(place): \($0) is not \($1)" }
    }
  }

  /// Words that are the same, or numbers whose last digit may have been rounded to the other side.
  private func agree(_ found: Substring, _ expected: Substring) -> Bool {
    guard let number = Double(found), let wanted = Double(expected) else { return found == expected }
    let digits = expected.contains("e") ? nil : expected.firstIndex(of: ".").map { expected[$0...].count - 1 }
    return agree(number, wanted, rounding: digits.map { 1.01 * pow(10, -Double($0)) } ?? 0)
  }

  /// The numbers of a safetensors file, read with no help of the library: the header's length, the header, the numbers.
  private func tensors(_ data: Data) throws -> [String: Any] {
    let bytes = [UInt8](data)
    let length = bytes.prefix(8).reversed().reduce(0) { $0 << 8 | Int($1) }
    try #require(bytes.count >= 8 + length)
    let header = try #require(
      JSONSerialization.jsonObject(with: Data(bytes[8..<8 + length])) as? [String: [String: Any]])
    return try header.filter { $0.key != "__metadata__" }.mapValues { tensor in
      #expect(tensor["dtype"] as? String == "F32")
      let shape = try #require(tensor["shape"] as? [Int])
      let place = try #require(tensor["data_offsets"] as? [Int])
      try #require(place.count == 2 && place[1] - place[0] == 4 * shape.reduce(1, *))
      let numbers = bytes.dropFirst(8 + length).dropFirst(place[0]).prefix(place[1] - place[0])
      let values = stride(from: numbers.startIndex, to: numbers.endIndex, by: 4).map { start in
        Double(Float(bitPattern: numbers[start..<start + 4].reversed().reduce(0) { $0 << 8 | UInt32($1) }))
      }
      return ["shape": shape.map(Double.init), "values": values] as [String: Any]
    }
  }
}

/// A folder of `Tests/Vectors/first-generation`.
struct FirstFixture {
  /// What stands for the folder in which all is, in the files that name it.
  private static let here = "@HERE@"
  private static let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .appending(path: "Vectors/first-generation")

  static var names: [String] {
    get throws {
      try FileManager.default.contentsOfDirectory(atPath: folder.path)
        .filter { FileManager.default.fileExists(atPath: "\(folder.path)/\($0)/fixture.json") }.sorted()
    }
  }
  static var runs: [String] {
    get throws { try names.filter { FileManager.default.fileExists(atPath: "\(folder.path)/\($0)/run") } }
  }

  /// What is in `fixture.json`; `$` stands for the folder.
  struct Record: Decodable {
    /// Command lines and what they give: the name of a file of `expected`.
    let gives: [String: String]
    /// Command lines that have to succeed, whatever they say.
    let opens: [String]
    /// The command line that goes on.
    let resumedBy: String?
  }

  let record: Record
  private let path: URL

  init(_ name: String) throws {
    path = Self.folder.appending(path: name)
    record = try JSONDecoder().decode(Record.self, from: Data(contentsOf: path.appending(path: "fixture.json")))
  }

  /// Puts data and runs into the workshop's folder, as if they had been made there.
  func copy(into shop: Workshop) throws {
    let files = FileManager.default
    for name in try files.contentsOfDirectory(atPath: path.path) where name != "expected" && name != "fixture.json" {
      try? files.removeItem(atPath: shop(name))
      try files.copyItem(atPath: path.appending(path: name).path, toPath: shop(name))
    }
    for name in try files.subpathsOfDirectory(atPath: shop.path) where name.hasSuffix(".json") {
      let text = try String(decoding: shop.read(name), as: UTF8.self)
      if text.contains(Self.here) { try shop.write(text.replacingOccurrences(of: Self.here, with: shop.path), name) }
    }
  }

  /// What going on comes to: as in the first version, or where something is drawn, as in those after it.
  func resumedText(_ ending: String) throws -> String {
    let later = URL(filePath: Self.folder.path + "-resumed").appending(path: "\(path.lastPathComponent).\(ending)")
    guard FileManager.default.fileExists(atPath: later.path) else { return try expectedText("resumed.\(ending)") }
    return String(decoding: try Data(contentsOf: later), as: UTF8.self).replacingOccurrences(of: Self.here, with: "$")
  }

  func expected(_ name: String) throws -> Data { try Data(contentsOf: path.appending(path: "expected/\(name)")) }

  func expectedText(_ name: String) throws -> String {
    try String(decoding: expected(name), as: UTF8.self).replacingOccurrences(of: Self.here, with: "$")
  }
}
