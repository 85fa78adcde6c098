extension SizeChecker {
  /// A vector added to each row of a matrix.
  mutating func sum(ofRows matrix: ExpressionSyntax, and vector: ExpressionSyntax) throws(Diagnostic) -> Form? {
    guard let form = try form(of: matrix), let columns = form.columns, let other = try self.form(of: vector) else {
      return try form(of: matrix)
    }
    try equate(columns, other.rows, at: vector.span) { [source] in
      .matrix(
        .lengthDiffers(
          matrix: source.text(of: matrix.span), axis: "columns", size: $0, vector: source.text(of: vector.span), vectorSize: $1))
    }
    return form
  }

  /// `M U^T`.
  mutating func rows(of memory: ExpressionSyntax, times name: ExpressionSyntax.Name) throws(Diagnostic) -> Form {
    guard let form = try form(of: memory), let columns = form.columns else {
      throw source.diagnostic(.transposeAlone(name.text), at: name.span)
    }
    let matrix = matrix(name.text, line: name.span.line)
    if matrix.segments == nil { matrices[name.text]?.segments = [columns] }
    try equate(matrix.columns, columns, at: memory.span) { [source] in
      .columnsDiffer(matrix: name.text, columns: $0, vector: source.text(of: memory.span), size: $1, line: matrix.line)
    }
    return Form(rows: form.rows, columns: matrix.rows)
  }
}
