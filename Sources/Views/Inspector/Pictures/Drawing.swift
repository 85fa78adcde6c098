import ChartPictures
import Markup

/// An SVG picture while it is drawn. Text is black and the background clear, so that it stands on any light page.
struct Drawing {
  private var body = ""

  mutating func path(_ path: String, _ style: String) { body += "<path d=\"\(path)\" \(style)/>\n" }

  mutating func text(_ text: String, at place: Point, _ style: String = "") {
    body +=
      "<text x=\"\(place.x.brief)\" y=\"\(place.y.brief)\"\(style.isEmpty ? "" : " ")\(style)>\(escaped(text))</text>\n"
  }

  func svg(width: Double, height: Double, title: String) -> String {
    """
    <svg xmlns="http://www.w3.org/2000/svg" width="\(width.brief)" height="\(height.brief)" \
    viewBox="0 0 \(width.brief) \(height.brief)" font-family="Helvetica, Arial, sans-serif" font-size="11" role="img">
    <title>\(escaped(title))</title>
    \(body)</svg>

    """
  }
}

struct Point: CustomStringConvertible {
  let x: Double
  let y: Double

  init(_ x: Double, _ y: Double) {
    self.x = x
    self.y = y
  }

  var description: String { "\(x.brief) \(y.brief)" }
}

extension Double {
  /// With at most two decimals, and none where they are zero.
  var brief: String {
    let hundredths = (self * 100).rounded() / 100
    return hundredths == hundredths.rounded() ? String(Int(hundredths)) : String(hundredths)
  }
}
