public import Engine
public import Networks
public import Support
import Tables
public import TaskKit
import Models

/// A trained network that gives numbers at each step from numbers at each step: what a sensor would show, or what an effect makes of a
/// sound.
///
///     let model = try SignalModel(contentsOf: "runs/plant-lstm")
///     print(try model.outputs(for: readings))
public struct SignalModel: TrainedModel {
  /// What such models are trained for.
  public typealias Task = MapTask

  /// The network, which carries what its numbers stand for.
  public let network: Network
  package let description: MapDescription

  /// The model that a network is.
  ///
  /// - Parameter path: of the network's file, for messages.
  /// - Throws: ``RecurrentError`` if the network does something else.
  public init(_ network: Network, path: String) throws(RecurrentError) {
    self.network = network
    description = try MapDescription(of: network, path: path)
  }

  /// The names of the numbers that a step reads, and of those that it gives.
  public var inputNames: [String] { description.form.stepNames }
  /// The names of the numbers that are given at a step.
  public var outputNames: [String] { description.form.targetColumns }
  /// The samples a second of the sound that the model reads; nil if it reads none.
  public var sampleRate: Int? { description.audio?.rate }

  /// What the model gives at each step of a sequence, `[T][outputs]`.
  ///
  /// - Parameters:
  ///   - sequence: `[T][inputs]`; NaN for a missing number.
  ///   - machine: what to compute on; nil for the fastest kernels and all processors.
  /// - Throws: ``RecurrentError`` if a step has another number of numbers, or one is missing that may not be.
  public func outputs(for sequence: [[Float]], machine: Machine? = nil) throws -> [[Float]] {
    let form = description.form
    var gaps = SequenceGaps(form.missing, canMask: form.missing == .mask)
    guard
      case .numbers(let numbers) = try SequenceReader.Content(sequence, width: form.stepNames.count, at: "the sequence", &gaps)
    else { return [] }
    let values = try values([numbers], machine: machine ?? Machine())[0]
    return stride(from: 0, to: values.count, by: outputNames.count).map { row in
      values[row..<row + outputNames.count].map { Float($0) }
    }
  }

  /// What the model gives for some sequences, `[sequences][T, outputs]`.
  ///
  /// - Parameter sequences: `[T, inputs]` each, as people know them.
  func values(
    _ sequences: [[Double]], machine: Machine, progress: (Int) -> Void = { _ in }
  ) throws(RecurrentError) -> [[Double]] {
    try NetworkRunner(network, machine: machine, trains: false).outputs(
      ofSequences: sequences.map { description.form.features($0, description.inputs) }, width: description.form.inputWidth,
      outputs: outputNames.count, progress: progress
    ).map { description.values($0) }
  }
}
