import CellAnalysis
import CellCompiler
import CellLanguage
import Kernels
import Support

/// A forward step that leaves named quantities where they can be read, bound for one runner.
final class TraceSchedule {
  fileprivate struct Quantity {
    let name: String
    let label: String?
    let role: Role
    /// Nil of what has an element for each row of a memory.
    let width: Int?
    let place: Plan.Place
  }

  fileprivate let quantities: [Quantity]
  fileprivate let schedule: SharedSchedule
  /// Floats of a row of what is kept, and of what lives only within a step.
  fileprivate let (keptWidth, scratch): (Int, Int)
  /// What the bound schedule does, and what it leaves that has an element for each row of a memory.
  fileprivate let (steps, keptOfMemory): (Plan.Schedule, [Graph.Value])
  /// What is kept, from run to run: fresh memory costs more than what is written to it.
  fileprivate var kept = FloatBuffer(count: 0)
  /// What the last trace gave, one array for each quantity: if it is not referenced any more, the next one reuses it.
  fileprivate var given: [[Float]] = []
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
        width: plan.graph[value].shape.followsMemory ? nil : plan.dimensions[quantity.equation.size],
        place: found(watching.places[value], orFail: "\(quantity.name), which is to be traced, has no place"))
    }
    schedule = SharedSchedule(threads: 1) {
      BoundSchedule(watching.schedule, of: plan, weights: weights, numbers: numbers, share: $0)
    }
    (keptWidth, scratch) = (watching.keptWidth, watching.schedule.scratch)
    (steps, keptOfMemory) = (watching.schedule, watching.keptOfMemory)
  }

  func serves(_ other: TraceSelection) -> Bool {
    selection.quantities == other.quantities && selection.preactivations == other.preactivations
  }
}

extension SequenceRunner {
  /// Runs all steps from the initial states as ``forward(_:keeping:)`` does, to the same bits, and returns named quantities.
  ///
  /// Who traces again and again should let go of each trace before the next one, which then stands in the same memory: fresh
  /// memory may take the system as long as the run itself.
  package func trace(_ input: UnsafePointer<Float>, _ selection: TraceSelection = .init()) -> Trace {
    let tracing = traceSchedule(selection)
    let kept = tracing.kept.grown(to: lengths.rows * tracing.keptWidth)
    tracing.kept = kept
    matricesStay = true
    makeRoomForAllMatrices()
    if lengths.rows > 0 {
      scratch = scratch.grown(to: lengths.batch * tracing.scratch)
      hasKept = false
      self.input = input
      memory?.prepare(tracing.steps, lengths)
      for value in tracing.keptOfMemory { memory?.clearKept(value) }
      var buffers = buffers()
      buffers[BufferNumbers.kept].base = kept.base
      buffers[BufferNumbers.kept].row_stride = Int64(tracing.keptWidth)
      machine.run(
        (memory?.makeProducts() ?? []) + inputProducts(input) + [steps(tracing.schedule, forward: true, buffers: buffers)])
    }
    let part = TracedPart(lengths, steps: selection.steps, sequences: selection.sequences)
    let sources = tracing.quantities.map { quantity in
      let (base, stride): (UnsafePointer<Float>, Int)
      let width = quantity.width ?? memory?.longest ?? 0
      switch quantity.place {
      case .next(let state): (base, stride) = (UnsafePointer(states(state)), width)
      case .previous(let state): (base, stride) = (previousStates(state), width)
      case .input: (base, stride) = (input, width)
      case .slot(let column): (base, stride) = (UnsafePointer(slots.base + column), plan.slotWidth)
      case .kept(let column): (base, stride) = (UnsafePointer(kept.base + column), tracing.keptWidth)
      case .keptOfMemory(let value):
        let kept = found(memory?.kept[value], orFail: "\(quantity.name), which is to be traced, has no memory")
        (base, stride) = (UnsafePointer(kept.base), memory?.capacity ?? 0)
      default: fatalError("\(quantity.name), which is to be traced, is at \(quantity.place), which steps do not leave as it is")
      }
      return TracedRows(base: base, stride: stride, width: width)
    }
    part.copy(sources, into: &tracing.given, machine)
    let quantities = zip(tracing.quantities, zip(sources, tracing.given)).map { quantity, traced in
      Trace.Quantity(
        name: quantity.name, label: quantity.label, role: quantity.role, width: traced.0.width, values: traced.1)
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

/// A quantity where a run has left it, `[rows, width]` within rows of `stride`.
private struct TracedRows: @unchecked Sendable {
  let base: UnsafePointer<Float>
  let stride: Int
  let width: Int

  func copy(_ rows: Range<Int>, to target: UnsafeMutablePointer<Float>) {
    if stride == width { return target.update(from: base + rows.lowerBound * width, count: rows.count * width) }
    for (place, row) in rows.enumerated() {
      (target + place * width).update(from: base + row * stride, count: width)
    }
  }
}

/// The rows of a run that a trace is asked for.
private struct TracedPart {
  /// The lengths of the part by itself.
  let lengths: PackedLengths
  /// Rows that are contiguous in the run, with where they begin in the part.
  private var pieces: [(rows: Range<Int>, start: Int)] = []

  init(_ whole: PackedLengths, steps: Range<Int>?, sequences: Range<Int>?) {
    let sequences = (sequences ?? 0..<whole.batch).clamped(to: 0..<whole.batch)
    let steps = (steps ?? 0..<whole.steps).clamped(to: 0..<whole.steps)
    lengths = PackedLengths(sorted: whole.perSequence[sequences].map { max(0, min($0, steps.upperBound) - steps.lowerBound) })
    var start = 0
    for (step, live) in lengths.live.enumerated() {
      let first = whole.row(step: steps.lowerBound + step, sequence: sequences.lowerBound)
      let end = first + Int(live)
      if let last = pieces.last, last.rows.upperBound == first {
        pieces[pieces.count - 1].rows = last.rows.lowerBound..<end
      } else {
        pieces.append((first..<end, start))
      }
      start += Int(live)
    }
  }

  /// Copies each source to an array of its own, `[rows, width]`, all threads at once.
  func copy(_ sources: [TracedRows], into arrays: inout [[Float]], _ machine: Machine) {
    if arrays.count != sources.count { arrays = sources.map { _ in [] } }
    for (index, source) in sources.enumerated() where arrays[index].count != lengths.rows * source.width {
      arrays[index] = [Float](repeating: 0, count: lengths.rows * source.width)
    }
    let width = sources.reduce(0) { $0 + $1.width }
    if lengths.rows == 0 || width == 0 { return }
    arrays.withMemory { memory in
      nonisolated(unsafe) let targets = memory
      let pieces = pieces
      machine.forEachPart(of: lengths.rows, grain: max(1, (1 << 15) / width)) { range in
        for (rows, start) in pieces {
          let own = range.clamped(to: start..<start + rows.count)
          if own.isEmpty { continue }
          let first = rows.lowerBound + own.lowerBound - start
          for (source, target) in zip(sources, targets) {
            source.copy(first..<first + own.count, to: target + own.lowerBound * source.width)
          }
        }
      }
    }
  }
}

extension [[Float]] {
  /// Calls `body` with where each array begins.
  fileprivate mutating func withMemory(
    of rest: [UnsafeMutablePointer<Float>] = [], _ body: ([UnsafeMutablePointer<Float>]) -> Void
  ) {
    guard var last = popLast() else { return body(rest) }
    last.withUnsafeMutableBufferPointer { memory in
      withMemory(of: [found(memory.baseAddress, orFail: "an array of what is traced is empty")] + rest, body)
    }
    append(last)
  }
}
