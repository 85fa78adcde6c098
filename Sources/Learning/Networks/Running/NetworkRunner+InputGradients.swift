import CellCompiler
package import Engine
package import Sequences
package import Support

extension NetworkRunner {
  /// How the losses of a batch depend on what its sequences read and begin with.
  package struct InputGradients: Sendable {
    /// The gradient of the vectors that the first layer reads, `[rows, inputWidth]`.
    package let inputs: [Float]
    /// That of the vectors that the encoder's first layer reads of the sources, or of the vectors that are given, packed as the sources are; none
    /// without sources.
    package let source: [Float]
    /// That of each pass's states before the first step, `[B, width]`.
    package let initialStates: [[[Float]]]
  }

  /// How the losses depend on what each step reads: the gradient of the sum of all rows' losses with respect to the vectors that
  /// the first layers of the network and of its encoder read, and to each pass's states before the first step. For symbols the
  /// vectors are their embeddings, or their one-hot vectors.
  ///
  /// The runner must have been made with `trains`.
  ///
  /// - Parameters:
  ///   - carriesStates: whether the sequences begin with ``carriedStates``.
  ///   - finalGradients: for sequences that go on elsewhere, what the losses there give for each pass's states after their last
  ///     steps here, `[B, width]`; none for zero.
  /// - Throws: ``RecurrentError`` if the network reads or gives something else than the batch has.
  package func inputGradients(
    _ inputs: Batch.Inputs, lengths: PackedLengths, targets: Batch.Targets, carriesStates: Bool = false,
    finalGradients: [[[Float]]] = []
  ) throws(RecurrentError) -> InputGradients {
    let weights = FloatBuffer(count: layout.count)
    let read = FloatBuffer(count: lengths.rows * architecture.inputWidth)
    let source = FloatBuffer(count: (inputs.source?.lengths.rows ?? 0) * (architecture.context?.inputWidth ?? 0))
    source.clear(0..<source.count)
    graph.context?.sourceGradient = source.base
    defer { graph.context?.sourceGradient = nil }
    // Losses are summed up as parts of their mean, and so what comes from elsewhere has to be, too.
    let count = Float(max(1, targets.counted(architecture.outputRows(lengths))))
    let incoming = finalGradients.map { $0.map { $0.map { $0 / count } } }
    _ = try run(
      inputs, lengths: lengths, targets: targets, carriesStates: carriesStates, gradients: weights.base,
      inputGradient: read.base, finalGradients: incoming)
    for gradient in [read, source] { machine.instructionSet.scale(gradient.base, by: count, count: gradient.count) }
    return InputGradients(
      inputs: Array(UnsafeBufferPointer(start: read.base, count: read.count)),
      source: Array(UnsafeBufferPointer(start: source.base, count: source.count)),
      initialStates: graph.passes.map { $0.incoming.map { $0.map { $0 * count } } })
  }
}
