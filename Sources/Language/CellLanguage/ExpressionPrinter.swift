extension Expression: CustomStringConvertible {
  /// As an equation writes it, with no more parentheses than needed.
  package var description: String {
    switch self {
    case .number(let value): Self.text(of: value)
    case .name(let name): name
    case .next(let name): name + "'"
    case .projection(let memory, let matrix): "\(memory) \(matrix)^T"
    case .slice(let vector, let from, let to): "\(vector)[\(from)..\(to)]"
    case .concatenation(let parts): "[" + Self.list(parts) + "]"
    case .product(let matrix, let transposed, let vector):
      "\(matrix)\(transposed ? "^T" : "") \(vector.text(within: .product))"
    case .apply(let primitive, let arguments): Self.text(of: primitive, arguments)
    }
  }

  /// How tightly an expression holds together; a part that holds less than its place asks for gets parentheses.
  private enum Tightness: Comparable {
    case infix(Int)
    case prefix
    case product
  }

  private var tightness: Tightness {
    guard case .apply(let primitive, let arguments) = self else { return .product }
    if primitive == .asRows { return arguments[0].tightness }
    switch primitive.notation {
    case .infix(_, let precedence): return .infix(precedence)
    case .prefix: return .prefix
    case .function, .product: return .product
    }
  }

  private func text(within place: Tightness) -> String { tightness < place ? "(\(self))" : description }

  private static func text(of primitive: Primitive, _ arguments: [Expression]) -> String {
    // A vector that is added to each row is written as a vector.
    if primitive == .asRows { return arguments[0].description }
    if let shape = primitive.fold { return "\(arguments[0])[\(shape.rows) by \(shape.columns ?? Size(constant: 1))]" }
    return switch primitive.notation {
    case .function: "\(primitive.sign)(\(list(arguments)))"
    case .product(let product): text(of: product, arguments[0], arguments[1])
    case .prefix(let sign): sign + arguments.map { $0.text(within: .prefix) }.joined()
    // Operators group from the left: the right operand must hold more tightly.
    case .infix(let sign, let precedence):
      arguments.enumerated().map { $1.text(within: .infix($0 == 0 ? precedence : precedence + 1)) }.joined(separator: " \(sign) ")
    }
  }

  /// Products of matrices group from the right: what stands on the left must hold more tightly.
  private static func text(of product: MatrixProduct, _ left: Expression, _ right: Expression) -> String {
    let first = left.isFactor ? left.description : "(\(left))"
    let second = right.text(within: .product)
    switch product {
    case .times: return "\(first) \(second)"
    case .transposedTimes: return "\(first)^T \(second)"
    case .scaledRows: return "diag(\(left)) \(second)"
    case .scaledColumns: return "\(first) diag(\(right))"
    case .outer: return "outer(\(left), \(right))"
    }
  }

  /// Whether it can stand on the left of what it multiplies without parentheses.
  private var isFactor: Bool {
    switch self {
    case .number, .name, .next, .slice: true
    case .concatenation, .product, .projection: false
    case .apply(let primitive, _): primitive.isFunction
    }
  }

  private static func list(_ parts: [Expression]) -> String { parts.map(\.description).joined(separator: ", ") }

  /// The shortest digits that give the same number again: `1`, `0.5`, `1e-5`.
  package static func text(of number: Double) -> String {
    var text = "\(number)"
    if text.hasSuffix(".0") { text.removeLast(2) }
    return text.replacing("e-0", with: "e-").replacing("e+", with: "e")
  }
}

extension Primitive {
  /// The function's mathematical sign if it has one, otherwise its name.
  package var sign: String {
    if fold != nil { return "as matrix" }
    return aliases.first { !$0.utf8.allSatisfy { $0 < 128 } } ?? name
  }
}
