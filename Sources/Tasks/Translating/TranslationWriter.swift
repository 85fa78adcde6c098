package import Console
package import Engine
import Storage
package import Support
import Tables
import TaskKit

/// Translates texts and writes what becomes of them.
package struct TranslationWriter {
  private let runner: TranslatorRunner
  private let format: PredictionFormat
  private let best: Int
  private let showsAttention: Bool
  private let scoresPairs: Bool
  private let terminal: Terminal

  /// - Throws: ``RecurrentError`` if two settings can't be met together.
  package init(
    _ translator: Translator, _ settings: Settings, machine: Machine, _ terminal: Terminal
  ) throws(RecurrentError) {
    try settings.check()
    (best, showsAttention) = (settings.best ?? 1, settings.showsAttention ?? false)
    // Among more beginnings than translations are wanted the best may be.
    runner = try TranslatorRunner(
      translator, beam: settings.beam ?? (best == 1 ? 1 : max(5, best)), best: best, lengthPenalty: settings.lengthPenalty,
      machine: machine)
    format = showsAttention ? .json : settings.format ?? .text
    scoresPairs = settings.scoresPairs ?? false
    self.terminal = terminal
  }

  /// Translates the lines of a file, or of standard input, each of which is then answered before the next one is read.
  ///
  /// - Parameter file: nil for standard input.
  package func write(_ file: String?) throws {
    if scoresPairs { return try writeScores(file) }
    if file == nil { terminal.say("reading from standard input") }
    let path = file ?? "-"
    try write(PlainLines(path: path), by: path == "-" ? 1 : TranslatorRunner.defaultCount)
  }

  /// Translates all lines.
  ///
  /// - Parameter count: how many are read at once; with 1 each is answered before the next one is read.
  private func write(_ lines: PlainLines, by count: Int) throws {
    if format == .csv { try terminal.print("line,rank,score,translation") }
    while true {
      let some = try lines.next(upTo: count)
      if some.isEmpty { return }
      for (line, found) in zip(some, try runner.translations(of: some.map(\.text))) { try write(line, found) }
    }
  }

  private func write(_ source: (line: Int, text: String), _ found: [Translator.Translation]) throws {
    switch format {
    case .text where best == 1:
      // A line of its own for each text that was read.
      try terminal.print(found[0].text.replacing("\n", with: " "))
    case .text:
      for translation in found {
        try terminal.print("\(source.line)\t\(translation.score.fixed(4))\t\(translation.text.replacing("\n", with: " "))")
      }
    case .csv:
      for (rank, translation) in found.enumerated() {
        try terminal.print("\(source.line),\(rank + 1),\(translation.score.fixed(4)),\(quotedCSV(translation.text))")
      }
    case .json:
      try terminal.print(
        json(
          Line(
            line: source.line, source: source.text,
            translations: try found.map {
              .init(
                text: $0.text, score: $0.score, logarithm: $0.logarithm, finished: $0.isFinished,
                attention: showsAttention ? try runner.attention(from: source.text, to: $0.text) : nil)
            })))
    }
  }

  /// Writes how probable the pairs of a file are, or of standard input.
  ///
  /// - Throws: ``RecurrentError`` if a pair is wrong.
  private func writeScores(_ file: String?) throws {
    if file == nil { terminal.say("reading from standard input") }
    if format == .csv { try terminal.print("line,symbols,logarithm,target") }
    for pair in try TextPairs(contentsOf: file ?? "-").pairs {
      let score = try runner.score(of: pair.target, from: pair.source)
      switch format {
      case .text: try terminal.print("\(pair.line)\t\(score.logarithm.fixed(4))\t\(pair.target)")
      case .csv: try terminal.print("\(pair.line),\(score.symbols),\(score.logarithm.fixed(4)),\(quotedCSV(pair.target))")
      case .json: try terminal.print(json(ScoredPair(line: pair.line, source: pair.source, target: pair.target, score: score)))
      }
    }
  }

  private struct ScoredPair: Encodable {
    let line: Int
    let source: String
    let target: String
    let score: TranslatorRunner.Score
  }

  private struct Line: Encodable {
    let line: Int
    let source: String
    let translations: [Translation]

    struct Translation: Encodable {
      let text: String
      let score: Double
      let logarithm: Double
      let finished: Bool
      let attention: TranslatorRunner.Attention?
    }
  }
}
