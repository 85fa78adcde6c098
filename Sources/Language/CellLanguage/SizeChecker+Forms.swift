/// What expressions are: numbers, vectors of some length, or matrices.
extension SizeChecker {
  /// The length of an expression's vector, or the rows and columns of its matrix; nil if it is a number, which fits any of them.
  mutating func form(of expression: ExpressionSyntax) throws(Diagnostic) -> Form? {
    switch expression.kind {
    case .number: return nil
    case .name(let name):
      return names[name] == .scalar || names[name] == .constant || numbers.contains(name) ? nil : named(name)
    case .next(let name): return numbers.contains(name) ? nil : named(name)
    case .concatenation(let parts):
      var sum = SizeForm()
      for part in parts { sum = sum.adding(try length(of: part)) }
      return Form(rows: sum)
    case .apply(let primitive, let arguments):
      if primitive == .outer {
        return Form(rows: try length(of: arguments[0]), columns: try length(of: arguments[1]))
      }
      if let shape = primitive.fold { return try fold(arguments[0], into: shape, at: expression.span) }
      if primitive.needsLength, try form(of: arguments[0]) == nil { throw numberInVectorPlace(arguments[0]) }
      if let place = names.kinds.addedToRows(primitive, arguments) {
        return try sum(ofRows: arguments[1 - place], and: arguments[place])
      }
      return try commonForm(of: arguments, primitive)
    case .slice(let vector, let from, let to):
      return Form(rows: try slice(vector, from, to, at: expression.span))
    case .product(let left, let transposed, let right):
      return try product(left, transposed: transposed, right)
    case .transposed(let name, let sign): throw source.diagnostic(.transposeAlone(name.text), at: sign)
    case .diagonal: throw source.diagnostic(.matrix(.diagonalAlone(source.text(of: expression.span))), at: expression.span)
    }
  }

  /// A matrix of the elements of a vector, which is as long as a size that is the product of its rows and columns.
  private mutating func fold(_ vector: ExpressionSyntax, into shape: Shape, at place: Span) throws(Diagnostic) -> Form {
    let columns = shape.columns ?? Size(constant: 1)
    guard let length = Size.product(shape.rows, columns, among: products) else {
      throw source.diagnostic(
        .local(.foldWithoutSize(source.text(of: place), product: "\(shape.rows) * \(columns)")), at: place)
    }
    try equate(try self.length(of: vector), SizeForm(length), at: place) { [source] in
      .sizesDiffer(left: source.text(of: vector.span), leftSize: $0, right: source.text(of: place), rightSize: $1)
    }
    return Form(rows: SizeForm(shape.rows), columns: SizeForm(columns))
  }

  private mutating func commonForm(of arguments: [ExpressionSyntax], _ primitive: Primitive) throws(Diagnostic) -> Form? {
    var first: (form: Form, argument: ExpressionSyntax)?
    for argument in arguments {
      guard let found = try form(of: argument) else { continue }
      if found.columns != nil, primitive.mixesElements {
        throw source.diagnostic(
          .matrix(.function(function: primitive.name, matrix: source.text(of: argument.span))), at: argument.span)
      }
      guard let (form, other) = first else {
        first = (found, argument)
        continue
      }
      try equate(form, of: other, found, of: argument, primitive)
    }
    return first?.form
  }

  /// Two arguments of an operator or a function.
  mutating func equate(
    _ left: Form, of first: ExpressionSyntax, _ right: Form, of second: ExpressionSyntax, _ primitive: Primitive
  ) throws(Diagnostic) {
    let place = Span(from: first.span, to: second.span)
    let texts = (source.text(of: first.span), source.text(of: second.span))
    switch (left.columns, right.columns) {
    case (nil, nil):
      try equate(left.rows, right.rows, at: place) {
        .sizesDiffer(left: texts.0, leftSize: $0, right: texts.1, rightSize: $1)
      }
    case (let columns?, let others?):
      for (one, other, axis) in [(left.rows, right.rows, "rows"), (columns, others, "columns")] {
        try equate(one, other, at: place) {
          .matrix(.shapesDiffer(left: texts.0, leftSize: $0, right: texts.1, rightSize: $1, axis: axis))
        }
      }
    case (nil, _?):
      throw source.diagnostic(
        .matrix(.withVector(vector: texts.0, matrix: texts.1, isProduct: primitive == .multiply)), at: place)
    case (_?, nil):
      throw source.diagnostic(
        .matrix(.withVector(vector: texts.1, matrix: texts.0, isProduct: primitive == .multiply)), at: place)
    }
  }

  /// The length of what a matrix multiplies: of a vector, or of what is made of inputs of one number.
  mutating func length(of expression: ExpressionSyntax) throws(Diagnostic) -> SizeForm {
    if let form = try form(of: expression) {
      if form.columns != nil {
        throw source.diagnostic(.matrix(.inVectorPlace(source.text(of: expression.span))), at: expression.span)
      }
      return form.rows
    }
    if !readsNumber(expression) { throw numberInVectorPlace(expression) }
    return SizeForm(reads(expression, names.kinds.numbers) ? number : Size(constant: 1))
  }

  private func readsNumber(_ expression: ExpressionSyntax) -> Bool { reads(expression, numbers) }

  private func reads(_ expression: ExpressionSyntax, _ names: Set<String>) -> Bool {
    switch expression.kind {
    case .name(let name), .next(let name): names.contains(name)
    default: expression.kind.children.contains { reads($0, names) }
    }
  }

  private func numberInVectorPlace(_ expression: ExpressionSyntax) -> Diagnostic {
    source.diagnostic(.numberInVectorPlace(source.text(of: expression.span)), at: expression.span)
  }
}
