package import CellCompiler
import CellLanguage
package import Engine
import Sequences
package import Support

/// A layer's way through the sequences in one direction.
package struct PassNode: NetworkNode {
  package let pass: Architecture.Pass
  package let plan: Plan
  private let learnsInitialStates: Bool
  private let input: Int
  /// What the vectors are that it reads.
  private let inputAxis: WeightAxis
  /// The edge with what its states begin with, one after the other; nil if nothing is known of sequences before.
  private let start: Int?
  /// The edge with the rows of the memory that its cell reads; nil of a cell that reads none.
  package let memory: Int?

  init(
    _ pass: Architecture.Pass, _ plan: Plan, learnsInitialStates: Bool, reads: Int, of inputAxis: WeightAxis,
    startsFrom start: Int? = nil, remembers memory: Int? = nil
  ) {
    self.pass = pass
    self.plan = plan
    self.learnsInitialStates = learnsInitialStates
    input = reads
    self.inputAxis = inputAxis
    self.start = start
    self.memory = memory
  }

  package var name: String { pass.name }
  package var part: String? { (pass.span == .sequence ? "above" : "layer") + "\(pass.layer + 1)" }
  package var reads: [Int] { [input] + [start, memory].compactMap(\.self) }
  package var width: Int { plan.width(ofState: 0) }

  package var tensors: [WeightTensor] {
    plan.cell.parameters.map { WeightTensor(pass.prefix + $0.name, axes(of: $0), isFixed: $0.isFixed) }
      + (learnsInitialStates ? plan.cell.states : []).enumerated().map { index, state in
        WeightTensor("\(pass.prefix)initial.\(state.name)", [.plain(plan.width(ofState: index))])
      }
  }

  private func axes(of parameter: Cell.Parameter) -> [WeightAxis] {
    // A vector as long as the input has a number for each of the input's.
    func axis(_ size: Size) -> WeightAxis { size == .inputs ? inputAxis : .plain(plan.dimensions[size]) }
    switch parameter.kind {
    case .matrix(let rows, let columns):
      return [axis(rows), columns.count == 1 ? axis(columns[0]) : .sequence(columns.map(axis))]
    case .blockDiagonal(let rows, let columns):
      // A row has the numbers of its own head alone.
      return [axis(rows), .plain(columns.reduce(0) { $0 + plan.dimensions[$1] } / plan.heads)]
    case .vector(let size), .bias(let size): return [axis(size)]
    case .scalar: return [.plain(1)]
    }
  }

  /// As many of ``tensors`` as are learned initial states, the last ones.
  var initialStateCount: Int { learnsInitialStates ? plan.cell.states.count : 0 }

  package func initialWeights(isTied: Bool, using random: inout Random) -> [Float] {
    let states = (0..<initialStateCount).reduce(0) { $0 + plan.width(ofState: $1) }
    return plan.initialParameters(&random) + [Float](repeating: 0, count: states)
  }

  package func runner(_ parts: RunnerParts) -> any NodeRunner {
    let drawn =
      parts.traces && !parts.trains && pass.span == .step
      ? plan.recompiledComputingAll() : plan.recompiled(drawing: parts.drawing)
    return PassRunner(
      drawn, pass, reads: parts.edges[input], startsFrom: start.map { parts.edges[$0] },
      remembers: memory.map { parts.edges[$0] }, initialStateCount: initialStateCount, parts)
  }

  package func stream(_ stream: StreamParts) throws(RecurrentError) -> StreamNode {
    if pass.isReverse {
      throw RecurrentError(
        .network,
        "the network can't be run step by step: layer \(pass.layer + 1) reads each sequence from its last step, "
          + "which a stream does not know; run it over whole sequences")
    }
    return PassStream(
      plan, span: pass.span, reads: input, startsFrom: start, remembers: memory, initialStateCount: initialStateCount, stream)
  }
}

/// Runs a pass over batches. A reverse one runs over sequences whose rows have changed places, so that the engine knows of one
/// direction only.
package final class PassRunner: NodeRunner {
  package let span: NetworkGraph.Span
  package let runner: SequenceRunner
  private let machine: Machine
  private let input: EdgeRows
  private let output: EdgeRows
  /// What the states begin with beside what is learned, `[B, all widths]`.
  private let start: EdgeRows?
  /// The rows of the memory that its cell reads, and what gives them.
  private let memory: EdgeRows?
  private let context: ContextRunner?
  /// Whether the runner has not yet been told where the memory of the batch is.
  private var awaitsMemory = false
  /// Where its weights stand, and each learned initial state; none if these are zero.
  private let weights: Range<Int>
  private let initialStates: [Range<Int>]
  private var learned: [[Float]] = []
  /// What is drawn within its cell.
  private let drawings: [any PassDrawing]
  private var reversedInput = FloatBuffer(count: 0)
  private var beginsAnew = true
  /// The states after the steps that were run last, `[B, width]`, from which the next ones go on; none for initial ones.
  package var carried: [[Float]] = []
  /// The gradient of the states after the steps that are run back next, `[B, width]`, then of those before them; none for zero.
  var incoming: [[Float]] = []

  init(
    _ plan: Plan, _ pass: Architecture.Pass, reads input: EdgeRows, startsFrom start: EdgeRows?, remembers memory: EdgeRows?,
    initialStateCount: Int, _ parts: RunnerParts
  ) {
    span = pass.span
    self.start = start
    (self.memory, context) = (memory, memory.flatMap { _ in parts.context })
    machine = parts.machine
    runner = SequenceRunner(plan: plan, machine: machine, servesBackward: parts.trains)
    (self.input, output) = (input, parts.output)
    let count = ParameterLayout(plan.cell, dimensions: plan.dimensions).count
    weights = parts.weights
    var start = weights.lowerBound + count
    initialStates = (0..<initialStateCount).map { state in
      defer { start += plan.width(ofState: state) }
      return start..<start + plan.width(ofState: state)
    }
    let number = parts.passes.values.count { $0.span != .start }
    let drawings: [(any PassDrawing)?] = [
      RecurrentDropout(parts.regularization, plan, pass: number), Zoneout(plan, pass: number, span: pass.span),
    ]
    self.drawings = drawings.compactMap { $0 }
  }

  package func load(_ weights: UnsafePointer<Float>) {
    runner.load(weights + self.weights.lowerBound)
    learned = initialStates.map { Array(UnsafeBufferPointer(start: weights + $0.lowerBound, count: $0.count)) }
  }

  package func begin(_ run: BatchRun) {
    if !run.carriesStates || span != .step { carried = [] }
    beginsAnew = carried.isEmpty
    incoming = []
    awaitsMemory = memory != nil
    for drawing in drawings { drawing.begin(run) }
  }

  package func forward(_ segment: Segment) {
    let lengths = segment.lengths(of: span)
    runner.prepare(lengths)
    setMemory()
    setInitialStates(sequences: lengths.batch)
    for drawing in drawings { drawing.apply(to: runner, segment, on: machine) }
    if output.isReversed {
      let width = input.width
      reversedInput = reversedInput.grown(to: lengths.rows * width)
      nonisolated(unsafe) let (source, target) = (input.values, reversedInput.base)
      machine.eachRow(segment.reversal, width: width) { row, other in
        (target + other * width).update(from: source + row * width, count: width)
      }
      segment.run(runner, UnsafePointer(reversedInput.base))
    } else if span == .step {
      segment.run(runner, input.values)
    } else {
      runner.forward(input.values, keeping: segment.keeping)
    }
    output.values = UnsafePointer(runner.states(0))
    if span == .step { carried = runner.finalStates }
  }

  /// Says where the memory is, once for all segments of a batch: when the first one is run again on the way back, the same numbers
  /// stand there again, and the gradient of the segments after it must not be lost.
  private func setMemory() {
    guard awaitsMemory, let memory, let context else { return }
    runner.setMemory(memory.values, context.source.lengths, places: context.places)
    awaitsMemory = false
  }

  /// The carried states, or those that are learned and what the bridge gives.
  private func setInitialStates(sequences: Int) {
    if carried.isEmpty {
      defer { addStart(sequences: sequences) }
      for (state, values) in learned.enumerated() {
        for sequence in 0..<sequences {
          (runner.initialState(state) + sequence * values.count).update(from: values, count: values.count)
        }
      }
    } else {
      for (state, values) in carried.enumerated() { runner.initialState(state).update(from: values, count: values.count) }
    }
  }

  private func addStart(sequences: Int) {
    guard let start else { return }
    var column = 0
    for state in runner.plan.cell.states.indices {
      let (target, width) = (runner.initialState(state), runner.plan.width(ofState: state))
      for sequence in 0..<sequences {
        let source = start.values + sequence * start.width + column
        for place in 0..<width { target[sequence * width + place] += source[place] }
      }
      column += width
    }
  }

  /// Gives the gradient of what the states began with back to the bridge.
  private func giveStartGradient(sequences: Int) {
    start?.addGradient(rows: sequences) { target in
      var column = 0
      for (state, gradient) in incoming.enumerated() {
        let width = runner.plan.width(ofState: state)
        for sequence in 0..<sequences {
          for place in 0..<width { target[sequence * (start?.width ?? 0) + column + place] = gradient[sequence * width + place] }
        }
        column += width
      }
    }
  }

  /// Takes in a gradient of the output with which each sequence ends, `[B, width]`, before the last steps are run back.
  func addFinalGradient(_ gradient: UnsafePointer<Float>) {
    let batch = runner.lengths.batch
    if incoming.isEmpty {
      incoming = runner.plan.cell.states.indices.map {
        [Float](repeating: 0, count: batch * runner.plan.width(ofState: $0))
      }
    }
    for place in 0..<batch * output.width { incoming[0][place] += gradient[place] }
  }

  package func backward(_ segment: Segment, _ gradients: UnsafeMutablePointer<Float>) {
    let rows = runner.lengths.rows
    for (state, gradient) in incoming.enumerated() { runner.setFinalGradient(state, gradient) }
    let target = segment.isFirst || span != .step ? gradients + weights.lowerBound : nil
    func run(_ inputGradient: UnsafeMutablePointer<Float>?) {
      runner.backward(
        outputGradient: output.gradient(rows: rows), inputGradient: inputGradient, parameterGradients: target,
        keepingStateGradients: segment.keepsStateGradients)
    }
    if !input.takesGradient {
      run(nil)
    } else if output.isReversed {
      run(input.scratch(rows: rows))
      input.addReversed(segment.reversal, on: machine)
    } else {
      input.addGradient(rows: rows) { run($0) }
    }
    incoming = runner.initialGradients
    if segment.isFirst && beginsAnew { giveStartGradient(sequences: runner.lengths.batch) }
    if segment.isFirst, let memory, let context {
      runner.addMemoryGradient(to: memory.gradient(rows: context.source.lengths.rows))
    }
  }

  /// Adds the gradient of learned initial states, those of each shard's sequences and then of the shards (`ShardRows`). States that
  /// were carried over are not learned ones.
  package func finish(_ gradients: UnsafeMutablePointer<Float>) {
    if !beginsAnew || initialStates.isEmpty { return }
    let lengths = runner.lengths
    let sequences = lengths.sequencesByShard
    for (gradient, range) in zip(incoming, initialStates) {
      let sums = FloatBuffer(count: lengths.shards * range.count)
      let parts = (0..<lengths.shards).map { shard -> UnsafeMutablePointer<Float>? in
        let sum = sums.base + shard * range.count
        for sequence in sequences[shard] {
          for place in 0..<range.count { sum[place] += gradient[Int(sequence) * range.count + place] }
        }
        return sequences[shard].isEmpty ? nil : sum
      }
      withExtendedLifetime(sums) {
        guard let sum = sumTree(parts, count: range.count) else { return }
        for place in 0..<range.count { gradients[range.lowerBound + place] += sum[place] }
      }
    }
  }

  package func plannedBytes(_ plan: MemoryPlan) -> Int {
    let segments = span == .step ? plan.segments : plan.segments.prefix(1).map(\.singleStep)
    let inRunner = runner.plannedBytes(
      segments, takesInputGradient: input.takesGradient, memories: memory == nil ? nil : plan.inputs?.source?.lengths)
    return inRunner + (output.isReversed ? 4 * plan.rows(of: span) * input.width : 0)
  }

  package var allocatedBytes: Int { runner.allocatedBytes + 4 * reversedInput.count }

  /// What the states take from which a segment starts.
  func startBytes(sequences: Int) -> Int {
    runner.plan.cell.states.indices.reduce(0) { $0 + 4 * sequences * runner.plan.width(ofState: $1) }
  }
}

extension SequenceRunner {
  /// Each state after each sequence's last step, `[B, width]`.
  fileprivate var finalStates: [[Float]] {
    plan.cell.states.indices.map { state in
      let count = lengths.batch * plan.width(ofState: state)
      return [Float](unsafeUninitializedCapacity: count) { buffer, filled in
        if let base = buffer.baseAddress { copyFinalState(state, to: base) }
        filled = count
      }
    }
  }

  /// The gradient of each state before the first step, `[B, width]`.
  fileprivate var initialGradients: [[Float]] {
    plan.cell.states.indices.map { state in
      Array(UnsafeBufferPointer(start: initialGradient(state), count: lengths.batch * plan.width(ofState: state)))
    }
  }
}
