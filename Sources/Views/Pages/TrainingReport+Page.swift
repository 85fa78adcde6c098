import ChartPictures
import Markup
import Training

extension TrainingReport {
  /// One file that needs no other and no network, for light and dark screens, narrow ones and paper.
  package var html: String {
    ReportPage(
      title: name, heading: name, lead: "<p>\(escaped(progress))</p>", facts: facts,
      content: "\(sections.map(element).joined(separator: "\n"))\n\(hint)\(heldOut)\(writing)", isUnderWay: isRunning
    ).html
  }

  private var progress: String {
    guard let last = records.last else { return "No record yet." }
    let state =
      last.iteration >= iterations
      ? "All \(last.iteration) iterations done"
      : "\(isRunning ? "At" : "Stopped at") iteration \(last.iteration) of \(iterations)"
    let time =
      last.seconds < 120
      ? "\(Int(last.seconds)) \(Int(last.seconds) == 1 ? "second" : "seconds")" : "\(Int(last.seconds / 60)) minutes"
    let validated = records.filter { $0.validation?.isFinite == true }
    let best = validated.min { ($0.validation ?? 0) < ($1.validation ?? 0) }
    var found = best.flatMap { record in
      record.validation.map { " Best held-out loss: \(Self.rounded($0)) \(lossUnit), at iteration \(record.iteration)." }
    }
    if let scoreTitle, let top = records.max(by: { $0.score ?? -.infinity < $1.score ?? -.infinity }), let score = top.score {
      found = " Best held-out \(scoreTitle): \(Self.rounded(score)), at iteration \(top.iteration)."
    }
    return "\(state), in \(time).\(found ?? "")"
  }

  /// Four digits.
  private static func rounded(_ number: Double) -> String {
    let scaled = (number * 10_000).rounded() / 10_000
    return "\(abs(scaled) < 0.001 ? number : scaled)"
  }

  private func element(_ section: Section) -> String {
    let note = section.note.isEmpty ? "" : "\n<p class=\"note\">\(escaped(section.note))</p>"
    let figures = section.charts.map { chart in
      """
      <figure>
      <figcaption>\(escaped(chart.title))</figcaption>
      <div class="wide">\(chart.element(width: 560, height: 260))</div>
      <div class="narrow">\(chart.element(width: 340, height: 230))</div>
      </figure>
      """
    }
    return """
      <section>
      <h2>\(escaped(section.title))</h2>\(note)
      <div class="figures">
      \(figures.joined(separator: "\n"))
      </div>
      </section>
      """
  }

  private var hint: String {
    records.contains { $0.watch != nil }
      ? ""
      : "<p class=\"note\">The page of a training that watches its gradients also shows gates and gradients through time.</p>\n"
  }

  private var heldOut: String {
    passages.map { passage in
      """
      <section>
      <h2>\(escaped(passage.title))</h2>
      <pre>\(escaped(passage.lines.joined(separator: "\n")))</pre>
      </section>

      """
    }.joined()
  }

  private var writing: String {
    guard !samples.isEmpty else { return "" }
    return """
      <section>
      <h2>What it writes</h2>
      <p class="note">Drawn with temperature 0.8, by the network as it was last.</p>
      <div class="figures">
      \(samples.map { "<pre>\(escaped($0))</pre>" }.joined(separator: "\n"))
      </div>
      </section>
      """
  }
}
