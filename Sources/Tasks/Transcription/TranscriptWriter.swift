import Console
import Engine
import Models
import Storage
import Support
import Tables
import TaskKit

/// Transcribes sequences and writes what is found, a line each, or as it is found.
struct TranscriptWriter {
  private let transcriber: Transcriber
  private let settings: TranscribeTask.PredictionSettings
  private let runner: TranscriberRunner
  private let terminal: Terminal

  init(
    _ transcriber: Transcriber, _ settings: TranscribeTask.PredictionSettings, machine: Machine, _ terminal: Terminal
  ) {
    self.transcriber = transcriber
    self.settings = settings
    self.terminal = terminal
    runner = TranscriberRunner(transcriber, machine: machine)
  }

  private var separator: String { transcriber.description.form.separator }

  /// Writes the names of the columns if the output is a table.
  func writeHeader() throws {
    guard settings.format == .csv else { return }
    try terminal.print(settings.isPartial == true ? "line,step,symbols" : "line,symbols,logarithm")
  }

  func write(_ sequences: [TranscribedSequence]) throws {
    if settings.isPartial == true { return try writePartial(sequences) }
    for start in stride(from: 0, to: sequences.count, by: TranscriberRunner.defaultCount) {
      let some = sequences[start..<min(start + TranscriberRunner.defaultCount, sequences.count)]
      let found = try runner.transcripts(some.map(\.values), beam: settings.beam ?? 1)
      for (sequence, transcript) in zip(some, found) { try write(sequence, transcript) }
    }
  }

  private func write(_ sequence: TranscribedSequence, _ found: Transcriber.Transcript) throws {
    let text = found.symbols.joined(separator: separator)
    switch settings.format ?? .text {
    case .text: try terminal.print(text)
    case .csv: try terminal.print("\(sequence.line),\(quotedCSV(text)),\(found.logarithm.fixed(4))")
    case .json:
      try terminal.print(
        json(
          Line(
            line: sequence.line, symbols: found.symbols, steps: found.steps.map { [$0.lowerBound, $0.upperBound] },
            logarithm: found.logarithm)))
    }
  }

  private struct Line: Encodable {
    let line: Int
    let symbols: [String]
    /// The first step of each symbol, and the one after its last.
    let steps: [[Int]]
    let logarithm: Double
  }

  /// Reads each sequence step by step, and writes what is found whenever it changes.
  private func writePartial(_ sequences: [TranscribedSequence]) throws {
    let stream = try transcriber.stream(beam: settings.beam ?? 1)
    let width = transcriber.description.scaling.count
    for sequence in sequences {
      stream.reset()
      for start in stride(from: 0, to: sequence.values.count, by: width)
      where stream.read(Array(sequence.values[start..<start + width])) {
        let (step, text) = (stream.steps, stream.symbols.joined(separator: separator))
        switch settings.format ?? .text {
        case .text: try terminal.print("\(sequence.line)\t\(step)\t\(text)")
        case .csv: try terminal.print("\(sequence.line),\(step),\(quotedCSV(text))")
        case .json: try terminal.print(json(Part(line: sequence.line, step: step, symbols: stream.symbols)))
        }
      }
    }
  }

  private struct Part: Encodable {
    let line: Int
    /// How many steps have been read.
    let step: Int
    let symbols: [String]
  }
}
