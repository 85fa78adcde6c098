import CellLanguage
import Engine
import Support

/// Where a cell is run for a gradient check, and the weights that make one number of what comes out.
package struct Point {
  package var inputs: [[Double]]
  package var states: [String: [Double]]
  /// Row by row; empty if the cell has none.
  package var memory: [Double]
  package var parameters: [String: [Double]]
  package let outputWeights: [[Double]]
  package let stateWeights: [String: [Double]]

  /// Numbers between -1 and 1, those of parameters between -0.7 and 0.7, all drawn from `seed`.
  package init(_ cell: ReferenceCell, steps: Int, seed: UInt64) {
    var random = Random(.lawTrial, seed: seed)
    func draw(_ count: Int, _ bound: Double = 1) -> [Double] {
      (0..<count).map { _ in bound * (2 * random.uniform() - 1) }
    }
    let sizes = cell.cell.states.map { ($0.name, cell.dimensions[$0.size]) }
    inputs = (0..<steps).map { _ in draw(cell.cell.inputWidth(cell.dimensions)) }
    states = Dictionary(uniqueKeysWithValues: sizes.map { ($0.0, draw($0.1)) })
    // One row less than there are steps, so that no length is taken for another.
    memory = cell.cell.memory.map { draw((steps - 1) * cell.dimensions[$0.size]) } ?? []
    parameters = Dictionary(uniqueKeysWithValues: cell.layout.entries.map { ($0.name, draw($0.range.count, 0.7)) })
    outputWeights = (0..<steps).map { _ in draw(sizes[0].1) }
    stateWeights = Dictionary(uniqueKeysWithValues: sizes.map { ($0.0, draw($0.1)) })
  }

  /// One number of the point.
  package enum Coordinate: CustomStringConvertible {
    case input(step: Int, Int)
    case state(String, Int)
    case memory(Int)
    case parameter(String, Int)

    package var description: String {
      switch self {
      case .input(let step, let index): "input \(index) at step \(step)"
      case .state(let name, let index): "\(name)[\(index)] before the first step"
      case .memory(let index): "number \(index) of the memory"
      case .parameter(let name, let index): "\(name)[\(index)]"
      }
    }
  }

  package var coordinates: [Coordinate] {
    inputs.enumerated().flatMap { step, input in input.indices.map { .input(step: step, $0) } }
      + states.flatMap { name, values in values.indices.map { .state(name, $0) } }
      + memory.indices.map { .memory($0) }
      + parameters.flatMap { name, values in values.indices.map { .parameter(name, $0) } }
  }

  package subscript(coordinate: Coordinate) -> Double {
    get {
      switch coordinate {
      case .input(let step, let index): inputs[step][index]
      case .state(let name, let index): found(states[name], orFail: "the point has no state \(name)")[index]
      case .memory(let index): memory[index]
      case .parameter(let name, let index): found(parameters[name], orFail: "the point has no parameter \(name)")[index]
      }
    }
    set {
      switch coordinate {
      case .input(let step, let index): inputs[step][index] = newValue
      case .state(let name, let index): states[name]?[index] = newValue
      case .memory(let index): memory[index] = newValue
      case .parameter(let name, let index): parameters[name]?[index] = newValue
      }
    }
  }

  /// The weighted sum of all outputs and final states.
  package func loss(_ cell: ReferenceCell) throws -> Double {
    let run = try cell.run(inputs, initialStates: states, memory: memory, parameters: parameters)
    let output = cell.cell.states[0].name
    let outputs = zip(run.steps, outputWeights).reduce(0) { sum, step in
      sum + dot(found(step.0[output], orFail: "a step of the reference gives no \(output)"), step.1)
    }
    return stateWeights.reduce(outputs) { sum, state in
      sum + dot(found(run.finalStates[state.key], orFail: "the reference leaves no final \(state.key)"), state.value)
    }
  }

  /// The gradients of ``loss(_:)``.
  package func gradients(_ cell: ReferenceCell) throws -> Point {
    let run = try cell.run(inputs, initialStates: states, memory: memory, parameters: parameters)
    let gradients = try cell.gradients(of: run, outputs: outputWeights, finalStates: stateWeights)
    var result = self
    result.inputs = gradients.inputs
    result.states = gradients.initialStates
    result.memory = gradients.memory
    result.parameters = gradients.parameters
    return result
  }

  /// The derivative of the loss by one coordinate from differences, or nil if there is a kink near by.
  ///
  /// Central differences D(s) err by a series in s², so R(s) = (4 D(s) - D(2s)) / 3 errs by about s⁴ and R(2s) by sixteen
  /// times that: where the function is smooth, their distance is at least fifteen times the error of R(s). A kink between
  /// the points shifts the two by different amounts. With s = 2⁻¹¹ and losses of order 10, rounding leaves
  /// 10 · 2⁻⁵³ · 2¹¹ ≈ 2e-12 a sum in the loss, below 1e-10 in all.
  package func difference(_ cell: ReferenceCell, along coordinate: Coordinate) throws -> Double? {
    func central(_ step: Double) throws -> Double {
      var (left, right) = (self, self)
      left[coordinate] -= step
      right[coordinate] += step
      return try (right.loss(cell) - left.loss(cell)) / (right[coordinate] - left[coordinate])
    }
    let step = 0x1p-11
    let differences = [try central(step), try central(2 * step), try central(4 * step)]
    let fine = (4 * differences[0] - differences[1]) / 3
    let coarse = (4 * differences[1] - differences[2]) / 3
    return abs(fine - coarse) <= 1e-6 * abs(fine) + 1e-10 ? fine : nil
  }
}

private func dot(_ left: [Double], _ right: [Double]) -> Double { zip(left, right).reduce(0) { $0 + $1.0 * $1.1 } }

extension ReferenceCell {
  /// Compares the gradients of the reference with differences, for each input, initial state, row of the memory and parameter.
  ///
  /// A difference is right to a fifteenth of 1e-6 of itself, plus rounding below 1e-10, which matters only for gradients
  /// below 1e-4.
  ///
  /// - Returns: what is wrong, in words; nil if nothing is.
  package func gradientFault() throws -> String? {
    // A point next to a kink has no differences; the next seed has another point.
    for seed in UInt64(1)...20 {
      let point = Point(self, steps: 4, seed: seed)
      let gradients = try point.gradients(self)
      let coordinates = point.coordinates
      let differences = try coordinates.map { try point.difference(self, along: $0) }
      guard !differences.contains(nil) else { continue }
      for (coordinate, difference) in zip(coordinates, differences.compactMap(\.self)) {
        let gradient = gradients[coordinate]
        if !(abs(gradient - difference) <= 1e-6 * abs(difference) + 1e-10) {
          return "the gradient of \(coordinate) is \(gradient), by differences \(difference)"
        }
      }
      return coordinates.contains { gradients[$0] != 0 } ? nil : "no input, state or parameter has a gradient"
    }
    return "each of twenty points lies next to a kink, so that there are no differences to compare with"
  }
}
