package import CellCompiler
package import CellLanguage
package import Support

/// The work that is timed: a cell of some size, and what it does.
package struct BenchmarkWork: Sendable {
  package let cell: Cell
  package let dimensions: Dimensions
  /// The number of rows that run side by side, B.
  package let batch: Int
  /// The number of steps of a sequence, T.
  package let steps: Int
  /// The rows of the memory that each sequence has; nil of a cell that reads none.
  package let memoryRows: Int?
  package let mode: Mode
  package let plan: Plan

  package enum Mode: String, Sendable, CaseIterable {
    /// Packs the weights, runs all steps forward, and back for the gradients of inputs, initial states and weights.
    case train
    /// Runs all steps forward.
    case infer
    /// Runs all steps forward and returns every named quantity of each.
    case trace
    /// Runs one step of a stream.
    case step
  }

  /// - Parameter memoryRows: of the memory of each sequence, if the cell reads one; nil for as many as there are steps.
  /// - Throws: ``RecurrentError`` if the cell can't have these sizes.
  package init(
    _ cell: Cell, inputs: Int, units: Int, batch: Int, steps: Int, memoryRows: Int? = nil, mode: Mode
  ) throws(RecurrentError) {
    self.cell = cell
    self.batch = batch
    self.steps = steps
    self.memoryRows = cell.memory.map { _ in memoryRows ?? steps }
    self.mode = mode
    dimensions = try cell.dimensions(inputs: inputs, units: units)
    plan = Plan(compiling: cell, dimensions: dimensions)
  }

  /// Floating-point operations of one run: two for each multiply-add of the matrix products, which training does three
  /// times, for the results and for the gradients of vectors and of matrices. Those of a memory's rows are made once for each sequence, and
  /// before the first step of a stream. Pointwise operations are not counted, nor what a step does with a sequence's own matrices.
  package var operations: Int {
    let row = 2 * plan.multiplyAdds
    let memory = 2 * (memoryRows ?? 0) * (plan.memoryWidth ?? 0) * (memoryWidth - (plan.memoryWidth ?? 0))
    return switch mode {
    case .train: 3 * batch * (row * steps + memory)
    case .infer, .trace: batch * (row * steps + memory)
    case .step: row * batch
    }
  }

  private func elements(of shape: Shape) -> Int {
    shape.followsMemory ? (memoryRows ?? 0) * (shape.columns.map { dimensions[$0] } ?? 1) : dimensions[shape]
  }

  /// Numbers of a row of a memory and of what it is multiplied to.
  private var memoryWidth: Int { plan.memories.reduce(0) { $0 + plan.graph[$1].width } }

  /// About how many bytes a run needs.
  package var bytes: Int {
    let rows = batch * steps
    let width = plan.inputWidth + plan.slotWidth + plan.cell.states.indices.reduce(0) { $0 + plan.width(ofState: $1) }
    let weights = plan.multiplyAdds
    let traced = mode == .trace ? rows * plan.cell.equations.reduce(0) { $0 + elements(of: $1.size) } : 0
    let memory = batch * (memoryRows ?? 0) * memoryWidth
    return 4
      * (mode == .train
        ? rows * (2 * width + plan.keptWidth) + 6 * weights + 2 * memory : rows * width + traced + 3 * weights + memory)
  }
}

extension BenchmarkWork: CustomStringConvertible {
  /// `train lstm, I = 128, H = 128, B = 32, T = 64`, and the rows of memories, `M = 64`
  package var description: String {
    let sizes = "I = \(dimensions.inputs), H = \(dimensions.units), B = \(batch)"
    return "\(mode.rawValue) \(cell.name), \(sizes)" + (mode == .step ? "" : ", T = \(steps)")
      + (memoryRows.map { ", M = \($0)" } ?? "")
  }
}

extension BenchmarkWork {
  /// The default sizes for sequences: inputs and units, batch, steps.
  private static let sequences = [(128, 32, 64), (256, 32, 64), (512, 64, 50)]
  /// The default sizes for streams of one row: inputs, units.
  private static let streams = [(1, 8), (1, 16), (1, 32), (1, 64), (128, 128)]

  /// A cell at the default sizes.
  package static func defaults(_ cell: Cell, _ mode: Mode) throws(RecurrentError) -> [BenchmarkWork] {
    var works: [BenchmarkWork] = []
    if mode == .step {
      // Some cells demand as many inputs as units.
      let takesAnyInputs = cell.constraints.isEmpty
      for (inputs, units) in streams {
        works.append(
          try BenchmarkWork(cell, inputs: takesAnyInputs ? inputs : units, units: units, batch: 1, steps: 64, mode: mode))
      }
    } else {
      for (size, batch, steps) in sequences {
        works.append(try BenchmarkWork(cell, inputs: size, units: size, batch: batch, steps: steps, mode: mode))
      }
    }
    return works
  }
}
