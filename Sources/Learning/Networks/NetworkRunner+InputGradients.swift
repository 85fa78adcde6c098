import CellCompiler
package import Engine
package import Sequences

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
  package func inputGradients(
    _ inputs: Batch.Inputs, lengths: PackedLengths, targets: Batch.Targets, carriesStates: Bool = false,
    finalGradients: [[[Float]]] = []
  ) -> (inputs: [Float], initialStates: [[[Float]]]) {
    let width = architecture.inputWidth
    let weights = FloatBuffer(count: layout.count)
    // Losses are summed up as parts of their mean, and so what comes from elsewhere has to be, too.
    let count = Float(max(1, targets.counted(architecture.outputRows(lengths))))
    let incoming = finalGradients.map { $0.map { $0.map { $0 / count } } }
    let read = [Float](unsafeUninitializedCapacity: lengths.rows * width) { buffer, filled in
      filled = lengths.rows * width
      guard let base = buffer.baseAddress else { return }
      _ = run(
        inputs, lengths: lengths, targets: targets, carriesStates: carriesStates, gradients: weights.base, inputGradient: base,
        finalGradients: incoming)
      machine.instructionSet.scale(base, by: count, count: filled)
    }
    return (read, runners.map { $0.initialGradients.map { $0.map { $0 * count } } })
  }
}
