import CellAnalysis
import Engine
package import Sequences
package import Support

/// How much of each step of a source a layer looks at, at each of its own steps (Bahdanau, Cho & Bengio 2015, section 3.1).
package struct Alignment: Sendable, Hashable, Encodable {
  /// The layer, as messages name it: `layer 1`.
  package let layer: String
  /// The quantity of its cell that says it.
  package let quantity: String
  /// `[steps][steps of the source]`; each row adds up to 1.
  package let weights: [[Float]]
}

extension NetworkRunner {
  /// What the layers whose cells have a memory look at in one sequence.
  ///
  /// - Returns: for each layer, and each quantity of its cell that is a softmax over the memory's rows, from the first layer up; none of a
  ///   network without such cells.
  /// - Throws: ``RecurrentError`` if the network reads something else than the batch has.
  package func alignments(_ inputs: Batch.Inputs, steps: Int) throws(RecurrentError) -> [Alignment] {
    let passes = architecture.passes
    let names = passes.map(\.cell.alignments)
    if names.allSatisfy(\.isEmpty) { return [] }
    let traces = try trace(
      inputs, lengths: PackedLengths(steps: steps, batch: 1), TraceSelection(quantities: Set(names.joined())))
    return zip(zip(passes, names), traces).flatMap { pass, trace in
      pass.1.compactMap { name in
        trace[name].map { quantity in
          let weights = (0..<steps).map { Array(quantity.values[$0 * quantity.width..<($0 + 1) * quantity.width]) }
          return Alignment(layer: pass.0.name, quantity: name, weights: weights)
        }
      }
    }
  }
}
