import Support

/// What messages call a column: `column price`, or `column 2` if it has no name.
package func title(ofColumn name: String) -> String { isPlace(name) ? name : "column \(name)" }

/// Whether a column is called after its place, as columns without names are.
func isPlace(_ name: String) -> Bool {
  let number = name.dropFirst("column ".count)
  return name.hasPrefix("column ") && !number.isEmpty && number.allSatisfy(\.isNumber)
}

/// A value as messages show it: in quotes, with control characters as their codes, and shortened if it is long.
package func quotedValue(_ text: String) -> String {
  let shown = text.unicodeScalars.prefix(60).reduce(into: "") { shown, scalar in
    shown +=
      scalar == "\t"
      ? "\\t"
      : scalar.properties.generalCategory == .control ? "\\u{\(String(scalar.value, radix: 16))}" : String(Character(scalar))
  }
  return "“\(shown)\(text.unicodeScalars.count > 60 ? "…" : "")”"
}

extension Double {
  /// The number with about four digits: `1234`, `12.34`, `0.01234`.
  package var withFourDigits: String {
    let size = abs(self)
    guard size > 0, size < 1e9, size >= 1e-4 else { return self == 0 ? "0" : "\(Float(self))" }
    return fixed(size >= 1000 ? 0 : size >= 100 ? 1 : size >= 10 ? 2 : size >= 1 ? 3 : 5)
  }
}
