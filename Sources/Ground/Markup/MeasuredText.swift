/// A line of a formula or of words, in runs of plain and lowered text.
package struct MeasuredText: Sendable, Hashable {
  package struct Run: Sendable, Hashable {
    package var text: String
    package var place: Place
  }

  package enum Place: Sendable, Hashable { case line, below, above }

  package private(set) var runs: [Run] = []

  package var isEmpty: Bool { runs.allSatisfy(\.text.isEmpty) }

  package init(words: String) { runs = [Run(text: words, place: .line)] }

  /// An expression as equations write it, with what follows an underscore lowered: `W_f [h, x]`.
  package init(formula: String) {
    var place = Place.line
    var isInName = false
    var previous: Character = " "
    for (index, character) in zip(formula.indices, formula) {
      let continuesName = character.isLetter || character.isNumber || character == "_"
      if !continuesName { (isInName, place) = (false, .line) }
      switch character {
      case "_" where isInName && place == .line && !formula[index...].isFunction: place = .below
      case "'": append("′", .line)
      case "^": place = .above
      case "*":
        // A number is broadcast; vectors are multiplied element by element.
        let word = formula[..<index].split(separator: " ").last ?? ""
        append(Double(word.drop { $0 == "(" }) == nil ? "⊙" : "·", .line)
      case "-": append(previous == "e" ? "-" : "−", .line)
      case "T" where previous == "^": append("T", .above)
      default:
        if continuesName && (isInName || character.isLetter) { isInName = true }
        append(String(character), place)
      }
      previous = character
    }
  }

  package static func + (left: MeasuredText, right: MeasuredText) -> MeasuredText {
    var sum = left
    for run in right.runs { sum.append(run.text, run.place) }
    return sum
  }

  private mutating func append(_ text: String, _ place: Place) {
    if runs.last?.place == place { runs[runs.count - 1].text += text } else { runs.append(Run(text: text, place: place)) }
  }

  /// About how wide it is in a common sans-serif font of that size; rather too much than too little.
  package func width(size: Double) -> Double {
    runs.reduce(0) { $0 + Self.width($1.text) * ($1.place == .line ? size : size * Self.smaller) }
  }

  /// Words that are no wider than that in a font of that size: as they are, or cut, with a sign that they are.
  package static func fitting(_ words: String, in width: Double, size: Double) -> String {
    func isFitting(_ text: String) -> Bool { MeasuredText(words: text).width(size: size) <= width }
    var text = words
    while !isFitting(text), text.count > 2 { text = text.dropLast(text.last == "…" ? 2 : 1) + "…" }
    return text
  }

  /// The size of lowered text.
  package static let smaller = 0.75

  private static func width(_ text: String) -> Double {
    text.reduce(0) { sum, character in
      switch character {
      case "i", "j", "l", "'", "′", ",", ".", ":", ";", "|", " ", "[", "]", "(", ")", "f", "t", "r", "I": sum + 0.38
      case "m", "w", "M", "W", "⊙", "…": sum + 0.92
      case _ where character.isUppercase: sum + 0.70
      default: sum + 0.60
      }
    }
  }
}

extension Substring {
  /// Whether the name that it begins with goes on to parentheses: what follows an underscore there is a part of the word.
  fileprivate var isFunction: Bool { drop { $0.isLetter || $0.isNumber || $0 == "_" }.first == "(" }
}
