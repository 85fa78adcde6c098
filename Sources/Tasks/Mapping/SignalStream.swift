public import Networks
public import Support
import Tables
import TaskKit

/// Runs a model of a system as its input comes, each step before the next one is known.
///
///     let stream = try model.stream()
///     for reading in sensor { print(try stream.step(reading)) }
public struct SignalStream {
  private let model: SignalModel
  /// The network's stream, which reads and gives what the model was trained on: of sound the samples themselves, of columns numbers that
  /// have been scaled. Its `process` is made for an audio callback.
  public let network: NetworkStream
  private let ages = AgesSoFar()

  fileprivate init(_ model: SignalModel) throws(RecurrentError) {
    self.model = model
    network = try model.network.stream()
  }

  /// Begins a new sequence.
  public func reset() {
    network.reset()
    ages.ages = StepAges()
  }

  /// What the model gives at the next step, `[outputs]`.
  ///
  /// - Parameter numbers: `[inputs]`: as many as were trained on; NaN for a missing one.
  /// - Throws: ``RecurrentError`` if there is another number of them, or one is missing that may not be.
  public func step(_ numbers: [Float]) throws(RecurrentError) -> [Float] { try step(numbers.map(Double.init)).map { Float($0) } }

  func step(_ numbers: [Double]) throws(RecurrentError) -> [Double] {
    let form = model.description.form
    guard numbers.count == form.stepNames.count else {
      throw RecurrentError(.shape, "a step has \(numbers.count) numbers, and \(form.stepNames.count) are expected")
    }
    try form.checkNoneIsMissing(numbers)
    return model.description.values(network.step(form.features(numbers, model.description.inputs, &ages.ages)))
  }

  /// Runs a block of sound, for an audio callback: no allocation, no lock.
  ///
  /// - Parameters:
  ///   - input: samples, `[T, inputs]`.
  ///   - output: receives `[T, outputs]`.
  public func process(_ input: UnsafeBufferPointer<Float>, into output: UnsafeMutableBufferPointer<Float>) {
    network.process(input, into: output)
  }
}

extension SignalModel {
  /// A stream that runs the model as its input comes.
  ///
  /// - Throws: ``RecurrentError`` if the network reads sequences from their ends, too, so that it can't.
  public func stream() throws(RecurrentError) -> SignalStream { try SignalStream(self) }
}
