import CellLanguage
import Foundation
import Inspector
import Testing

/// The page by keyboard, by ear, with eyes that see less, and with more or less room.
extension PageTests {
  /// All text has the contrast of 4.5 that the Web Content Accessibility Guidelines ask for, on whatever it stands.
  @Test(arguments: [false, true])
  func textCanBeRead(dark: Bool) throws {
    let browser = try Browser()
    for sample in [try Sample.ofText([.lstm, .gru], gain: 4, named: "two"), try .ofFeatures(), try .ofSequence()] {
      try browser.open(sample.html, dark: dark)
      let faint = try browser.value(
        """
        (() => {
          const pixel = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true });
          const channels = (colour) => {
            pixel.clearRect(0, 0, 1, 1);
            pixel.fillStyle = colour;
            pixel.fillRect(0, 0, 1, 1);
            const [red, green, blue, share] = pixel.getImageData(0, 0, 1, 1).data;
            return [red, green, blue, share / 255];
          };
          const ground = (node) => {
            if (!node) return [255, 255, 255];
            const [red, green, blue, share] = channels(getComputedStyle(node).backgroundColor);
            if (share === 1) return [red, green, blue];
            return ground(node.parentElement).map((below, place) => below + share * ([red, green, blue][place] - below));
          };
          const faint = new Set();
          for (const node of document.querySelectorAll("body *")) {
            const own = [...node.childNodes].some((child) => child.nodeType === 3 && child.data.trim() !== "");
            if (!own || node.closest("script, style, noscript, option, [hidden]") || node.getClientRects().length === 0) continue;
            const style = getComputedStyle(node);
            const colour = channels(node.closest("svg") ? style.fill : style.color);
            const found = contrast(colour, ground(node));
            if (found < 4.5) faint.add(`${node.tagName}.${node.getAttribute("class")} ${found.toFixed(2)}`);
          }
          return [...faint].join("; ");
        })()
        """)
      #expect(faint == "", "\(sample)")
    }
  }

  /// Whatever can be used or looked at says what it is to those who don't see it.
  @Test func everythingHasAName() throws {
    let browser = try Browser()
    for sample in [try Sample.ofText([.lstm, .gru], named: "two"), try .ofFeatures(), try .ofSequence()] {
      try browser.open(sample.html)
      let nameless = try browser.value(
        """
        (() => {
          const named = (node) => node.getAttribute("aria-label") || node.closest("label")?.textContent.trim() || node.textContent.trim()
            || node.getAttribute("title");
          const used = [...document.querySelectorAll("button, a, input, select, summary, [tabindex], svg, canvas")];
          const inner = (node) => node.parentElement.closest("[aria-label], [aria-hidden]") || node.hasAttribute("aria-hidden");
          return used.filter((node) => !named(node) && !inner(node)).map((node) => node.outerHTML.slice(0, 80)).join("; ");
        })()
        """)
      #expect(nameless == "", "\(sample)")
    }
  }

  @Test func theTabKeyReachesEverything() throws {
    let browser = try Browser()
    try browser.open(try Sample.ofText([.lstm], named: "tabs").html)
    let all = try browser.number(
      """
      (window.reachable = [...document.querySelectorAll("button, a[href], input, select, summary, [tabindex='0']")]
        .filter((node) => node.getClientRects().length > 0), reachable.length)
      """)
    for _ in 0..<Int(all) + 2 {
      try browser.press(.tab)
      _ = try browser.value("(window.reached ??= new Set()).add(document.activeElement), ''")
    }
    let missed = try browser.value(
      "reachable.filter((node) => !reached.has(node)).map((node) => node.outerHTML.slice(0, 80)).join('; ')")
    #expect(all > 20 && missed == "", "of \(all)")
  }

  @Test func aButtonKeepsTheKeyboardsFocus() throws {
    let browser = try Browser()
    try browser.open(try Sample.ofText([.lstm], named: "chips").html)
    let maps = try browser.number("document.querySelectorAll('#maps .map').length")
    _ = try browser.value("document.querySelector('#maps .chip').focus(), document.activeElement.click(), ''")
    try browser.settle()
    #expect(try browser.number("document.querySelectorAll('#maps .map').length") == maps - 1)
    #expect(try browser.value("document.activeElement.className + document.activeElement.ariaPressed") == "chipfalse")
  }

  @Test func arrowKeysGoThroughTheDotsOfAGate() throws {
    let sample = try Sample.ofText([.lstm], gain: 6, named: "dots")
    let browser = try Browser()
    try browser.open(sample.html)
    _ = try browser.value("document.querySelector('#overview svg').focus(), ''")
    var units: Set<String> = []
    for _ in 0..<6 {
      try browser.press(.right)
      let unit = try browser.value("document.querySelector('#overview svg .chosen').dataset.unit")
      units.insert(unit)
      #expect(try browser.text(".tooltip").contains("f unit \(unit)\n"))
    }
    #expect(units.count == 6)
  }

  /// All steps are in sight as far as their names can be read, and few steps fill the room.
  @Test(arguments: [(9, 0.95), (60, 0.95), (140, 0.95)])
  func heatMapsFillTheirRoom(steps: Int, share: Double) throws {
    let text = String(String(repeating: Sample.text, count: 3).filter { $0.isASCII }.prefix(steps))
    let browser = try Browser()
    try browser.open(try Sample.ofText([.lstm], reading: text, named: "room").html)
    let column = try browser.number("document.querySelector('.column-mark.pinned').getBoundingClientRect().width")
    let room = try browser.number("document.querySelector('.scroller').clientWidth") - 36
    #expect((share...1).contains(column * Double(steps) / room))
    #expect(
      try browser.number("document.querySelector('.scroller').scrollWidth - document.querySelector('.scroller').clientWidth") <= 0
    )
  }
}
