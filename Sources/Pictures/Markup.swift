/// Text as it stands between the tags or in the attributes of SVG and HTML.
public func escaped(_ text: String) -> String {
  text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;").replacing("\"", with: "&quot;")
}

extension Double {
  /// With at most two digits behind the point, as coordinates need no more: `12`, `0.5`, `3.25`.
  var coordinate: String {
    var text = decimal(2)
    while text.hasSuffix("0") { text.removeLast() }
    if text.hasSuffix(".") { text.removeLast() }
    return text
  }

  /// A whole number with its digits in groups of three: `150,000`.
  package var grouped: String {
    let digits = Array(decimal(0).drop { $0 == "-" })
    let groups = digits.enumerated().map { index, digit in
      (index > 0 && (digits.count - index) % 3 == 0 ? "," : "") + String(digit)
    }
    return (self < 0 ? "-" : "") + groups.joined()
  }

  /// With so many digits behind the point.
  package func decimal(_ digits: Int) -> String {
    let scale = (0..<digits).reduce(1.0) { scale, _ in scale * 10 }
    let scaled = (self * scale).rounded()
    // What is beyond whole numbers has no digits to cut.
    guard abs(scaled) < 1e15 else { return "\(self)" }
    let number = String(Int(abs(scaled)))
    let padded = String(repeating: "0", count: max(0, digits + 1 - number.count)) + number
    return (scaled < 0 ? "-" : "") + padded.dropLast(digits) + (digits > 0 ? "." + padded.suffix(digits) : "")
  }
}
