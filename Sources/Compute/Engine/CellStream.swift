package import CellCompiler
import CellLanguage
import Kernels
import Support

/// A layer's parameters, packed for streams: made once, read by any number of streams on any threads.
package final class StreamWeights: Sendable {
  package let plan: Plan
  let level: InstructionSet
  nonisolated(unsafe) let weights: Weights

  /// - Parameters:
  ///   - parameters: as many as ``ParameterLayout`` counts, laid out as it says.
  ///   - form: how the matrices are stored, by the parameters' names; they must hold numbers that can be.
  ///   - activations: what the vectors that meet a matrix are rounded to at each step. Products with a transposed matrix read them as
  ///     they are.
  package init(
    plan: Plan, machine: Machine, parameters: [Float], form: WeightForm = .float32,
    activations: ActivationKind = .float32
  ) {
    ParameterLayout(plan.cell, dimensions: plan.dimensions).check(parameters)
    self.plan = plan
    level = machine.instructionSet
    // Nothing writes to the weights after this, so that any thread may read them.
    weights = Weights(
      plan: plan, level: machine.instructionSet, servesBackward: false, form: form,
      activations: activations)
    weights.load(parameters)
    weights.forgetStacked()
  }
}

/// Runs one layer step by step, keeping its states.
///
/// A step makes one call into the kernels, allocates nothing and takes no lock: states stand in two places alternately, so that
/// there are two kinds of steps, those of even and of odd number, and their calls are resolved once. A stream belongs to one
/// thread at a time; many streams may share the same weights.
package final class CellStream {
  /// Held, since the kernels read them at their addresses.
  private let weights: StreamWeights
  private let runBound: @convention(c) (UnsafeRawPointer?) -> Void
  private let batch: Int
  private let memory: FloatBuffer
  /// Where each state stands, `[2, batch, width]`: as it is now and as it was, in turn.
  private let states: [(base: UnsafeMutablePointer<Float>, count: Int)]
  /// The output after steps of even and of odd number.
  private let outputs: (UnsafePointer<Float>, UnsafePointer<Float>)
  /// The calls of steps of even and of odd number.
  private let calls: StreamCalls
  private let memories: StreamMemories?
  @exclusivity(unchecked) private var isOdd = false

  /// - Parameters:
  ///   - batch: rows that step together, at least one, each with states of its own, zero at first.
  ///   - memoryRows: how many rows of a memory there is room for at first, if the cell reads one.
  package init(_ weights: StreamWeights, batch: Int = 1, memoryRows: Int = 0) {
    ensure(batch > 0, "a stream steps \(batch) rows together; it needs at least one")
    let plan = weights.plan
    self.weights = weights
    self.batch = batch
    let numbers = BufferNumbers(plan)
    let bound = BoundSchedule(
      plan.inference, of: plan, weights: weights.weights, numbers: numbers,
      includesInputProducts: true, batch: batch)
    let kernels = weights.level.kernels.pointee
    runBound = kernels.run_bound

    let stateWidths = plan.cell.states.indices.map { plan.width(ofState: $0) }
    let constantWidth = plan.longestValue
    let sizes = [plan.inputWidth, plan.slotWidth, plan.inference.scratch].map { $0 * batch }
    let parts = sizes + stateWidths.map { 2 * batch * $0 } + numbers.constants.map { _ in constantWidth }
    // Each part begins at a cache line.
    var end = 0
    let starts = parts.map { part in
      defer { end += (part + 15) / 16 * 16 }
      return end
    }
    memory = FloatBuffer(count: end)
    let bases = starts.map { [memory] in memory.base + $0 }

    var buffers = Array(repeating: rk_buffer(base: nil, row_stride: 0, addressing: Int32(RK_ROW)), count: numbers.count)
    func set(_ number: Int, _ base: UnsafeMutablePointer<Float>, _ stride: Int, _ addressing: Int = RK_ROW) {
      buffers[number] = rk_buffer(base: base, row_stride: Int64(stride), addressing: Int32(addressing))
    }
    let states = Array(bases[3..<3 + stateWidths.count])
    set(BufferNumbers.input, bases[0], plan.inputWidth)
    set(BufferNumbers.slots, bases[1], plan.slotWidth)
    set(BufferNumbers.scratch, bases[2], plan.inference.scratch)
    for (state, width) in stateWidths.enumerated() {
      set(numbers.previous(state), states[state], width, RK_ALTERNATE)
      set(numbers.next(state), states[state], width, RK_ALTERNATE_OTHER)
    }
    for (index, vector) in weights.weights.vectors { set(numbers.parameter(index), vector.base, 0) }
    for (value, vector) in weights.weights.invariants { set(numbers.invariant(value), vector.base, 0) }
    for (index, number) in numbers.constants.enumerated() {
      let base = bases[3 + stateWidths.count + index]
      base.update(repeating: Float(number), count: constantWidth)
      set(numbers.constant(index), base, 0)
    }

    self.states = zip(states, stateWidths).map { ($0, $1 * batch) }
    outputs = (UnsafePointer(states[0]), UnsafePointer(states[0] + stateWidths[0] * batch))
    let memories = plan.cell.memory.map { _ in StreamMemories(plan, numbers, batch: batch) }
    self.memories = memories
    calls = StreamCalls(bound, kernels, buffers, batch: batch, memories: memories, rows: max(1, memoryRows))
  }

  /// Gives a row of the batch its memory, which other rows and streams may have, too. Each row needs one before it steps. It
  /// allocates only if the memory has more rows than any before, and the next step none at all.
  package func setMemory(_ memory: StreamMemory, row: Int) {
    let memories = found(self.memories, orFail: "cell \(weights.plan.cell.name) has no memory")
    calls.set(memory, row: row, in: memories)
  }

  /// Where the next step's input is to be written, `[batch, inputs]`.
  package var input: UnsafeMutablePointer<Float> { memory.base }

  /// Runs one step on what stands at ``input``.
  ///
  /// - Returns: the output, `[batch, width]`, valid until the step after the next.
  @discardableResult
  package func step() -> UnsafePointer<Float> {
    if calls.isStale { calls.bind() }
    runBound(isOdd ? calls.odd : calls.even)
    isOdd.toggle()
    return isOdd ? outputs.1 : outputs.0
  }

  /// A state as it is now, `[batch, width]`; it may be written to between steps.
  ///
  /// - Parameter index: counted from 0, in the order in which the cell's equations name the states.
  package func state(_ index: Int) -> UnsafeMutablePointer<Float> {
    ensure(states.indices.contains(index), "the cell has no state \(index); it has \(states.count), counted from 0")
    return states[index].base + (isOdd ? states[index].count : 0)
  }

  /// Sets all states to zero. Memories stay.
  package func reset() { for state in states { state.base.update(repeating: 0, count: 2 * state.count) } }
}
