import Networks
public import Support
import Tables
import TaskKit

/// Labels the steps of a sequence as they come, each before the next one is known.
///
///     var stream = try labeller.stream()
///     for step in sensor { print(try stream.step(step).label) }
public struct LabelStream {
  private let labeller: Labeller
  private let stream: NetworkStream
  private let ages = AgesSoFar()

  fileprivate init(_ labeller: Labeller) throws(RecurrentError) {
    self.labeller = labeller
    stream = try labeller.network.stream()
  }

  /// Begins a new sequence.
  public func reset() {
    stream.reset()
    ages.ages = StepAges()
  }

  /// The label of the next step.
  ///
  /// - Parameter numbers: `[width]`: as many as were trained on; NaN for a missing one.
  /// - Throws: ``RecurrentError`` if there is another number of them, or one is missing that may not be.
  public func step(_ numbers: [Float]) throws(RecurrentError) -> Labeller.Label {
    labeller.label(try probabilities(numbers.map(Double.init)))
  }

  /// The probability of each label at the next step.
  func probabilities(_ numbers: [Double]) throws(RecurrentError) -> [Float] {
    let form = labeller.description.form
    guard numbers.count == form.stepNames.count else {
      throw RecurrentError(.shape, "a step has \(numbers.count) numbers, and \(form.stepNames.count) are expected")
    }
    try form.checkNoneIsMissing(numbers)
    return stream.step(form.features(numbers, labeller.description.scaling, &ages.ages))
  }
}

extension Labeller {
  /// A stream that labels steps as they come.
  ///
  /// - Throws: ``RecurrentError`` if the network reads sequences from their ends, too, so that it can't.
  public func stream() throws(RecurrentError) -> LabelStream { try LabelStream(self) }
}
