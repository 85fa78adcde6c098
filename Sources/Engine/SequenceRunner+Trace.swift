import CellCompiler
import CellLanguage
import Kernels

/// A forward step that leaves named quantities where they can be read, bound for one runner.
final class TraceSchedule {
  fileprivate struct Quantity {
    let name: String
    let label: String?
    let role: Role
    let width: Int
    let place: Plan.Place?
  }

  fileprivate let quantities: [Quantity]
  fileprivate let schedule: SharedSchedule
  /// Floats of a row of what is kept, and of what lives only within a step.
  fileprivate let (keptWidth, scratch): (Int, Int)
  /// What is kept, from run to run: fresh memory costs more than what is written to it.
  fileprivate var kept = FloatBuffer(count: 0)
  private let selection: TraceSelection

  init(_ plan: Plan, _ selection: TraceSelection, weights: Weights, numbers: BufferNumbers) {
    self.selection = selection
    let wanted = plan.cell.traceable.compactMap { quantity in
      selection.includes(quantity.name, quantity.role) ? plan.value(named: quantity.name).map { (quantity, value: $0) } : nil
    }
    let watching = plan.watching(Set(wanted.map(\.value)))
    quantities = wanted.map { quantity, value in
      Quantity(
        name: quantity.name, label: quantity.role == .preactivation ? nil : quantity.equation.label, role: quantity.role,
        width: plan.dimensions[quantity.equation.size], place: watching.places[value])
    }
    schedule = SharedSchedule(threads: 1) {
      BoundSchedule(watching.schedule, of: plan, weights: weights, numbers: numbers, share: $0)
    }
    (keptWidth, scratch) = (watching.keptWidth, watching.schedule.scratch)
  }

  func serves(_ other: TraceSelection) -> Bool {
    selection.quantities == other.quantities && selection.preactivations == other.preactivations
  }
}

extension SequenceRunner {
  /// Runs all steps from the initial states as ``forward(_:keeping:)`` does, to the same bits, and returns named quantities.
  public func trace(_ input: UnsafePointer<Float>, _ selection: TraceSelection = .init()) -> Trace {
    let tracing = traceSchedule(selection)
    let kept = tracing.kept.grown(to: lengths.rows * tracing.keptWidth)
    tracing.kept = kept
    if lengths.rows > 0 {
      scratch = scratch.grown(to: lengths.batch * tracing.scratch)
      hasKept = false
      self.input = input
      var buffers = buffers()
      buffers[BufferNumbers.kept].base = kept.base
      buffers[BufferNumbers.kept].row_stride = Int64(tracing.keptWidth)
      machine.run([inputProducts(input), steps(tracing.schedule, forward: true, buffers: buffers)])
    }
    let part = TracedPart(lengths, steps: selection.steps, sequences: selection.sequences)
    let quantities = tracing.quantities.compactMap { quantity -> Trace.Quantity? in
      let source: (base: UnsafePointer<Float>, stride: Int)
      switch quantity.place {
      case .next(let state): source = (UnsafePointer(states(state)), quantity.width)
      case .previous(let state): source = (previousStates(state), quantity.width)
      case .input: source = (input, quantity.width)
      case .slot(let column): source = (UnsafePointer(slots.base + column), plan.slotWidth)
      case .kept(let column): source = (UnsafePointer(kept.base + column), tracing.keptWidth)
      default: return nil
      }
      return Trace.Quantity(
        name: quantity.name, label: quantity.label, role: quantity.role, width: quantity.width,
        values: part.copy(from: source.base, stride: source.stride, width: quantity.width))
    }
    return Trace(quantities: quantities, lengths: part.lengths)
  }

  /// The last one if it serves again: to make one takes as long as some steps.
  private func traceSchedule(_ selection: TraceSelection) -> TraceSchedule {
    if let lastTrace, lastTrace.serves(selection) { return lastTrace }
    let made = TraceSchedule(plan, selection, weights: weights, numbers: numbers)
    lastTrace = made
    return made
  }
}

/// The rows of a run that a trace is asked for.
private struct TracedPart {
  /// Of the part by itself.
  let lengths: Lengths
  /// The rows of each of its steps, which lie one behind the other.
  private let rows: [Range<Int>]

  init(_ whole: Lengths, steps: Range<Int>?, sequences: Range<Int>?) {
    let sequences = (sequences ?? 0..<whole.batch).clamped(to: 0..<whole.batch)
    let steps = (steps ?? 0..<whole.steps).clamped(to: 0..<whole.steps)
    lengths = Lengths(sorted: whole.lengths[sequences].map { max(0, min($0, steps.upperBound) - steps.lowerBound) })
    rows = lengths.live.enumerated().map { step, live in
      let first = whole.row(step: steps.lowerBound + step, sequence: sequences.lowerBound)
      return first..<first + Int(live)
    }
  }

  /// `[rows, width]`
  func copy(from base: UnsafePointer<Float>, stride: Int, width: Int) -> [Float] {
    [Float](unsafeUninitializedCapacity: lengths.rows * width) { buffer, filled in
      filled = lengths.rows * width
      guard var target = buffer.baseAddress else { return }
      for row in rows.joined() {
        target.update(from: base + row * stride, count: width)
        target += width
      }
    }
  }
}
