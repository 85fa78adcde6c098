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
  /// Where parameters multiply the rows of a memory, and where vectors.
  private var (rowProducts, vectorProducts): ([String: Span], [String: Span]) = ([:], [:])

  /// - Throws: if a name stands where it can't, or is declared for nothing.
  init(of cell: CellSyntax, names: NameTable, in source: SourceText) throws(Diagnostic) {
    (self.source, self.names) = (source, names)
    for equation in cell.equations { try visit(equation.expression, isAddend: false) }
    for parameter in parameters {
      if let matrix = parameter.matrix, let vector = parameter.factor ?? parameter.addend {
        throw source.diagnostic(.matrixAndVector(parameter.name, line: matrix.line + 1), at: vector)
      }
    }
    for memory in cell.memories {
      if !read.contains(memory.name.text) { throw source.diagnostic(.memory(.neverRead(memory.name.text)), at: memory.name.span) }
      for parameter in parameters {
        guard let place = rowProducts[parameter.name], let other = vectorProducts[parameter.name] else { continue }
        throw source.diagnostic(
          .memory(.twoPurposes(parameter.name, memory: memory.name.text, line: other.line + 1)), at: place)
      }
    }
    try checkLocals(of: cell)
    for input in cell.inputs where !read.contains(input.name.text) {
      throw source.diagnostic(.inputNeverRead(input.name.text), at: input.name.span)
    }
    for scalar in cell.scalars where names[scalar.text] == .scalar && !read.contains(scalar.text) {
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
      case .input, .inputs, .state, .local, .constant, .number, .numberState, .matrix, .matrixState, .memory:
        read.insert(name)
      case .scalar:
        read.insert(name)
        record(name, nil, expression.span)
      case nil: record(name, isAddend ? \.addend : \.factor, expression.span)
      }
    case .next(let name):
      let meaning = names[name]
      guard meaning?.isState ?? false else {
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
      if case .next(let name) = vector.kind, let meaning = names[name], [.matrixState, .numberState].contains(meaning) {
        throw source.diagnostic(.sliceOfOther(name + "'", what: meaning.description), at: vector.span)
      }
      try visit(vector, isAddend: false)
    case .concatenation(let parts):
      for part in parts { try visit(part, isAddend: false) }
    case .apply(let primitive, let arguments):
      if primitive.fold != nil { try checkFold(arguments[0]) }
      let isSum = primitive == .add || primitive == .subtract || (primitive == .negate && isAddend)
      for argument in arguments { try visit(argument, isAddend: isSum) }
    case .product(let left, let transposed, let right):
      try visitProduct(left, transposed: transposed, right)
    case .transposed(let name, let sign): throw source.diagnostic(.transposeAlone(name.text), at: sign)
    case .diagonal: throw source.diagnostic(.matrix(.diagonalAlone(source.text(of: expression.span))), at: expression.span)
    }
  }

  /// What is read as a matrix is a vector by its name.
  private func checkFold(_ vector: ExpressionSyntax) throws(Diagnostic) {
    switch vector.kind {
    case .name(let name), .next(let name):
      guard let meaning = names[name], ![.input, .inputs, .state, .local].contains(meaning) else { return }
      throw source.diagnostic(.local(.foldOfOther(source.text(of: vector.span), what: meaning.description)), at: vector.span)
    default: return
    }
  }

  /// `left right`, whose left side is a parameter, a matrix of each sequence or a diagonal one.
  private mutating func visitProduct(_ left: ExpressionSyntax, transposed: Bool, _ right: ExpressionSyntax) throws(Diagnostic) {
    let texts = (left: source.text(of: left.span), right: source.text(of: right.span))
    if case .diagonal(let factors) = left.kind {
      if transposed { throw source.diagnostic(.matrix(.diagonalTransposed(texts.left)), at: left.span) }
      try visitDiagonal(left, of: factors)
      if case .concatenation = right.kind { throw source.diagnostic(.concatenationOutsideProduct, at: right.span) }
      return try visit(right, isAddend: false)
    }
    if case .transposed(let name, let sign) = right.kind {
      return try visitRows(left, transposed: transposed, name, sign: sign)
    }
    let isMatrix = names.kinds.isMatrix(left)
    if isMatrix { try visit(left, isAddend: false) } else { try visitParameter(left, transposed: transposed, right: texts.right) }
    if case .diagonal(let factors) = right.kind {
      guard isMatrix, !transposed else {
        throw source.diagnostic(
          isMatrix
            ? .matrix(.transposeTimesDiagonal(matrix: texts.left, diagonal: texts.right))
            : .matrix(.parameterTimesDiagonal(parameter: texts.left, diagonal: texts.right)), at: right.span)
      }
      return try visitDiagonal(right, of: factors)
    }
    if names.kinds.isMatrix(right) {
      throw source.diagnostic(.matrix(.timesMatrix(left: texts.left, right: texts.right)), at: left.span)
    }
    if isMatrix, case .concatenation = right.kind {
      throw source.diagnostic(.matrix(.beforeConcatenation(matrix: texts.left, concatenation: texts.right)), at: right.span)
    }
    try visit(right, isAddend: false)
  }

  /// `M U^T`: a parameter times each row of a memory.
  private mutating func visitRows(
    _ left: ExpressionSyntax, transposed: Bool, _ parameter: ExpressionSyntax.Name, sign: Span
  ) throws(Diagnostic) {
    let text = source.text(of: left.span)
    guard names.kinds.isMatrix(left) else { throw source.diagnostic(.transposeAlone(parameter.text), at: sign) }
    guard case .name(let memory) = left.kind, names[memory] == .memory else {
      throw source.diagnostic(.memory(.rowsOfOther(parameter.text, matrix: text)), at: left.span)
    }
    if transposed { throw source.diagnostic(.memory(.transposedRows(parameter.text, matrix: memory)), at: left.span) }
    if let meaning = names[parameter.text] {
      throw source.diagnostic(
        .memory(.rowsTimesOther(parameter.text, what: meaning.description, memory: memory)), at: parameter.span)
    }
    read.insert(memory)
    record(parameter.text, \.matrix, parameter.span)
    rowProducts[parameter.text] = parameter.span
  }

  private mutating func visitDiagonal(_ diagonal: ExpressionSyntax, of factors: ExpressionSyntax) throws(Diagnostic) {
    if names.kinds.isMatrix(factors) {
      let (text, matrix) = (source.text(of: diagonal.span), source.text(of: factors.span))
      throw source.diagnostic(.matrix(.diagonalOfMatrix(text, matrix: matrix)), at: diagonal.span)
    }
    try visit(factors, isAddend: false)
  }

  /// A matrix that is no sequence's own: a parameter.
  private mutating func visitParameter(_ matrix: ExpressionSyntax, transposed: Bool, right: String) throws(Diagnostic) {
    guard case .name(let name) = matrix.kind else {
      throw source.diagnostic(.vectorBeside(left: source.text(of: matrix.span), right: right, what: nil), at: matrix.span)
    }
    switch names[name] {
    case nil:
      if let declared = nearMatrix(name) {
        throw source.diagnostic(.matrix(.near(name, declared: declared)), at: matrix.span)
      }
      record(name, \.matrix, matrix.span)
      vectorProducts[name] = matrix.span
    case .size: throw source.diagnostic(.sizeAsVector(name), at: matrix.span)
    case .scalar, .number, .numberState: throw source.diagnostic(.scalarAsMatrix(name, right: right), at: matrix.span)
    case .some(let meaning) where transposed:
      throw source.diagnostic(.transposedVector(name, what: meaning.description), at: matrix.span)
    case .some(let meaning):
      throw source.diagnostic(.vectorBeside(left: name, right: right, what: meaning.description), at: matrix.span)
    }
  }

  /// A matrix of each sequence whose name is one edit away from that of a parameter: with a misspelt name the cell would learn a
  /// matrix instead of reading its own. Of names of one letter, those that differ in case alone.
  private func nearMatrix(_ name: String) -> String? {
    names.kinds.matrices.sorted().first { matrix in
      min(name.count, matrix.count) > 1
        ? distance(Array(name), Array(matrix)) == 1 : name.lowercased() == matrix.lowercased()
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
