public import CellCompiler
import CellLanguage
import Kernels

/// A layer's parameters, packed for streams: made once, read by any number of streams on any threads.
public final class StreamWeights: Sendable {
  public let plan: Plan
  let level: CPULevel
  nonisolated(unsafe) let weights: Weights

  /// - Parameter parameters: laid out as ``ParameterLayout`` says.
  public init(plan: Plan, machine: Machine, parameters: UnsafePointer<Float>) {
    self.plan = plan
    level = machine.level
    // Nothing writes to the weights after this, so that any thread may read them.
    weights = Weights(plan: plan, level: machine.level, servesBackward: false)
    weights.load(parameters)
  }
}

/// Runs one layer step by step, keeping its states.
///
/// A step makes one call into the kernels, allocates nothing and takes no lock. A stream belongs to one thread at a time;
/// many streams may share the same weights.
public final class CellStream {
  /// Held, since the kernels read them at their addresses.
  private let weights: StreamWeights
  private let bound: BoundSchedule
  private let run:
    @convention(c) (UnsafePointer<rk_schedule>?, Int32, Int32, Int32, Int32, Int32, UnsafeMutablePointer<Float>?) -> Void
  private let batch: Int
  private let memory: FloatBuffer
  private let tiles: FloatBuffer
  /// Where each state stands, `[2, batch, width]`: as it is now and as it was, in turn.
  private let states: [(base: UnsafeMutablePointer<Float>, count: Int)]
  /// The output after steps of even and of odd number.
  private let outputs: (UnsafePointer<Float>, UnsafePointer<Float>)
  private let buffers: UnsafeMutablePointer<rk_buffer>
  private let offsets: UnsafeMutablePointer<Int64>
  private let live: UnsafeMutablePointer<Int32>
  private let schedule: UnsafeMutablePointer<rk_schedule>
  private var parity: Int32 = 0

  /// `batch` rows that step together, each with states of its own, zero at first.
  public init(_ weights: StreamWeights, batch: Int = 1) {
    let plan = weights.plan
    self.weights = weights
    self.batch = batch
    let numbers = BufferNumbers(plan)
    bound = BoundSchedule(plan.inference, of: plan, weights: weights.weights, numbers: numbers, includesInputProducts: true)
    run = weights.level.kernels.pointee.run

    let stateWidths = plan.cell.states.indices.map { plan.width(ofState: $0) }
    let constantWidth = plan.graph.nodes.map(\.width).max() ?? 0
    let sizes = [plan.dimensions.inputs, plan.slotWidth, plan.inference.scratch].map { $0 * batch }
    let parts = sizes + stateWidths.map { 2 * batch * $0 } + numbers.constants.map { _ in constantWidth }
    // Each part begins at a cache line.
    let starts = parts.reduce(into: [0]) { $0.append(($0.last ?? 0) + ($1 + 15) / 16 * 16) }
    memory = FloatBuffer(count: starts.last ?? 0)
    tiles = FloatBuffer(count: bound.tileSize)
    let bases = starts.map { [memory] in memory.base + $0 }

    let buffers = UnsafeMutablePointer<rk_buffer>.allocate(capacity: numbers.count)
    buffers.initialize(repeating: rk_buffer(base: nil, row_stride: 0, addressing: Int32(RK_ROW)), count: numbers.count)
    func set(_ number: Int, _ base: UnsafeMutablePointer<Float>, _ stride: Int, _ addressing: Int = RK_ROW) {
      buffers[number] = rk_buffer(base: base, row_stride: Int64(stride), addressing: Int32(addressing))
    }
    let states = Array(bases[3..<3 + stateWidths.count])
    set(BufferNumbers.input, bases[0], plan.dimensions.inputs)
    set(BufferNumbers.slots, bases[1], plan.slotWidth)
    set(BufferNumbers.scratch, bases[2], plan.inference.scratch)
    for (state, width) in stateWidths.enumerated() {
      set(numbers.previous(state), states[state], width, RK_ALTERNATE)
      set(numbers.next(state), states[state], width, RK_ALTERNATE_OTHER)
    }
    for (index, vector) in weights.weights.vectors { set(numbers.parameter(index), vector.base, 0) }
    for (index, number) in numbers.constants.enumerated() {
      let base = bases[3 + stateWidths.count + index]
      base.update(repeating: Float(number), count: constantWidth)
      set(numbers.constant(index), base, 0)
    }

    self.states = zip(states, stateWidths).map { ($0, $1 * batch) }
    outputs = (UnsafePointer(states[0]), UnsafePointer(states[0] + stateWidths[0] * batch))
    self.buffers = buffers
    offsets = .allocate(capacity: 2)
    offsets.initialize(repeating: 0, count: 2)
    live = .allocate(capacity: 2)
    live.initialize(repeating: Int32(batch), count: 2)
    schedule = .allocate(capacity: 1)
    schedule.initialize(
      to: bound.schedule(buffers, count: numbers.count, batch: batch, offsets: offsets, previous: offsets, live: live))
  }

  deinit {
    buffers.deallocate()
    offsets.deallocate()
    live.deallocate()
    schedule.deallocate()
  }

  /// Where the next step's input is to be written, `[batch, inputs]`.
  public var input: UnsafeMutablePointer<Float> { memory.base }

  /// Runs one step on what stands at ``input``.
  ///
  /// - Returns: the output, `[batch, width]`, valid until the step after the next.
  @discardableResult
  public func step() -> UnsafePointer<Float> {
    run(schedule, parity, 1, 1, 0, Int32(batch), tiles.base)
    parity = 1 - parity
    return parity == 0 ? outputs.0 : outputs.1
  }

  /// A state as it is now, `[batch, width]`; it may be written to between steps.
  public func state(_ index: Int) -> UnsafeMutablePointer<Float> {
    states[index].base + Int(parity) * states[index].count
  }

  /// Sets all states to zero.
  public func reset() { for state in states { state.base.update(repeating: 0, count: 2 * state.count) } }
}
