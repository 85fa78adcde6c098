import CellLanguage
import Foundation
import Inspector
import Networks
import Testing

/// What the page draws, against the traces, the weights and the outputs that it was made of.
extension PageTests {
  @Test(arguments: ["f", "i", "o"])
  func theDotsOfTheOverviewStandAtTheSharesOfTheTrace(gate: String) throws {
    let sample = try Sample.ofText([.lstm], gain: 6, named: "dots")
    let browser = try Browser()
    try browser.open(sample.html)
    let traced = Traced(sample, gate)
    let steps = Array(0..<traced.steps)
    // By the marks of the axes, which stand at 0 and 1 and between them.
    let places = try browser.value(
      """
      (() => {
        const chart = [...document.querySelectorAll('#overview figure')].find(figure => figure.querySelector('.name').textContent === '\(gate)').querySelector('svg');
        const marks = (selector, name) => [...chart.querySelectorAll(selector)].map(mark => Number(mark.getAttribute(name)));
        const [x, y] = [marks('.stub', 'x1'), marks('.rule:not(.diagonal)', 'y1')];
        const share = (value, ends) => (value - ends[0]) / (ends.at(-1) - ends[0]);
        const dots = [...chart.querySelectorAll('.dot')].sort((one, other) => one.dataset.unit - other.dataset.unit);
        return dots.flatMap(dot => [share(Number(dot.getAttribute('cx')), x), share(Number(dot.getAttribute('cy')), y)]).map(share => share.toFixed(6)).join(' ');
      })()
      """)
    let expected = (0..<6).flatMap { unit in
      [
        1 - traced.fraction(unit, above: Double(Float(0.1).nextDown), steps),
        traced.fraction(unit, above: Double(Float(0.9)), steps),
      ]
    }
    // The last of six decimals, and shares that are Floats in the report.
    #expect(agree(numbers(in: places), expected, within: 0.5e-6 + 0x1p-24), "\(places) against \(expected)")
    #expect(expected.contains { $0 > 0.3 }, "else nothing is shown")
  }

  @Test func theHistogramsCountTheWeights() throws {
    let sample = try Sample.ofText([.lstm], named: "histograms")
    let browser = try Browser()
    try browser.open(sample.html)
    // `W_f [h, x]`: six columns meet the hidden state, sixteen the embedding.
    let all = try #require(sample.inspections[0].network["layers.0.W_f"])
    for (place, columns) in [0..<6, 6..<22].enumerated() {
      let weights = (0..<6).flatMap { row in columns.map { Double(all[row * 22 + $0]) } }
      let (low, high) = (try #require(weights.min()), try #require(weights.max()))
      var counts = [Int](repeating: 0, count: 40)
      for weight in weights { counts[min(39, Int((weight - low) / (high - low) * 40))] += 1 }
      let bars = "[...document.querySelectorAll('#weights figure')[\(place)].querySelectorAll('.bar')]"
      let shown = try browser.value("\(bars).map(bar => bar.textContent.split(' ')[0]).join(' ')")
      #expect(shown == counts.map(String.init).joined(separator: " "))
      let heights = try browser.value("\(bars).map(bar => Number(bar.getAttribute('height')).toFixed(6)).join(' ')")
      let tallest = try #require(numbers(in: heights).max())
      let largest = Double(try #require(counts.max()))
      #expect(agree(numbers(in: heights), counts.map { Double($0) / largest * tallest }, within: 1e-6))
    }
    let radius = try #require(InspectionReport(sample.inspections, title: "").models[0].layers[0].weights[0].spectralRadius)
    let text = try browser.text("#weights .radius")
    #expect(agree(numbers(in: text), [Double(radius)], within: 0.0005 + 1e-9), "\(text)")
  }

  @Test func twoModelsAreComparedByTheirLosses() throws {
    let sample = try Sample.ofText([.lstm, .gru], gain: 4, named: "two")
    let losses = try InspectionReport(sample.inspections, title: "").models.map { $0.outputs?.loss ?? [] }
    let browser = try Browser()
    try browser.open(sample.html)
    for (place, losses) in losses.enumerated() {
      let known = losses.compactMap { $0.map(Double.init) }
      let row = try browser.text("#comparison tbody tr:nth-child(\(place + 1)) td:nth-child(2)")
      #expect(agree(numbers(in: row), [known.reduce(0, +) / Double(known.count)], within: 0.0005 + 1e-9), "\(row)")
    }
    let colours = try browser.colours("#comparison .token")
    try #require(colours.count == losses[0].count)
    var seen: Set<Bool> = []
    for (step, colour) in colours.enumerated().dropFirst() {
      let difference = try #require(losses[0][step - 1]) - #require(losses[1][step - 1])
      if abs(difference) < 0.3 { continue }
      seen.insert(difference > 0)
      #expect(difference > 0 ? colour[0] > colour[2] : colour[2] > colour[0], "\(difference) at step \(step) as \(colour)")
    }
    #expect(seen == [true, false], "else only one colour is shown")
  }

  @Test func inReverseTheStepBeforeIsTheNextOne() throws {
    let sample = try Sample.ofFeatures(.bidirectional(.sum))
    let browser = try Browser()
    try browser.open(sample.html)
    try browser.choose("1", in: "#maps", "layer")
    let (f, i, g, c) = (
      Traced(sample, layer: 1, "f"), Traced(sample, layer: 1, "i"), Traced(sample, layer: 1, "g"), Traced(sample, layer: 1, "c'")
    )
    let map = try HeatMap("c'", in: browser, units: 5)
    try browser.movePointer(to: map.centre(step: 7, row: 2))
    let note = try browser.text(".tooltip")
    let unit = try #require(note.firstMatch(of: /unit (\d+), step 7/).flatMap { Int($0.output.1) })
    let equation = String(note[try #require(note.range(of: "c' = ")).lowerBound...])
    let expected = [f.value(7, unit), c.value(8, unit), i.value(7, unit), g.value(7, unit), c.value(7, unit)]
    #expect(agree(numbers(in: equation), expected, within: c.bound), "\(note) against \(expected)")
  }

  @Test func whatIsHeldIsSaidWhereItIs() throws {
    let browser = try Browser()
    try browser.open(try Sample.ofText([.lstm], clamps: "f[2] = 0.75, steps 3-4", named: "held").html)
    #expect(try browser.text("#findings").contains("layer 1: unit 2 of f held at 0.75 at steps 3 to 4"))
    let map = try HeatMap("f", in: browser, units: 6)
    for (step, row) in [(2, 2), (3, 2), (4, 2), (5, 2), (3, 3)] {
      try browser.choose("number", in: "#maps", "order of units")
      try browser.movePointer(to: map.centre(step: step, row: row))
      let note = try browser.text(".tooltip")
      #expect(note.contains(step == 3 && row == 2 || step == 4 ? "f is held at 0.750" : "f = σ("), "\(note)")
    }
    #expect(try browser.number("document.querySelectorAll('#memory .line.strong').length") == 1)
  }

  /// Paper doesn't scroll: each step of each map stands in a strip of its own part of the axis.
  @Test func allStepsOfTheHeatMapsArePrinted() throws {
    let sample = try Sample.ofText([.lstm], gain: 4, reading: String(repeating: Sample.text, count: 3), named: "paper")
    let browser = try Browser()
    try browser.open(sample.html, media: "print")
    let strips = "[...document.querySelectorAll('.strip')]"
    #expect(try browser.number("\(strips).length") == 0)
    _ = try browser.value("dispatchEvent(new Event('beforeprint')), ''")
    let c = Traced(sample, "c'")
    let ends = try browser.value("\(strips).map(strip => strip.dataset.first + ' ' + strip.dataset.last).join(' ')")
      .split(separator: " ").compactMap { Int($0) }
    #expect(ends.count > 2 && ends.first == 0 && ends.last == c.steps - 1)
    #expect(stride(from: 2, to: ends.count, by: 2).allSatisfy { ends[$0] == ends[$0 - 1] + 1 })
    // An axis and the six quantities that are shown at first, none wider than a sheet.
    let fits =
      "\(strips).every(strip => strip.querySelectorAll(':scope > canvas, .map > canvas').length === 7 && strip.clientWidth <= 688)"
    #expect(try browser.value("String(\(fits))") == "true")
    #expect(try browser.value("getComputedStyle(document.querySelector('.scroller')).display") == "none")

    let colours = try browser.value(
      """
      (() => {
        const strip = \(strips).at(-1);
        const canvas = [...strip.querySelectorAll('.map')].find(map => map.querySelector('.name').textContent === "c'").querySelector(':scope > canvas');
        const count = strip.dataset.last - strip.dataset.first + 1;
        const [column, row] = [(canvas.width - 36) / count, canvas.height / 6];
        return Array.from({ length: count }, (_, step) => {
          const [red, , blue] = canvas.getContext('2d').getImageData(36 + (step + 0.5) * column, row / 2, 1, 1).data;
          return red - blue;
        }).join(' ');
      })()
      """
    ).split(separator: " ").compactMap { Int($0) }
    let unit = try #require(
      Int(try browser.value("document.querySelector('#units .unit-number').textContent").trimmingCharacters(in: .whitespaces)))
    let course = c.course(unit).suffix(colours.count)
    #expect(zip(colours, course).allSatisfy { abs($1) < 0.2 || ($0 > 0) == ($1 > 0) }, "\(colours) for \(course)")
    #expect(course.contains { abs($0) > 0.2 })
    _ = try browser.value("dispatchEvent(new Event('afterprint')), ''")
    #expect(try browser.number("\(strips).length") == 0)
  }
}
