import Console
import Engine
import Models
import Networks
import Storage
import Support
import Tables
import TaskKit

/// Tags the words of sentences and writes them.
struct TagWriter {
  let tagger: Tagger
  let format: PredictionFormat
  let terminal: Terminal
  private let runner: NetworkRunner

  init(_ tagger: Tagger, format: PredictionFormat, machine: Machine, _ terminal: Terminal) {
    self.tagger = tagger
    self.format = format
    self.terminal = terminal
    runner = NetworkRunner(tagger.network, machine: machine, trains: false)
  }

  /// Tags all sentences that `reader` gives.
  ///
  /// - Parameter count: how many sentences are tagged at once; with 1 each is answered before the next one is read.
  func write(_ reader: SentenceReader, by count: Int) throws {
    if format == .csv { try terminal.print("sentence,word,tag,probability") }
    var number = 0
    while true {
      let sentences = try reader.next(upTo: count)
      if sentences.isEmpty { return }
      for (words, tags) in zip(sentences, try tagger.tags(of: sentences, by: runner)) {
        number += 1
        try write(words, tags, number: number)
      }
    }
  }

  private func write(_ words: [String], _ tags: [Tagger.Tag], number: Int) throws {
    switch format {
    case .text:
      // The format of files to train on.
      if number > 1 { try terminal.print("") }
      for (word, tag) in zip(words, tags) { try terminal.print("\(word)\t\(tag.tag)") }
    case .csv:
      for (word, tag) in zip(words, tags) {
        try terminal.print("\(number),\(quotedCSV(word)),\(quotedCSV(tag.tag)),\(tag.probability.fixed(4))")
      }
    case .json:
      try terminal.print(
        json(Line(words: words, tags: tags.map(\.tag), probabilities: tags.map { Float($0.probability) })))
    }
  }

  private struct Line: Encodable {
    let words: [String]
    let tags: [String]
    let probabilities: [Float]
  }
}
