package import CellCompiler
import CellLanguage
import Kernels
import Support

/// Runs one layer over batches of sequences, forward and backward, in memory that it keeps from run to run.
///
/// A runner belongs to one caller at a time; it spreads each run over its machine's threads itself. Rows are packed as
/// ``PackedLengths`` says; with equal lengths arrays are `[T, B, …]`.
package final class SequenceRunner {
  package let plan: Plan
  package let layout: ParameterLayout
  package private(set) var lengths = PackedLengths(steps: 0, batch: 0)

  let machine: Machine
  let weights: Weights
  let numbers: BufferNumbers
  /// Batches of fewer sequences are run by all threads together; 0 if none are.
  let sequencesToShare: Int
  let inference: SharedSchedule
  private let training: SharedSchedule?
  let backwardSchedule: SharedSchedule?
  /// What makes the matrices of a step again, nil if no state is one.
  let rebuildSchedule: BoundSchedule?
  var matrixMemory = MatrixMemory()
  /// Whether the matrices after all steps of the last run are there, and not those before every few alone.
  var matricesStay = false

  var slots = FloatBuffer(count: 0)
  var kept = FloatBuffer(count: 0)
  var scratch = FloatBuffer(count: 0)
  var states: [FloatBuffer]
  var tiles: [FloatBuffer]
  private var constants = FloatBuffer(count: 0)
  private(set) var constantWidth = 0
  /// What the sequences read of their memories, if the cell has one.
  let memory: RunnerMemory?
  var backwardMemory: BackwardMemory?
  /// What products see of each masked state of the plan.
  private var masks: [Int: FloatBuffer]
  /// What the units of each zoned state of the plan keep.
  var zoneouts: [Int: FloatBuffer]
  /// States before each step in the order of the packed rows, where they don't lie so already.
  var gathered: [Int: FloatBuffer] = [:]
  var input: UnsafePointer<Float>?
  /// Whether the last forward run kept what a backward run needs, and none has used it up.
  var hasKept = false
  /// How the last trace was taken.
  var lastTrace: TraceSchedule?

  /// - Parameter servesBackward: whether ``backward(outputGradient:inputGradient:parameterGradients:)`` will be called.
  package convenience init(plan: Plan, machine: Machine, servesBackward: Bool) {
    let sequencesToShare = plan.sequencesToShare(threads: machine.threads)
    self.init(plan: plan, machine: machine, servesBackward: servesBackward, sequencesToShare: sequencesToShare)
  }

  package init(plan: Plan, machine: Machine, servesBackward: Bool, sequencesToShare: Int) {
    self.plan = plan
    self.machine = machine
    layout = ParameterLayout(plan.cell, dimensions: plan.dimensions)
    numbers = BufferNumbers(plan)
    weights = Weights(plan: plan, level: machine.instructionSet, servesBackward: servesBackward)
    self.sequencesToShare = sequencesToShare
    let threads = sequencesToShare == 0 ? 1 : min(machine.threads, Machine.processorCount)
    let bound = { [weights, numbers] schedule in
      SharedSchedule(threads: threads) { BoundSchedule(schedule, of: plan, weights: weights, numbers: numbers, share: $0) }
    }
    inference = bound(plan.inference)
    training = servesBackward ? bound(plan.training) : nil
    backwardSchedule = servesBackward ? bound(plan.backward) : nil
    rebuildSchedule =
      servesBackward && !plan.rebuiltStates.isEmpty
      ? BoundSchedule(plan.rebuild, of: plan, weights: weights, numbers: numbers) : nil
    states = plan.cell.states.map { _ in FloatBuffer(count: 0) }
    masks = Dictionary(uniqueKeysWithValues: plan.maskedStates.map { ($0, FloatBuffer(count: 0)) })
    zoneouts = Dictionary(uniqueKeysWithValues: plan.zonedStates.map { ($0, FloatBuffer(count: 0)) })
    tiles = (0..<machine.threads).map { _ in FloatBuffer(count: 0) }
    memory = plan.cell.memory.map { [weights] _ in RunnerMemory(plan: plan, machine: machine, weights: weights) }
    if servesBackward { backwardMemory = BackwardMemory(plan: plan, layout: layout) }
    makeConstants(plan.longestValue)
  }

  /// The numbers that programs read, each as often as the longest vector has elements.
  func makeConstants(_ width: Int) {
    constantWidth = width
    constants = FloatBuffer(count: width * numbers.constants.count)
    for (index, number) in numbers.constants.enumerated() {
      (constants.base + index * width).update(repeating: Float(number), count: width)
    }
  }

  /// Takes over the parameters, laid out as ``layout`` says. Must be called again when they have changed.
  package func load(_ parameters: UnsafePointer<Float>) {
    weights.load(parameters)
    memory?.forgetProducts()
  }

  /// Takes over the parameters, as many as ``layout`` has. Must be called again when they have changed.
  package func load(_ parameters: [Float]) {
    layout.check(parameters)
    parameters.withUnsafeBufferPointer { if let base = $0.baseAddress { load(base) } }
  }

  /// Makes room for a batch. The initial states are zero afterwards.
  package func prepare(_ lengths: PackedLengths) {
    self.lengths = lengths
    slots = slots.grown(to: lengths.rows * plan.slotWidth)
    scratch = scratch.grown(
      to: lengths.batch * max(plan.inference.scratch, plan.training.scratch, plan.backward.scratch, plan.rebuild.scratch))
    if backwardMemory != nil { kept = kept.grown(to: lengths.rows * plan.keptWidth) }
    let rebuilt = plan.rebuiltStates
    for state in states.indices {
      let width = plan.width(ofState: state)
      let rows = rebuilt.contains(state) ? lengths.batch : lengths.rows
      states[state] = states[state].grown(to: (lengths.batch + rows) * width)
      states[state].clear(0..<lengths.batch * width)
    }
    backwardMemory?.prepare(lengths)
    for (state, mask) in masks {
      let count = lengths.batch * plan.width(ofState: state)
      let grown = mask.grown(to: count)
      grown.base.update(repeating: 1, count: count)
      masks[state] = grown
    }
    for (state, kept) in zoneouts {
      let count = lengths.rows * plan.width(ofState: state)
      let grown = kept.grown(to: count)
      grown.base.update(repeating: Float(plan.cell.states[state].zoneout), count: count)
      zoneouts[state] = grown
    }
  }

  /// The mask of a state of which products see what its mask leaves, `[B, width]`, all 1 unless it is written to between
  /// ``prepare(_:)`` and ``forward(_:keeping:)``; nil for another state.
  package func mask(_ state: Int) -> UnsafeMutablePointer<Float>? {
    checkState(state)
    return masks[state]?.base
  }

  /// What the units of a state keep of their value at each step, packed rows of its width: the state's fraction, unless it is
  /// written to between ``prepare(_:)`` and ``forward(_:keeping:)``; nil for a state for which the plan draws nothing.
  package func zoneout(_ state: Int) -> UnsafeMutablePointer<Float>? {
    checkState(state)
    return zoneouts[state]?.base
  }

  /// A state before the first step, `[B, width]`, to be written between ``prepare(_:)`` and ``forward(_:)``.
  package func initialState(_ state: Int) -> UnsafeMutablePointer<Float> {
    checkState(state)
    return states[state].base
  }

  /// A state after each step, packed rows of its width; the first state is the output. A matrix is there only if the run was to keep
  /// matrices.
  package func states(_ state: Int) -> UnsafeMutablePointer<Float> {
    checkState(state)
    ensure(
      matricesStay || !plan.rebuiltStates.contains(state),
      "state \(plan.cell.states[state].name) is a matrix, and the run of \(plan.cell.name) did not keep it: run forward, keeping matrices"
    )
    return states[state].base + lengths.batch * plan.width(ofState: state)
  }

  /// Copies a state as it is after each sequence's last step, `[B, width]`.
  package func copyFinalState(_ state: Int, to target: UnsafeMutablePointer<Float>) {
    checkState(state)
    let width = plan.width(ofState: state)
    for (sequence, length) in lengths.perSequence.enumerated() {
      let row =
        matricesStay || !plan.rebuiltStates.contains(state)
        ? length == 0 ? sequence : lengths.batch + lengths.row(step: length - 1, sequence: sequence)
        : length % 2 * lengths.batch + sequence
      (target + sequence * width).update(from: states[state].base + row * width, count: width)
    }
  }

  func checkState(_ state: Int) {
    ensure(states.indices.contains(state), "the cell has no state \(state); it has \(states.count), counted from 0")
  }

  /// Runs all steps.
  ///
  /// - Parameters:
  ///   - input: packed rows of the input. Must stay unchanged until the backward run if there is one.
  ///   - keeping: whether a backward run follows; only a runner that was made to serve one can keep what it needs.
  ///   - keepingMatrices: whether ``states(_:)`` will be asked for states that are matrices. They take much memory.
  package func forward(_ input: UnsafePointer<Float>, keeping: Bool, keepingMatrices: Bool = false) {
    let schedule =
      keeping
      ? found(training, orFail: "a runner that was not made to serve a backward run can't keep what one needs") : inference
    matricesStay = keepingMatrices || sharesUnits
    if matricesStay { makeRoomForAllMatrices() }
    if lengths.rows == 0 { return }
    hasKept = keeping
    self.input = input
    memory?.prepare(keeping ? plan.training : plan.inference, lengths)
    if keeping && !matricesStay { matrixMemory.prepare(plan, lengths) }
    machine.run(
      (memory?.makeProducts() ?? []) + inputProducts(input) + [
        steps(schedule, forward: true, keeping: keeping, buffers: buffers())
      ])
  }

  /// The buffers of a forward run, by number.
  func buffers() -> [rk_buffer] {
    var buffers = Array(repeating: rk_buffer(base: nil, row_stride: 0, addressing: Int32(RK_ROW)), count: numbers.count)
    func set(_ number: Int, _ base: UnsafeMutablePointer<Float>?, _ stride: Int, _ addressing: Int) {
      buffers[number] = rk_buffer(base: base, row_stride: Int64(stride), addressing: Int32(addressing))
    }
    set(BufferNumbers.input, UnsafeMutablePointer(mutating: input), plan.inputWidth, RK_STEP)
    set(BufferNumbers.slots, slots.base, plan.slotWidth, RK_STEP)
    set(BufferNumbers.kept, kept.base, plan.keptWidth, RK_STEP)
    set(BufferNumbers.scratch, scratch.base, scratch.count / max(lengths.batch, 1), RK_ROW)
    let alternating = matricesStay ? [] : plan.rebuiltStates
    for state in states.indices {
      let (base, width) = (states[state].base, plan.width(ofState: state))
      if alternating.contains(state) {
        set(numbers.previous(state), base, width, RK_ALTERNATE)
        set(numbers.next(state), base, width, RK_ALTERNATE_OTHER)
      } else {
        set(numbers.previous(state), base, width, RK_PREVIOUS)
        set(numbers.next(state), base + lengths.batch * width, width, RK_STEP)
      }
    }
    for (state, mask) in masks { set(numbers.mask(state), mask.base, plan.width(ofState: state), RK_ROW) }
    for (state, kept) in zoneouts { set(numbers.zoneout(state), kept.base, plan.width(ofState: state), RK_STEP) }
    for (index, vector) in weights.vectors { set(numbers.parameter(index), vector.base, 0, RK_ROW) }
    for (value, vector) in weights.invariants { set(numbers.invariant(value), vector.base, 0, RK_ROW) }
    memory?.add(to: &buffers, numbers)
    for index in numbers.constants.indices { set(numbers.constant(index), constants.base + index * constantWidth, 0, RK_ROW) }
    return buffers
  }
}
