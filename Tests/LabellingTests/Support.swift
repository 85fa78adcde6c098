import Foundation
import Labelling
import Networks
import Sequences
import Tables

/// A file with some text, which is gone when this is.
final class TemporaryFile {
  let path: String

  init(_ text: String) throws {
    path = FileManager.default.temporaryDirectory.appending(path: "\(UUID().uuidString).tsv").path
    try Data(text.utf8).write(to: URL(filePath: path))
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }
}

/// Sentences of `word/tag` between spaces, one a line, as a file has them.
func tagged(_ text: String) throws -> TaggedSentences {
  let lines = text.split(separator: "\n").map { sentence in
    sentence.split(separator: " ").map { $0.replacing("/", with: "\t") }.joined(separator: "\n") + "\n"
  }
  return try TaggedSentences(contentsOf: TemporaryFile(lines.joined(separator: "\n")).path)
}

/// Sentences of a toy language: what a word is can be seen from its ending, or from the word before it.
func toySentences(_ count: Int) throws -> TaggedSentences {
  var text = ""
  for number in 0..<count {
    let (verb, noun) = ["sees", "hears", "finds"][number % 3], stem = ["dog", "cat", "cow", "owl", "fox"][number % 5]
    text += "the/DET \(stem)o/NOUN \(verb)/VERB"
    if number % 2 == 0 { text += " a/DET \(noun)i/NOUN" }
    if number % 7 == 0 { text += " ./PUNCT" }
    text += "\n"
  }
  return try tagged(text)
}
