package import CellCompiler
package import CellLanguage
import Engine
package import Support

/// A cell with random weights and a random batch, run by the engine and by the reference.
struct Trial {
  let cell: Cell
  let dimensions: Dimensions
  let plan: Plan
  let lengths: PackedLengths
  var parameters: [Float]
  /// Packed rows, `[rows, I]`, I the numbers of all inputs.
  var inputs: [Float]
  /// `[B, width]` for each state.
  var initial: [[Float]]
  /// The loss's gradient for each output and each final state.
  var outputGradients: [Float]
  var finalGradients: [[Float]]
  /// `[B, width]` for each state of which products see what a mask leaves; none if they see the states themselves.
  let masks: [[Float]]
  /// What each sequence may read at every step, if the cell has a memory.
  let memory: TrialMemory?
  /// What the units of each state keep, packed rows; none if they keep the state's fraction.
  let zoneouts: [[Float]]

  init(_ cell: Cell, _ dimensions: Dimensions, lengths: PackedLengths, drawing: Plan.Drawing = .init(), seed: UInt64 = 1) {
    self.cell = cell
    self.dimensions = dimensions
    plan = Plan(compiling: cell, dimensions: dimensions, drawing: drawing)
    self.lengths = lengths
    var random = Random(.lawTrial, seed: seed)
    func draw(_ count: Int, _ scale: Float) -> [Float] { (0..<count).map { _ in (2 * random.uniformFloat() - 1) * scale } }
    // Weights about as large as 1 / √(fan in): no step makes a difference between two runs much larger than it was.
    let vectors = Float(dimensions.values.values.reduce(0, +))
    parameters = draw(ParameterLayout(cell, dimensions: dimensions).count, min(0.4, 1.3 / vectors.squareRoot()))
    let plan = plan
    inputs = draw(lengths.rows * plan.inputWidth, 1)
    initial = cell.states.indices.map { draw(lengths.batch * plan.width(ofState: $0), 0.5) }
    outputGradients = draw(lengths.rows * plan.width(ofState: 0), 1)
    finalGradients = cell.states.indices.map { draw(lengths.batch * plan.width(ofState: $0), 1) }
    var sources = Random(.lawTrial, seed: seed &+ 1)
    memory = plan.memoryWidth.map { TrialMemory(width: $0, of: lengths, &sources) }
    // Nothing above 1: that would enlarge differences from step to step.
    masks = !drawing.masks ? [] : initial.map { $0.map { _ in random.element(of: [0, 0.5, 1]) } }
    zoneouts =
      !drawing.zoneout
      ? [] : cell.states.indices.map { (0..<lengths.rows * plan.width(ofState: $0)).map { _ in random.element(of: [0, 1]) } }
  }

  /// Some sequences of another trial by themselves, which keep their numbers.
  init(_ whole: Trial, sequences: [Int]) {
    cell = whole.cell
    dimensions = whole.dimensions
    plan = whole.plan
    parameters = whole.parameters
    lengths = PackedLengths(
      sorted: sequences.map { whole.lengths.perSequence[$0] }, numbers: sequences.map { whole.lengths.numbers[$0] },
      shards: whole.lengths.shards)
    let rows = whole.lengths.rows(of: sequences)
    let plan = plan
    func states(_ values: [[Float]], _ places: [Int]) -> [[Float]] {
      values.enumerated().map { $1.rows(places, width: plan.width(ofState: $0)) }
    }
    inputs = whole.inputs.rows(rows, width: plan.inputWidth)
    initial = states(whole.initial, sequences)
    outputGradients = whole.outputGradients.rows(rows, width: plan.width(ofState: 0))
    finalGradients = states(whole.finalGradients, sequences)
    memory = whole.memory.map { TrialMemory($0, sequences: sequences) }
    masks = states(whole.masks, sequences)
    zoneouts = states(whole.zoneouts, rows)
  }

  /// Numbers of a row of ``inputs``.
  var inputWidth: Int { plan.inputWidth }

  /// What a run gives. Two are equal if they have the same bits.
  struct Result: Equatable {
    /// Every state after every step, packed rows.
    var states: [[Float]] = []
    var final: [[Float]] = []
    var inputGradient: [Float] = []
    var initialGradients: [[Float]] = []
    /// Packed rows of the sources; empty if the cell has no memory.
    var memoryGradient: [Float] = []
    /// Every state's gradient on its way from each step to the next, packed rows; none unless they were to be kept.
    var stateGradients: [[Float]] = []
    var parameterGradient: [Float] = []

    static func == (one: Result, other: Result) -> Bool { one.bits == other.bits }

    private var bits: [[UInt32]] {
      (states + final + [inputGradient, memoryGradient] + initialGradients + stateGradients + [parameterGradient]).map {
        $0.map(\.bitPattern)
      }
    }
  }

  /// Forward and backward on the engine.
  ///
  /// - Parameters:
  ///   - segment: how many steps are kept at a time: the states before each segment alone are kept at first, and it
  ///     runs again before its backward run. Nil to keep all.
  ///   - sharesUnits: whether all threads work on each sequence.
  ///   - keepingStateGradients: whether the result has the gradients of states at all steps.
  ///   - keepsMatrices: whether the steps back read matrices that were kept at all steps, and none that are made again.
  func run(
    on machine: Machine, segment: Int? = nil, sharesUnits: Bool = false, keepingStateGradients: Bool = false,
    keepsMatrices: Bool = false
  ) -> Result {
    let runner = SequenceRunner(
      plan: plan, machine: machine, servesBackward: true, sequencesToShare: sharesUnits ? .max : 0)
    runner.load(parameters)
    memory?.give(to: runner)
    let widths = cell.states.indices.map { plan.width(ofState: $0) }
    let segments = lengths.segments(of: segment ?? max(1, lengths.steps))
    var result = Result()
    result.states = widths.map { [Float](repeating: 0, count: lengths.rows * $0) }
    result.final = initial
    var starts: [[[Float]]] = []
    for steps in segments {
      starts.append(result.final)
      runForward(runner, steps, from: result.final, keeping: false)
      for state in widths.indices { runner.copyFinalState(state, to: &result.final[state]) }
    }
    result.inputGradient = [Float](repeating: 0, count: inputs.count)
    result.parameterGradient = [Float](repeating: 0, count: parameters.count)
    result.initialGradients = finalGradients
    result.stateGradients = keepingStateGradients ? result.states : []
    for (steps, states) in zip(segments, starts).reversed() {
      runForward(runner, steps, from: states, keeping: true, keepingMatrices: true)
      let rows = lengths.rows(of: steps)
      for (state, width) in widths.enumerated() {
        let values = UnsafeBufferPointer(start: runner.states(state), count: rows.count * width)
        result.states[state].replaceSubrange(rows.lowerBound * width..<rows.upperBound * width, with: values)
      }
      // Matrices that are kept at all steps would not be made again on the way back.
      if !plan.rebuiltStates.isEmpty && !keepsMatrices { runForward(runner, steps, from: states, keeping: true) }
      for state in widths.indices { runner.setFinalGradient(state, result.initialGradients[state]) }
      runBackward(
        runner, rows, isFirst: steps.lowerBound == 0, keepingStateGradients: keepingStateGradients, &result)
      for (state, width) in widths.enumerated() {
        if let carried = runner.stateGradients(state) {
          let values = UnsafeBufferPointer(start: carried, count: rows.count * width)
          result.stateGradients[state].replaceSubrange(rows.lowerBound * width..<rows.upperBound * width, with: values)
        }
        let gradient = UnsafeBufferPointer(start: runner.initialGradient(state), count: lengths.batch * width)
        result.initialGradients[state] = Array(gradient)
      }
    }
    if let memory {
      result.memoryGradient = [Float](repeating: 0, count: memory.rows.count)
      runner.addMemoryGradient(to: &result.memoryGradient)
    }
    return result
  }

  private func runForward(
    _ runner: SequenceRunner, _ steps: Range<Int>, from states: [[Float]], keeping: Bool, keepingMatrices: Bool = false
  ) {
    runner.prepare(lengths.segment(steps))
    for (state, values) in states.enumerated() { runner.initialState(state).update(from: values, count: values.count) }
    for (state, values) in masks.enumerated() { runner.mask(state)?.update(from: values, count: values.count) }
    let rows = lengths.rows(of: steps)
    for (state, values) in zoneouts.enumerated() {
      let width = plan.width(ofState: state)
      let own = Array(values[rows.lowerBound * width..<rows.upperBound * width])
      runner.zoneout(state)?.update(from: own, count: own.count)
    }
    inputs.withUnsafeBufferPointer { inputs in
      let base = found(inputs.baseAddress, orFail: "the trial of cell \(cell.name) has no steps")
      runner.forward(base + rows.lowerBound * inputWidth, keeping: keeping, keepingMatrices: keepingMatrices)
    }
  }

  /// - Parameter isFirst: whether no segment comes before, so that the sums are complete.
  private func runBackward(
    _ runner: SequenceRunner, _ rows: Range<Int>, isFirst: Bool, keepingStateGradients: Bool, _ result: inout Result
  ) {
    outputGradients.withUnsafeBufferPointer { outputs in
      result.inputGradient.withUnsafeMutableBufferPointer { inputs in
        result.parameterGradient.withUnsafeMutableBufferPointer { parameters in
          let outputs = found(outputs.baseAddress, orFail: "the trial of cell \(cell.name) has no steps")
          let inputs = found(inputs.baseAddress, orFail: "the trial of cell \(cell.name) has no inputs")
          runner.backward(
            outputGradient: outputs + rows.lowerBound * plan.width(ofState: 0),
            inputGradient: inputs + rows.lowerBound * inputWidth,
            parameterGradients: isFirst ? parameters.baseAddress : nil, keepingStateGradients: keepingStateGradients)
        }
      }
    }
  }

  /// The outputs of a run that starts from given states (zero if there are none), packed rows.
  func outputs(
    of runner: SequenceRunner, from states: [[Float]], inputs: [Float]? = nil, lengths: PackedLengths? = nil
  ) -> [Float] {
    let lengths = lengths ?? self.lengths
    memory?.give(to: runner)
    runner.prepare(lengths)
    for (state, values) in states.enumerated() { runner.initialState(state).update(from: values, count: values.count) }
    runner.forward(inputs ?? self.inputs, keeping: false)
    return Array(UnsafeBufferPointer(start: runner.states(0), count: lengths.rows * plan.width(ofState: 0)))
  }

  /// Forward and backward by the reference.
  func reference() throws -> Result {
    let cell = masks.isEmpty ? cell : try cell.withMasks()
    let reference = ReferenceCell(cell, dimensions: dimensions)
    func named(_ values: [[Float]]) -> [String: [Double]] {
      Dictionary(uniqueKeysWithValues: zip(cell.states.map(\.name), values.map { $0.map(Double.init) }))
    }
    let layout = ParameterLayout(cell, dimensions: dimensions)
    let weights = Dictionary(
      uniqueKeysWithValues: layout.entries.map { ($0.name, parameters[$0.range].map(Double.init)) })
    let run = try reference.run(
      packed: inputs.map(Double.init), lengths: lengths, initialStates: named(initial + masks),
      memories: memory?.perSequence ?? [], parameters: weights,
      zoneout: named(zoneouts))
    let gradients = try reference.gradients(
      of: run, outputs: outputGradients.map(Double.init), finalStates: named(finalGradients))
    var result = Result()
    func floats(_ name: String, of values: [String: [Double]]) -> [Float] {
      found(values[name], orFail: "the reference has not given all that it has to of \(name)").map(Float.init)
    }
    for state in self.cell.states {
      result.states.append(floats(state.name, of: run.quantities))
      result.final.append(floats(state.name, of: run.finalStates))
      result.initialGradients.append(floats(state.name, of: gradients.initialStates))
      result.stateGradients.append(floats(state.name, of: gradients.states))
    }
    result.inputGradient = gradients.inputs.map(Float.init)
    result.memoryGradient = memory.map { $0.packed(gradients.memories).map(Float.init) } ?? []
    result.parameterGradient = layout.entries.flatMap { floats($0.name, of: gradients.parameters) }
    return result
  }

  /// How far a right run in Float may be from the reference, as a fraction of the largest number of an array (at least 1), if the cell
  /// does not enlarge its roundings; ``roundings(in:)`` is for those that do.
  ///
  /// A step rounds once for each addition of its products (as many as a pre-activation has sources), and each primitive is
  /// within its `ulps`. The weights are small enough that a step does not enlarge earlier errors, so they add up over the
  /// steps; on the way back they do so once more. 2⁻²⁴ is half a unit in the last place of 1.
  var tolerance: Float {
    let memory = memory.map { $0.width + $0.lengths.steps } ?? 0
    let sources = plan.products.reduce(0) { $0 + $1.k } + memory + 2
    let steps = 2 * lengths.steps
    return Float(steps) * Float(Double(sources) + plan.pointwiseRoundings) * 0x1p-24
  }

  /// The first number in which a result is further from what is expected than right runs are, in words; nil if there is none.
  func deviation(of actual: Result, from expected: Result) throws -> String? {
    for (index, state) in cell.states.enumerated() {
      let parts = [
        ("\(state.name)'", Part.state(index), actual.states[index], expected.states[index]),
        ("the final \(state.name)", .final(index), actual.final[index], expected.final[index]),
        (
          "the gradient of the initial \(state.name)", .initialGradient(index), actual.initialGradients[index],
          expected.initialGradients[index]
        ),
      ]
      for (what, part, own, right) in parts {
        if let deviation = try deviation(of: own, from: right, in: part, called: what) { return deviation }
      }
    }
    return try deviation(
      of: actual.inputGradient, from: expected.inputGradient, in: .inputGradient, called: "the gradient of \(plan.inputName)")
      ?? deviation(
        of: actual.memoryGradient, from: expected.memoryGradient, in: .memoryGradient, called: "the gradient of the memory")
      ?? deviation(
        of: actual.parameterGradient, from: expected.parameterGradient, in: .parameterGradient,
        called: "the gradient of the parameters")
  }

  /// A number is right within ``tolerance`` times the largest number of its array (at least 1), or within its own rounding.
  func deviation(of actual: [Float], from expected: [Float], in part: Part, called what: String) throws -> String? {
    guard actual.count == expected.count else { return "\(what) has \(actual.count) numbers, not \(expected.count)" }
    let bound = tolerance * expected.reduce(1) { max($0, abs($1)) }
    func isFar(_ place: Int, _ bound: Float) -> Bool { !(abs(actual[place] - expected[place]) <= bound) }
    if !actual.indices.contains(where: { isFar($0, bound) }) { return nil }
    let bounds = try roundings(in: part).map { max(bound, Float($0)) }
    let bad = actual.indices.first { isFar($0, bounds[$0]) }
    return bad.map { "number \($0) of \(what) is \(actual[$0]), expected \(expected[$0]) ± \(bounds[$0])" }
  }
}

extension PackedLengths {
  /// The rows of some sequences, in the order in which they stand if these are a batch by themselves.
  func rows(of sequences: [Int]) -> [Int] {
    (0..<steps).flatMap { step in
      sequences.filter { perSequence[$0] > step }.map { row(step: step, sequence: $0) }
    }
  }
}

extension [Float] {
  /// Some rows of `[rows, width]`.
  func rows(_ places: [Int], width: Int) -> [Float] { places.flatMap { self[$0 * width..<($0 + 1) * width] } }
}

extension Plan {
  /// How far the pointwise operations of a step may be from right together, in halves of an ulp.
  package var pointwiseRoundings: Double {
    graph.nodes.reduce(0) { sum, node in
      if case .apply(let primitive, _) = node.operation { sum + max(primitive.ulps, 0.5) * 2 } else { sum }
    }
  }
}

extension Cell {
  /// The sizes at which laws are checked: those given, else six units and five inputs, and four for what the text leaves open; as many
  /// as there are units where the cell requires that. There are two heads, or as many as the text says if these can't be.
  package func trialDimensions(inputs: Int?, units: Int?, sizes: [String: Int]) throws(RecurrentError) -> Dimensions {
    if hasHeads && sizes[Size.headsName] == nil {
      do { return try trialDimensions(inputs: inputs, units: units, sizes: sizes.merging([Size.headsName: 2]) { $1 }) } catch {}
    }
    let units = units ?? 6
    let open = openSizes(besides: sizes)
    var fault: RecurrentError?
    for length in open.isEmpty ? [units] : [4, units] {
      let sizes = sizes.merging(open.map { ($0, length) }) { given, _ in given }
      for inputs in inputs.map({ [$0] }) ?? [5, units] {
        do { return try dimensions(inputs: inputs, units: units, sizes: sizes) } catch { fault = error }
      }
    }
    throw found(fault, orFail: "no sizes were tried for cell \(name)")
  }

  /// The sizes of which neither the text nor `sizes` says how large they are.
  package func openSizes(besides sizes: [String: Int]) -> [String] {
    self.sizes.filter { $0.defaultValue == nil && sizes[$0.name] == nil }.map(\.name)
  }
}
