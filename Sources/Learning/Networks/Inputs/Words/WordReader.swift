package import Engine
package import Sequences

/// Turns words into what a network reads of them.
package struct WordReader: Sendable {
  package let input: WordInput
  private let words: [String: Int32]
  private let characters: [Unicode.Scalar: Int32]
  private let unknownCharacter: Int32

  /// A word as a network reads it.
  package struct Word: Sendable, Hashable {
    /// Its symbol in the vocabulary of words, 0 if it has none.
    package let token: Int32
    let characters: [Int32]
    let shapes: [Float]
  }

  /// The most characters that are read of a word: of a longer one as many are read, half of them from its beginning and half from
  /// its end, so that what is no word does not take the time and memory of a text.
  static let mostCharacters = 100

  package init(_ input: WordInput) {
    self.input = input
    func places<Symbol: Hashable>(_ symbols: [Symbol]) -> [Symbol: Int32] {
      // Strings that look the same are equal, whatever their bytes are.
      Dictionary(symbols.enumerated().map { ($1, Int32($0)) }) { first, _ in first }
    }
    words = places(input.vocabulary.symbols)
    var characters: [Unicode.Scalar: Int32] = [:]
    if let vocabulary = input.spelling?.vocabulary {
      characters = places(vocabulary.symbols.compactMap(\.unicodeScalars.first))
    }
    self.characters = characters
    unknownCharacter = characters[Vocabulary.unknownCharacter] ?? 0
  }

  package func read(_ word: String) -> Word {
    var spelled: [Int32] = []
    if input.spelling != nil {
      var scalars = Array(word.unicodeScalars)
      if scalars.count > Self.mostCharacters {
        scalars = Array(scalars.prefix(Self.mostCharacters / 2) + scalars.suffix(Self.mostCharacters / 2))
      }
      spelled = scalars.map { characters[$0] ?? unknownCharacter }
    }
    return Word(
      token: words[input.isLowerCased ? word.lowercased() : word] ?? 0, characters: spelled,
      shapes: input.shapes.map { $0.holds(for: word) ? 1 : 0 })
  }

  /// Sentences, the longest first, as the rows of a batch.
  package func inputs(_ sentences: [[String]]) -> (inputs: Batch.Inputs, lengths: PackedLengths) {
    var known: [String: Int32] = [:]
    var words: [Word] = []
    let places = sentences.map { sentence in
      sentence.map { text in
        if let place = known[text] { return place }
        let place = Int32(words.count)
        known[text] = place
        words.append(read(text))
        return place
      }
    }
    let lengths = PackedLengths(sorted: sentences.map(\.count))
    let rows = lengths.packed(places)
    return (.words(words, rows: rows, tokens: rows.map { words[Int($0)].token }), lengths)
  }
}

extension Batch.Inputs {
  /// Words of sentences.
  ///
  /// - Parameters:
  ///   - words: different ones.
  ///   - rows: which of them each row has.
  ///   - tokens: each row's symbol; training does not always take the word's own.
  package static func words(_ words: [WordReader.Word], rows: [Int32], tokens: [Int32]) -> Batch.Inputs {
    Batch.Inputs([SymbolRows(tokens), WordForms(words, rows: rows)])
  }
}
