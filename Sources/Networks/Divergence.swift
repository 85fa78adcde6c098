import CellLanguage
package import Engine
package import Sequences

/// A loss or a gradient that is no longer a finite number; the message says where it arose.
public struct DivergenceError: Error, Sendable, CustomStringConvertible {
  public let description: String
}

extension NetworkRunner {
  /// Looks for the first quantity of a batch that is not finite, from the input up and from the first step on.
  ///
  /// - Parameters:
  ///   - gradients: as the batch's run left them.
  ///   - iteration: counted from 1, for the message.
  package func divergence(
    of batch: Batch, continues: Bool, gradients: FloatBuffer, iteration: Int, loss: Double, seed: UInt64
  ) -> DivergenceError {
    let what = loss.isFinite ? "the gradient is not finite" : "the loss became \(loss.isNaN ? "NaN" : "infinite")"
    let cause = firstNotFinite(of: batch, continues: continues, seed: seed) ?? firstNotFinite(in: gradients)
    let advice = "Lower the learning rate or clip the gradient harder"
    return DivergenceError(
      description: "\(what) at iteration \(iteration): \(cause ?? "the output layer overflowed"). \(advice).")
  }

  private func firstNotFinite(of batch: Batch, continues: Bool, seed: UInt64) -> String? {
    if case .features(let values) = batch.inputs, let place = values.firstIndex(where: { !$0.isFinite }) {
      let width = architecture.inputWidth
      return "the input's feature \(place % width) is \(values[place]) at \(batch.lengths.place(ofRow: place / width))"
    }
    for (index, trace) in trace(batch.inputs, lengths: batch.lengths, carriesStates: continues, dropoutSeed: seed).enumerated() {
      // The earliest step counts, and within it the order of the equations.
      let found = trace.quantities.compactMap { quantity -> (row: Int, quantity: Trace.Quantity, value: Float)? in
        quantity.values.firstIndex { !$0.isFinite }.map { ($0 / quantity.width, quantity, quantity.values[$0]) }
      }
      guard let first = found.min(by: { batch.lengths.step(ofRow: $0.row) < batch.lengths.step(ofRow: $1.row) }) else { continue }
      let label = first.quantity.label.map { " (\($0))" } ?? ""
      return "in layer \(index), \(architecture.layers[index].cell.name), \(first.quantity.name)\(label) is \(first.value) at "
        + batch.lengths.place(ofRow: first.row)
    }
    return nil
  }

  private func firstNotFinite(in gradients: FloatBuffer) -> String? {
    for entry in layout.entries {
      if let bad = entry.range.first(where: { !gradients.base[$0].isFinite }) {
        return "the gradient of \(entry.name) is \(gradients.base[bad])"
      }
    }
    return nil
  }
}

extension Lengths {
  /// The step that a packed row belongs to.
  fileprivate func step(ofRow row: Int) -> Int {
    (0..<steps).last { self.row(step: $0, sequence: 0) <= row } ?? 0
  }

  fileprivate func place(ofRow row: Int) -> String {
    let step = step(ofRow: row)
    return "step \(step) of sequence \(row - self.row(step: step, sequence: 0))"
  }
}
