package import CellLanguage
package import Networks
import Sequences
package import Support
package import Tables

/// The words of sentences, and how often each occurs.
package struct WordCounts: Sendable {
  let words: [String: Int]

  package init(_ sentences: TaggedSentences) {
    var words: [String: Int] = [:]
    for word in sentences.sentences.joined() { words[word.text, default: 0] += 1 }
    self.words = words
  }

  /// The choices of how words are read.
  package struct Choices: Sendable {
    /// The number of words with a vector of their own, the most frequent ones.
    package var words = 50_000
    /// The length of a word's vector.
    package var embedding = 100
    package var isLowerCased = false
    package var hasShapes = false
    /// The layer that reads characters: its cell, its units in each direction, and the length of a character's vector; nil not to
    /// read characters.
    package var spelling: (cell: Cell, units: Int, embedding: Int)?

    package init() {}
  }

  /// The vocabularies of the words: the most frequent words, as many as are asked for, and the characters that occur in at least
  /// two words.
  ///
  /// - Throws: ``RecurrentError`` if there are more characters than a vocabulary can have.
  package func input(_ choices: Choices) throws(RecurrentError) -> WordInput {
    var counts = words
    if choices.isLowerCased { counts = Dictionary(words.map { ($0.lowercased(), $1) }, uniquingKeysWith: +) }
    let frequent = counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.lazy.map(\.key).filter { $0 != Vocabulary.unknown }
    let vocabulary = try Vocabulary(kind: .words, symbols: [Vocabulary.unknown] + frequent.prefix(choices.words))
    return WordInput(
      vocabulary, embedding: choices.embedding, isLowerCased: choices.isLowerCased,
      shapes: choices.hasShapes ? WordShape.allCases : [],
      spelling: try choices.spelling.map { spelling throws(RecurrentError) in
        WordInput.spelling(
          spelling.cell, characters: try Vocabulary(charactersOfSeveral: words.keys), units: spelling.units,
          embedding: spelling.embedding)
      })
  }
}
