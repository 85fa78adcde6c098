package import CellLanguage

extension Plan {
  /// Compiles a cell for a layer of given dimensions.
  ///
  /// - Parameters:
  ///   - drawing: what is drawn for each batch of a training.
  ///   - computesAll: whether a step computes the named vectors, too, that nothing reads; such a plan has no backward step.
  ///   - last: the pass after which to stop, to look at what it leaves; nil for a plan that can be run.
  package init(
    compiling cell: Cell, dimensions: Dimensions, drawing: Drawing = .init(), computesAll: Bool = false, through last: Pass? = nil
  ) {
    self.init(cell: cell, dimensions: dimensions, computesAll: computesAll, drawing: drawing)
    for pass in Pass.allCases {
      run(pass)
      if pass == last { break }
    }
  }

  mutating func run(_ pass: Pass) {
    pass.run(on: &self)
    self.pass = pass
    assert(faults.isEmpty, "after the pass \(pass.rawValue) of cell \(cell.name): \(faults.joined(separator: "; "))")
  }
}

/// A cell's plan as each pass leaves it, one after the other.
package struct Compilation: Sequence, IteratorProtocol {
  private var plan: Plan
  private var passes = Plan.Pass.allCases[...]

  package init(of cell: Cell, dimensions: Dimensions, drawing: Plan.Drawing = .init(), computesAll: Bool = false) {
    plan = Plan(cell: cell, dimensions: dimensions, computesAll: computesAll, drawing: drawing)
  }

  package mutating func next() -> Plan? {
    guard let pass = passes.popFirst() else { return nil }
    plan.run(pass)
    return plan
  }
}
