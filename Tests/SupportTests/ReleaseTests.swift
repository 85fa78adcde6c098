import Foundation
import Support
import Testing

struct ReleaseTests {
  private let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
  private let citation: String

  init() throws {
    citation = try String(contentsOf: root.appending(path: "CITATION.cff"), encoding: .utf8)
  }

  @Test func theCitationIsOfThisVersion() {
    #expect(citation.contains("\nversion: \(Release.version)\n"))
    #expect(citation.contains("\ndate-released: \"\(Release.date)\"\n"))
  }

  @Test func theChangesBeginWithThisVersion() throws {
    let changes = try String(contentsOf: root.appending(path: "CHANGELOG.md"), encoding: .utf8)
    #expect(changes.hasPrefix("# Changes\n\n## \(Release.version)"))
  }

  @Test func theDateIsADay() throws {
    let numbers = Release.date.split(separator: "-").compactMap { Int($0) }
    try #require(numbers.count == 3 && Release.date.count == 10)
    #expect((2026...2100).contains(numbers[0]) && (1...12).contains(numbers[1]) && (1...31).contains(numbers[2]))
  }
}
