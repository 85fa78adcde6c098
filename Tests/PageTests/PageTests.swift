import CellLanguage
import Foundation
import Inspector
import Networks
import Testing

/// The page of a report in a real browser, against the traces that it was made of.
@Suite(.serialized, .enabled(if: Browser.executable != nil, "Chromium is not installed; script/setup-browser installs it"))
struct PageTests {
  @Test(arguments: [false, true], [1280, 400])
  func opensWithoutAWordToTheConsole(dark: Bool, width: Int) throws {
    let browser = try Browser()
    let samples: [Sample] = [
      try .ofText([.lstm], units: 70, named: "an LSTM"), try .ofText([.lstm, .gru], named: "two cells"),
      try .ofText([.rnn], named: "no gates"), try .ofFeatures(),
      try .ofFeatures(.bidirectional(.sum)), try .ofSequence(), try .ofTimes(), try .ofTranslation(), try .ofMatrices(),
    ]
    for sample in samples {
      try browser.open(sample.html, width: width, dark: dark)
      #expect(browser.messages == [], "\(sample)")
      #expect(try browser.text("h1") == sample.description)
      #expect(try browser.number("document.documentElement.scrollWidth") <= Double(width), "\(sample) is wider than its window")
      #expect(try browser.value("document.documentElement.dataset.theme") == (dark ? "dark" : "light"))
      for section in ["overview", "maps", "units", "search", "memory", "weights"] {
        #expect(try browser.number("document.querySelector('#\(section) .model').getBoundingClientRect().height") > 40)
      }
    }
  }

  @Test func theLabelOfAWholeSequenceIsShownWithWhatMovesIt() throws {
    let sample = try Sample.ofSequence()
    let outputs = sample.inspections[0].outputs
    let memory = try InspectionReport(sample.inspections, title: "").models[0].memory[0]
    let browser = try Browser()
    try browser.open(sample.html)
    let labels = ["<b>calm</b>", "glad", "sad"]
    let order = outputs.indices.sorted { outputs[$0] > outputs[$1] }
    #expect(
      try browser.value("[...document.querySelectorAll('#output th')].map(label => label.textContent).join(' ')")
        == order.map { labels[$0] }.joined(separator: " "))
    let most = try #require(memory.norms.indices.max { memory.norms[$0] < memory.norms[$1] })
    #expect(try browser.text("#memory .caption").hasPrefix("What moves the output of the sequence most is step \(most), "))
    #expect(try browser.number("document.querySelectorAll('#memory .token').length") == Double(Sample.text.count))
    #expect(try browser.number("document.querySelectorAll('#memory input').length") == 0)
  }

  /// Beside attention stands what each symbol that is written depends on, and below the same of one of them.
  @Test func whatComesOfTheSourceIsShown() throws {
    let sample = try Sample.ofTranslation()
    let model = try InspectionReport(sample.inspections, title: "").models[0]
    let browser = try Browser()
    try browser.open(sample.html)
    #expect(
      try browser.value("[...document.querySelectorAll('.plot')].map(plot => plot.dataset.quantity).join(' ')").hasSuffix(
        " source"))
    let map = try HeatMap("source", in: browser, units: 7, gutter: 96)
    try browser.movePointer(to: map.centre(step: 2, row: 3))
    let note = try browser.text(".tooltip")
    let norms = try #require(model.memory[2].source)
    let share = Double(norms[3] / norms.reduce(0, +))
    #expect(note.hasPrefix("source at “the”, step 2, “<b>cat</b>”"), "\(note)")
    #expect(agree(numbers(in: note).suffix(1), [share], within: 0.0006), "\(note) instead of \(share)")
    try browser.click(map.centre(step: 1, row: 0))
    #expect(try browser.text(".readout .where").contains(", step 1, “the”"))
    // The memory's last text is that of the source, for the last symbol, which is written after all that was read.
    #expect(try browser.text("#memory figure:last-of-type figcaption").hasPrefix("What “.” hears of the source"))
    #expect(try browser.number("document.querySelectorAll('#memory figure:last-of-type .token').length") == 7)
    #expect(browser.messages == [])
  }

  @Test func stepsAreCalledByTheirNames() throws {
    let browser = try Browser()
    try browser.open(try Sample.ofTimes().html)
    #expect(try browser.text(".readout .where").hasPrefix("layer 1, unit "))
    #expect(try browser.text(".readout .where").contains(", step 0, 2001-0, sales 0.000; given: "))
    #expect(browser.messages == [])
  }

  @Test func theTextIsShownAsItWasRead() throws {
    let browser = try Browser()
    try browser.open(try Sample.ofText([.lstm], named: "<i>title</i>").html)
    #expect(try browser.text("h1") == "<i>title</i>")
    let shown = try browser.value("[...document.querySelectorAll('#units .token')].map(token => token.textContent).join('')")
    #expect(shown == Sample.text.replacing("\n", with: "↵\n"))
  }

  @Test func pointingAtACellShowsItsEquationWithTheNumbersOfTheTrace() throws {
    let sample = try Sample.ofText([.lstm], named: "hover")
    let browser = try Browser()
    try browser.open(sample.html)
    let (f, i, g, c) = (Traced(sample, "f"), Traced(sample, "i"), Traced(sample, "g"), Traced(sample, "c'"))
    var units: Set<Int> = []
    for row in 0..<6 {
      let step = 1 + 7 * row
      let map = try HeatMap("c'", in: browser, units: 6)
      try browser.movePointer(to: map.centre(step: step, row: row))
      let note = try browser.text(".tooltip")
      let unit = try #require(note.firstMatch(of: /unit (\d+), step (\d+)/).flatMap { Int($0.output.1) })
      #expect(note.contains("step \(step),"))
      units.insert(unit)
      #expect(note.contains(/c' = \S+ · \S+ \+ \S+ · \S+ = \S+$/), "\(note)")
      let expected = [
        f.value(step, unit), c.value(step - 1, unit), i.value(step, unit), g.value(step, unit), c.value(step, unit),
      ]
      #expect(agree(numbers(in: note), expected, within: c.bound), "\(note) against \(expected)")
    }
    #expect(units == Set(0..<6), "each row is a unit of its own")
    #expect(browser.messages == [])
  }

  @Test func theKeyboardWalksThroughAHeatMap() throws {
    let sample = try Sample.ofText([.lstm], named: "keys")
    let browser = try Browser()
    try browser.open(sample.html)
    _ = try HeatMap("h'", in: browser, units: 6)
    _ = try browser.value("document.querySelector(`\(HeatMap.selector("h'"))`).focus(), ''")
    for key in [Browser.Key.home, .right, .right, .right, .down, .left] { try browser.press(key) }
    let note = try browser.text(".tooltip")
    let unit = try #require(note.firstMatch(of: /unit (\d+), step 2,/).flatMap { Int($0.output.1) })
    let (o, c, h) = (Traced(sample, "o"), Traced(sample, "c'"), Traced(sample, "h'"))
    #expect(agree(numbers(in: note), [o.value(2, unit), c.value(2, unit), h.value(2, unit)], within: c.bound), "\(note)")

    // The whole step is worked out beside the maps: every equation, the last one as in the note.
    let worked = try browser.value("[...document.querySelectorAll('.readout dd')].map(line => line.textContent).join('\\n')")
    let lines = worked.split(separator: "\n")
    #expect(lines.count == 6)
    #expect(lines.last.map { note.hasSuffix($0) } == true)
    let f = Traced(sample, "f")
    #expect(agree(numbers(in: String(lines[0])).suffix(1), [f.value(2, unit)], within: f.bound))

    try browser.press(.end)
    #expect(try browser.text(".tooltip").contains("step \(Sample.text.count - 1),"))
    try browser.press(.escape)
    #expect(try browser.value("String(document.querySelector('.tooltip').hidden)") == "true")
  }

  @Test func arrowKeysFlipThroughTheUnitsInTheirOrder() throws {
    let sample = try Sample.ofText([.lstm], named: "flip")
    let browser = try Browser()
    try browser.open(sample.html)
    try browser.choose("variance", in: "#units", "order of units")
    let c = Traced(sample, "c'")
    let order = (0..<6).sorted { c.variance($0) > c.variance($1) }
    let ranked = try browser.value(
      "[...document.querySelectorAll('#units .unit-number')].map(unit => unit.textContent).join(' ')")
    #expect(ranked == order.map(String.init).joined(separator: " "))

    for _ in order { try browser.press(.left) }
    for unit in order {
      #expect(try browser.text("#units .caption").hasPrefix("c' unit \(unit) "))
      try expectColours(of: c.course(unit), in: browser)
      try browser.press(.right)
    }
  }

  /// Warm above zero, cool below, and the more the further from zero.
  private func expectColours(of course: [Double], in browser: Browser) throws {
    let colours = try browser.colours("#units .token")
    try #require(colours.count == course.count)
    let largest = course.map(abs).max() ?? 1
    for (colour, value) in zip(colours, course) where abs(value) > largest / 4 {
      #expect(value > 0 ? colour[0] > colour[2] : colour[2] > colour[0], "\(value) as \(colour)")
    }
  }

  @Test func searchFindsTheUnitsThatAreOnInASpan() throws {
    let sample = try Sample.ofText([.lstm], units: 24, named: "search")
    let browser = try Browser()
    try browser.open(sample.html)
    let span = 20...24
    _ = try browser.value(
      "getSelection().setBaseAndExtent(...[20, 24].flatMap((step, end) => [document.querySelector(`#search [data-step=\"${step}\"]`).firstChild, end])), ''"
    )
    try browser.settle()
    #expect(
      try browser.value("[...document.querySelectorAll('#search input[type=number]')].map(field => field.value).join(' ')")
        == "20 24")

    try browser.choose("i", in: "#search", "quantity")
    let i = Traced(sample, "i")
    let outside = (0..<i.steps).filter { !span.contains($0) }
    let expected = (0..<24).map { unit in
      UnitInSpan(unit: unit, inside: i.fraction(unit, above: 0.5, Array(span)), outside: i.fraction(unit, above: 0.5, outside))
    }.filter { $0.inside >= 0.5 && $0.outside < 0.5 }.sorted { $0.difference > $1.difference }
    try #require(!expected.isEmpty)
    let found = try browser.value("[...document.querySelectorAll('#search tbody tr')].map(row => row.dataset.unit).join(' ')")
    #expect(found == expected.prefix(12).map { String($0.unit) }.joined(separator: " "))

    let units: [Int] = expected.prefix(12).map { $0.unit }
    func distance(_ start: Int) -> Double {
      let squares = span.flatMap { step -> [Double] in
        units.map { unit in pow(i.value(start + step - 20, unit) - i.value(step, unit), 2) }
      }
      return (squares.reduce(0, +) / Double(squares.count)).squareRoot()
    }
    let nearest = (0...(i.steps - 5)).filter { $0 > 29 || $0 + 9 < 20 }.min { distance($0) < distance($1) }
    #expect(try browser.value("document.querySelector('#search .place').dataset.from") == nearest.map(String.init))
    let score = try browser.text("#search .place .score")
    #expect(agree(numbers(in: score), [distance(nearest ?? 0)], within: i.bound), "\(score)")
  }

  @Test func theMemoryOfAnOutputIsThatOfTheReport() throws {
    let sample = try Sample.ofText([.lstm], named: "memory")
    let outputs = try InspectionReport(sample.inspections, title: "").models[0].memory
    let browser = try Browser()
    try browser.open(sample.html)
    _ = try browser.value("document.querySelector('#memory input').focus(), ''")
    for output in outputs.reversed() {
      let sentence = try browser.text("#memory .caption")
      #expect(sentence.hasPrefix("The loss at step \(output.step),"))
      let isBounded = output.reach.map { sentence.contains(" of \($0) step") } ?? sentence.contains("still feels the first input")
      #expect(isBounded || output.norms.allSatisfy { $0 == 0 }, "\(sentence) for \(String(describing: output.reach))")
      try browser.press(.left)
    }
    #expect(browser.messages == [])
  }

  @Test func theSwitchAndPaperChangeTheColours() throws {
    let browser = try Browser()
    try browser.open(try Sample.ofText([.lstm], named: "colours").html)
    let background = "getComputedStyle(document.body).backgroundColor"
    let light = try browser.value(background)
    _ = try browser.value("[...document.querySelectorAll('.tools .chip')].find(chip => chip.textContent === 'dark').click(), ''")
    #expect(try browser.value(background) != light)
    #expect(try browser.value("getComputedStyle(document.querySelector('.controls')).display") == "flex")
    _ = try browser.value("dispatchEvent(new Event('beforeprint')), ''")
    #expect(try browser.value("document.documentElement.dataset.theme") == "paper")
    try browser.open(try Sample.ofText([.lstm], named: "paper").html, media: "print")
    #expect(try browser.value("getComputedStyle(document.querySelector('.controls')).display") == "none")
  }
}

/// How much of a span and of the other steps a unit is on.
private struct UnitInSpan {
  let unit: Int
  let inside: Double
  let outside: Double

  var difference: Double { inside - outside }
}
