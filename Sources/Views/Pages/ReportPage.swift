import ChartPictures
import Markup

/// The page of a report: one file that needs no other and no network, for light and dark screens, narrow ones and paper.
package struct ReportPage {
  private let title: String
  private let heading: String
  private let lead: String
  private let facts: [TrainingReport.Fact]
  private let content: String
  private let isUnderWay: Bool

  /// - Parameters:
  ///   - lead: what stands below the heading, as HTML, like the content.
  ///   - isUnderWay: whether there will be more to see, so that a browser loads the page again.
  package init(
    title: String, heading: String, lead: String, facts: [TrainingReport.Fact], content: String, isUnderWay: Bool
  ) {
    self.title = title
    self.heading = heading
    self.lead = lead
    self.facts = facts
    self.content = content
    self.isUnderWay = isUnderWay
  }

  package var html: String {
    let refresh = isUnderWay ? "\n<meta http-equiv=\"refresh\" content=\"15\">" : ""
    return """
      <!doctype html>
      <html lang="en">
      <head>
      <meta charset="utf-8">
      <meta name="viewport" content="width=device-width, initial-scale=1">\(refresh)
      <title>\(escaped(title))</title>
      <style>
      \(Theme.rules(for: ":root"))
      \(Theme.page)
      \(LineChart.style)
      </style>
      </head>
      <body>
      <header>
      <h1>\(escaped(heading))</h1>
      \(lead)
      <dl>
      \(facts.map { "<div><dt>\(escaped($0.name))</dt><dd>\(escaped($0.value))</dd></div>" }.joined(separator: "\n"))
      </dl>
      </header>
      <main>
      \(content)
      </main>
      </body>
      </html>

      """
  }
}
