/// Finds the sizes of a cell's local vectors and parameters from where they are used.
struct SizeChecker {
  struct Matrix {
    let rows: SizeForm
    let columns: SizeForm
    /// The vectors of the concatenation that it first multiplies.
    var segments: [SizeForm]?
    let line: Int
  }

  private struct OpenEquation {
    let left: SizeForm
    let right: SizeForm
    let kind: (_ left: String, _ right: String) -> DiagnosticKind
    let place: Span
  }

  let source: SourceText
  private let names: NameTable
  private var solver = SizeSolver()
  private var vectors: [String: SizeForm] = [:]
  /// How many columns each matrix of a sequence has; its rows stand among the vectors.
  private var columns: [String: SizeForm] = [:]
  /// Inputs of one number, which fit vectors of any length, as numbers do, and scalars that are states or local values.
  private let numbers: Set<String>
  /// How long these are.
  private let number: Size

  /// The length of a vector, or the rows and columns of a matrix.
  struct Form {
    let rows: SizeForm
    var columns: SizeForm?
  }
  var matrices: [String: Matrix] = [:]
  private var open: [OpenEquation] = []
  private var slices: [Slice] = []
  /// The sizes that `size` lines name, with the products that they are.
  private var products: [(name: String, value: Cell.NamedSize.Default)] = []

  private struct Slice {
    let vector: String
    let end: SizeForm
    let place: Span
  }

  /// - Throws: if sizes can't agree.
  init(of cell: CellSyntax, names: NameTable, in source: SourceText) throws(Diagnostic) {
    (self.source, self.names) = (source, names)
    numbers = Set(cell.inputs.filter(\.isNumber).map(\.name.text)).union(names.kinds.numbers)
    number = Shape.number(hasHeads: cell.heads != nil).rows
    for state in cell.states {
      let shape = state.shape(isNumber: numbers.contains(state.name.text), number: number)
      vectors[state.name.text] = SizeForm(shape.rows)
      columns[state.name.text] = shape.columns.map { SizeForm($0) }
    }
    for memory in cell.memories {
      vectors[memory.name.text] = SizeForm(.rows(of: memory.name.text))
      columns[memory.name.text] = SizeForm(memory.length.size)
    }
    for name in names.kinds.numbers { vectors[name] = SizeForm(number) }
    solver.allowsDifferences = cell.equations.contains { $0.expression.hasSlices }
    for input in cell.inputs { vectors[input.name.text] = SizeForm(input.length.size) }
    products = cell.sizes.map { ($0.name.text, $0.defaultValue) }
    for local in cell.locals { vectors[local.name.text] = SizeForm(local.length.size) }
    for equation in cell.equations {
      guard let found = try form(of: equation.expression) else { continue }
      try equate(found, withTargetOf: equation)
    }
    try measureSlices()
    for equation in cell.equations { _ = try shape(of: equation.target.text, at: equation.target.span) }
  }

  private mutating func equate(_ found: Form, withTargetOf equation: CellSyntax.Equation) throws(Diagnostic) {
    let (target, place) = (equation.target.text, equation.expression.span)
    let name = target + (equation.isUpdate ? "'" : "")
    switch (names.kinds.matrices.contains(target), found.columns) {
    case (false, nil):
      // A number takes the one number that a sum of elements is in each place.
      if numbers.contains(target), names.kinds.isUniform(equation.expression) { return }
      if numbers.contains(target), let form = solver.resolved(found.rows), form.unknowns.isEmpty, form.size != number {
        throw source.diagnostic(
          .targetSizeDiffers(target: name, targetSize: number.description, size: form.description), at: place)
      }
      try equate(vector(target), found.rows, at: place) { [names] in
        guard let memory = names.memory, [$0, $1].contains(Size.rows(of: memory).description) else {
          return .targetSizeDiffers(target: name, targetSize: $0, size: $1)
        }
        return .memory(.targetDiffers(target: name, targetSize: $0, size: $1, memory: memory))
      }
    case (true, let columns?):
      try equate(vector(target), found.rows, at: place) {
        .matrix(.targetShapeDiffers(target: name, targetSize: $0, size: $1, axis: "rows"))
      }
      try equate(self.columns(of: target), columns, at: place) {
        .matrix(.targetShapeDiffers(target: name, targetSize: $0, size: $1, axis: "columns"))
      }
    case (true, nil): throw source.diagnostic(.matrix(.targetIsMatrix(name)), at: place)
    case (false, _?):
      throw source.diagnostic(.matrix(.targetIsVector(name, what: numbers.contains(target) ? "a number" : "a vector")), at: place)
    }
  }

  var constraints: [Cell.Constraint] { solver.constraints }

  /// The length of a local vector or a state, or its rows and columns.
  mutating func shape(of name: String, at place: Span) throws(Diagnostic) -> Shape {
    let rows = try size(of: name, at: place)
    guard names.kinds.matrices.contains(name) else { return Shape(rows) }
    return Shape(rows, columns: try settled(columns(of: name), of: name, at: place))
  }

  /// The size of a local vector, a state or a vector parameter.
  mutating func size(of name: String, at place: Span) throws(Diagnostic) -> Size {
    try settled(vector(name), of: name, at: place)
  }

  /// The sizes of a matrix parameter; it has columns for each vector of a concatenation.
  mutating func matrix(_ name: String, at place: Span) throws(Diagnostic) -> (rows: Size, columns: [Size]) {
    let matrix = matrix(name, line: place.line)
    let rows = try settled(matrix.rows, of: name, at: place)
    var columns: [Size] = []
    for part in matrix.segments ?? [matrix.columns] { columns.append(try settled(part, of: name, at: place)) }
    return (rows, columns)
  }

  /// Looks again at what was open, now that all sizes are settled.
  mutating func finish() throws(Diagnostic) {
    for equation in open { try equate(equation.left, equation.right, at: equation.place, orElse: equation.kind) }
  }

  private mutating func settled(_ form: SizeForm, of name: String, at place: Span) throws(Diagnostic) -> Size {
    guard let form = solver.settle(form) else { throw source.diagnostic(.sizeTooLarge, at: place) }
    guard solver.canBeLength(form) else {
      throw source.diagnostic(.impossibleSize(name: name, size: form.description), at: place)
    }
    return form.size
  }

  private mutating func vector(_ name: String) -> SizeForm {
    let form = vectors[name] ?? solver.unknown()
    vectors[name] = form
    return form
  }

  private mutating func columns(of name: String) -> SizeForm {
    let form = columns[name] ?? solver.unknown()
    columns[name] = form
    return form
  }

  /// The form of a name that is no number.
  private mutating func named(_ name: String) -> Form {
    Form(rows: vector(name), columns: names.kinds.matrices.contains(name) ? columns(of: name) : nil)
  }

  mutating func matrix(_ name: String, line: Int) -> Matrix {
    let matrix = matrices[name] ?? Matrix(rows: solver.unknown(), columns: solver.unknown(), line: line + 1)
    matrices[name] = matrix
    return matrix
  }

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

  private mutating func slice(
    _ vector: ExpressionSyntax, _ from: SizeSyntax, _ to: SizeSyntax, at place: Span
  ) throws(Diagnostic) -> SizeForm {
    let name = source.text(of: vector.span)
    if SizeForm(from.size).isAlways(atMost: -1) {
      throw source.diagnostic(.badSlice(name), at: place)
    }
    let length = SizeForm(to.size).adding(SizeForm(from.size), times: -1)
    if length.isAlways(atMost: 0) {
      throw source.diagnostic(
        .emptySlice(source.text(of: place), from: from.size.description, to: to.size.description),
        at: place)
    }
    switch vector.kind {
    case .name(let name), .next(let name):
      slices.append(Slice(vector: name, end: SizeForm(to.size), place: place))
    default: break
    }
    return length
  }

  /// A vector of which nothing else says how long it is ends where the part of it ends that goes furthest. No part may end beyond
  /// its vector.
  private mutating func measureSlices() throws(Diagnostic) {
    for slice in slices {
      guard let form = solver.resolved(vector(slice.vector)), !form.unknowns.isEmpty else {
        continue
      }
      let ends = slices.filter { $0.vector == slice.vector }.map(\.end)
      let longest = ends.first { end in
        ends.allSatisfy { end.adding($0, times: -1).isAlways(atLeast: 0) || end == $0 }
      }
      guard let longest else {
        let texts = ends.reduce(into: [String]()) {
          if !$0.contains($1.description) { $0.append($1.description) }
        }
        throw source.diagnostic(.unclearLength(slice.vector, ends: texts), at: slice.place)
      }
      _ = solver.equate(form, longest)
    }
    for slice in slices {
      guard let form = solver.resolved(vector(slice.vector)) else { continue }
      if form.adding(slice.end, times: -1).isAlways(atMost: -1) {
        throw source.diagnostic(
          .sliceBeyondEnd(
            source.text(of: slice.place), vector: slice.vector, size: form.description),
          at: slice.place)
      }
    }
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
  private mutating func equate(
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

  private mutating func product(_ left: ExpressionSyntax, transposed: Bool, _ right: ExpressionSyntax) throws(Diagnostic) -> Form
  {
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

  /// The length of what a matrix multiplies: of a vector, or of what is made of inputs of one number.
  private mutating func length(of expression: ExpressionSyntax) throws(Diagnostic) -> SizeForm {
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

  mutating func equate(
    _ left: SizeForm, _ right: SizeForm, at place: Span,
    orElse kind: @escaping (_ left: String, _ right: String) -> DiagnosticKind
  ) throws(Diagnostic) {
    switch solver.equate(left, right) {
    case .holds: break
    case .open: open.append(OpenEquation(left: left, right: right, kind: kind, place: place))
    case .tooLarge: throw source.diagnostic(.sizeTooLarge, at: place)
    case .neverHolds:
      guard let left = solver.resolved(left), let right = solver.resolved(right) else {
        throw source.diagnostic(.sizeTooLarge, at: place)
      }
      throw source.diagnostic(kind(left.description, right.description), at: place)
    }
  }
}
