package import Console
package import Engine
import Storage
package import Support
import Tables
package import TaskKit

/// Translates texts and writes what becomes of them.
package struct TranslationWriter {
  private let runner: TranslatorRunner
  private let format: PredictionFormat
  private let best: Int
  private let terminal: Terminal

  /// - Parameters:
  ///   - beam: how many beginnings are kept after each piece; nil for 1, or where several translations are wanted for as many, but at
  ///     least 5, among which the best may be.
  ///   - best: how many translations of a text are written, with their scores if there are several.
  ///   - lengthPenalty: as ``TranslatorRunner`` has it.
  package init(
    _ translator: Translator, format: PredictionFormat?, beam: Int?, best: Int?, lengthPenalty: Double?,
    machine: Machine, _ terminal: Terminal
  ) throws(RecurrentError) {
    self.best = best ?? 1
    runner = try TranslatorRunner(
      translator, beam: beam ?? (self.best == 1 ? 1 : max(5, self.best)), best: self.best, lengthPenalty: lengthPenalty,
      machine: machine)
    self.format = format ?? .text
    self.terminal = terminal
  }

  /// Translates the lines of a file, or of standard input, each of which is then answered before the next one is read.
  ///
  /// - Parameter file: nil for standard input.
  package func write(_ file: String?) throws {
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
            translations: found.map {
              .init(
                text: $0.text, score: $0.score, logarithm: $0.logarithm, finished: $0.isFinished)
            })))
    }
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
    }
  }
}
