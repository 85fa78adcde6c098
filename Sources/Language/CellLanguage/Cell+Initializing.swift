extension Cell {
  /// A copy of the cell with another initial value for one of its parameters, which `text` says as an `init` line does: `0`,
  /// `orthogonal`, `uniform(0, 1)`.
  ///
  /// - Throws: ``Diagnostic`` if the cell has no such parameter, or it can't start so.
  package func initializing(_ parameter: String, as text: String) throws(Diagnostic) -> Cell {
    var open = self
    for index in parameters.indices where parameters[index].name == parameter { open.parameters[index].initializer = nil }
    return try Cell(parsing: "\(open)init \(parameter) = \(text)", file: name)
  }
}
