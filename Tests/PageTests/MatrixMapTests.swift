import CellLanguage
import Foundation
import Inspector
import Networks
import Testing

/// Heat maps of matrices on the page, against the trace.
@Suite(.serialized, .enabled(if: Browser.executable != nil, "Chromium is not installed; script/setup-browser installs it"))
struct MatrixMapTests {
  private let sample: Sample
  private let browser: Browser
  private let matrix: Traced

  init() throws {
    sample = try Sample.ofMatrices()
    browser = try Browser()
    matrix = Traced(sample, "C'")
    try browser.open(sample.html)
    _ = try browser.value("document.querySelector(`\(HeatMap.selector("C'"))`).scrollIntoView({ block: 'center' }), ''")
    try browser.settle()
  }

  /// Where an element of the matrix of six rows and columns of a head lies: 14 pixels each, the heads side by side.
  private func place(head: Int, row: Int, column: Int) throws -> (x: Double, y: Double) {
    let box = "document.querySelector(`\(HeatMap.selector("C'"))`).getBoundingClientRect()"
    let (left, top) = (try browser.number("\(box).left"), try browser.number("\(box).top"))
    return (left + 36 + Double(head) * (6 * 14 + 14) + (Double(column) + 0.5) * 14, top + 16 + (Double(row) + 0.5) * 14)
  }

  @Test func pointingAtAnElementShowsItsValueAtTheChosenStep() throws {
    for (head, row, column) in [(0, 0, 0), (1, 2, 5), (1, 5, 1)] {
      try browser.movePointer(to: try place(head: head, row: row, column: column))
      let note = try browser.text(".tooltip")
      #expect(note.hasPrefix("C' row \(row), column \(column) of head \(head), step 0, "), "\(note)")
      let value = matrix.value(0, head * 36 + row * 6 + column)
      #expect(agree(numbers(in: note).suffix(1), [value], within: matrix.bound), "\(note) against \(value)")
    }
    #expect(browser.messages == [])
  }

  /// A click in the map of a vector turns to another step, and so do Shift and an arrow.
  @Test func theMatrixIsThatOfTheChosenStep() throws {
    #expect(try browser.text(".map.matrix .caption").hasPrefix("at step 0, “t”"))
    try browser.click(try place(head: 1, row: 3, column: 2))
    for _ in 0..<3 { try browser.press(.right) }
    let last = try browser.text(".tooltip")
    #expect(last.hasPrefix("C' row 3, column 5 of head 1, step 0, "), "\(last)")
    _ = try browser.value(
      "document.activeElement.dispatchEvent(new KeyboardEvent('keydown', { key: 'ArrowRight', shiftKey: true, bubbles: true })), ''"
    )
    try browser.settle()
    let note = try browser.text(".tooltip")
    #expect(note.hasPrefix("C' row 3, column 5 of head 1, step 1, "), "\(note)")
    #expect(agree(numbers(in: note).suffix(1), [matrix.value(1, 36 + 3 * 6 + 5)], within: matrix.bound))
    #expect(try browser.text(".map.matrix .caption").hasPrefix("at step 1, “h”"))
    // What goes with the element is worked out: the number of its head, but no vector.
    let worked = try browser.value("[...document.querySelectorAll('.readout dd')].map(line => line.textContent).join('\\n')")
    #expect(worked.contains("C' = ") && !worked.contains("h' = "), "\(worked)")
    #expect(browser.messages == [])
  }

  /// The second head's number is worked out with the units of that head.
  @Test func aNumberOfAHeadGoesWithTheUnitsOfItsHead() throws {
    let plot = "document.querySelector(`\(HeatMap.selector("f"))`)"
    _ = try browser.value("\(plot).scrollIntoView({ block: 'center' }), ''")
    try browser.settle()
    let box = "\(plot).getBoundingClientRect()"
    try browser.click((try browser.number("\(box).left") + 40, try browser.number("\(box).bottom") - 4))
    #expect(try browser.text(".readout .where").hasPrefix("layer 1, head 1, step 0, "))
    let worked = try browser.value("[...document.querySelectorAll('.readout dd')].map(line => line.textContent).join('\\n')")
    let lines = worked.split(separator: "\n").map(String.init)
    let gate = Traced(sample, "f"), normaliser = Traced(sample, "n'")
    let first = try #require(lines.first { $0.hasPrefix("f = ") }), second = try #require(lines.first { $0.hasPrefix("n' = ") })
    #expect(agree(numbers(in: first).suffix(1), [gate.value(0, 1)], within: gate.bound), "\(first)")
    #expect(agree(numbers(in: second).suffix(1), [normaliser.value(0, 6)], within: normaliser.bound), "\(second)")
    #expect(agree(numbers(in: second).prefix(1), [gate.value(0, 1)], within: gate.bound), "\(second)")
  }
}
