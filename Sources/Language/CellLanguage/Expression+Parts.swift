extension Expression {
  /// The expression and all in it.
  package var parts: [Expression] {
    switch self {
    case .number, .name, .next, .projection: [self]
    case .product(_, _, let operand), .slice(let operand, _, _): [self] + operand.parts
    case .concatenation(let parts): [self] + parts.flatMap(\.parts)
    case .apply(_, let arguments): [self] + arguments.flatMap(\.parts)
    }
  }
}
