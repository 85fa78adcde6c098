import CellCompiler
import CellLanguage
import Kernels
import Support

/// The memories that a runner's sequences read, and what depends on them alone.
///
/// Each sequence has room for as many rows as the longest memory of the batch has; no more than its own are read or written.
final class RunnerMemory {
  private let plan: Plan
  private let machine: Machine
  private let weights: Weights
  /// How many rows there is room for, and how many the memory of each sequence has.
  private(set) var capacity = 0
  private(set) var rows: [Int32] = []
  /// The most rows that a memory of the batch has.
  private(set) var longest = 0

  /// Where each row of the sources stands, in their order: a row of ``values``.
  private var targets: [Int] = []
  /// By ``Plan/memories``, `[B, capacity, width]`: what the steps read, and its gradient.
  private(set) var values: [Graph.Value: FloatBuffer] = [:]
  private(set) var gradients: [Graph.Value: FloatBuffer] = [:]
  /// What lives within a step, `[B, capacity, …]`, and what is kept for every step, `[rows, capacity]`.
  private(set) var scratch: [Graph.Value: FloatBuffer] = [:]
  private(set) var kept: [Graph.Value: FloatBuffer] = [:]
  /// Whether the products of the rows have been made with the weights as they are.
  private var isProjected = false
  /// Whether steps have been run back that read these memories: where no sequence has steps, none are.
  private var hasGradients = false

  init(plan: Plan, machine: Machine, weights: Weights) {
    (self.plan, self.machine, self.weights) = (plan, machine, weights)
  }

  private var width: Int { found(plan.memoryWidth, orFail: "cell \(plan.cell.name) has no memory") }

  /// Takes over packed rows of sources.
  func set(_ source: UnsafePointer<Float>, _ lengths: PackedLengths, places: [Int]) {
    ensure(
      places.count == lengths.batch && places.sorted() == Array(0..<places.count),
      "the \(lengths.batch) memories of a batch belong to the sequences \(places); each sequence has one")
    longest = lengths.steps
    capacity = max(capacity, longest)
    rows = [Int32](repeating: 0, count: places.count)
    for (place, length) in zip(places, lengths.perSequence) { rows[place] = Int32(length) }
    targets = [Int](repeating: 0, count: lengths.rows)
    for (index, place) in places.enumerated() {
      for (step, row) in lengths.rows(ofSequence: index).enumerated() { targets[row] = place * capacity + step }
    }
    for value in plan.memories {
      values[value] = room(values[value], places.count * capacity * plan.graph[value].width)
    }
    let width = width
    guard let memory else { return }
    for (row, target) in targets.enumerated() {
      (memory.base + target * width).update(from: source + row * width, count: width)
    }
    (isProjected, hasGradients) = (false, false)
  }

  /// The rows themselves.
  private var memory: FloatBuffer? { values[owner] }

  private var owner: Graph.Value {
    found(
      plan.graph.nodes.firstIndex { $0.operation == .memory }, orFail: "the plan of cell \(plan.cell.name) reads no memory")
  }

  private func room(_ buffer: FloatBuffer?, _ count: Int) -> FloatBuffer { (buffer ?? FloatBuffer(count: 0)).grown(to: count) }

  /// The weights have changed.
  func forgetProducts() { isProjected = false }

  /// Makes room for what a schedule puts into memory for each row of a memory.
  func prepare(_ schedule: Plan.Schedule, _ lengths: PackedLengths) {
    ensure(
      rows.count >= lengths.batch,
      "cell \(plan.cell.name) reads a memory, and \(rows.count) of \(lengths.batch) sequences have one: set it before the run")
    for (sequence, steps) in lengths.perSequence.enumerated() where steps > 0 {
      ensure(
        rows[sequence] > 0, "the memory of sequence \(sequence) of cell \(plan.cell.name) has no rows; it needs at least one")
    }
    for place in schedule.homes.values {
      switch place {
      case .scratchOfMemory(let value):
        scratch[value] = room(scratch[value], lengths.batch * capacity * plan.graph[value].width)
      case .keptOfMemory(let value): kept[value] = room(kept[value], lengths.rows * capacity * plan.graph[value].width)
      default: break
      }
    }
  }

  /// Floats that runs forward and back hold of memories of such lengths.
  ///
  /// - Parameter segments: the steps that are there at a time; of several, all but the last run without keeping anything, too.
  static func plannedCount(_ plan: Plan, _ lengths: PackedLengths, _ segments: [PackedLengths]) -> Int {
    let rows = segments.map(\.rows).max() ?? 0
    let schedules = [plan.training, plan.backward] + (segments.count > 1 ? [plan.inference] : [])
    var (scratch, kept): (Set<Graph.Value>, Set<Graph.Value>) = ([], [])
    for place in schedules.flatMap(\.homes.values) {
      switch place {
      case .scratchOfMemory(let value): scratch.insert(value)
      case .keptOfMemory(let value): kept.insert(value)
      default: break
      }
    }
    func width(_ values: some Sequence<Graph.Value>) -> Int { values.reduce(0) { $0 + plan.graph[$1].width } }
    return lengths.steps * (lengths.batch * (2 * width(plan.memories) + width(scratch)) + rows * width(kept))
  }

  /// Floats that it holds now.
  var count: Int { [values, gradients, scratch, kept].flatMap(\.values).reduce(0) { $0 + $1.count } }

  /// Zeros what is kept for every step, so that nothing stands past a memory's rows.
  func clearKept(_ value: Graph.Value) { kept[value].map { $0.clear(0..<$0.count) } }

  /// The products of the rows, which run before the first step; none if they have been made with the same weights.
  func makeProducts() -> [Phase] {
    if isProjected { return [] }
    isProjected = true
    let projections = plan.memories.filter { $0 != owner }
    guard let memory, !projections.isEmpty else { return [] }
    let sequences = machine.ranges(of: rows.count, grain: 1)
    return [
      Phase(
        together: projections.map { value in
          Phase(sequences) { [self] range in
            guard let packed = weights.projections[value]?.panels, let target = values[value] else {
              fatalError("the rows of the memory of cell \(plan.cell.name) are multiplied by what is not packed")
            }
            for sequence in range {
              let first = sequence * capacity
              packed.multiply(
                memory.base + first * width, stride: width, rows: Int(rows[sequence]), bias: nil,
                into: target.base + first * packed.n, stride: packed.n)
            }
          }
        })
    ]
  }

  /// Adds to a run's buffers those of the memory.
  func add(to buffers: inout [rk_buffer], _ numbers: BufferNumbers) {
    func set(_ number: Int, _ buffer: FloatBuffer, _ width: Int, _ addressing: Int) {
      buffers[number] = rk_buffer(base: buffer.base, row_stride: Int64(capacity * width), addressing: Int32(addressing))
    }
    for (value, buffer) in values { set(numbers.memory(value), buffer, plan.graph[value].width, RK_ROW) }
    for (value, buffer) in gradients { set(numbers.memoryGradient(value), buffer, plan.graph[value].width, RK_ROW) }
    for (value, buffer) in scratch { set(numbers.scratchOfMemory(value), buffer, plan.graph[value].width, RK_ROW) }
    for (value, buffer) in kept { set(numbers.keptOfMemory(value), buffer, plan.graph[value].width, RK_STEP) }
  }

  /// Makes ready for a run back.
  ///
  /// - Parameter goesOn: whether later steps have been run back before these, and the sums go on.
  func begin(goesOn: Bool) {
    hasGradients = true
    for value in plan.memories {
      let count = rows.count * capacity * plan.graph[value].width
      let buffer = room(gradients[value], count)
      if !goesOn { buffer.clear(0..<count) }
      gradients[value] = buffer
    }
  }

  /// What the steps have added up becomes the gradient of the rows, and that of the parameters that they were multiplied by.
  ///
  /// - Parameter sums: `[A, K]` for each such parameter, to be filled.
  func finish(_ lengths: PackedLengths, _ sums: [Graph.Value: FloatBuffer]) -> [Phase] {
    let projections = plan.memories.filter { $0 != owner }
    guard let memory, let total = gradients[owner] else { return [] }
    let shards = shardRows(lengths)
    let matrices = projections.flatMap { value -> [Phase] in
      guard let packed = weights.projections[value], let sum = sums[value], let gradient = gradients[value] else { return [] }
      let (n, k) = (packed.panels.n, packed.panels.k)
      let source = OuterSource(left: gradient.base, leftStride: n, right: memory.base, rightStride: k)
      return [
        Phase(machine.ranges(of: n, grain: max(16, (1 << 16) / max(1, targets.count * k)))) { [machine] part in
          machine.instructionSet.sumOuterProducts(
            [source.part(from: part.lowerBound)], rows: shards, to: sum.base + part.lowerBound * k, n: part.count, k: k)
        }
      ]
    }
    // One product after the other adds to the gradient of a sequence's rows.
    let rowGradients = Phase(machine.ranges(of: rows.count, grain: 1)) { [self] range in
      for value in projections {
        guard let transposed = weights.projections[value]?.transposed, let gradient = gradients[value] else { continue }
        for sequence in range {
          let first = sequence * capacity
          transposed.multiply(
            gradient.base + first * transposed.k, stride: transposed.k, rows: Int(rows[sequence]), bias: nil,
            into: total.base + first * width, stride: width, accumulates: true)
        }
      }
    }
    return [Phase(together: matrices + [rowGradients])]
  }

  /// The rows of all memories by the shard of their sequence, the last row of a sequence first.
  private func shardRows(_ lengths: PackedLengths) -> ShardRows {
    let sequences = lengths.sequencesByShard
    return ShardRows(
      (0..<lengths.shards).map { shard in
        sequences[shard].flatMap { sequence in
          (0..<rows[Int(sequence)]).reversed().map { sequence * Int32(capacity) + $0 }
        }
      })
  }

  /// Adds the gradient of the rows, packed as the sources are.
  func addGradient(to target: UnsafeMutablePointer<Float>) {
    guard hasGradients, let gradient = gradients[owner] else { return }
    let width = width
    for (row, place) in targets.enumerated() {
      for element in 0..<width { target[row * width + element] += gradient.base[place * width + element] }
    }
  }
}
