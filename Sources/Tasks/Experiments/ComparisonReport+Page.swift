import ChartPictures
import Inspector
import Markup
import Pages
import Support
import TaskKit

extension ComparisonReport {
  /// The page of the comparison, a single file that needs no other and no connection; it links to the pages of the runs.
  public var html: String {
    let isRunning = ended < runs
    let state = isRunning ? "\(ended) of \(runs) runs have ended." : "\(runs) runs."
    return ReportPage(
      title: command, heading: entries.map(\.cell).joined(separator: ", "),
      lead: "<p><code>\(escaped(command))</code></p>\n<p>\(state)</p>", facts: facts, content: sections, isUnderWay: isRunning
    ).html
  }

  private var sections: String {
    guard entries.contains(where: { !$0.runs.isEmpty }) else { return "<p class=\"note\">No run has ended yet.</p>" }
    let cut = bounds.map { "Losses above \($0.upperBound.fixed(lossDigits)), where all begin, are cut off." } ?? ""
    return """
      <section>
      <h2>Results</h2>
      <p class="note">Mean over the seeds ± standard deviation; the best cell first. The weights of each run are those with the best held-out loss.</p>
      <div class="scroll">
      \(table)
      </div>
      </section>
      <section>
      <h2>\(escaped(chart.title))</h2>
      <p class="note">A dot for each seed, their mean, and the deviation about it.</p>
      <figure>
      <div class="wide">\(chart.element(width: 700))</div>
      <div class="narrow">\(chart.element(width: 400))</div>
      </figure>
      </section>
      <section>
      <h2>Learning</h2>
      <p class="note">The held-out loss of each cell, the mean over its seeds as far as all of them went. \(escaped(cut))</p>
      <figure>
      <div class="wide">\(curves.element(width: 760, height: 380))</div>
      <div class="narrow">\(curves.element(width: 380, height: 300))</div>
      </figure>
      </section>
      <section>
      <h2>All runs</h2>
      <p class="note">Held out, and dashed the mean of what they were trained on.</p>
      <div class="figures">
      \(zip(entries, curvesByCell).filter { !$0.0.runs.isEmpty }.map(figure).joined(separator: "\n"))
      </div>
      </section>
      """
  }

  private func figure(_ entry: Entry, _ curves: LineChart) -> String {
    let pages = entry.runs.map { "<a href=\"\(escaped($0.page))\">seed \($0.result.seed)</a>" }.joined(separator: ", ")
    return """
      <figure>
      <figcaption>\(escaped(entry.cell))</figcaption>
      <div class="wide">\(curves.element(width: 560, height: 260))</div>
      <div class="narrow">\(curves.element(width: 340, height: 230))</div>
      <p class="note">\(pages)</p>
      </figure>
      """
  }

  private var table: String {
    let columns = columns
    let head = columns.map { "<th>\(escaped($0.title))</th>" }.joined()
    let rows = entries.map { entry in
      "<tr>\(columns.map { "<td data-title=\"\(escaped($0.title))\">\(escaped($0.text(entry)))</td>" }.joined())</tr>"
    }
    return
      "<table class=\"results\">\n<thead><tr>\(head)</tr></thead>\n<tbody>\n\(rows.joined(separator: "\n"))\n</tbody>\n</table>"
  }

  /// The columns of the table of cells, on the page and at a terminal.
  package var columns: [(title: String, text: (Entry) -> String)] {
    var columns: [(title: String, text: (Entry) -> String)] = [
      ("cell", { $0.cell }), ("units", { Double($0.units).grouped }), ("weights", { Double($0.weights).grouped }),
    ]
    if hasScore { columns.append(("% right", { text($0.score, digits: 1, factor: 100) })) }
    columns.append(("held out, \(lossUnit)", { text($0.validation, digits: lossDigits) }))
    if hasTest { columns.append(("test", { text($0.test, digits: lossDigits) })) }
    for figure in testFigures {
      columns.append(
        ("test, \(figure.title)", { text($0.test(figure), digits: figure.digits, factor: figure.factor) }))
    }
    columns.append(("best iteration", { $0.bestIteration.map { $0.mean.grouped } ?? "" }))
    columns.append((hasEpochs ? "s an epoch" : "s for 1,000", { text($0.secondsPerEpoch.map { Spread($0.mean) }, digits: 2) }))
    columns.append(
      (
        "runs",
        { entry in entry.failures.isEmpty ? "\(entry.runs.count)" : "\(entry.runs.count), \(entry.failures.count) failed" }
      ))
    return columns
  }
}
