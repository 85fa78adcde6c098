public import Engine
public import Sequences

extension NetworkRunner {
  /// The gradients that follow from a given one of what the network gives.
  public struct Gradients: Sendable {
    /// Of the weights, laid out as they are.
    public let weights: [Float]
    /// Of the vectors that the first layer reads, `[rows, inputWidth]`.
    public let inputs: [Float]
    /// Of each pass's states before the first step, `[B, width]`.
    public let initialStates: [[[Float]]]
  }

  /// Runs a network without a head forward and back.
  ///
  /// The runner must have been made with `trains`.
  ///
  /// - Parameters:
  ///   - outputs: the gradient of what the last layer gives, `[rows, outputs]`, or of what is read out of it, `[B, outputs]`.
  ///   - finalStates: that of each pass's states behind each sequence's last step, `[B, width]`; none for zero.
  ///   - carriesStates: whether the sequences begin with ``carriedStates``.
  public func gradients(
    _ inputs: Batch.Inputs, lengths: Lengths, outputs: [Float], finalStates: [[[Float]]] = [], carriesStates: Bool = false
  ) -> Gradients {
    precondition(architecture.output == .lastLayer, "the gradient of what a network's head gives is that of its loss")
    precondition(
      outputs.count == architecture.outputRows(lengths) * architecture.outputWidth, "there is one output gradient for each output"
    )
    begin(inputs, lengths, carriesStates: carriesStates, dropoutSeed: nil, takesGradient: true)
    let steps = 0..<lengths.steps
    forward(inputs, steps) { $0.forward($1, keeping: true) }
    let last = layers.count - 1
    flowing[last] = flowing[last].grown(to: lengths.rows * architecture.outputWidth)
    var arriving = finalStates
    if let readout {
      readout.add(steps)
      readout.gradient.base.update(from: outputs, count: outputs.count)
      arriving = readout.finalGradients(with: arriving, of: runners)
      readout.spread(over: steps, into: flowing[last].base)
    } else {
      flowing[last].base.update(from: outputs, count: outputs.count)
    }
    let weights = FloatBuffer(count: layout.count)
    let read = FloatBuffer(count: lengths.rows * architecture.inputWidth)
    backward(from: arriving, weights.base, inputGradient: read.base, isFirst: true)
    let initialStates = runners.map(\.initialGradients)
    if !carriesStates { addGradients(ofInitialStates: initialStates, to: weights.base) }
    return Gradients(
      weights: Array(UnsafeBufferPointer(start: weights.base, count: layout.count)),
      inputs: Array(UnsafeBufferPointer(start: read.base, count: lengths.rows * architecture.inputWidth)),
      initialStates: initialStates)
  }
}
