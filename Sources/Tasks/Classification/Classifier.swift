public import Engine
public import Networks
package import Sequences
public import Support
public import Tables
public import TaskKit
import Models

/// A trained network with what its numbers stand for: it says which labels sequences have.
///
///     let classifier = try Classifier(contentsOf: "runs/reviews-lstm")
///     print(try classifier.predict("a fine day").label)
public struct Classifier: TrainedModel {
  /// What such models are trained for.
  public typealias Task = ClassifyTask

  /// The network, which carries what its numbers stand for.
  public let network: Network
  package let description: ClassifierDescription

  /// The classifier that a network is.
  ///
  /// - Parameter path: of the network's file, for messages.
  /// - Throws: ``RecurrentError`` if the network does not find labels.
  public init(_ network: Network, path: String) throws(RecurrentError) {
    self.network = network
    description = try ClassifierDescription(of: network, path: path)
  }

  /// The indices of the labels that probabilities select: the most probable one, or, of several, all that are at least as likely
  /// as not.
  package func labels(_ probabilities: [Double]) -> [Int] {
    if description.form.isMultiple { return probabilities.indices.filter { probabilities[$0] >= 0.5 } }
    return probabilities.indices.max { probabilities[$0] < probabilities[$1] }.map { [$0] } ?? []
  }

  /// What the network reads of one sequence, `[T]` symbols or `[T, width]` numbers.
  ///
  /// - Throws: ``RecurrentError`` if the sequence holds nothing to read.
  package func inputs(_ content: SequenceReader.Content) throws(RecurrentError) -> Batch.Inputs {
    let sequences = try EncodedSequences([content], for: network.architecture.input, description)
    let (lengths, inputs) = sequences.packed([0])
    guard lengths.steps > 0 else { throw RecurrentError(.data, "the sequence has nothing in it to read") }
    return inputs
  }

  /// The labels' probabilities, from what the network gives for a sequence.
  func probabilities(_ outputs: ArraySlice<Float>) -> [Double] {
    guard description.form.isMultiple else { return outputs.map(Double.init) }
    return outputs.map { Distribution.bernoulli.parameters(of: CollectionOfOne($0))[0] }
  }

  /// Reads a file's sequences and counts how often their labels are found.
  ///
  /// - Parameters:
  ///   - header: whether the first line names the columns; nil to assume it if the training's columns had names.
  ///   - dialect: how the file is written, as far as it is known; the rest is found out from the file.
  ///   - missing: what is done about missing numbers; nil for what was done in training.
  ///   - machine: what to compute on; nil for the fastest kernels and all processors.
  ///   - progress: called with the number of sequences so far.
  /// - Returns: the scores, and what was done about missing numbers, in sentences.
  /// - Throws: ``RecurrentError`` if what the file holds is not as the model's form says, or it has other labels.
  public func scores(
    _ path: String, header: Bool? = nil, dialect: TableDialect = TableDialect(), missing: MissingPolicy? = nil,
    machine: Machine? = nil,
    progress: (Int) -> Void = { _ in }
  ) throws(RecurrentError) -> (scores: ClassificationScores, repairs: [String]) {
    let reader = try reader(TableFile(path, hasHeader: header, dialect: dialect), missing: missing, labels: true)
    let machine = if let machine { machine } else { try Machine() }
    let runner = ClassifierRunner(self, machine: machine)
    var scores = ClassificationScores(labels: description.labels, isMultiple: description.form.isMultiple)
    while true {
      let sequences = try reader.next(upTo: ClassifierRunner.defaultCount)
      if sequences.isEmpty { break }
      let expected = try sequences.map { sequence throws(RecurrentError) in
        try description.places(of: sequence, at: "\(reader.source), line \(sequence.line)")
      }
      for (place, probabilities) in try runner.probabilities(sequences.map(\.content)).enumerated() {
        guard let probabilities else {
          throw RecurrentError(
            .data, "\(reader.source), line \(sequences[place].line): there is nothing in it to read; leave it out")
        }
        scores.add(expected: expected[place], found: labels(probabilities))
      }
      progress(scores.count)
    }
    guard scores.count > 0 else { throw RecurrentError(.data, "\(path) has no sequences") }
    return (scores, reader.repairs)
  }

  /// Reads sequences in the form that the model was trained on.
  ///
  /// - Throws: ``RecurrentError`` if the file can't be read, or missing numbers are to be masked and the network reads no mask.
  package func reader(
    _ file: TableFile, missing: MissingPolicy? = nil, labels: Bool
  ) throws(RecurrentError) -> SequenceReader {
    if missing == .mask, description.form.missing != .mask {
      throw RecurrentError(
        .data,
        naming:
          "the model was trained without \(Setting("missing")) mask, so that it reads no mask of what is missing: give \(Setting("missing")) interpolate"
      )
    }
    if missing != nil, description.form.width == nil {
      throw RecurrentError(
        .data, naming: "the model reads texts, in which no numbers are missing: leave out \(Setting("missing"))")
    }
    var file = file
    file.model = description.dialect ?? .firstVersion
    return try SequenceReader(
      file, form: description.form, missing: missing, canMask: description.form.missing == .mask, labels: labels)
  }
}

/// Runs a classifier over sequences. Only one thread may use it at a time.
package final class ClassifierRunner {
  private let classifier: Classifier
  private let runner: NetworkRunner

  /// The number of sequences in a batch: enough to keep the threads busy, in little memory.
  package static let defaultCount = 512

  package init(_ classifier: Classifier, machine: Machine) {
    self.classifier = classifier
    runner = NetworkRunner(classifier.network, machine: machine, trains: false)
  }

  /// The probability of each label for each of some sequences, in the order of the description's labels; nil for a sequence that has
  /// nothing in it to read.
  ///
  /// - Parameter contents: texts, or numbers, as the classifier reads them.
  package func probabilities(_ contents: [SequenceReader.Content]) throws(RecurrentError) -> [[Double]?] {
    let architecture = classifier.network.architecture
    let sequences = try EncodedSequences(contents, for: architecture.input, classifier.description)
    let lengths = sequences.lengths
    let order = lengths.indices.filter { lengths[$0] > 0 }.sorted { (lengths[$1], $0) < (lengths[$0], $1) }
    var probabilities = [[Double]?](repeating: nil, count: contents.count)
    if order.isEmpty { return probabilities }
    let batch = sequences.packed(order)
    let outputs = try runner.outputs(batch.inputs, lengths: batch.lengths)
    let width = architecture.outputWidth
    for (row, place) in order.enumerated() {
      let given = outputs[row * width..<(row + 1) * width]
      probabilities[place] = classifier.probabilities(given)
    }
    return probabilities
  }
}

extension SequenceReader {
  /// The next sequences, at most `count`: fewer at the end, and none after it.
  package func next(upTo count: Int) throws(RecurrentError) -> [Sequence] {
    var sequences: [Sequence] = []
    while sequences.count < count, let next = try next() { sequences.append(next) }
    return sequences
  }
}
