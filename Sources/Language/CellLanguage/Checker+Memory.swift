extension Checker {
  /// How many rows a memory has is the length of local vectors and of the columns of local matrices, and of nothing else.
  func checkMemory(of cell: Cell, _ uses: ParameterUses) throws(Diagnostic) {
    guard let memory = cell.memory?.name else { return }
    for parameter in cell.parameters {
      let sizes: [Size] =
        switch parameter.kind {
        case .matrix(let rows, let columns), .blockDiagonal(let rows, let columns): [rows] + columns
        case .vector(let size), .bias(let size): [size]
        case .scalar: []
        }
      guard sizes.contains(where: \.countsRowsOfMemory), let place = uses.place(of: parameter.name) else { continue }
      let what = sizes.count > 1 ? "a row or a column" : "an element"
      throw source.diagnostic(.memory(.length(parameter.name, memory: memory, what: what)), at: place)
    }
    for (equation, line) in zip(cell.equations, syntax.equations) {
      for part in equation.expression.parts {
        if case .slice(let vector, _, _) = part, cell.shape(of: vector)?.rows.countsRowsOfMemory ?? false {
          throw source.diagnostic(.memory(.partOfRows(vector.description, memory: memory)), at: line.expression.span)
        }
        guard let shape = cell.shape(of: part) else { continue }
        if shape.columns?.countsRowsOfMemory ?? false {
          throw source.diagnostic(
            .memory(.length(part.description, memory: memory, what: "a column")), at: line.expression.span)
        }
        if shape.rows.countsRowsOfMemory && !shape.rows.isRowsOfMemory {
          throw source.diagnostic(
            .memory(.length(part.description, memory: memory, what: "an element")), at: line.expression.span)
        }
      }
    }
  }
}

extension ParameterUses {
  /// Where a parameter occurs first in one of its roles.
  fileprivate func place(of name: String) -> Span? {
    let use = parameters.first { $0.name == name }
    return use?.matrix ?? use?.factor ?? use?.addend
  }
}
