public import Engine
import Networks
import Support
import Tables

extension Classifier {
  /// The labels that a classifier finds for a sequence, with their probabilities.
  public struct Prediction: Sendable, Hashable {
    /// The most probable label.
    public let label: String
    /// The labels that the sequence has: the most probable one, or, where sequences may have several, all that are at least as
    /// likely as not, of which there may be none.
    public let labels: [String]
    /// How probable ``label`` is, from 0 to 1.
    public let probability: Double
    /// How probable each label is. They add up to 1, unless sequences may have several labels.
    public let probabilities: [String: Double]
  }

  /// Says which label a text has.
  ///
  ///     let found = try classifier.predict("a fine day")
  ///     print(found.label, found.probability)
  ///
  /// - Parameter machine: what to compute on; nil for the fastest kernels and all processors.
  /// - Throws: ``RecurrentError`` if the classifier reads numbers, or there is nothing in the text to read.
  public func predict(_ text: String, machine: Machine? = nil) throws -> Prediction { try predict([text], machine: machine)[0] }

  /// Says which label each text has.
  ///
  /// - Parameters:
  ///   - texts: those to read, of any lengths.
  ///   - machine: what to compute on; nil for the fastest kernels and all processors.
  /// - Throws: ``RecurrentError`` if the classifier reads numbers, or there is nothing to read in one of the texts.
  public func predict(_ texts: [String], machine: Machine? = nil) throws -> [Prediction] {
    if let width = description.form.width {
      throw RecurrentError(.shape, "the model reads sequences of \(width) numbers a step, and not texts")
    }
    return try predictions(texts.map { .text($0) }, machine)
  }

  /// Says which label a sequence of numbers has.
  ///
  /// - Parameters:
  ///   - sequence: `[T][width]`: as many numbers at each step as were trained on.
  ///   - machine: what to compute on; nil for the fastest kernels and all processors.
  /// - Throws: ``RecurrentError`` if the classifier reads something else.
  public func predict(_ sequence: [[Float]], machine: Machine? = nil) throws -> Prediction {
    try predict([sequence], machine: machine)[0]
  }

  /// Says which label a sequence of single numbers has.
  ///
  /// - Parameters:
  ///   - sequence: `[T]`
  ///   - machine: what to compute on; nil for the fastest kernels and all processors.
  /// - Throws: ``RecurrentError`` if the classifier reads something else.
  public func predict(_ sequence: [Float], machine: Machine? = nil) throws -> Prediction {
    try predict(sequence.map { [$0] }, machine: machine)
  }

  /// Says which label each sequence of numbers has.
  ///
  /// - Parameters:
  ///   - sequences: each `[T][width]`: as many numbers at each step as were trained on.
  ///   - machine: what to compute on; nil for the fastest kernels and all processors.
  /// - Throws: ``RecurrentError`` if the classifier reads something else.
  public func predict(_ sequences: [[[Float]]], machine: Machine? = nil) throws -> [Prediction] {
    guard let width = description.form.width else {
      throw RecurrentError(.shape, "the model reads texts, and not sequences of numbers")
    }
    let policy = description.form.missing
    var gaps = SequenceGaps(policy, canMask: policy == .mask)
    return try predictions(
      sequences.enumerated().map { place, steps in
        let name = sequences.count == 1 ? "the sequence" : "sequence \(place + 1)"
        return try SequenceReader.Content(steps, width: width, at: name, &gaps)
      }, machine)
  }

  private func predictions(_ contents: [SequenceReader.Content], _ machine: Machine?) throws -> [Prediction] {
    let most = ClassifierRunner.defaultCount
    let runner = ClassifierRunner(self, machine: try machine ?? Machine())
    let found = try stride(from: 0, to: contents.count, by: most).flatMap { start in
      try runner.probabilities(Array(contents[start..<min(start + most, contents.count)]))
    }
    return try found.enumerated().map { place, probabilities in
      guard let probabilities else {
        throw RecurrentError(.data, "\(contents.count == 1 ? "the text" : "text \(place + 1)") has nothing in it to read")
      }
      return prediction(probabilities)
    }
  }

  private func prediction(_ probabilities: [Double]) -> Prediction {
    let best = probabilities.indices.max { probabilities[$0] < probabilities[$1] } ?? 0
    return Prediction(
      label: description.labels[best], labels: labels(probabilities).map { description.labels[$0] },
      probability: probabilities[best],
      probabilities: Dictionary(zip(description.labels, probabilities), uniquingKeysWith: max))
  }
}
