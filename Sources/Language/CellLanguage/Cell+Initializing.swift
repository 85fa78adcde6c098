extension Cell {
  /// A copy of the cell with another initial value for one of its parameters, which `text` says as an `init` line does: `0`,
  /// `orthogonal`, `uniform(0, 1)`.
  ///
  /// - Throws: ``Diagnostic`` if the cell has no such parameter, or it can't start so.
  package func initializing(_ parameter: String, as text: String) throws(Diagnostic) -> Cell {
    let open = Cell(
      name: name, summary: summary, input: input, states: states, sizes: sizes, equations: equations,
      evaluationOrder: evaluationOrder,
      parameters: parameters.map { $0.name == parameter ? Parameter(name: $0.name, kind: $0.kind, initializer: nil) : $0 },
      constraints: constraints)
    return try Cell(parsing: "\(open)init \(parameter) = \(text)", file: name)
  }
}
