public import Engine
public import Networks
public import Support
import Tables
public import TaskKit
import Models

/// A trained network with what its numbers stand for: it says which label each step of a sequence has.
///
///     let labeller = try Labeller(contentsOf: "runs/nights-lstm")
///     print(try labeller.labels(of: night).map(\.label))
public struct Labeller: TrainedModel {
  /// What such models are trained for.
  public typealias Task = LabelTask

  /// The network, which carries what its numbers stand for.
  public let network: Network
  package let description: LabelDescription

  /// The label that is found for a step.
  public struct Label: Sendable, Hashable {
    /// The label.
    public let label: String
    /// How probable the label is, from 0 to 1.
    public let probability: Double
  }

  /// The labeller that a network is.
  ///
  /// - Parameter path: of the network's file, for messages.
  /// - Throws: ``RecurrentError`` if the network does not label steps.
  public init(_ network: Network, path: String) throws(RecurrentError) {
    self.network = network
    description = try LabelDescription(of: network, path: path)
  }

  /// The labels that a step can be given, in the order of the network's outputs.
  public var labels: [String] { description.labels }

  /// The most probable label of each step of a sequence.
  ///
  /// - Parameters:
  ///   - sequence: `[T][width]`: as many numbers at each step as were trained on; NaN for a missing one.
  ///   - machine: what to compute on; nil for the fastest kernels and all processors.
  /// - Throws: ``RecurrentError`` if a step has another number of numbers, or one is missing that may not be.
  public func labels(of sequence: [[Float]], machine: Machine? = nil) throws -> [Label] {
    try labels(of: [sequence], machine: machine)[0]
  }

  /// The most probable label of each step of several sequences.
  ///
  /// - Parameters:
  ///   - sequences: `[T][width]` each: as many numbers at each step as were trained on; NaN for a missing one.
  ///   - machine: what to compute on; nil for the fastest kernels and all processors.
  /// - Throws: ``RecurrentError`` if a step has another number of numbers, or one is missing that may not be.
  public func labels(of sequences: [[[Float]]], machine: Machine? = nil) throws -> [[Label]] {
    let form = description.form
    var gaps = SequenceGaps(form.missing, canMask: form.missing == .mask)
    let features = try sequences.enumerated().map { place, steps in
      let title = sequences.count == 1 ? "the sequence" : "sequence \(place + 1)"
      guard case .numbers(let numbers) = try SequenceReader.Content(steps, width: form.stepNames.count, at: title, &gaps) else {
        return [Float]()
      }
      return form.features(numbers, description.scaling)
    }
    let runner = NetworkRunner(network, machine: try machine ?? Machine(), trains: false)
    return try runner.outputs(ofSequences: features, width: form.inputWidth, outputs: labels.count).map { outputs in
      stride(from: 0, to: outputs.count, by: labels.count).map { label(outputs[$0..<$0 + labels.count]) }
    }
  }

  /// The label that probabilities select.
  func label(_ probabilities: some Collection<Float>) -> Label {
    let best = probabilities.enumerated().max { $0.element < $1.element }
    return Label(label: labels[best?.offset ?? 0], probability: Double(best?.element ?? 0))
  }

  /// The most probable class of each step.
  ///
  /// - Parameter outputs: `[T, labels]`
  func classes(_ outputs: [Float]) -> [Int32] {
    stride(from: 0, to: outputs.count, by: labels.count).map { row in
      Int32((row..<row + labels.count).max { outputs[$0] < outputs[$1] } ?? row) - Int32(row)
    }
  }
}
