import Console
import Storage
import Support
import TaskKit

/// Writes what a model gives at each step, a line for each.
struct OutputWriter {
  private let names: [String]
  private let format: PredictionFormat
  private let terminal: Terminal

  /// - Parameter names: those of the numbers that are given.
  init(_ names: [String], format: PredictionFormat, _ terminal: Terminal) {
    self.names = names
    self.format = format
    self.terminal = terminal
  }

  /// Writes the names of the columns if the output is a table.
  func begin() throws {
    if format == .csv { try terminal.print((["line", "sequence"] + names).map(quotedCSV).joined(separator: ",")) }
  }

  /// - Parameters:
  ///   - line: where the step stands in its file.
  ///   - sequence: the name of its sequence; empty if there is none.
  ///   - values: `[outputs]`
  func write(line: Int, sequence: String, _ values: [Double]) throws {
    switch format {
    case .text:
      try terminal.print(
        values.map { "\(Float($0))" }.joined(separator: " ") + "\t" + (sequence.isEmpty ? "" : sequence + ", ") + "line \(line)")
    case .csv: try terminal.print((["\(line)", quotedCSV(sequence)] + values.map { "\(Float($0))" }).joined(separator: ","))
    case .json:
      try terminal.print(
        json(
          Step(
            line: line, sequence: sequence.isEmpty ? nil : sequence,
            outputs: Dictionary(zip(names, values.map { Float($0) })) { first, _ in first })))
    }
  }

  private struct Step: Encodable {
    let line: Int
    let sequence: String?
    let outputs: [String: Float]
  }
}
