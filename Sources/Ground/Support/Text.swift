/// `text` as it may stand in a message: in quotes, without control characters, not endless.
package func quoted(_ text: String) -> String {
  text.count > 80 ? String(text.prefix(80)).debugDescription + "…" : text.debugDescription
}

/// A number without a needless `.0`: `2`, `0.5`.
package func short(_ number: Double) -> String {
  let text = "\(number)"
  return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
}

/// Words as a sentence lists alternatives: `adam, sgd or rmsprop`.
package func list(_ words: [String]) -> String {
  words.count < 2 ? words.joined() : words.dropLast().joined(separator: ", ") + " or " + words[words.count - 1]
}

extension String {
  /// The text with a capital at its beginning.
  package var capitalizedFirst: String { prefix(1).uppercased() + dropFirst() }
}

/// The parts of a list between its commas; those within brackets and parentheses part nothing.
package func listed(_ text: some StringProtocol) -> [String] {
  var parts = [""]
  var depth = 0
  for character in text {
    depth += "([".contains(character) ? 1 : ")]".contains(character) ? -1 : 0
    if character == "," && depth == 0 { parts.append("") } else { parts[parts.count - 1].append(character) }
  }
  return parts.map { $0.split(separator: " ").joined(separator: " ") }
}

/// Names as a message lists them, the first twenty of many.
package func shortened(_ names: [String]) -> String {
  names.prefix(20).joined(separator: ", ") + (names.count > 20 ? " and \(names.count - 20) more" : "")
}
