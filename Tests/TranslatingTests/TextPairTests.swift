import Foundation
import Support
import Tables
import Testing

/// A folder that is gone when `body` has run.
func withFolder(_ body: (String) throws -> Void) throws {
  let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
  try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(at: folder) }
  try body(folder.path)
}

/// What the error of a body says, without the folder's name.
func message(_ body: () throws -> Void) -> String? {
  do {
    try body()
    return nil
  } catch {
    return "\(error)".replacing(/\/[^ ]*\//, with: "")
  }
}

struct TextPairTests {
  private static func message(reading lines: String, beside targets: String? = nil) throws -> String? {
    var found: String?
    try withFolder { folder in
      try Data(lines.utf8).write(to: URL(filePath: folder + "/a.tsv"))
      if let targets { try Data(targets.utf8).write(to: URL(filePath: folder + "/b.txt")) }
      found = TranslatingTests.message {
        _ = try TextPairs(contentsOf: folder + "/a.tsv", target: targets.map { _ in folder + "/b.txt" })
      }
    }
    return found
  }

  @Test func pairsAreReadAsTheyAre() throws {
    try withFolder { folder in
      try Data("\u{FEFF}a  b\té \r\n ▁\t\u{A0}x\nlast\tone".utf8).write(to: URL(filePath: folder + "/a.tsv"))
      let pairs = try TextPairs(contentsOf: folder + "/a.tsv")
      #expect(pairs.pairs.map(\.source) == ["a  b", " ▁", "last"])
      #expect(pairs.pairs.map(\.target) == ["é ", "\u{A0}x", "one"])
      #expect(pairs.pairs.map(\.line) == [1, 2, 3])
      try Data("one\ntwo\twith a tab\n".utf8).write(to: URL(filePath: folder + "/b"))
      try Data("eins\nzwei\n".utf8).write(to: URL(filePath: folder + "/c"))
      let both = try TextPairs(contentsOf: folder + "/b", target: folder + "/c")
      #expect(both.pairs.map(\.source) == ["one", "two\twith a tab"])
      #expect(both.pairs.map(\.target) == ["eins", "zwei"])
    }
  }

  @Test(arguments: [
    ("one\teins\ntwo zwei\n", "a.tsv, line 2: there is no tab; write a text, a tab and what it is to become"),
    ("one\teins\n\n", "a.tsv, line 2: there is no tab; write a text, a tab and what it is to become"),
    (
      "one\teins\tun\n",
      "a.tsv, line 1: there are 2 tabs; write a text, a tab and what it is to become, as `cut -f1,2` does with the first two columns"
    ),
    (" \teins\n", "a.tsv, line 1: the text that is to become another is empty; give it, or leave the pair out"),
    ("one\t\n", "a.tsv, line 1: what the text is to become is empty; give it, or leave the pair out"),
    (
      "a\t\(String(repeating: "é", count: 100))\n",
      "a.tsv, line 1: a text of 1 character is to become one of 100 characters, and no pair may have one side 100 times as long as the other: correct it, or leave it out"
    ),
    ("", "a.tsv is empty; it has a pair of texts a line"),
  ]) func wrongLinesAreNamed(lines: String, expected: String) throws {
    #expect(try Self.message(reading: lines) == expected)
  }

  @Test func aPairMayHaveOneSideOfNinetyNineTimesTheOther() throws {
    #expect(try Self.message(reading: "a\t\(String(repeating: "b", count: 99))\n") == nil)
  }

  @Test func twoFilesHaveEquallyManyLines() throws {
    #expect(
      try Self.message(reading: "one\ntwo\nthree\n", beside: "eins\n")
        == "a.tsv has 3 lines, and b.txt 1: each line of one belongs to that line of the other")
    #expect(
      try Self.message(reading: "one\n", beside: "eins\nzwei\n")
        == "a.tsv has 1 line, and b.txt 2: each line of one belongs to that line of the other")
    #expect(
      try Self.message(reading: "one\n\n", beside: "eins\nzwei\n")
        == "a.tsv and b.txt, line 2: the text that is to become another is empty; give it, or leave the pair out")
  }

  @Test func pairsThatAreWrongCanBeListed() throws {
    try withFolder { folder in
      try Data("one\teins\ntwo\n\tdrei\nfour\tvier\n".utf8).write(to: URL(filePath: folder + "/a.tsv"))
      let pairs = try TextPairs(contentsOf: folder + "/a.tsv", collectsFaults: true)
      #expect(pairs.pairs.map(\.source) == ["one", "four"])
      #expect(pairs.faults.map(\.line) == [2, 3])
      #expect(pairs.faults.map(\.fault) == [.noTab, .noSource])
    }
  }

  @Test func pairsInMemory() throws {
    #expect(try TextPairs([(source: "a", target: "b")]).place(ofLine: 1) == "pair 1")
    #expect(
      TranslatingTests.message { _ = try TextPairs([]) } == "there are no pairs of texts to learn from; give at least one")
    #expect(
      TranslatingTests.message { _ = try TextPairs([(source: "a", target: "b"), (source: "", target: "b")]) }
        == "pair 2: the text that is to become another is empty; give it, or leave the pair out")
  }

  /// Two columns may also be a table.
  @Test(arguments: [
    ((0..<40).map { "word\($0)\tWort \($0)" }, true),
    ((0..<40).map { "\($0) March 1999\t1999-03-\($0)" }, true),
    ((0..<40).map { "name\($0)\t\(["Czech", "Irish"][$0 % 2])" }, false),
    ((0..<40).map { "day \($0)\t1.2\($0),5" }, false),
    ((0..<40).map { "day \($0)\t-$ 1'2\($0)" }, false),
    ((0..<40).map { "2024-01-\($0)\tgood day \($0)" }, false),
    ((0..<40).map { "one\($0)\ttwo\tthree\($0)" }, false),
    (["a\tb"], false), ([], false),
  ]) func filesThatLookLikePairs(lines: [String], expected: Bool) throws {
    try withFolder { folder in
      try Data(lines.map { $0 + "\n" }.joined().utf8).write(to: URL(filePath: folder + "/a.tsv"))
      #expect(try TextPairs.isLikely(folder + "/a.tsv") == expected)
    }
  }
}
