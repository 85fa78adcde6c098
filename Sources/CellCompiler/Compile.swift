public import CellLanguage

/// Compiles a cell for a layer of given dimensions.
///
/// - Parameter masksStates: whether products see of each state what a mask of the sequence leaves of it (Gal & Ghahramani 2016).
public func compile(_ cell: Cell, dimensions: Dimensions, masksStates: Bool = false) -> Plan {
  compile(cell, dimensions: dimensions, computesAll: false, masksStates: masksStates)
}

/// - Parameter computesAll: whether a step computes the named vectors, too, that nothing reads; such a plan has no backward step.
func compile(_ cell: Cell, dimensions: Dimensions, computesAll: Bool, masksStates: Bool = false) -> Plan {
  var plan = Plan(cell: cell, dimensions: dimensions, computesAll: computesAll, masksStates: masksStates)
  for pass in Plan.passes {
    pass.run(&plan)
    #if DEBUG
      plan.verify(after: pass.name)
    #endif
  }
  return plan
}

extension Plan {
  /// The compiler, from the equations to what one step does.
  static let passes: [(name: String, run: @Sendable (inout Plan) -> Void)] = [
    ("lower", { $0.lower() }),
    ("differentiate", { $0.differentiate() }),
    ("find invariants", { $0.findInvariants() }),
    ("arrange slots", { $0.arrangeSlots() }),
    ("stack products", { $0.stackProducts() }),
    ("place gates", { $0.placeGates() }),
    ("choose what to keep", { $0.chooseKept() }),
    ("schedule", { $0.schedule() }),
    ("place gradients", { if !$0.computesAll { $0.placeGradients() } }),
  ]
}
