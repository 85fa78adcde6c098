package import CellLanguage
package import Engine
package import Support

/// A cell run plainly in Double, straight from its equations: what is right by definition.
///
/// It is slow on purpose: one sequence, one step, one operation at a time, nothing merged and nothing reordered. The fast
/// engine is held against it. T is the number of steps, I the length of a row of the input: of all inputs together.
package struct ReferenceCell: Sendable {
  package let cell: Cell
  package let dimensions: Dimensions
  package let layout: ParameterLayout

  /// One step: the leaves are the inputs, the states before the step, the fractions that these keep, the memory and the parameters.
  let graph: ReferenceGraph

  package init(_ cell: Cell, dimensions: Dimensions) {
    self.init(cell, dimensions: dimensions, activations: .float32)
  }

  /// - Parameter activations: what the vectors that meet a matrix are rounded to, which has no gradient.
  init(_ cell: Cell, dimensions: Dimensions, activations: ActivationKind) {
    self.cell = cell
    self.dimensions = dimensions
    layout = ParameterLayout(cell, dimensions: dimensions)
    var graph = ReferenceGraph(
      leaves: cell.inputs.map(\.name) + cell.states.map(\.name) + cell.states.map(\.fraction)
        + (cell.memory.map { [$0.name] } ?? []) + cell.parameters.map(\.name),
      dimensions: dimensions, heads: cell.heads(dimensions),
      blockDiagonal: Set(cell.parameters.filter(\.kind.isBlockDiagonal).map(\.name)),
      rowLength: cell.memory.map { dimensions[$0.size] } ?? 1, activations: activations)
    for constant in cell.constants {
      graph.define(constant.name, as: .number(constant.value), count: 1)
    }
    func define(_ equations: [Cell.Equation]) {
      for equation in equations {
        let count = equation.size.followsMemory ? nil : dimensions[equation.size]
        graph.define(equation.name, as: equation.expression, count: count)
      }
    }
    for stage in cell.stages(dimensions) {
      switch stage {
      case .equation(let equation): define([equation])
      case .repeated(let count, let equations):
        let before = graph.names
        for _ in 0..<count {
          define(equations)
          for equation in equations where equation.isUpdate { graph.rename(equation.name, to: equation.target) }
        }
        for state in cell.states { graph.rename(state.name, to: state.name, as: before) }
      }
    }
    for state in cell.states where state.zoneout > 0 {
      let fraction = Expression.name(state.fraction)
      let old = Expression.apply(.multiply, [fraction, .name(state.name)])
      let new = Expression.apply(.multiply, [.apply(.subtract, [.number(1), fraction]), .next(state.name)])
      graph.define(state.zoned, as: .apply(.add, [old, new]), count: dimensions[state.size])
    }
    self.graph = graph
  }

  /// What a sequence gave.
  package struct Run: Sendable {
    /// For each step the value of each equation: local vectors by their names, and states after the step by theirs.
    package let steps: [[String: [Double]]]
    /// The states after the last step.
    package let finalStates: [String: [Double]]
    /// How many numbers the memory has.
    fileprivate let memoryCount: Int
    /// All values of each step.
    fileprivate let tape: [[[Double]]]
  }

  /// Gradients of a loss, given those of the outputs and the final states.
  package struct Gradients: Sendable {
    /// The gradient of the input, `[T, I]`.
    package let inputs: [[Double]]
    package let initialStates: [String: [Double]]
    /// The gradient of the memory, row by row; empty without a memory.
    package let memory: [Double]
    /// The gradient of each state on its way from a step to the next, `[T, …]`; after the last step the one that was given.
    package let states: [[String: [Double]]]
    /// The gradients of the parameters, in their shapes.
    package let parameters: [String: [Double]]
  }

  /// Runs one sequence.
  ///
  /// - Parameters:
  ///   - inputs: `[T, I]`
  ///   - initialStates: by the states' names; those left out are zero.
  ///   - memory: the memory row by row, one row at least if the cell has one.
  ///   - parameters: all of the cell's, in the shapes of ``layout``.
  ///   - zoneout: for each step what each unit keeps of states that have zoneout, by their names; the state's own fraction where
  ///     nothing is said.
  /// - Throws: ``RecurrentError`` if something is missing, unknown or of the wrong length.
  package func run(
    _ inputs: [[Double]], initialStates: [String: [Double]] = [:], memory: [Double] = [], parameters: [String: [Double]],
    zoneout: [[String: [Double]]] = []
  ) throws(RecurrentError) -> Run {
    for (step, input) in inputs.enumerated() {
      try expect(input, count: cell.inputWidth(dimensions), "input of step \(step)")
    }
    try expectStates(initialStates, "initial state")
    try expectMemory(memory)
    for name in parameters.keys.sorted() where !layout.entries.contains(where: { $0.name == name }) {
      throw RecurrentError(.shape, "cell \(cell.name) has no parameter \(name)")
    }
    var weights: [[Double]] = []
    for entry in layout.entries {
      let values = parameters[entry.name] ?? []
      try expect(values, count: entry.range.count, "parameter \(entry.name)")
      weights.append(values)
    }

    var states = cell.states.map { initialStates[$0.name] ?? [Double](repeating: 0, count: dimensions[$0.size]) }
    var tape: [[[Double]]] = []
    for (step, input) in inputs.enumerated() {
      let kept = step < zoneout.count ? zoneout[step] : [:]
      try expectStates(kept, "zoneout")
      let fractions = cell.states.map { kept[$0.name] ?? [$0.zoneout] }
      let values = graph.evaluate(parts(of: input) + states + fractions + (cell.memory == nil ? [] : [memory]) + weights)
      states = next.map { values[$0] }
      tape.append(values)
    }
    return Run(steps: tape.map(quantities), finalStates: byState(states), memoryCount: memory.count, tape: tape)
  }

  /// Gradients by reverse mode through all steps of `run`.
  ///
  /// - Parameters:
  ///   - outputs: the gradient of the first state after each step, `[T, …]`.
  ///   - finalStates: the gradients of the states after the last step, by name; those left out are zero.
  /// - Throws: ``RecurrentError`` if something is unknown or of the wrong length.
  package func gradients(
    of run: Run, outputs: [[Double]], finalStates: [String: [Double]] = [:]
  ) throws(RecurrentError) -> Gradients {
    guard outputs.count == run.tape.count else {
      throw RecurrentError(
        .shape, "there are gradients of \(outputs.count) outputs for \(run.tape.count) steps; give one for each step")
    }
    for (step, gradient) in outputs.enumerated() {
      try expect(gradient, count: dimensions[cell.states[0].size], "gradient of the output of step \(step)")
    }
    try expectStates(finalStates, "gradient of the final state")

    var inputs: [[Double]] = []
    var carried: [[String: [Double]]] = []
    var states = cell.states.map { finalStates[$0.name] ?? [Double](repeating: 0, count: dimensions[$0.size]) }
    var parameters = layout.entries.map { [Double](repeating: 0, count: $0.range.count) }
    var memory = [Double](repeating: 0, count: run.memoryCount)
    for (values, output) in zip(run.tape, outputs).reversed() {
      var gradients = [[Double]](repeating: [], count: values.count)
      gradients.replaceSubrange(parameterLeaves, with: parameters)
      if let memoryLeaf { gradients[memoryLeaf] = memory }
      carried.append(byState(states))
      states[0] = zip(states[0], output).map { $0 + $1 }
      for (state, gradient) in zip(next, states) { gradients[state] = gradient }
      graph.propagate(&gradients, values: values)
      inputs.append(inputLeaves.flatMap { filled(gradients[$0], like: values[$0]) })
      states = stateLeaves.map { filled(gradients[$0], like: values[$0]) }
      parameters = Array(gradients[parameterLeaves])
      if let memoryLeaf { memory = gradients[memoryLeaf] }
    }
    return Gradients(
      inputs: inputs.reversed(), initialStates: byState(states), memory: memory, states: carried.reversed(),
      parameters: Dictionary(uniqueKeysWithValues: zip(layout.entries.map(\.name), parameters)))
  }
}

extension ReferenceCell {
  // The leaves of the graph, in their order; between states and parameters stand the fractions that states keep, and the memory.
  var inputLeaves: Range<Int> { cell.inputs.indices }
  var stateLeaves: Range<Int> { inputLeaves.upperBound..<inputLeaves.upperBound + cell.states.count }
  var memoryLeaf: Int? { cell.memory.map { _ in stateLeaves.upperBound + cell.states.count } }
  var parameterLeaves: Range<Int> { graph.leafCount - cell.parameters.count..<graph.leafCount }

  /// The inputs, which a row has one after the other.
  func parts(of row: [Double]) -> [[Double]] { cell.inputColumns(dimensions).map { Array(row[$0]) } }

  /// Where the graph holds each state's next value.
  var next: [Int] { cell.states.map { place(of: $0.zoneout > 0 ? $0.zoned : $0.name + "'") } }

  private func place(of name: String) -> Int {
    found(graph.names[name], orFail: "no equation of cell \(cell.name) has been evaluated for \(name)")
  }

  private func quantities(_ values: [[Double]]) -> [String: [Double]] {
    var quantities: [String: [Double]] = [:]
    for equation in cell.equations { quantities[equation.target] = values[place(of: equation.name)] }
    for (state, place) in zip(cell.states, next) { quantities[state.name] = values[place] }
    return quantities
  }

  private func byState(_ values: [[Double]]) -> [String: [Double]] {
    Dictionary(uniqueKeysWithValues: zip(cell.states.map(\.name), values))
  }

  private func filled(_ gradient: [Double], like value: [Double]) -> [Double] {
    gradient.isEmpty ? [Double](repeating: 0, count: value.count) : gradient
  }

  private func expectStates(_ states: [String: [Double]], _ what: String) throws(RecurrentError) {
    for (name, values) in states.sorted(by: { $0.key < $1.key }) {
      guard let state = cell.states.first(where: { $0.name == name }) else {
        throw RecurrentError(.shape, "cell \(cell.name) has no state \(name)")
      }
      try expect(values, count: dimensions[state.size], "\(what) \(name)")
    }
  }

  private func expectMemory(_ rows: [Double]) throws(RecurrentError) {
    guard let memory = cell.memory else { return try expect(rows, count: 0, "memory") }
    let width = dimensions[memory.size]
    guard !rows.isEmpty, rows.count.isMultiple(of: width) else {
      throw RecurrentError(
        .shape, "the memory of cell \(cell.name) has \(rows.count) numbers; it needs rows of \(width), and at least one")
    }
  }

  private func expect(_ values: [Double], count: Int, _ what: String) throws(RecurrentError) {
    if values.count != count {
      throw RecurrentError(.shape, "the \(what) of cell \(cell.name) has \(values.count) numbers; it needs \(count)")
    }
  }
}

extension Cell.State {
  /// Names that no text can give: of the fraction that zoneout keeps of the state, and of the next value with it.
  fileprivate var fraction: String { "fraction of \(name)" }
  fileprivate var zoned: String { "zoned \(name)" }
}
