import CellAnalysis
package import CellLanguage
import Engine
import Networks
import Platform

extension InspectionReport.MemoryTime {
  /// The memory time of the first state that the cell's equations pass on in proportion; nil if there is no such state, or where
  /// a factor is not a number.
  init?(_ inspection: Inspection, layer: Int) {
    let cell = inspection.network.architecture.passes[layer].cell
    guard let (state, factor) = cell.memory else { return nil }
    let values = LayerValues(inspection, layer: layer)
    let means = (0..<values.width(of: state)).map { unit in
      (0..<values.steps).reduce(0) { $0 + (values.value(of: factor, step: $1, unit: unit) ?? .nan) } / Double(values.steps)
    }
    if means.contains(where: \.isNaN) { return nil }
    quantity = "\(factor)"
    self.state = state
    steps = means.map { mean in
      // e^(-1/τ) = mean: what is multiplied by the mean at every step falls to 1/e in τ steps.
      if mean >= 1 { nil } else if mean <= 0 { 0 } else { Float(-1 / log(mean)) }
    }
  }
}

extension Cell {
  /// The first state whose previous value comes back in proportion, and the factor, with what zoneout keeps.
  package var memory: (state: String, factor: Expression)? {
    states.lazy.compactMap { state in
      self.forgetFactor(ofState: state.name).map { factor in
        let left = Expression.apply(.multiply, [.number(1 - state.zoneout), factor])
        return (state.name, state.zoneout > 0 ? .apply(.add, [.number(state.zoneout), left]) : factor)
      }
    }.first
  }
}

/// The numbers that the names of a layer's equations stand for, in one direction.
struct LayerValues {
  let steps: Int
  private let trace: Trace
  private let cell: Cell
  private let isReverse: Bool
  /// The initial states by their names.
  private let initial: [String: [Float]]
  private let parameters: [String: [Float]]

  init(_ inspection: Inspection, layer: Int) {
    steps = inspection.input.count
    trace = inspection.traces[layer]
    let pass = inspection.network.architecture.passes[layer]
    cell = pass.cell
    isReverse = pass.isReverse
    parameters = cell.parameters.reduce(into: [:]) { parameters, parameter in
      parameters[parameter.name] = inspection.network[pass.prefix + parameter.name]
    }
    initial = inspection.network.initialStates(ofPass: layer)
  }

  func width(of state: String) -> Int { trace[state + "'"]?.width ?? 0 }

  /// An element of an expression at a step; nil if that takes more than that element of other vectors.
  func value(of expression: Expression, step: Int, unit: Int) -> Double? {
    switch expression {
    case .number(let number): return number
    case .next(let state): return element(state + "'", step, unit)
    case .name(let name):
      if let constant = cell.constant(named: name) { return constant }
      if let parameter = parameters[name] { return Double(parameter[parameter.count == 1 ? 0 : unit]) }
      guard cell.states.contains(where: { $0.name == name }) else { return element(name, step, unit) }
      let before = isReverse ? step + 1 : step - 1
      if (0..<steps).contains(before) { return element(name + "'", before, unit) }
      return initial[name].flatMap { state in place(of: name, unit, count: state.count).map { Double(state[$0]) } }
    case .product, .projection, .concatenation, .slice: return nil
    case .apply(let primitive, let arguments):
      let values = arguments.map { value(of: $0, step: step, unit: unit) }
      switch primitive.definition {
      case .unary(let apply): return values[0].map(apply)
      case .binary(let apply):
        guard let a = values[0], let b = values[1] else { return nil }
        return apply(a, b)
      case .ternary(let apply):
        guard let a = values[0], let b = values[1], let c = values[2] else { return nil }
        return apply(a, b, c)
      case .composite, .fused:
        let bindings = Dictionary(uniqueKeysWithValues: zip(["a", "b", "c"], arguments))
        let body = primitive.composition?.replacing { part in
          if case .name(let name) = part { bindings[name] } else { nil }
        }
        return body.flatMap { value(of: $0, step: step, unit: unit) }
      case .row, .matrix, .map: return nil
      }
    }
  }

  private func element(_ name: String, _ step: Int, _ unit: Int) -> Double? {
    trace[name].flatMap { quantity in
      place(of: name, unit, count: quantity.width).map { Double(quantity.values[step * quantity.width + $0]) }
    }
  }

  /// Where a vector of so many elements has that of a unit. A number serves all units; which head's number serves one is not looked at.
  private func place(of name: String, _ unit: Int, count: Int) -> Int? {
    let isNumber =
      cell.states.contains { $0.isNumber && (name == $0.name || name == $0.name + "'") }
      || cell.equations.contains { $0.isNumber && $0.target == name }
    if isNumber { return count == 1 ? 0 : nil }
    return unit < count ? unit : nil
  }
}
