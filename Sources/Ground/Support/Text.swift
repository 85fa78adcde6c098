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
