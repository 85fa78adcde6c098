import Support

/// Text as it stands between the tags or in the attributes of SVG and HTML.
package func escaped(_ text: String) -> String {
  text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;").replacing("\"", with: "&quot;")
}

extension Double {
  /// The number with at most two decimals, since coordinates need no more: `12`, `0.5`, `3.25`.
  package var coordinate: String {
    var text = fixed(2)
    while text.hasSuffix("0") { text.removeLast() }
    if text.hasSuffix(".") { text.removeLast() }
    return text
  }
}
