import Pictures
import Training

extension TrainingReport {
  /// One file that needs no other and no network, for light and dark screens, narrow ones and paper.
  public var html: String {
    let refresh = isRunning ? "\n<meta http-equiv=\"refresh\" content=\"15\">" : ""
    return """
      <!doctype html>
      <html lang="en">
      <head>
      <meta charset="utf-8">
      <meta name="viewport" content="width=device-width, initial-scale=1">\(refresh)
      <title>\(escaped(name))</title>
      <style>
      \(Theme.rules(for: ":root"))
      \(Self.style)
      \(LineChart.style)
      </style>
      </head>
      <body>
      <header>
      <h1>\(escaped(name))</h1>
      <p>\(escaped(progress))</p>
      <dl>
      \(facts.map { "<div><dt>\(escaped($0.name))</dt><dd>\(escaped($0.value))</dd></div>" }.joined(separator: "\n"))
      </dl>
      </header>
      <main>
      \(sections.map(element).joined(separator: "\n"))
      \(hint)\(writing)
      </main>
      </body>
      </html>

      """
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
    let found = best.flatMap { record in
      record.validation.map { " Best held-out loss: \(Self.rounded($0)) \(lossUnit), at iteration \(record.iteration)." }
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
      : "<p class=\"note\">Trained with <code>--watch-gradients</code>, this page also shows gates and gradients through time.</p>\n"
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

  private static let style = """
    *{box-sizing:border-box}
    body{margin:0 auto;max-width:80rem;padding:2rem 1.75rem 4rem;background:var(--paper);color:var(--ink);\
    font:0.875rem/1.5 \(Theme.font);font-variant-numeric:tabular-nums}
    h1{font-size:1.25rem;font-weight:600;margin:0 0 .25rem;overflow-wrap:anywhere}
    h2{font-size:1.125rem;font-weight:600;margin:2.5rem 0 .5rem}
    header p{margin:0 0 1rem}
    dl{display:flex;flex-wrap:wrap;gap:.5rem 2rem;margin:0}
    dt{color:var(--muted);font-size:.75rem}
    dd{margin:0}
    .note{color:var(--muted);max-width:46rem;margin:0 0 1rem}
    .figures{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,34rem),1fr));gap:1.5rem 2rem}
    figure{margin:0;min-width:0;break-inside:avoid}
    figcaption{font-weight:600;margin-bottom:.25rem}
    svg{display:block;width:100%;height:auto;max-width:44rem}
    pre{margin:0;padding:1rem;background:var(--surface);border-radius:6px;white-space:pre-wrap;overflow-wrap:anywhere;\
    font:0.8125rem/1.5 \(Theme.monospace);break-inside:avoid}
    code{font-family:\(Theme.monospace);font-size:.93em}
    .narrow{display:none}
    @media (max-width:36rem){body{padding:1.25rem 1rem 3rem}.wide{display:none}.narrow{display:block}.figures{grid-template-columns:minmax(0,1fr)}}
    @media print{@page{margin:14mm}body{padding:0;max-width:none;background:none;font-size:9pt}\
    .figures{grid-template-columns:1fr 1fr}.wide{display:block}.narrow{display:none}}
    """
}
