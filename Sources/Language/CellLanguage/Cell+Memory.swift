extension Cell {
  /// Whether a step depends on the steps before it: whether an equation reads a state's old value, or a state keeps a fraction of
  /// it. A cell without memory is a dense layer, or several.
  package var hasMemory: Bool {
    let names = Set(states.map(\.name))
    return states.contains { $0.zoneout > 0 }
      || equations.flatMap(\.expression.parts).contains { if case .name(let name) = $0 { names.contains(name) } else { false } }
  }
}
