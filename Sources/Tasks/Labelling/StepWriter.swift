import Console
import Storage
import Support
import TaskKit

/// Writes the labels of steps, a line for each step or for each segment.
struct StepWriter {
  private let labels: [String]
  private let format: PredictionFormat
  private let writesSegments: Bool
  private let terminal: Terminal
  /// The segment that has not ended.
  private var segment: Segment?

  private struct Segment {
    let sequence: String
    let label: Int
    let first: Int
    var last: Int
    var steps: Int
  }

  /// - Parameter labels: those of a network's classes.
  init(_ labels: [String], format: PredictionFormat, writesSegments: Bool, _ terminal: Terminal) {
    self.labels = labels
    self.format = format
    self.writesSegments = writesSegments
    self.terminal = terminal
  }

  /// Writes the names of the columns if the output is a table.
  func begin() throws {
    guard format == .csv else { return }
    let names =
      writesSegments
      ? ["first_line", "last_line", "sequence", "label", "steps"] : ["line", "sequence", "label", "probability"] + labels
    try terminal.print(names.map(quotedCSV).joined(separator: ","))
  }

  /// Writes a step, or adds it to a segment.
  ///
  /// - Parameters:
  ///   - line: where the step stands in its file.
  ///   - sequence: the name of its sequence; empty if there is none.
  ///   - isFirst: whether it is the first of its sequence.
  ///   - probabilities: those of the labels, `[labels]`.
  mutating func write(line: Int, sequence: String, isFirst: Bool, _ probabilities: [Float]) throws {
    let best = probabilities.indices.max { probabilities[$0] < probabilities[$1] } ?? 0
    if writesSegments { return try add(line: line, sequence: sequence, isFirst: isFirst, best) }
    let place = (sequence.isEmpty ? "" : sequence + ", ") + "line \(line)"
    switch format {
    case .text: try terminal.print("\(labels[best]) \(Double(probabilities[best]).fixed(3))\t\(place)")
    case .csv:
      let numbers = ([probabilities[best]] + probabilities).map { Double($0).fixed(4) }
      try terminal.print(([String(line), sequence, labels[best]].map(quotedCSV) + numbers).joined(separator: ","))
    case .json:
      try terminal.print(
        json(
          Step(
            line: line, sequence: sequence.isEmpty ? nil : sequence, label: labels[best], probability: probabilities[best],
            probabilities: Dictionary(zip(labels, probabilities)) { first, _ in first })))
    }
  }

  /// Writes what has been added.
  mutating func end() throws {
    guard let segment else { return }
    self.segment = nil
    let label = labels[segment.label]
    switch format {
    case .text:
      let place = (segment.sequence.isEmpty ? "" : segment.sequence + ", ") + "lines \(segment.first) to \(segment.last)"
      try terminal.print("\(label)\t\(place)")
    case .csv:
      try terminal.print(
        [String(segment.first), String(segment.last), segment.sequence, label, String(segment.steps)].map(quotedCSV)
          .joined(separator: ","))
    case .json:
      try terminal.print(
        json(
          WrittenSegment(
            firstLine: segment.first, lastLine: segment.last, sequence: segment.sequence.isEmpty ? nil : segment.sequence,
            label: label, steps: segment.steps)))
    }
  }

  private mutating func add(line: Int, sequence: String, isFirst: Bool, _ label: Int) throws {
    if isFirst || segment?.label != label {
      try end()
      segment = Segment(sequence: sequence, label: label, first: line, last: line, steps: 0)
    }
    segment?.last = line
    segment?.steps += 1
  }

  private struct Step: Encodable {
    let line: Int
    let sequence: String?
    let label: String
    let probability: Float
    let probabilities: [String: Float]
  }

  private struct WrittenSegment: Encodable {
    let firstLine: Int
    let lastLine: Int
    let sequence: String?
    let label: String
    let steps: Int
  }
}
