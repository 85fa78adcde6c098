/// Products of matrices, of sequences or of all, with vectors.
extension SizeChecker {
  mutating func product(_ left: ExpressionSyntax, transposed: Bool, _ right: ExpressionSyntax) throws(Diagnostic) -> Form {
    if case .diagonal(let factors) = left.kind { return try diagonal(factors, times: right, axis: "rows") }
    if case .diagonal(let factors) = right.kind { return try diagonal(factors, times: left, axis: "columns") }
    if case .transposed(let name, _) = right.kind { return try rows(of: left, times: name) }
    if case .name(let name) = left.kind, !names.kinds.isMatrix(left) {
      return Form(rows: try product(ExpressionSyntax.Name(text: name, span: left.span), transposed: transposed, right))
    }
    guard let form = try form(of: left), let columns = form.columns else {
      throw source.diagnostic(
        .vectorBeside(left: source.text(of: left.span), right: source.text(of: right.span), what: nil), at: left.span)
    }
    let axis = transposed ? "rows" : "columns"
    try equate(transposed ? form.rows : columns, try length(of: right), at: right.span) { [source] in
      .matrix(
        .lengthDiffers(
          matrix: source.text(of: left.span), axis: axis, size: $0, vector: source.text(of: right.span), vectorSize: $1))
    }
    return Form(rows: transposed ? columns : form.rows)
  }

  /// `diag(f) C` or `C diag(f)`, or what `diag(f)` makes of a vector.
  private mutating func diagonal(_ factors: ExpressionSyntax, times operand: ExpressionSyntax, axis: String) throws(Diagnostic)
    -> Form
  {
    let length = try length(of: factors)
    guard let form = try form(of: operand) else { return Form(rows: length) }
    guard let columns = form.columns else {
      try equate(Form(rows: length), of: factors, form, of: operand, .multiply)
      return form
    }
    try equate(axis == "rows" ? form.rows : columns, length, at: factors.span) { [source] in
      .matrix(
        .lengthDiffers(
          matrix: source.text(of: operand.span), axis: axis, size: $0, vector: source.text(of: factors.span), vectorSize: $1))
    }
    return form
  }

  private mutating func product(_ name: ExpressionSyntax.Name, transposed: Bool, _ operand: ExpressionSyntax) throws(Diagnostic)
    -> SizeForm
  {
    let length = try length(of: operand)
    let matrix = matrix(name.text, line: name.span.line)
    if !transposed, matrix.segments == nil {
      var segments = [length]
      if case .concatenation(let parts) = operand.kind {
        segments = []
        for part in parts { segments.append(try self.length(of: part)) }
      }
      matrices[name.text]?.segments = segments
    }
    try equate(transposed ? matrix.rows : matrix.columns, length, at: operand.span) { [source] in
      .columnsDiffer(
        matrix: name.text + (transposed ? "^T" : ""), columns: $0, vector: source.text(of: operand.span), size: $1,
        line: matrix.line)
    }
    return transposed ? matrix.columns : matrix.rows
  }
}
