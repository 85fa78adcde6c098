/// Which of a cell's names stand for matrices that each sequence has, and which for single numbers. All others stand for vectors or are
/// parameters.
///
/// States say it where they are declared. A local value is a matrix if its equation makes one, and a number if a line `scalar` says so
/// or if it is made of numbers alone, of which one is a state or a local value. Sizes have no part in this.
struct ValueKinds: Sendable {
  private(set) var matrices: Set<String> = []
  private(set) var numbers: Set<String> = []
  /// The matrices that have a row for each row of a memory: a vector is added to each of these rows.
  private(set) var rowsOfMemory: Set<String> = []
  /// Inputs of one number, scalar parameters and constants: numbers that fit where they stand.
  private var plainNumbers: Set<String> = []

  /// For texts in which no name stands for a matrix.
  static let none = ValueKinds()

  private init() {}

  init(of cell: CellSyntax) {
    let scalars = Set(cell.scalars.map(\.text))
    let locals = Dictionary(
      cell.equations.filter { !$0.isUpdate }.map { ($0.target.text, $0.expression) }, uniquingKeysWith: { first, _ in first })
    let states = Set(cell.states.map(\.name.text))
    rowsOfMemory = Set(cell.memories.map(\.name.text))
    matrices = Set(cell.states.filter { $0.columns != nil }.map(\.name.text)).union(rowsOfMemory)
    numbers = scalars.filter { states.contains($0) || locals[$0] != nil }
    plainNumbers = scalars.subtracting(numbers).union(cell.constants.map(\.name.text))
      .union(cell.inputs.filter(\.isNumber).map(\.name.text))
    // Each equation after those that it reads; where they read each other in a circle, that is found elsewhere.
    for index in EvaluationOrder(of: cell.equations).sorted.order where !cell.equations[index].isUpdate {
      let (name, expression) = (cell.equations[index].target.text, cell.equations[index].expression)
      if isMatrix(expression), !numbers.contains(name) {
        matrices.insert(name)
        if hasRowsOfMemory(expression) { rowsOfMemory.insert(name) }
      }
      if isNumber(expression), expression.names.contains(where: numbers.contains) { numbers.insert(name) }
    }
  }

  /// Whether no name stands for a matrix that each sequence has, or for a number that a step computes or carries.
  var isEmpty: Bool { matrices.isEmpty && numbers.isEmpty }

  /// Whether an expression's value is a matrix that each sequence has.
  func isMatrix(_ expression: ExpressionSyntax) -> Bool {
    switch expression.kind {
    case .number, .concatenation, .slice, .transposed, .diagonal: return false
    case .name(let name), .next(let name): return matrices.contains(name)
    case .apply(let primitive, let arguments):
      if primitive == .outer || primitive.fold != nil { return true }
      return !primitive.mixesElements && arguments.contains(where: isMatrix)
    case .product(let left, _, let right):
      if case .diagonal = left.kind { return isMatrix(right) }
      if case .diagonal = right.kind { return isMatrix(left) }
      if case .transposed = right.kind { return isMatrix(left) }
      return false
    }
  }

  /// Whether an expression's value is a matrix with a row for each row of a memory.
  func hasRowsOfMemory(_ expression: ExpressionSyntax) -> Bool {
    guard isMatrix(expression) else { return false }
    switch expression.kind {
    case .name(let name): return rowsOfMemory.contains(name)
    case .apply(let primitive, let arguments): return primitive != .outer && arguments.contains(where: hasRowsOfMemory)
    case .product(let left, _, let right): return hasRowsOfMemory(left) || hasRowsOfMemory(right)
    case .number, .next, .concatenation, .slice, .transposed, .diagonal: return false
    }
  }

  /// Which of two arguments of a sum is a vector that is added to each row of a memory, or of what is made of one; nil if none is.
  func addedToRows(_ primitive: Primitive, _ arguments: [ExpressionSyntax]) -> Int? {
    // The table of primitives, whose rows have no memories, is read before anything can be asked of it.
    guard !rowsOfMemory.isEmpty, primitive == .add || primitive == .subtract else { return nil }
    return arguments.indices.first { place in
      hasRowsOfMemory(arguments[1 - place]) && !isMatrix(arguments[place]) && !isNumber(arguments[place])
    }
  }

  /// Whether an expression's value is a single number.
  func isNumber(_ expression: ExpressionSyntax) -> Bool {
    switch expression.kind {
    case .number: true
    case .name(let name), .next(let name): numbers.contains(name) || plainNumbers.contains(name)
    case .apply(let primitive, let arguments): !primitive.mixesElements && arguments.allSatisfy(isNumber)
    case .concatenation, .slice, .product, .transposed, .diagonal: false
    }
  }

  /// Whether all elements of an expression's value are one number: a sum, a mean or a dot product, or made of such.
  func isUniform(_ expression: ExpressionSyntax) -> Bool {
    if isNumber(expression) { return true }
    guard case .apply(let primitive, let arguments) = expression.kind else { return false }
    return primitive.givesOneNumber || !primitive.mixesElements && arguments.allSatisfy(isUniform)
  }
}

extension ExpressionSyntax {
  /// The names that it reads.
  fileprivate var names: [String] {
    switch kind {
    case .name(let name), .next(let name): [name]
    default: kind.children.flatMap(\.names)
    }
  }

  /// The expression without its places, what stands side by side as the products that are meant.
  func expression(matrices kinds: ValueKinds) -> Expression {
    switch kind {
    case .number(let value): return .number(value)
    case .name(let name): return .name(name)
    case .next(let name): return .next(name)
    case .concatenation(let parts): return .concatenation(parts.map { $0.expression(matrices: kinds) })
    case .slice(let vector, let from, let to):
      return .slice(vector.expression(matrices: kinds), from: from.size, to: to.size)
    case .apply(let primitive, let arguments):
      let row = kinds.addedToRows(primitive, arguments)
      return .apply(
        primitive,
        arguments.enumerated().map { place, argument in
          let operand = argument.expression(matrices: kinds)
          return place == row ? .apply(.asRows, [operand]) : operand
        })
    case .transposed: fatalError("a transposed parameter stands where no memory is, which is refused")
    case .diagonal: fatalError("a diagonal matrix stands alone, which is refused")
    case .product(let left, let isTransposed, let right):
      if case .diagonal(let factors) = left.kind {
        return .apply(
          kinds.isMatrix(right) ? .scaledRows : .multiply,
          [factors.expression(matrices: kinds), right.expression(matrices: kinds)])
      }
      if case .transposed(let matrix, _) = right.kind, case .name(let memory) = left.kind {
        return .projection(memory: memory, matrix: matrix.text)
      }
      let first = left.expression(matrices: kinds)
      if case .diagonal(let factors) = right.kind {
        return .apply(.scaledColumns, [first, factors.expression(matrices: kinds)])
      }
      let second = right.expression(matrices: kinds)
      if case .name(let name) = first, !kinds.isMatrix(left) {
        return .product(matrix: name, transposed: isTransposed, second)
      }
      return .apply(isTransposed ? .transposedTimes : .matrixTimes, [first, second])
    }
  }
}

extension CellSyntax.Input {
  var isNumber: Bool { if case .number(1) = length { true } else { false } }
}
