import CellLanguage
import Foundation
import Inspector
import Testing

/// The page as a file: whole, small, and with nothing to be fetched.
struct PageFileTests {
  private let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: "Sources/Views/Inspector/Page")
  private let page = String(decoding: Inspector.page(showing: Array(#"{"a":"<!--</script>\#u{2028}"}"#.utf8)), as: UTF8.self)

  @Test func holdsEveryFileOnceAndInItsPlace() throws {
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.path).filter { $0 != "index.html" }
    #expect(names.count > 20)
    for name in names {
      let text = try String(contentsOf: folder.appending(path: name), encoding: .utf8)
      #expect(page.ranges(of: text).count == 1, "\(name) is not named once in index.html")
      #expect(!text.contains("</script") && !text.contains("</style"), "\(name) would end where it stands in the page")
    }
  }

  @Test func needsNothingFromElsewhere() {
    #expect(page.firstMatch(of: /(src|href)="(?!data:)[^"#]/) == nil)
    let addresses = page.matches(of: /https?:[^"]*/).map { String($0.output) }
    #expect(Set(addresses) == ["http://www.w3.org/2000/svg"], "only the name of SVG")
  }

  @Test func keepsDataInsideItsScript() {
    #expect(page.contains(#"<script type="application/json" id="report">{"a":"\u003c!--\u003c/script>\u2028"}</script>"#))
  }

  @Test func isSmallBesideItsData() {
    // A report may be 5 MB: of these the page itself takes little.
    #expect(page.utf8.count < 150_000)
  }

  @Test func aLongTextIsShownInPartToStayUnderFiveMegabytes() throws {
    let sample = try Sample.ofText([.lstm], units: 64, reading: String(repeating: Sample.text, count: 40), named: "long")
    let report = try InspectionReport(sample.inspections, title: "long")
    #expect(report.thinned?.contains("steps from") == true)
    #expect(report.html.count < 5_000_000)
    #expect(report.html.count > 4_000_000, "and no more than that is left out")
  }

  @Test func hasNoLongDashes() { #expect(!page.contains("\u{2014}")) }
}
