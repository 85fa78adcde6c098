import Support

/// How a cell's equations use its names: which parameters there are and of what kind, and whether all that is declared is read.
struct ParameterUses {
  /// The roles in which a parameter occurs.
  struct Parameter {
    let name: String
    var matrix: Span?
    var factor: Span?
    var addend: Span?
  }

  private let source: SourceText
  private let names: NameTable
  /// In the order of their first use.
  private(set) var parameters: [Parameter] = []
  private var indices: [String: Int] = [:]
  private var read: Set<String> = []

  /// - Throws: if a name stands where it can't, or is declared for nothing.
  init(of cell: CellSyntax, names: NameTable, in source: SourceText) throws(Diagnostic) {
    (self.source, self.names) = (source, names)
    for equation in cell.equations { try visit(equation.expression, isAddend: false) }
    for parameter in parameters {
      if let matrix = parameter.matrix, let vector = parameter.factor ?? parameter.addend {
        throw source.diagnostic(.matrixAndVector(parameter.name, line: matrix.line + 1), at: vector)
      }
    }
    try checkLocals(of: cell)
    for input in cell.inputs where !read.contains(input.name.text) {
      throw source.diagnostic(.inputNeverRead(input.name.text), at: input.name.span)
    }
    for scalar in cell.scalars where !read.contains(scalar.text) {
      throw source.diagnostic(.unusedScalar(scalar.text), at: scalar.span)
    }
    for constant in cell.constants where !read.contains(constant.name.text) {
      throw source.diagnostic(.unusedConstant(constant.name.text), at: constant.name.span)
    }
    for size in cell.sizes where !cell.usedSizes.contains(size.name.text) {
      throw source.diagnostic(.unusedSize(size.name.text), at: size.name.span)
    }
  }

  /// - Parameter isAddend: whether the expression is a term of a sum.
  private mutating func visit(_ expression: ExpressionSyntax, isAddend: Bool) throws(Diagnostic) {
    switch expression.kind {
    case .number: break
    case .name(let name):
      switch names[name] {
      case .size: throw source.diagnostic(.sizeAsVector(name), at: expression.span)
      case .input, .inputs, .state, .local, .constant: read.insert(name)
      case .scalar:
        read.insert(name)
        record(name, nil, expression.span)
      case nil: record(name, isAddend ? \.addend : \.factor, expression.span)
      }
    case .next(let name):
      let meaning = names[name]
      guard meaning == .state else {
        let suggestion = meaning == nil ? names.state(near: name) : nil
        throw source.diagnostic(
          .nextOfNoState(name, what: meaning?.description, suggestion: suggestion), at: expression.span)
      }
    case .slice(let vector, _, _):
      if case .name(let name) = vector.kind {
        let meaning = names[name]
        guard let meaning, [.input, .inputs, .state, .local].contains(meaning) else {
          throw source.diagnostic(
            .sliceOfOther(name, what: meaning?.description ?? "a parameter"), at: vector.span)
        }
      }
      try visit(vector, isAddend: false)
    case .concatenation(let parts):
      for part in parts { try visit(part, isAddend: false) }
    case .apply(let primitive, let arguments):
      let isSum = primitive == .add || primitive == .subtract || (primitive == .negate && isAddend)
      for argument in arguments { try visit(argument, isAddend: isSum) }
    case .product(let matrix, let transposed, let vector):
      try visitMatrix(matrix, transposed: transposed, vector: vector)
      try visit(vector, isAddend: false)
    }
  }

  private mutating func visitMatrix(_ matrix: ExpressionSyntax.Name, transposed: Bool, vector: ExpressionSyntax)
    throws(Diagnostic)
  {
    let name = matrix.text
    var right: String { source.text(of: vector.span) }
    switch names[name] {
    case nil: record(name, \.matrix, matrix.span)
    case .size: throw source.diagnostic(.sizeAsVector(name), at: matrix.span)
    case .scalar: throw source.diagnostic(.scalarAsMatrix(name, right: right), at: matrix.span)
    case .some(let meaning) where transposed:
      throw source.diagnostic(.transposedVector(name, what: meaning.description), at: matrix.span)
    case .some(let meaning):
      throw source.diagnostic(.vectorBeside(left: name, right: right, what: meaning.description), at: matrix.span)
    }
  }

  private mutating func record(_ name: String, _ role: WritableKeyPath<Parameter, Span?>?, _ span: Span) {
    let index = indices[name] ?? parameters.count
    if index == parameters.count {
      parameters.append(Parameter(name: name))
      indices[name] = index
    }
    if let role, parameters[index][keyPath: role] == nil { parameters[index][keyPath: role] = span }
  }

  /// A local vector that nothing reads may be there to be watched, unless a name like it is read that nothing defines.
  private func checkLocals(of cell: CellSyntax) throws(Diagnostic) {
    let vectors = parameters.filter { $0.factor != nil || $0.addend != nil }
    for equation in cell.equations where !equation.isUpdate && !read.contains(equation.target.text) {
      let name = equation.target.text
      guard let near = closest(to: name, in: vectors.map(\.name)), let place = vectors.first(where: { $0.name == near }),
        let span = place.factor ?? place.addend
      else { continue }
      throw source.diagnostic(.lostName(local: name, parameter: near, line: span.line + 1), at: equation.target.span)
    }
  }
}

extension CellSyntax.Length {
  /// The named size that it is.
  var name: String? {
    switch self {
    case .number: nil
    case .named(let name): name.text
    }
  }
}
