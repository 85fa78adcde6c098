package import Engine
package import Sequences
package import Support

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
  /// - Throws: ``RecurrentError`` if the network has a head, or reads something else than the batch has.
  package func gradients(
    _ inputs: Batch.Inputs, lengths: PackedLengths, outputs: [Float], finalStates: [[[Float]]] = [], carriesStates: Bool = false
  ) throws(RecurrentError) -> Gradients {
    checkTrains()
    if architecture.output.head.isLinear {
      throw RecurrentError(.shape, "the gradient of what a network's head gives is that of its loss")
    }
    let count = architecture.outputRows(lengths) * architecture.outputWidth
    if outputs.count != count {
      throw RecurrentError(
        .shape,
        "there are \(outputs.count) gradients of outputs; \(architecture.outputRows(lengths)) rows of "
          + "\(architecture.outputWidth) have one each"
      )
    }
    _ = try outputsToPullBack(inputs, lengths: lengths, carriesStates: carriesStates)
    let weights = FloatBuffer(count: layout.count)
    let read = FloatBuffer(count: lengths.rows * architecture.inputWidth)
    backpropagate(outputs, finalStates: finalStates, to: weights.base, inputGradient: read.base)
    return Gradients(
      weights: Array(UnsafeBufferPointer(start: weights.base, count: layout.count)),
      inputs: Array(UnsafeBufferPointer(start: read.base, count: lengths.rows * architecture.inputWidth)),
      initialStates: graph.passes.map(\.incoming))
  }

  /// Runs a network without a head forward, such that `backpropagate` can follow.
  ///
  /// - Parameters:
  ///   - seed: of what is drawn; nil to draw nothing.
  ///   - keeping: whether `backpropagate` does follow.
  ///   - whole: of the batch of which the sequences are a part; nil if they are all of it.
  /// - Returns: what it gives, valid until the next run.
  func outputsToPullBack(
    _ inputs: Batch.Inputs, lengths: PackedLengths, carriesStates: Bool, seed: UInt64? = nil, keeping: Bool = true,
    whole: BatchTotals? = nil
  ) throws(RecurrentError) -> UnsafePointer<Float> {
    try begin(inputs, lengths, carriesStates: carriesStates, seed: seed, takesGradient: keeping, whole: whole)
    let segments = segmentsToPullBack(keeping: keeping, whole: whole)
    runToTheLast(of: segments)
    if let last = segments.last { forward(segment(last, keeping: keeping)) }
    return graph.head.input.values
  }

  /// The steps in segments. What is given at each step must be there at once.
  private func segmentsToPullBack(keeping: Bool, whole: BatchTotals?) -> [Range<Int>] {
    architecture.readout == .everyStep ? [0..<lengths.steps] : segments(of: lengths, keeping: keeping, whole: whole)
  }

  /// Runs the network back.
  ///
  /// - Parameters:
  ///   - outputs: the gradient of what the network gave.
  ///   - weights: receives the gradient of the weights, added to what it holds.
  ///   - inputGradient: receives the gradient of what the first layer read, which then does not go on into an embedding.
  ///   - steps: the gradient of what the last layer gave at each step, packed rows, beside that of what was read out of it; nil for
  ///     zero. Only for a runner that keeps all steps.
  ///   - whole: as it was given for the way forward.
  func backpropagate(
    _ outputs: UnsafePointer<Float>, steps ofSteps: UnsafePointer<Float>? = nil, finalStates: [[[Float]]] = [],
    to weights: UnsafeMutablePointer<Float>, inputGradient: UnsafeMutablePointer<Float>?, whole: BatchTotals? = nil
  ) {
    ensure(ofSteps == nil || keepsAllSteps, "a gradient of all steps came to a run that does not keep them")
    graph.input.gradient = inputGradient
    defer { graph.input.gradient = nil }
    for (pass, incoming) in zip(graph.passes, finalStates) { pass.incoming = incoming }
    let (head, rows) = (graph.head, architecture.outputRows(lengths))
    for (steps, start) in zip(segmentsToPullBack(keeping: true, whole: whole), starts).reversed() {
      let segment = segment(steps, keeping: true)
      // The last one has just been run.
      if !segment.isLast {
        carriedStates = start
        forward(segment)
      }
      for edge in graph.edges { edge.beginBackward() }
      if segment.isLast {
        head.input.addGradient(rows: rows) { $0.update(from: outputs, count: rows * architecture.outputWidth) }
      }
      if let ofSteps {
        graph.top.addGradient(rows: lengths.rows) { $0.update(from: ofSteps, count: lengths.rows * graph.top.width) }
      }
      backward(segment, weights) { $0 !== head }
    }
    finish(weights)
  }
}
