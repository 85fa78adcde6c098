import CellAnalysis
package import CellCompiler
import CellLanguage
import Engine
import Networks

extension InspectionReport.Layer {
  /// - Parameter layer: which of the architecture's passes, counted from 0.
  init(_ inspection: Inspection, layer: Int, _ part: InspectionReport.Part) {
    let pass = inspection.network.architecture.passes[layer]
    let cell = pass.cell
    let trace = inspection.traces[layer]
    let plan = inspection.network.plans[layer]
    name = pass.name
    self.cell = cell.name
    units = plan.dimensions.units
    direction = pass.isReverse ? "reverse" : "forward"
    equations = cell.equations.map { .init($0, of: cell) }
    let ofMemoryRows = Set(cell.quantitiesOfMemoryRows)
    quantities = trace.quantities.filter { part.includes($0) }.map { quantity in
      let rows = ofMemoryRows.contains(quantity.name) ? inspection.input.source : nil
      return .init(quantity, of: plan, steps: part.steps, rows: rows?.count == quantity.width ? rows : nil)
    }
    let named = trace.quantities.filter { $0.role != .preactivation }
    initial = Dictionary(
      uniqueKeysWithValues: inspection.network.initialStates(ofPass: layer).map { ($0.key + "'", $0.value) })
    statistics = named.map { .init($0, of: cell) }
    memoryTime = .init(inspection, layer: layer)
    dead = named.flatMap { InspectionReport.IdleUnit.all(in: $0) }
    correlations = inspection.input.labels.flatMap { label in
      named.map { quantity in
        let values = quantity.correlations(with: label.values.map { $0.map(Double.init) })
        return .init(label: label.name, quantity: quantity.name, values: values.map { Float($0).finite ?? 0 })
      }
    }
    let memory = cell.memory.flatMap { trace[$0.state + "'"] } ?? trace[cell.states[0].name + "'"]
    let count = plan.dimensions.units
    clusters = memory.flatMap { $0.width == count && count > 64 ? $0.chain : nil }
    weights = InspectionReport.Weights.all(inspection.network, layer: layer, machine: inspection.machine)
    held = inspection.clamps.filter { $0.reaches(pass) }.map { clamp in
      func ends(_ range: Range<Int>?) -> [Int]? { range.map { [$0.lowerBound, $0.upperBound - 1] } }
      return .init(quantity: clamp.quantity, value: clamp.value, units: ends(clamp.units), steps: ends(clamp.steps))
    }
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
      // Where equations are repeated, a state's name is what the time before has left.
      case .name(let name) where cell.states.contains { $0.name == name }:
        return cell.isRepeated(name) ? nil : .quantity(name + "'", previous: true)
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
  /// The shares of the steps of a source in what outputs depend on; nil if no output has a gradient there.
  init?(_ memory: [InspectionReport.Reach], ofSource names: [String], steps: Int) {
    var shares = [Float](repeating: .nan, count: steps * names.count)
    for reach in memory {
      guard let norms = reach.source, norms.count == names.count, reach.step < steps else { continue }
      let sum = norms.reduce(0, +)
      if !(sum > 0) || !sum.isFinite { continue }
      for (place, norm) in norms.enumerated() { shares[reach.step * names.count + place] = norm / sum }
    }
    guard let high = shares.lazy.filter(\.isFinite).max() else { return nil }
    self.init(
      name: "source", label: "share of each symbol of the source in the gradient of the loss", role: "gradient", activation: nil,
      width: names.count, columns: nil, heads: nil, low: 0, high: high, rows: names, values: Steps16(shares, low: 0, high: high))
  }

  init(_ quantity: Trace.Quantity, of plan: Plan, steps: Int, rows: [String]?) {
    let cell = plan.cell
    self.rows = rows
    let matrix = plan.matrix(named: quantity.name)
    columns = matrix?.columns
    let isNumber =
      cell.equations.contains { $0.name == quantity.name && $0.isNumber }
      || cell.states.contains { $0.name + "'" == quantity.name && $0.isNumber }
    heads = matrix?.heads ?? (isNumber ? quantity.width : nil)
    name = quantity.name
    label = quantity.label
    role = quantity.role.rawValue
    activation = cell.equations.first { $0.name == quantity.name }?.activation?.sign
    width = quantity.width
    let bounds = cell.range(ofQuantity: quantity.name)
    let shown = quantity.values.prefix(steps * quantity.width)
    if bounds.lowerBound.isFinite && bounds.upperBound.isFinite {
      (low, high) = (Float(bounds.lowerBound), Float(bounds.upperBound))
    } else {
      let finite = shown.lazy.filter(\.isFinite)
      (low, high) = (finite.min() ?? 0, finite.max() ?? 0)
    }
    values = Steps16(shown, low: low, high: high)
  }
}

extension Plan {
  /// The shape of a named quantity that is a matrix with a known number of rows; nil of anything else.
  package func matrix(named name: String) -> Graph.Shape? {
    value(named: name).map { graph[$0].shape }.flatMap { $0.isMatrix && !$0.followsMemory ? $0 : nil }
  }
}
