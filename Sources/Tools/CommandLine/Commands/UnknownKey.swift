import CommandKit
import Sequences

extension Declaration {
  /// An option that says what is read in the place of characters that a model does not know.
  mutating func unknownCharacters() -> Key<UnknownCharacters?> {
    add(
      "--unknown", "CHARACTER", "a character to read in the place of those that the model does not know; skip to leave these out",
      expected: "a single character, or skip", defaultValue: nil, shown: nil
    ) { text in UnknownCharacters(word: text).map { .some($0) } }
  }
}
