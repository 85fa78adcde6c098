import CellCompiler
import CellLanguage
import Engine
import Networks

extension InspectionReport.Layer {
  /// - Parameter layer: counted from 0.
  init(_ inspection: Inspection, layer: Int) {
    let cell = inspection.network.architecture.layers[layer].cell
    let trace = inspection.traces[layer]
    let plan = inspection.network.plans[layer]
    name = "layer \(layer + 1)"
    self.cell = cell.name
    units = plan.dimensions.units
    direction = "forward"
    equations = cell.equations.map { .init($0, of: cell) }
    quantities = trace.quantities.map { .init($0, of: cell) }
    initial = Dictionary(
      uniqueKeysWithValues: cell.states.enumerated().map { state in
        (state.element.name + "'", [Float](repeating: 0, count: plan.width(ofState: state.offset)))
      })
    statistics = []
    memoryTime = nil
    dead = []
    correlations = []
    clusters = nil
    weights = []
  }
}

extension InspectionReport.Equation {
  init(_ equation: Cell.Equation, of cell: Cell) {
    target = equation.target
    update = equation.isUpdate
    text = "\(equation.name) = \(equation.expression)"
    label = equation.label
    let squashed = equation.preactivations
    func quantity(_ part: Expression) -> InspectionReport.Piece? {
      if let found = squashed.first(where: { $0.expression == part }) { return .quantity(found.name, previous: false) }
      switch part {
      case .next(let state): return .quantity(state + "'", previous: false)
      case .name(let name) where cell.states.contains { $0.name == name }: return .quantity(name + "'", previous: true)
      case .name(let name) where cell.equations.contains { $0.target == name && !$0.isUpdate }:
        return .quantity(name, previous: false)
      default: return nil
      }
    }
    template = equation.expression.pieces { quantity($0) != nil }.map { piece in
      switch piece {
      case .text(let text): .text(text)
      case .part(let part): quantity(part) ?? .text("\(part)")
      }
    }
  }
}

extension InspectionReport.Quantity {
  init(_ quantity: Trace.Quantity, of cell: Cell) {
    name = quantity.name
    label = quantity.label
    role = quantity.role.rawValue
    let equation = cell.equations.first { $0.name == quantity.name }
    activation = equation?.activation?.sign
    width = quantity.width
    let bounds = equation.map { cell.range(of: $0) } ?? -Double.infinity ... .infinity
    if bounds.lowerBound.isFinite && bounds.upperBound.isFinite {
      (low, high) = (Float(bounds.lowerBound), Float(bounds.upperBound))
    } else {
      let finite = quantity.values.lazy.filter(\.isFinite)
      (low, high) = (finite.min() ?? 0, finite.max() ?? 0)
    }
    values = Steps16(quantity.values, low: low, high: high)
  }
}
