import Engine
import Networks
import Sequences
import Support

/// What stands in `y` at the steps that a mask or lengths leave out, for networks that give something at every step.
package enum MaskedSteps: String, CaseIterable, Sendable {
  /// 0
  case none
  /// What is given at the step before, as Keras does; before the first step, what ``zeros`` says.
  case `repeat`
  /// What the layers above the recurrent ones make of zeros, as Keras does for layers with `zero_output_for_mask`, among them all
  /// bidirectional ones.
  case zeros
}

extension ArrayRun {
  /// Checks that the network gives what stands at such steps.
  ///
  /// - Throws: ``RecurrentError`` if it gives a vector for each sequence, or the steps before are not those that its last
  ///   recurrent layer has read before.
  func check(_ masked: MaskedSteps) throws(RecurrentError) {
    if masked == .none { return }
    guard network.architecture.readout == .everyStep else {
      throw RecurrentError(
        .unsuitable,
        naming: "the network gives one vector for each sequence, and nothing at its steps: leave out \(Setting("masked-steps"))")
    }
    let last = network.architecture.layers.indices.last { network.denseLayer($0) == nil }
    if masked == .repeat, let last, network.architecture.layers[last].direction != .forward {
      throw RecurrentError(
        .unsuitable,
        naming:
          "the last recurrent layer reads in reverse, too, and repeats no step before: give \(Setting("masked-steps")) zeros, as Keras does"
      )
    }
  }

  /// What the dense layers above the last recurrent one make of zeros, `[outputs]`.
  func outputsOfZeros(on machine: Machine) throws -> [Float] {
    let layers = network.architecture.layers
    let first = (layers.indices.last { network.denseLayer($0) == nil } ?? -1) + 1
    let above = layers.indices[first...].compactMap(network.denseLayer)
    let head = network.denseHead
    guard let inputs = above.first?.inputs ?? head?.inputs else {
      guard network.architecture.output.head.isLinear else {
        throw RecurrentError(
          .unsuitable,
          naming: "what the network's outputs make of zeros is not known: leave out \(Setting("masked-steps"))")
      }
      return [Float](repeating: 0, count: network.architecture.outputWidth)
    }
    let zeros = try DenseLayer("zeros", inputs: 1, outputs: inputs, weight: [Float](repeating: 0, count: inputs), bias: nil)
    let dense = try Network(.init(layers: ([zeros] + above).map { .dense($0) }, head: head))
    let runner = NetworkRunner(dense, machine: machine, trains: false)
    return try runner.outputs(.features([0]), lengths: PackedLengths(steps: 1, batch: 1))
  }
}
