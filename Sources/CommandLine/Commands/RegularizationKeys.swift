import CellCompiler
import CellLanguage
import Networks

/// The options of what training sets to 0.
struct RegularizationKeys: Sendable {
  let dropout: Key<Double>
  let inputDropout: Key<Double>
  let variational: Key<Bool>
  let recurrentDropout: Key<Double>
  let weightDrop: Key<Double>

  init(_ declare: inout Declaration) {
    func share(_ name: String, _ words: String) -> Key<Double> {
      declare.number(name, in: .range(0, below: 1), default: 0, words)
    }
    dropout = share("--dropout", "share of each layer's outputs set to 0 in training")
    inputDropout = share("--input-dropout", "share of what the first layer reads set to 0 in training")
    variational = declare.flag(
      "--variational", "let --dropout and --input-dropout set the same elements to 0 at all steps of a sequence")
    recurrentDropout = share(
      "--recurrent-dropout", "share of the states set to 0 where matrices read them, the same at all steps of a sequence")
    weightDrop = share("--weight-drop", "share of the recurrent matrices' weights set to 0 for each batch")
  }

  /// - Throws: ``UsageError`` if the cell has nothing of what is to be dropped.
  func value(_ invocation: Invocation, for cell: Cell) throws -> Regularization {
    for key in [recurrentDropout, weightDrop] where invocation[key] > 0 && !cell.hasRecurrentMatrices {
      throw UsageError(
        "\(key.name) can't be used with \(cell.name), none of whose matrices reads what the step before left: leave it out")
    }
    if invocation[variational] && invocation[dropout] == 0 && invocation[inputDropout] == 0 {
      throw UsageError("--variational says how --dropout or --input-dropout works: give one of them too")
    }
    return Regularization(
      dropout: invocation[dropout], inputDropout: invocation[inputDropout], isVariational: invocation[variational],
      recurrentDropout: invocation[recurrentDropout], weightDrop: invocation[weightDrop])
  }
}

extension Cell {
  /// Whether a matrix is multiplied with what depends on the step before.
  fileprivate var hasRecurrentMatrices: Bool {
    guard let dimensions = try? dimensions(inputs: 1, units: 1) else { return true }
    return compile(self, dimensions: dimensions).products.contains { $0.stage != nil }
  }
}
