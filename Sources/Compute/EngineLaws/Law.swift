import CellCompiler
package import CellLanguage
import Engine

/// What must hold for every cell that can be written.
///
/// Tests check each law for each cell of the library; `recurrent cells check` does so for a cell of one's own.
package enum Law: String, Sendable, CaseIterable {
  case planIsSound = "every pass of the compiler keeps its promises"
  case gradients = "gradients are those of finite differences"
  case engine = "every instruction set and thread count gives what the reference gives"
  case stateGradients = "keeping the gradients of states at each step gives the reference's and changes no other bit"
  case packed = "a packed batch gives what each sequence gives alone"
  case noState = "no initial state is a zero initial state"
  case stream = "a stream gives what a sequence gives"
  case narrowWeights =
    "a stream of narrower weights gives what the reference gives with the weights that they stand for"
  case wholeActivations =
    "a stream that rounds what meets its weights to whole numbers gives what the reference gives with these"
  case cut = "a run cut in two with its states carried over is the whole run"
  case segments = "a run that keeps a segment of steps at a time and runs it again gives the same bits"
  case units = "threads that share the units of each step give the bits of one thread"
  case threads = "any number of threads gives the same bits"
  case shards = "the sums of a batch's shards are those of the shards by themselves, added in a tree"
  case rebuilt = "matrices that are made again for the steps back give the bits of those that are kept"
  case traced = "a traced run gives the same bits"
  case heads = "heads are as many cells side by side, where nothing mixes them"
  case masked = "products that see states through masks give what the reference gives with the masks in the equations"
  case zonedOut = "states that keep a fraction of themselves give what the reference gives, whether it is drawn or its mean"

  /// How the cell breaks the law, in words; nil if it obeys.
  ///
  /// - Parameters:
  ///   - inputs: the length of the input; five if nil, or as many as there are units if the cell requires that.
  ///   - units: the length of a state that does not say otherwise; six if nil. The reference takes long with many.
  ///   - sizes: values of sizes that the cell names.
  /// - Throws: ``RecurrentError`` if the cell can't have that size.
  package func fault(of cell: Cell, inputs: Int? = nil, units: Int? = nil, sizes: [String: Int] = [:]) throws -> String? {
    let dimensions = try cell.trialDimensions(inputs: inputs, units: units, sizes: sizes)
    return switch self {
    case .planIsSound: Self.planFault(cell, dimensions)
    case .gradients: try ReferenceCell(cell, dimensions: dimensions).gradientFault()
    case .engine: try Self.engineFault(cell, dimensions)
    case .stateGradients: try Self.stateGradientFault(cell, dimensions)
    case .packed: try Self.packedFault(cell, dimensions)
    case .noState: try Self.noStateFault(cell, dimensions)
    case .stream: try Self.streamFault(cell, dimensions)
    case .narrowWeights: try Self.narrowWeightsFault(cell, dimensions)
    case .wholeActivations: try Self.wholeActivationsFault(cell, dimensions)
    case .cut: try Self.cutFault(cell, dimensions)
    case .segments: try Self.segmentsFault(cell, dimensions)
    case .units: try Self.unitsFault(cell, dimensions)
    case .threads: try Self.threadsFault(cell, dimensions)
    case .shards: try Self.shardsFault(cell, dimensions)
    case .rebuilt: try Self.rebuiltFault(cell, dimensions)
    case .traced: try Self.traceFault(cell, dimensions)
    case .heads: try Self.headsFault(cell, dimensions)
    case .masked: try Self.maskFault(cell, dimensions)
    case .zonedOut: try Self.zoneoutFault(cell, dimensions)
    }
  }

  /// Whatever is drawn, and whatever of the cell a step computes or leaves to be read.
  private static func planFault(_ cell: Cell, _ dimensions: Dimensions) -> String? {
    for cell in [cell, zoned(cell)] {
      for drawing in Plan.Drawing.allCases {
        for computesAll in [false, true] {
          for plan in Compilation(of: cell, dimensions: dimensions, drawing: drawing, computesAll: computesAll) {
            if let pass = plan.pass, let fault = plan.faults.first { return "after the pass \(pass.rawValue), \(fault)" }
          }
        }
      }
      let plan = Plan(compiling: cell, dimensions: dimensions)
      for plan in [plan, plan.recompiledComputingAll()] {
        let watching = plan.watching(Set(cell.traceable.compactMap { plan.value(named: $0.name) }))
        if let fault = plan.faults(of: watching).first { return fault }
      }
    }
    return nil
  }

  private static func engineFault(_ cell: Cell, _ dimensions: Dimensions) throws -> String? {
    for (steps, batch) in [(1, 1), (9, 1), (1, 3), (9, 3), (1, 17), (9, 17)] {
      let trial = Trial(cell, dimensions, lengths: PackedLengths(steps: steps, batch: batch))
      let expected = try trial.reference()
      for level in InstructionSet.available {
        for threads in [1, 2] {
          let result = trial.run(on: try Machine(instructionSet: level, threads: threads))
          if let deviation = try trial.deviation(of: result, from: expected) {
            return "with \(level) kernels, \(threads) threads, \(steps) steps of \(batch) sequences, \(deviation)"
          }
        }
      }
    }
    return nil
  }

  private static func stateGradientFault(_ cell: Cell, _ dimensions: Dimensions) throws -> String? {
    let trial = Trial(cell, dimensions, lengths: try PackedLengths([9, 9, 7, 4, 1, 0]))
    let machine = try Machine(threads: 2)
    var result = trial.run(on: machine, keepingStateGradients: true)
    for (state, expected) in try trial.reference().stateGradients.enumerated() {
      let deviation = try trial.deviation(
        of: result.stateGradients[state], from: expected, in: .stateGradient(state),
        called: "the gradient of \(cell.states[state].name)")
      if let deviation { return deviation }
    }
    result.stateGradients = []
    return result == trial.run(on: machine) ? nil : "a run that keeps them gives other results"
  }

  private static func packedFault(_ cell: Cell, _ dimensions: Dimensions) throws -> String? {
    let trial = Trial(cell, dimensions, lengths: try PackedLengths([9, 9, 7, 4, 1, 0]))
    return try trial.deviation(of: trial.run(on: try Machine(threads: 2)), from: try trial.reference())
  }

  private static func noStateFault(_ cell: Cell, _ dimensions: Dimensions) throws -> String? {
    let trial = Trial(cell, dimensions, lengths: PackedLengths(steps: 5, batch: 3))
    let runner = SequenceRunner(plan: trial.plan, machine: try Machine(threads: 1), servesBackward: false)
    runner.load(trial.parameters)
    // A run from other states first, whose traces must not show.
    _ = trial.outputs(of: runner, from: trial.initial)
    let untouched = trial.outputs(of: runner, from: [])
    let zeros = trial.initial.map { [Float](repeating: 0, count: $0.count) }
    return untouched == trial.outputs(of: runner, from: zeros) ? nil : "the outputs differ"
  }

  private static func streamFault(_ cell: Cell, _ dimensions: Dimensions) throws -> String? {
    for batch in [1, 3] {
      let trial = Trial(cell, dimensions, lengths: PackedLengths(steps: 9, batch: batch))
      let machine = try Machine(threads: 1)
      let expected = trial.run(on: machine).states[0]
      let deviation = try trial.deviation(of: trial.streamed(on: machine), from: expected, in: .state(0), called: "the output")
      if let deviation { return deviation }
    }
    return nil
  }

  private static func cutFault(_ cell: Cell, _ dimensions: Dimensions) throws -> String? {
    let trial = Trial(cell, dimensions, lengths: PackedLengths(steps: 9, batch: 3))
    let machine = try Machine(threads: 1)
    let runner = SequenceRunner(plan: trial.plan, machine: machine, servesBackward: false)
    runner.load(trial.parameters)
    var states = trial.initial
    var outputs: [Float] = []
    let count = 3 * trial.inputWidth
    for steps in [0..<4, 4..<9] {
      let inputs = Array(trial.inputs[steps.lowerBound * count..<steps.upperBound * count])
      outputs += trial.outputs(of: runner, from: states, inputs: inputs, lengths: PackedLengths(steps: steps.count, batch: 3))
      for state in states.indices { runner.copyFinalState(state, to: &states[state]) }
    }
    return try trial.deviation(of: outputs, from: trial.run(on: machine).states[0], in: .state(0), called: "the output")
  }

  /// Batches that a thread runs and such that two share, with sequences in some of the shards, and in all.
  private static func segmentsFault(_ cell: Cell, _ dimensions: Dimensions) throws -> String? {
    for lengths in [[9, 9, 7, 4, 1, 0], Array(repeating: 50, count: 37) + Array(repeating: 21, count: 30)] {
      let trial = Trial(cell, dimensions, lengths: try PackedLengths(lengths))
      let machine = try Machine(threads: 2)
      let whole = trial.run(on: machine)
      for segment in [1, 4] where trial.run(on: machine, segment: segment) != whole {
        return "with \(segment) steps at a time, \(lengths.count) sequences give other numbers"
      }
    }
    return nil
  }

  /// Units for three threads, the last ones with fewer than the others.
  private static func unitsFault(_ cell: Cell, _ dimensions: Dimensions) throws -> String? {
    let sizes = dimensions.values.filter { $0.key != "units" && $0.key != "inputs" }
    // A cell one of whose sizes must be as many as the units, and was given, can't have more of these.
    let large: Dimensions
    do { large = try cell.trialDimensions(inputs: nil, units: 40, sizes: sizes) } catch { large = dimensions }
    for lengths in [[16], [31, 31, 20]] {
      let trial = Trial(cell, large, lengths: try PackedLengths(lengths))
      let alone = trial.run(on: try Machine(threads: 1))
      for threads in [2, 3] where trial.run(on: try Machine(threads: threads), sharesUnits: true) != alone {
        return "\(threads) threads that run \(lengths.count) sequences together give other numbers"
      }
    }
    return nil
  }

  private static func traceFault(_ cell: Cell, _ dimensions: Dimensions) throws -> String? {
    let trial = Trial(cell, dimensions, lengths: try PackedLengths([5, 3, 3]))
    let machine = try Machine(threads: 2)
    let untraced = SequenceRunner(plan: trial.plan, machine: machine, servesBackward: false)
    untraced.load(trial.parameters)
    let outputs = trial.outputs(of: untraced, from: [])
    let runner = SequenceRunner(plan: trial.plan.recompiledComputingAll(), machine: machine, servesBackward: false)
    runner.load(trial.parameters)
    trial.memory?.give(to: runner)
    runner.prepare(trial.lengths)
    let trace = runner.trace(trial.inputs, TraceSelection(preactivations: true))
    guard trace[cell.states[0].name + "'"]?.values == outputs else { return "the traced output differs" }
    let missing = cell.traceable.first { trace[$0.name] == nil }
    return missing.map { "the trace has no \($0.name)" }
  }

  private static func maskFault(_ cell: Cell, _ dimensions: Dimensions) throws -> String? {
    let trial = Trial(cell, dimensions, lengths: try PackedLengths([9, 9, 7, 4, 1, 0]), drawing: .init(masks: true))
    let machine = try Machine(threads: 2)
    let whole = trial.run(on: machine)
    if let deviation = try trial.deviation(of: whole, from: try trial.reference()) { return deviation }
    return trial.run(on: machine, segment: 4) == whole ? nil : "with 4 steps at a time, other numbers come out"
  }

  /// Every other law that says what comes out must hold with zoneout, too: those of the reference, of streams, cuts and threads.
  private static func zoneoutFault(_ cell: Cell, _ dimensions: Dimensions) throws -> String? {
    let zoned = zoned(cell)
    if let fault = try ReferenceCell(zoned, dimensions: dimensions).gradientFault() { return fault }
    let packed = try packedFault(zoned, dimensions) ?? streamFault(zoned, dimensions) ?? cutFault(zoned, dimensions)
    let others = try narrowWeightsFault(zoned, dimensions) ?? unitsFault(zoned, dimensions) ?? traceFault(zoned, dimensions)
    if let fault = packed ?? others { return fault }
    let trial = Trial(zoned, dimensions, lengths: try PackedLengths([9, 9, 7, 4, 1, 0]), drawing: .init(zoneout: true))
    let machine = try Machine(threads: 2)
    let whole = trial.run(on: machine)
    if let deviation = try trial.deviation(of: whole, from: try trial.reference()) { return "drawn, " + deviation }
    return trial.run(on: machine, segment: 4) == whole ? nil : "with 4 steps at a time, other numbers come out"
  }

  /// The cell whose states keep a fraction of their units' values, by turns a quarter and a half.
  private static func zoned(_ cell: Cell) -> Cell {
    cell.zoningOut(Dictionary(uniqueKeysWithValues: cell.states.enumerated().map { ($1.name, $0 % 2 == 0 ? 0.25 : 0.5) }))
  }
}
