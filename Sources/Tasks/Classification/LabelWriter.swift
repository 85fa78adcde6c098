import Console
import Models
import Storage
import Support
import Tables
import TaskKit

/// Writes the labels of sequences, one line each.
struct LabelWriter {
  private let classifier: Classifier
  private let format: PredictionFormat
  private let top: Int
  private let terminal: Terminal

  /// - Parameter top: how many labels the text format shows.
  init(_ classifier: Classifier, format: PredictionFormat, top: Int, _ terminal: Terminal) {
    self.classifier = classifier
    self.format = format
    self.top = top
    self.terminal = terminal
  }

  private var labels: [String] { classifier.description.labels }

  /// The separator between several labels in one field.
  private var separator: String { classifier.description.form.separator ?? ";" }

  /// Writes the names of the columns if the output is a table.
  func writeHeader() throws {
    guard format == .csv else { return }
    try terminal.print((["line", "sequence", "label", "probability"] + labels).map(quotedCSV).joined(separator: ","))
  }

  /// - Parameters:
  ///   - line: where the sequence begins in its file.
  ///   - name: the name of the sequence, or its text.
  ///   - probabilities: those of the labels; nil for a sequence with nothing in it to read, whose line has no label.
  func write(line: Int, name: String, _ probabilities: [Double]?) throws {
    guard let probabilities else { return try writeEmpty(line: line, name: name) }
    let found = classifier.labels(probabilities)
    let isMultiple = classifier.description.form.isMultiple
    let label = found.map { labels[$0] }.joined(separator: separator)
    // Of several labels, the lowest probability.
    let probability = found.map { probabilities[$0] }.min()
    switch format {
    case .text:
      var words: [String]
      if isMultiple && top == 1 {
        words = found.map { "\(labels[$0]) \(probabilities[$0].fixed(3))" }
        if words.isEmpty { words = ["-"] }
      } else {
        let order = probabilities.indices.sorted { (probabilities[$1], $0) < (probabilities[$0], $1) }
        words = order.prefix(top).map { "\(labels[$0]) \(probabilities[$0].fixed(3))" }
      }
      try terminal.print(words.joined(separator: ", ") + "\t" + name)
    case .csv:
      let columns = ["\(line)", quotedCSV(name), quotedCSV(label), probability.map { $0.fixed(4) } ?? ""]
      try terminal.print((columns + probabilities.map { $0.fixed(4) }).joined(separator: ","))
    case .json:
      let all = Dictionary(zip(labels, probabilities.map { Float($0) }), uniquingKeysWith: { first, _ in first })
      try terminal.print(
        json(
          Prediction(
            line: line, sequence: name, label: isMultiple ? nil : label,
            labels: isMultiple ? found.map { labels[$0] } : nil, probability: isMultiple ? nil : probability.map { Float($0) },
            probabilities: all))
      )
    }
  }

  private func writeEmpty(line: Int, name: String) throws {
    switch format {
    case .text: try terminal.print("-\t" + name)
    case .csv: try terminal.print((["\(line)", quotedCSV(name), "", ""] + labels.map { _ in "" }).joined(separator: ","))
    case .json:
      try terminal.print(
        json(
          Prediction(
            line: line, sequence: name, label: nil, labels: classifier.description.form.isMultiple ? [] : nil, probability: nil,
            probabilities: [:])))
    }
  }

  private struct Prediction: Encodable {
    let line: Int
    let sequence: String
    let label: String?
    let labels: [String]?
    let probability: Float?
    let probabilities: [String: Float]
  }
}
