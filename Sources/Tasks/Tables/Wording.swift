/// A column as messages speak of it: `column price`, or, of one that no line names, its place, `column 2`.
package func title(ofColumn name: String) -> String { isPlace(name) ? name : "column \(name)" }

/// Whether a column is called after its place, as those are that no line names.
func isPlace(_ name: String) -> Bool {
  let number = name.dropFirst("column ".count)
  return name.hasPrefix("column ") && !number.isEmpty && number.allSatisfy(\.isNumber)
}

/// A value as messages show it: in quotes, control characters as their codes, and of a long one only the beginning.
package func quotedValue(_ text: String) -> String {
  let shown = text.unicodeScalars.prefix(60).reduce(into: "") { shown, scalar in
    shown +=
      scalar == "\t"
      ? "\\t"
      : scalar.properties.generalCategory == .control ? "\\u{\(String(scalar.value, radix: 16))}" : String(Character(scalar))
  }
  return "“\(shown)\(text.unicodeScalars.count > 60 ? "…" : "")”"
}
