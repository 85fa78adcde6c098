import Foundation
import Networks
import Sequences
import Tables
import Tagging

/// Sentences of `word/tag` between spaces, one a line, as a file has them.
func tagged(_ text: String) throws -> TaggedSentences {
  let lines = text.split(separator: "\n").map { sentence in
    sentence.split(separator: " ").map { $0.replacing("/", with: "\t") }.joined(separator: "\n") + "\n"
  }
  let file = FileManager.default.temporaryDirectory.appending(path: "\(UUID().uuidString).tsv")
  try Data(lines.joined(separator: "\n").utf8).write(to: file)
  defer { try? FileManager.default.removeItem(at: file) }
  return try TaggedSentences(contentsOf: file.path)
}

/// Sentences of a toy language: what a word is can be seen from its ending, or from the word before it.
func toySentences(_ count: Int) throws -> TaggedSentences {
  var text = ""
  for number in 0..<count {
    let verb = ["sees", "hears", "finds"][number % 3]
    let noun = ["dog", "cat", "cow", "owl", "fox"][number % 5]
    text += "the/DET \(noun)o/NOUN \(verb)/VERB"
    if number % 2 == 0 { text += " a/DET \(noun)i/NOUN" }
    if number % 7 == 0 { text += " ./PUNCT" }
    text += "\n"
  }
  return try tagged(text)
}
