package import CellLanguage
package import Sequences
import Support

/// How a network reads words: each is one vector, put together from what the word is, how it is spelled and what it looks like.
public struct WordInput: Sendable, Hashable {
  /// The words that have a learned vector of their own. Its first symbol, ``Sequences/Vocabulary/unknown``, has one for all
  /// others.
  package var vocabulary: Vocabulary
  /// The length of these vectors.
  package var embedding: Int
  /// Whether words are looked up in lower case. Spelling and shapes are those of the word as it stands.
  package var isLowerCased: Bool
  /// The features of a word's shape that are given, a number each.
  package var shapes: [WordShape]
  /// A network that reads the characters of a word and gives one vector for it, as
  /// ``spelling(_:characters:embedding:units:)`` makes it; nil if words are not spelled. It learns together with all above it.
  package var spelling: Architecture?

  package init(
    _ vocabulary: Vocabulary, embedding: Int, isLowerCased: Bool = false, shapes: [WordShape] = [], spelling: Architecture? = nil
  ) {
    self.vocabulary = vocabulary
    self.embedding = embedding
    self.isLowerCased = isLowerCased
    self.shapes = shapes
    self.spelling = spelling
  }

  /// The length of a word's vector: that of the vocabulary, then what the spelling gives, then the shapes.
  var width: Int { embedding + (spelling?.outputWidth ?? 0) + shapes.count }

  /// - Throws: ``RecurrentError`` if the parts don't fit each other.
  func check() throws(RecurrentError) {
    if vocabulary.kind != .words {
      throw RecurrentError(.network, "words have a vocabulary of words, not of \(vocabulary.kind.rawValue)")
    }
    if embedding < 1 { throw RecurrentError(.network, "the vectors of words have \(embedding) numbers; they need at least one") }
    if embedding > Size.largest {
      throw RecurrentError(.network, "the vectors of words have \(embedding) numbers; they can have at most \(Size.largest)")
    }
    guard let spelling else { return }
    guard case .tokens(let characters, _) = spelling.input, characters.kind == .characters else {
      throw RecurrentError(.network, "the network that spells words must read a vocabulary of characters")
    }
    if !characters.symbols.contains(String(Vocabulary.unknownCharacter)) {
      throw RecurrentError(.network, "the characters of words must have U+FFFD, which stands for those that are not known")
    }
    guard spelling.output == .lastLayer, spelling.readout != .everyStep, spelling.headLayers.isEmpty else {
      throw RecurrentError(.network, "the network that spells words must give what its last layer reads out of a whole word")
    }
  }

  /// A network that reads characters both ways in one layer and gives what it has read at its ends (Ling et al. 2015, Finding
  /// function in form; Lample et al. 2016, section 4.1).
  ///
  /// - Parameters:
  ///   - units: of each direction.
  ///   - embedding: learned numbers that stand for a character.
  package static func spelling(_ cell: Cell = .lstm, characters: Vocabulary, units: Int, embedding: Int) -> Architecture {
    Architecture(
      input: .tokens(characters, embedding: embedding),
      layers: [.init(cell, units: units, direction: .bidirectional(.concatenate))], readout: .last, output: .lastLayer)
  }
}

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
