package import CellLanguage

extension Cell {
  /// The local vectors that say how much of each row of the memory is read, in the order of the equations: those that are a softmax over
  /// its rows.
  package var alignments: [String] {
    equations.compactMap { equation in
      guard equation.size.followsMemory, !equation.isUpdate, case .apply(let primitive, _) = equation.expression else {
        return nil
      }
      return primitive.name == "softmax" ? equation.target : nil
    }
  }
}
