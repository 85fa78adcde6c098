/// Something that a word looks like: a feature that is 1 or 0.
package enum WordShape: String, Sendable, Hashable, Codable, CaseIterable {
  /// Its first letter is a capital.
  case capitalised
  /// It has at least two letters, all of them capitals.
  case allCapitals = "all_capitals"
  /// A capital follows a small letter.
  case innerCapital = "inner_capital"
  case digit
  case hyphen
  /// It has neither letters nor digits.
  case noLetters = "no_letters"

  /// Whether a word looks like that.
  package func holds(for word: String) -> Bool {
    let scalars = word.unicodeScalars
    switch self {
    case .capitalised: return scalars.first.map(\.properties.isUppercase) ?? false
    case .allCapitals:
      let letters = scalars.filter(\.properties.isAlphabetic)
      return letters.count >= 2 && letters.allSatisfy(\.properties.isUppercase)
    case .innerCapital:
      return zip(scalars, scalars.dropFirst()).contains { $0.properties.isLowercase && $1.properties.isUppercase }
    case .digit: return scalars.contains(where: \.isDigit)
    case .hyphen: return scalars.contains { $0.properties.isDash }
    case .noLetters: return !scalars.contains { $0.properties.isAlphabetic || $0.isDigit }
    }
  }
}

extension Unicode.Scalar {
  fileprivate var isDigit: Bool { properties.numericType == .decimal }
}
