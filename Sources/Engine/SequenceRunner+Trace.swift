import CellCompiler
import CellLanguage
import Kernels

extension SequenceRunner {
  /// Runs all steps from the initial states as ``forward(_:keeping:)`` does, to the same bits, and returns named quantities.
  public func trace(_ input: UnsafePointer<Float>, _ selection: TraceSelection = .init()) -> Trace {
    let wanted = plan.cell.traceable.compactMap { quantity in
      selection.includes(quantity.name, quantity.role) ? plan.value(named: quantity.name).map { (quantity, value: $0) } : nil
    }
    let watching = plan.watching(Set(wanted.map(\.value)))
    let kept = FloatBuffer(count: lengths.rows * watching.keptWidth)
    if lengths.rows > 0 {
      let schedule = SharedSchedule(threads: 1) {
        BoundSchedule(watching.schedule, of: plan, weights: weights, numbers: numbers, share: $0)
      }
      scratch = scratch.grown(to: lengths.batch * watching.schedule.scratch)
      start(input)
      var buffers = buffers()
      buffers[BufferNumbers.kept].base = kept.base
      buffers[BufferNumbers.kept].row_stride = Int64(watching.keptWidth)
      run(schedule, forward: true, buffers: buffers)
    }
    let part = TracedPart(lengths, steps: selection.steps, sequences: selection.sequences)
    let quantities = wanted.compactMap { quantity, value -> Trace.Quantity? in
      let width = plan.dimensions[quantity.equation.size]
      let source: (base: UnsafePointer<Float>, stride: Int)
      switch watching.places[value] {
      case .next(let state): source = (UnsafePointer(states(state)), width)
      case .previous(let state): source = (previousStates(state), width)
      case .input: source = (input, width)
      case .slot(let column): source = (UnsafePointer(slots.base + column), plan.slotWidth)
      case .kept(let column): source = (UnsafePointer(kept.base + column), watching.keptWidth)
      default: return nil
      }
      return Trace.Quantity(
        name: quantity.name, label: quantity.role == .preactivation ? nil : quantity.equation.label, role: quantity.role,
        width: width, values: part.copy(from: source.base, stride: source.stride, width: width))
    }
    return Trace(quantities: quantities, lengths: part.lengths)
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
