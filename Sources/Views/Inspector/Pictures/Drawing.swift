import ChartPictures
import Markup

/// An SVG picture while it is drawn, for light and dark surroundings. Colours stand in its style as they are, since not every viewer
/// of pictures knows custom properties.
struct Drawing {
  private var body = ""

  mutating func path(_ path: String, _ style: String) { body += "<path d=\"\(path)\" \(style)/>\n" }

  mutating func text(_ text: String, at place: Point, _ style: String = "") {
    body +=
      "<text x=\"\(place.x.brief)\" y=\"\(place.y.brief)\"\(style.isEmpty ? "" : " ")\(style)>\(escaped(text))</text>\n"
  }

  /// - Parameter description: what can be seen, for those who can't see it.
  func svg(width: Double, height: Double, title: String, description: String) -> String {
    let (x, y) = (Self.margin, Self.margin)
    return """
      <svg xmlns="http://www.w3.org/2000/svg" class="heat-map" width="\((width + 2 * x).brief)" height="\((height + 2 * y).brief)" \
      viewBox="\((-x).brief) \((-y).brief) \((width + 2 * x).brief) \((height + 2 * y).brief)" \
      font-family="Helvetica, Arial, sans-serif" font-size="11" role="img">
      <title>\(escaped(title))</title>
      <desc>\(escaped(description))</desc>
      <style>
      \(Self.rules(Theme.lightPicture, Theme.lightValues))
      @media (prefers-color-scheme:dark){\(Self.rules(Theme.darkPicture, Theme.darkValues))}
      @media print{\(Self.rules(Theme.lightPicture, Theme.lightValues))}
      </style>
      <rect class="paper" x="\((-x).brief)" y="\((-y).brief)" width="100%" height="100%" rx="8"/>
      \(body)</svg>

      """
  }

  private static let margin = 12.0

  private static func rules(_ picture: Theme.Picture, _ values: Theme.Values) -> String {
    """
    .heat-map{color-scheme:light dark}.heat-map .paper{fill:\(picture.paper)}.heat-map text{fill:\(picture.ink)}\
    .heat-map .muted{fill:\(picture.muted)}.heat-map .above{stroke:\(values.above)}.heat-map .below{stroke:\(values.below)}\
    .heat-map .unsigned{stroke:\(values.unsigned)}.heat-map .missing{stroke:\(values.missing)}
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
    guard magnitude < 1e9 else { return String(self) }
    let hundredths = (self * 100).rounded() / 100
    return hundredths == hundredths.rounded() ? String(Int(hundredths)) : String(hundredths)
  }
}
