/// A heat map on the page, scrolled into sight, with the places of its cells.
struct HeatMap {
  let left: Double
  let top: Double
  let column: Double
  let row: Double

  static func selector(_ quantity: String) -> String { ".plot[data-quantity=\"\(quantity)\"]" }

  /// - Parameter gutter: the room left of the first step.
  init(_ quantity: String, in browser: Browser, units: Int, gutter: Int = 36) throws {
    let plot = "document.querySelector(`\(HeatMap.selector(quantity))`)"
    _ = try browser.value("\(plot).scrollIntoView({ block: 'center' }), ''")
    try browser.settle()
    left = try browser.number("\(plot).getBoundingClientRect().left + \(gutter)")
    top = try browser.number("\(plot).getBoundingClientRect().top")
    row = try browser.number("\(plot).getBoundingClientRect().height") / Double(units)
    column = try browser.number("document.querySelector('.column-mark.pinned').getBoundingClientRect().width")
  }

  func centre(step: Int, row place: Int) -> (x: Double, y: Double) {
    (left + (Double(step) + 0.5) * column, top + (Double(place) + 0.5) * row)
  }
}

extension Browser {
  /// Chooses an option of a control by its value.
  func choose(_ value: String, in section: String, _ label: String) throws {
    _ = try self.value(
      """
      (() => {
        const control = [...document.querySelectorAll('\(section) .control')].find(control => control.textContent.startsWith('\(label)'));
        const select = control.querySelector('select');
        select.value = `\(value)`;
        select.dispatchEvent(new Event('change'));
        return select.value;
      })()
      """)
    try settle()
  }

  /// The background colours of elements: red, green and blue.
  func colours(_ selector: String) throws -> [[Int]] {
    try value("[...document.querySelectorAll(`\(selector)`)].map(token => getComputedStyle(token).backgroundColor).join(';')")
      .split(separator: ";").map { $0.matches(of: /\d+/).compactMap { Int($0.output) } }
  }
}

/// The numbers with a decimal point in a text.
func numbers(in text: String) -> [Double] { text.matches(of: /-?\d+\.\d+(?:e-\d+)?/).compactMap { Double($0.output) } }

func agree(_ found: some Collection<Double>, _ expected: [Double], within bound: Double) -> Bool {
  found.count == expected.count && zip(found, expected).allSatisfy { abs($0 - $1) <= bound }
}
