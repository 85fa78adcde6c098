import CellCompiler
public import Engine
public import Sequences

extension NetworkRunner {
  /// How the losses depend on what each step reads: the gradient of the sum of all rows' losses with respect to the vectors that
  /// the first layer reads, `[rows, inputWidth]`. For symbols these are their embeddings, or their one-hot vectors.
  ///
  /// The runner must have been made with `trains`.
  public func inputGradients(_ inputs: Batch.Inputs, lengths: Lengths, targets: Batch.Targets) -> [Float] {
    let width = architecture.inputWidth
    let weights = FloatBuffer(count: layout.count)
    return [Float](unsafeUninitializedCapacity: lengths.rows * width) { buffer, filled in
      filled = lengths.rows * width
      guard let base = buffer.baseAddress else { return }
      let loss = run(inputs, lengths: lengths, targets: targets, gradients: weights.base, inputGradient: base)
      machine.level.scale(base, by: Float(loss.count), count: filled)
    }
  }
}
