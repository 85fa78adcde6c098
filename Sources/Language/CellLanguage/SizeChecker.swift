/// Finds the sizes of a cell's local vectors and parameters from where they are used.
struct SizeChecker {
  private struct Matrix {
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

  private let source: SourceText
  private let names: NameTable
  private var solver = SizeSolver()
  private var vectors: [String: SizeForm] = [:]
  /// Inputs of one number, which fit vectors of any length, as numbers do.
  private let numbers: Set<String>
  private var matrices: [String: Matrix] = [:]
  private var open: [OpenEquation] = []
  private var slices: [Slice] = []

  private struct Slice {
    let vector: String
    let end: SizeForm
    let place: Span
  }

  /// - Throws: if sizes can't agree.
  init(of cell: CellSyntax, names: NameTable, in source: SourceText) throws(Diagnostic) {
    (self.source, self.names) = (source, names)
    numbers = Set(cell.inputs.filter(\.isNumber).map(\.name.text))
    vectors = Dictionary(uniqueKeysWithValues: cell.states.map { ($0.name.text, SizeForm($0.length.size)) })
    solver.allowsDifferences = cell.equations.contains { $0.expression.hasSlices }
    for input in cell.inputs { vectors[input.name.text] = SizeForm(input.length.size) }
    for equation in cell.equations {
      let target = vector(equation.target.text)
      guard let found = try form(of: equation.expression) else { continue }
      let name = equation.target.text + (equation.isUpdate ? "'" : "")
      try equate(target, found, at: equation.expression.span) {
        .targetSizeDiffers(target: name, targetSize: $0, size: $1)
      }
    }
    try measureSlices()
    for equation in cell.equations {
      _ = try settled(vector(equation.target.text), of: equation.target.text, at: equation.target.span)
    }
  }

  var constraints: [Cell.Constraint] { solver.constraints }

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

  private mutating func matrix(_ name: String, line: Int) -> Matrix {
    let matrix = matrices[name] ?? Matrix(rows: solver.unknown(), columns: solver.unknown(), line: line + 1)
    matrices[name] = matrix
    return matrix
  }

  /// The length of an expression's vector; nil if it is a number, which fits any length.
  private mutating func form(of expression: ExpressionSyntax) throws(Diagnostic) -> SizeForm? {
    switch expression.kind {
    case .number: return nil
    case .name(let name):
      return names[name] == .scalar || names[name] == .constant || numbers.contains(name) ? nil : vector(name)
    case .next(let name): return vector(name)
    case .concatenation(let parts):
      var sum = SizeForm()
      for part in parts { sum = sum.adding(try length(of: part)) }
      return sum
    case .apply(let primitive, let arguments):
      if primitive.needsLength, try form(of: arguments[0]) == nil { throw numberInVectorPlace(arguments[0]) }
      return try commonForm(of: arguments)
    case .slice(let vector, let from, let to):
      return try slice(vector, from, to, at: expression.span)
    case .product(let name, let transposed, let operand):
      return try product(name, transposed: transposed, operand)
    }
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

  private mutating func commonForm(of arguments: [ExpressionSyntax]) throws(Diagnostic) -> SizeForm? {
    var first: (form: SizeForm, argument: ExpressionSyntax)?
    for argument in arguments {
      guard let found = try form(of: argument) else { continue }
      guard let (form, other) = first else {
        first = (found, argument)
        continue
      }
      try equate(form, found, at: Span(from: other.span, to: argument.span)) {
        [source] in
        .sizesDiffer(left: source.text(of: other.span), leftSize: $0, right: source.text(of: argument.span), rightSize: $1)
      }
    }
    return first?.form
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
    if let form = try form(of: expression) { return form }
    if !readsNumber(expression) { throw numberInVectorPlace(expression) }
    return SizeForm(Size(constant: 1))
  }

  private func readsNumber(_ expression: ExpressionSyntax) -> Bool {
    if case .name(let name) = expression.kind { return numbers.contains(name) }
    return expression.kind.children.contains(where: readsNumber)
  }

  private func numberInVectorPlace(_ expression: ExpressionSyntax) -> Diagnostic {
    source.diagnostic(.numberInVectorPlace(source.text(of: expression.span)), at: expression.span)
  }

  private mutating func equate(
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

extension CellSyntax.Input {
  fileprivate var isNumber: Bool { if case .number(1) = length { true } else { false } }
}

extension CellSyntax.Length {
  var size: Size {
    switch self {
    case .number(let value): Size(constant: value)
    case .named(let name): Size(terms: [name.text: 1])
    }
  }
}
