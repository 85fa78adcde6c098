package import CellLanguage

extension Plan {
  /// Compiles a cell for a layer of given dimensions.
  ///
  /// - Parameter drawing: what is drawn for each batch of a training.
  package init(compiling cell: Cell, dimensions: Dimensions, drawing: Drawing = .init()) {
    self.init(compiling: cell, dimensions: dimensions, computesAll: false, drawing: drawing)
  }

  /// - Parameter computesAll: whether a step computes the named vectors, too, that nothing reads; such a plan has no backward
  ///   step.
  init(compiling cell: Cell, dimensions: Dimensions, computesAll: Bool, drawing: Drawing = .init()) {
    self.init(cell: cell, dimensions: dimensions, computesAll: computesAll, drawing: drawing)
    for pass in Self.passes {
      pass.run(&self)
      #if DEBUG
        verify(after: pass.name)
      #endif
    }
  }

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
