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
  let names: NameTable
  var solver = SizeSolver()
  private var vectors: [String: SizeForm] = [:]
  /// How many columns each matrix of a sequence has; its rows stand among the vectors.
  private var columns: [String: SizeForm] = [:]
  /// Inputs of one number, which fit vectors of any length, as numbers do, and scalars that are states or local values.
  let numbers: Set<String>
  /// How long these are.
  let number: Size

  /// The length of a vector, or the rows and columns of a matrix.
  struct Form {
    let rows: SizeForm
    var columns: SizeForm?
  }
  var matrices: [String: Matrix] = [:]
  private var open: [OpenEquation] = []
  var slices: [Slice] = []
  /// The sizes that `size` lines name, with the products that they are.
  private(set) var products: [(name: String, value: Cell.NamedSize.Default)] = []

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

  mutating func vector(_ name: String) -> SizeForm {
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
  mutating func named(_ name: String) -> Form {
    Form(rows: vector(name), columns: names.kinds.matrices.contains(name) ? columns(of: name) : nil)
  }

  mutating func matrix(_ name: String, line: Int) -> Matrix {
    let matrix = matrices[name] ?? Matrix(rows: solver.unknown(), columns: solver.unknown(), line: line + 1)
    matrices[name] = matrix
    return matrix
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
