import CellLanguage
import CommandKit
import Tagging

/// The options of how a network reads words.
struct WordKeys: Sendable {
  private let vocabulary: Key<Int>
  private let embedding: Key<Int>
  private let lowerCase: Key<Bool>
  private let shape: Key<Bool>
  private let noCharacters: Key<Bool>
  private let characterUnits: Key<Int>
  private let characterEmbedding: Key<Int>

  init(_ declare: inout Declaration) {
    let standard = WordCounts.Choices()
    vocabulary = declare.integer(
      "--vocabulary", in: 1...65_535, default: standard.words, "words with a vector of their own, the most frequent ones")
    embedding = declare.integer(
      "--embedding", in: 1...65_536, default: standard.embedding, "learned numbers that stand for a word")
    lowerCase = declare.flag("--lower-case", "look words up in lower case; their characters are read as they are")
    shape = declare.flag("--shape", "tell whether a word has capitals, digits, hyphens, or no letters")
    noCharacters = declare.flag("--no-characters", "don't read the characters of words, only what words they are")
    characterUnits = declare.integer(
      "--character-units", in: 1...65_536, default: 32, "units of the layer that reads a word's characters, for each direction")
    characterEmbedding = declare.integer(
      "--character-embedding", in: 1...65_536, default: 32, "learned numbers that stand for a character")
  }

  /// - Parameter cell: of the layer that reads characters.
  /// - Throws: ``RecurrentError`` if options speak of characters that are not to be read.
  func choices(_ invocation: Invocation, cell: Cell) throws(RecurrentError) -> WordCounts.Choices {
    var choices = WordCounts.Choices()
    choices.words = invocation[vocabulary]
    choices.embedding = invocation[embedding]
    choices.isLowerCased = invocation[lowerCase]
    choices.hasShapes = invocation[shape]
    if !invocation[noCharacters] {
      choices.spelling = (cell, invocation[characterUnits], invocation[characterEmbedding])
    } else if let other = [characterUnits, characterEmbedding].first(where: { invocation.values[$0.name] != nil }) {
      throw RecurrentError(.usage, "\(other.name) can't be given with --no-characters, which leaves nothing of that size: leave one out")
    }
    return choices
  }
}
