package import CellLanguage
import Support

extension Cell {
  /// What a state's previous value is multiplied by in its own update: how much of it stays. `f` for `c' = f * c + i * g`,
  /// `1 - z` for `h' = (1 - z) * h + z * n`, 1 for `h' = h + …`.
  ///
  /// What comes back through a matrix or a function, such as a peephole, is no part of it. Nil if nothing else comes back,
  /// as in a plain network.
  ///
  /// - Parameter state: the name of one of the cell's states.
  package func forgetFactor(ofState state: String) -> Expression? {
    // What is multiplied several times in a step is no factor of the step.
    if isRepeated(state) { return nil }
    let update = found(equation(defining: .next(state)), orFail: "cell \(name) has no state \(state)")
    return factor(of: .name(state), in: update.expression)
  }

  private func factor(of state: Expression, in expression: Expression) -> Expression? {
    switch expression {
    case state: return .number(1)
    case .name:
      guard let equation = equation(defining: expression), combines(equation) else { return nil }
      return factor(of: state, in: equation.expression)
    case .number, .next, .product, .projection, .concatenation, .slice: return nil
    case .apply(let primitive, let arguments):
      let parts = arguments.map { factor(of: state, in: $0) }
      switch (primitive, parts[0], parts.last ?? nil) {
      case (.negate, let value?, _): return .product(.number(-1), value)
      case (.add, let left, let right): return .sum(left, right)
      case (.subtract, let left, let right): return .sum(left, right.map { .product(.number(-1), $0) })
      case (.multiply, let value?, nil): return .product(value, arguments[1])
      case (.multiply, nil, let value?): return .product(arguments[0], value)
      case (.divide, let value?, nil): return .apply(.divide, [value, arguments[1]])
      default: return nil
      }
    }
  }
}

extension Expression {
  /// The sum of what there is, with numbers added up and without double signs.
  fileprivate static func sum(_ left: Expression?, _ right: Expression?) -> Expression? {
    switch (left, right) {
    case (.number(let a)?, .number(let b)?): .number(a + b)
    case (let left?, .apply(.negate, let negated)?): .apply(.subtract, [left, negated[0]])
    case (let left?, let right?): .apply(.add, [left, right])
    default: left ?? right
    }
  }

  fileprivate static func product(_ left: Expression, _ right: Expression) -> Expression {
    switch (left, right) {
    case (.number(let a), .number(let b)): .number(a * b)
    case (.number(1), let other), (let other, .number(1)): other
    case (.number(-1), let other), (let other, .number(-1)): .apply(.negate, [other])
    default: .apply(.multiply, [left, right])
    }
  }
}
