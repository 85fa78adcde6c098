import Sequences
import Support
import Tables
import TaskKit

/// What the texts of one side of pairs are like, from which follows into what they are cut.
struct TextSide {
  /// What messages call the side: `source`.
  let name: String
  /// The mean number of characters and of words in a text.
  private let length: Double
  private let words: Double
  /// How many different words there are.
  private let differentWords: Int

  init(_ name: String, _ texts: [String]) {
    self.name = name
    var (characters, count) = (0, 0)
    var different: Set<Substring> = []
    for text in texts {
      characters += text.unicodeScalars.count
      let own = text.split(whereSeparator: \.isWhitespace)
      count += own.count
      different.formUnion(own)
    }
    length = Double(characters) / Double(max(1, texts.count))
    words = Double(count) / Double(max(1, texts.count))
    differentWords = different.count
  }

  /// What the texts are cut into if nothing is asked for, and why.
  var choice: (tokens: TranslateTask.Tokens, reason: String) {
    if words >= 2, length / words <= 4, differentWords <= 256 {
      return (.words, "there are \(differentWords) different ones, short as symbols are")
    }
    if length <= 40, words <= 4 {
      return (.characters, "its texts are short: \(length.fixed(1)) characters and \(words.fixed(1)) words on average")
    }
    return (.pieces, "its texts have \(length.fixed(1)) characters and \(words.fixed(1)) words on average")
  }
}

extension Vocabulary.PieceCut {
  init(_ tokens: TranslateTask.Tokens, most: Int) {
    self =
      switch tokens {
      case .characters: .characters
      case .pieces: .pieces(symbols: most)
      case .words: .words(symbols: most)
      }
  }
}
