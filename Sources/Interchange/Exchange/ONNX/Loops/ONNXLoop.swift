import CellLanguage
import Engine
import Networks
import ONNXFiles
import Support

/// The body of a `Loop` over the steps, read back as the equations of a cell: how tf2onnx writes layers that it does not know as an
/// operator.
///
/// What the loop carries from step to step is the number of the step, a state, or never changed; the step's input is what the
/// number of the step picks out of rows.
struct ONNXLoop {
  /// What a value of the body is.
  enum Value {
    /// The same at every step.
    case known(ONNXKnown)
    /// The number of the step, plus a number.
    case step(Int)
    /// Whether the number of the step, plus a number, is less than a length.
    case goesOn(Int, ONNXLength)
    case vector(ONNXFormula)

    /// How many elements working with it costs.
    var count: Int {
      switch self {
      case .known(let known): known.count
      case .vector(.sum(let sum)), .vector(.clipped(let sum, _)): sum.products.reduce(1) { $0 + $1.weight.count }
      case .step, .goesOn, .vector: 1
      }
    }
  }

  /// How many equations, and how many parts of one, there may be.
  static let greatestCount = 64

  let node: ONNXNode
  let body: ONNXGraph
  /// The values that are carried, as they are before the first step.
  let initial: [ONNXKnown]
  let opset: Int
  let limit: Int

  private(set) var values: [String: Value] = [:]
  var equations = ONNXEquations()
  /// How many elements have been worked out.
  var spent = 0
  /// The states by their place among the values that are carried.
  private(set) var states: [(place: Int, name: String, width: Int)] = []
  /// For each output of the body the value that it is but for `Identity`.
  private let roots: [String]
  /// The rows of which a step reads one.
  var rows: (flow: ONNXFlow, axis: Int)?

  /// - Parameter initial: nil for a value of which nothing is known.
  init(_ node: ONNXNode, _ body: ONNXGraph, initial: [ONNXKnown], opset: Int, limit: Int) throws(ONNXRefusal) {
    (self.node, self.body, self.initial, self.opset, self.limit) = (node, body, initial, opset, limit)
    guard body.inputs.count == initial.count + 2, body.outputs.count > initial.count,
      node.outputs.count == body.outputs.count - 1, body.nodes.count <= 4096
    else { throw ONNXRefusal("whose body has other inputs or outputs than the loop") }
    var sources: [String: String] = [:]
    for node in body.nodes where node.operation == "Identity" && node.domain.isEmpty && node.inputs.count == 1 {
      if let output = node.outputs.first { sources[output] = sources[node.inputs[0]] ?? node.inputs[0] }
    }
    roots = body.outputs.map { sources[$0.name] ?? $0.name }
    for tensor in body.initializers {
      if let array = try? tensor.array(), array.count <= limit { values[tensor.name] = .known(.array(array)) }
    }
    values[body.inputs[0].name] = .step(0)
    for (place, value) in initial.enumerated() {
      let name = body.inputs[place + 2].name
      if roots[place + 1] == name {
        values[name] = .known(value)
      } else if let start = value.lengths?.elements, start.count == 1, let number = start[0]?.constant {
        values[name] = .step(number)
      } else {
        let width = value.shape?.last.flatMap { $0?.constant }
        guard let width, value.shape?.count == 2, width > 0, states.count < 2 else {
          throw ONNXRefusal("that carries something other than the number of the step and one or two vectors of each sequence")
        }
        // By their places, until it is known which of them is given at each step.
        let state = "s\(states.count)"
        states.append((place, state, width))
        values[name] = .vector(.expression(.name(state), width: width))
      }
    }
  }

  /// The state that an output of the body's operators is, after the step.
  private func state(updatedBy output: String) -> String? { states.first { roots[$0.place + 1] == output }?.name }

  /// Goes through the body.
  ///
  /// - Parameter outer: a value of the graph round the body.
  /// - Returns: the layer's cell with its parameters in their order, hidden state first.
  mutating func read(_ outer: (String) -> ONNXKnown?) throws(ONNXRefusal) -> (
    cell: Cell, dimensions: Dimensions, parameters: [Float]
  ) {
    var updates: [String: Expression] = [:]
    for inner in body.nodes {
      let inputs = inner.inputs.map { name in name.isEmpty ? nil : values[name] ?? outer(name).map { .known($0) } }
      var results = try self.results(inner, inputs)
      for (place, output) in inner.outputs.enumerated() where results.indices.contains(place) {
        if let state = state(updatedBy: output), case .vector(let formula) = results[place] {
          guard updates[state] == nil, let expression = equations.written(formula) else { break }
          updates[state] = expression
          results[place] = .vector(.expression(.next(state), width: formula.width))
        }
        values[output] = results[place]
      }
      guard equations.count <= limit, spent <= 16 * limit else {
        throw ONNXRefusal("whose weights are more than the file holds")
      }
      guard equations.lines.count <= Self.greatestCount else { throw ONNXRefusal("whose equations are more than any cell's") }
    }
    for (place, value) in initial.enumerated() {
      guard case .step(let number)? = values[body.inputs[place + 2].name] else { continue }
      guard value.lengths?.elements == [ONNXLength(number)], case .step(number + 1)? = values[roots[place + 1]] else {
        throw ONNXRefusal("that counts its steps in another way than by 1")
      }
    }
    return try cell(updates)
  }

  /// The state that an output of the body is; nil if it isn't a state.
  func state(of output: Int) -> String? {
    guard case .vector(.expression(.next(let state), _))? = values[roots[output]] else { return nil }
    return state
  }

  private func cell(
    _ updates: [String: Expression]
  ) throws(ONNXRefusal) -> (cell: Cell, dimensions: Dimensions, parameters: [Float]) {
    guard let scanned = (initial.count + 1..<body.outputs.count).first, let hidden = state(of: scanned), let rows,
      let width = rows.flow.width(along: 2), let units = states.first?.width, states.allSatisfy({ $0.width == units }),
      (1...Size.largest).contains(width), (1...Size.largest).contains(units)
    else { throw ONNXRefusal("whose steps don't give a state as their output") }
    let names = [hidden] + states.map(\.name).filter { $0 != hidden }
    let lines = equations.lines + names.compactMap { name in updates[name].map { "\(name)' = \($0)" } }
    let text = "cell loop\ninput x\nstate \(names.joined(separator: ", "))\n\(lines.joined(separator: "\n"))\n"
    let cell: Cell
    do throws(Diagnostic) { cell = try Cell(parsing: text, file: "loop") } catch {
      throw ONNXRefusal("whose equations are none of a cell: \(error)")
    }
    return try unwrapping { () throws(RecurrentError) in
      let dimensions = try cell.dimensions(inputs: width, units: units)
      let layout = ParameterLayout(cell, dimensions: dimensions)
      var parameters = [Float](repeating: 0, count: layout.count)
      for entry in layout.entries {
        guard let own = equations.parameters[entry.name], own.count == entry.range.count else {
          throw RecurrentError(.interchange, "the parameter \(entry.name) has another size")
        }
        parameters.replaceSubrange(entry.range, with: own)
      }
      return (cell, dimensions, parameters)
    }
  }
}
