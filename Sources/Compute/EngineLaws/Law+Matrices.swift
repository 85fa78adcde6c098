import CellCompiler
import CellLanguage
import Engine

extension Law {
  /// Sequences of more steps than lie between two matrices that a run keeps, of as many, of fewer and of none; a cell without matrices keeps
  /// this law as it is.
  static func rebuiltFault(_ cell: Cell, _ dimensions: Dimensions) throws -> String? {
    let steps = Plan.stepsBetweenMatrices
    let lengths = [3 * steps + 3, 2 * steps, steps + 1, steps + 1, steps - 1, 1, 0]
    for drawing in [Plan.Drawing(), Plan.Drawing(masks: true, zoneout: true)] {
      let trial = Trial(cell, dimensions, lengths: try PackedLengths(lengths), drawing: drawing)
      if trial.plan.rebuiltStates.isEmpty { return nil }
      for level in InstructionSet.available {
        let machine = try Machine(instructionSet: level, threads: 2)
        if trial.run(on: machine) != trial.run(on: machine, keepsMatrices: true) {
          return "with \(level) kernels, matrices that are made again for the steps back give other numbers"
        }
      }
    }
    return nil
  }
}
