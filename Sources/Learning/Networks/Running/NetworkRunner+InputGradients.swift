import CellCompiler
package import Engine
package import Sequences
package import Support

extension NetworkRunner {
  /// How the losses depend on what each step reads: the gradient of the sum of all rows' losses with respect to the vectors that
  /// the first layer reads, `[rows, inputWidth]`, and to each pass's states before the first step, `[B, width]`. For symbols the
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
  ) throws(RecurrentError) -> (inputs: [Float], initialStates: [[[Float]]]) {
    let width = architecture.inputWidth
    let (weights, read) = (FloatBuffer(count: layout.count), FloatBuffer(count: lengths.rows * width))
    // Losses are summed up as parts of their mean, and so what comes from elsewhere has to be, too.
    let count = Float(max(1, targets.counted(architecture.outputRows(lengths))))
    let incoming = finalGradients.map { $0.map { $0.map { $0 / count } } }
    _ = try run(
      inputs, lengths: lengths, targets: targets, carriesStates: carriesStates, gradients: weights.base,
      inputGradient: read.base, finalGradients: incoming)
    machine.instructionSet.scale(read.base, by: count, count: lengths.rows * width)
    return (
      Array(UnsafeBufferPointer(start: read.base, count: lengths.rows * width)),
      graph.passes.map { $0.incoming.map { $0.map { $0 * count } } }
    )
  }
}
