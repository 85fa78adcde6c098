import Support

/// What columns of texts seem to hold instead.
extension ColumnSummary {
  /// The first of the texts that are numbers but for something in them or after them: marks that are not read here, or a unit in
  /// letters, the same in all. Nil if the column does not hold such.
  package var unreadNumber: Odd? {
    guard kind == .text, let first = firstText, !texts.isEmpty else { return nil }
    let bytes = Array(first.text.utf8)
    if let rest = Self.textAfterNumber(bytes), texts.keys.allSatisfy({ Self.textAfterNumber(Array($0.utf8)) == rest }) {
      return first
    }
    return nil
  }

  /// Whether a text is a time of day, such as 13:45 or 13:45:30.
  static func isClock(_ text: String) -> Bool {
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    return 2...3 ~= parts.count
      && parts.allSatisfy { 1...2 ~= $0.prefix { $0 != "." }.count && $0.allSatisfy { $0.isASCII && $0.isNumber || $0 == "." } }
  }

  /// Whether a text is a word and a year, such as “Januar 2024”.
  static func isMonthAndYear(_ text: String) -> Bool {
    let parts = text.split(separator: " ")
    guard parts.count == 2, parts[0].allSatisfy({ $0.isLetter || $0 == "." }), parts[1].count == 4 else { return false }
    return Double(parts[1]).map { HeaderLine.years.contains($0) } ?? false
  }

  /// What stands after the digits and marks with which a text begins: nothing, or a space and a unit without digits; nil if there are
  /// no digits, or something else follows.
  private static func textAfterNumber(_ text: [UInt8]) -> ArraySlice<UInt8>? {
    func isDigit(_ byte: UInt8) -> Bool { UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte }
    let number = text.prefix { isDigit($0) || "+-.,' ".utf8.contains($0) }
    let rest = text[number.endIndex...]
    guard number.contains(where: isDigit), rest.count <= 12, !rest.contains(where: isDigit) else { return nil }
    return rest.isEmpty
      ? (number.contains { ",.'".utf8.contains($0) } ? rest : nil) : number.last == UInt8(ascii: " ") ? rest : nil
  }

  /// Whether the column is of texts that are the same in two rows exactly where those of another one are.
  func divides(as other: ColumnSummary) -> Bool {
    name == other.name
      || !hasMoreTexts && !other.hasMoreTexts && texts.count == other.texts.count && missing == other.missing
        && division == other.division
  }

  /// Whether the texts answer a question, as yes and no do, so that they say something of a row and name no series.
  var areAnswers: Bool {
    guard kind == .text, texts.count == 2, !hasMoreTexts else { return false }
    let found = Set(texts.keys.map { $0.lowercased() })
    return Self.answers.contains(found)
  }

  private static let answers: [Set<String>] = [
    ["yes", "no"], ["y", "n"], ["on", "off"], ["t", "f"], ["ja", "nein"], ["wahr", "falsch"], ["oui", "non"], ["vrai", "faux"],
    ["verdadero", "falso"], ["vero", "falso"],
  ]

  /// What a field of the column should hold.
  package var expected: String { kind == .number && unit != nil ? NumberUnit.thing(unit) : kind.expected }
}
