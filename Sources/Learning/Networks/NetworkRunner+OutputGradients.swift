package import Engine
package import Sequences
import Support

extension NetworkRunner {
  /// The gradients that follow from a given one of what the network gives.
  package struct Gradients: Sendable {
    /// The gradient of the weights, in their layout.
    package let weights: [Float]
    /// The gradient of the vectors that the first layer reads, `[rows, inputWidth]`.
    package let inputs: [Float]
    /// The gradient of each pass's states before the first step, `[B, width]`.
    package let initialStates: [[[Float]]]
  }

  /// Runs a network without a head forward and back.
  ///
  /// The runner must have been made with `trains`.
  ///
  /// - Parameters:
  ///   - outputs: the gradient of what the last layer gives, `[rows, outputs]`, or of what is read out of it, `[B, outputs]`.
  ///   - finalStates: the gradient of each pass's states after each sequence's last step, `[B, width]`; none for zero.
  ///   - carriesStates: whether the sequences begin with ``carriedStates``.
  package func gradients(
    _ inputs: Batch.Inputs, lengths: PackedLengths, outputs: [Float], finalStates: [[[Float]]] = [], carriesStates: Bool = false
  ) -> Gradients {
    checkTrains()
    ensure(architecture.output == .lastLayer, "the gradient of what a network's head gives is that of its loss")
    ensure(
      outputs.count == architecture.outputRows(lengths) * architecture.outputWidth,
      "there are \(outputs.count) gradients of outputs; \(architecture.outputRows(lengths)) rows of "
        + "\(architecture.outputWidth) have one each"
    )
    _ = outputsToPullBack(inputs, lengths: lengths, carriesStates: carriesStates)
    let weights = FloatBuffer(count: layout.count)
    let read = FloatBuffer(count: lengths.rows * architecture.inputWidth)
    backpropagate(
      outputs, finalStates: finalStates, carriesStates: carriesStates, to: weights.base, inputGradient: read.base)
    return Gradients(
      weights: Array(UnsafeBufferPointer(start: weights.base, count: layout.count)),
      inputs: Array(UnsafeBufferPointer(start: read.base, count: lengths.rows * architecture.inputWidth)),
      initialStates: runners.map(\.initialGradients))
  }

  /// Runs a network without a head forward, such that `backpropagate` can follow.
  ///
  /// - Returns: what it gives, valid until the next run.
  func outputsToPullBack(_ inputs: Batch.Inputs, lengths: PackedLengths, carriesStates: Bool) -> UnsafePointer<Float> {
    begin(inputs, lengths, carriesStates: carriesStates, dropoutSeed: nil, takesGradient: true)
    forward(inputs, 0..<lengths.steps) { $0.forward($1, keeping: true) }
    _ = readOut(0..<lengths.steps, keeping: true)
    return output
  }

  /// Runs the network back.
  ///
  /// - Parameters:
  ///   - outputs: the gradient of what the network gave.
  ///   - weights: receives the gradient of the weights, added to what it holds.
  ///   - inputGradient: receives the gradient of what the first layer read, which then does not go on into an embedding.
  func backpropagate(
    _ outputs: UnsafePointer<Float>, finalStates: [[[Float]]] = [], carriesStates: Bool = false,
    to weights: UnsafeMutablePointer<Float>, inputGradient: UnsafeMutablePointer<Float>?
  ) {
    let (last, count) = (layers.count - 1, architecture.outputRows(lengths) * architecture.outputWidth)
    flowing[last] = flowing[last].grown(to: lengths.rows * layers[last].outputWidth)
    var incoming = finalStates
    if let readout {
      (headLayers?.gradient ?? readout.gradient.base).update(from: outputs, count: count)
      headLayers?.backward(inputGradient: readout.gradient.base, weights)
      incoming = readout.finalGradients(with: incoming, of: runners)
      readout.spread(over: 0..<lengths.steps, into: flowing[last].base)
    } else {
      flowing[last].base.update(from: outputs, count: count)
    }
    backward(from: incoming, weights, inputGradient: inputGradient, isFirst: true)
    if !carriesStates { addGradients(ofInitialStates: runners.map(\.initialGradients), to: weights) }
  }
}
