import CellLanguage

extension Expression {
  /// A function of the cell language applied to arguments.
  static func call(_ name: String, _ arguments: Expression...) -> Expression {
    guard let primitive = Primitive.named(name) else { preconditionFailure("the cell language has no function \(name)") }
    return .apply(primitive, arguments)
  }

  /// The number that a literal with or without a minus stands for.
  var signedNumber: Double? {
    switch self {
    case .number(let value): value
    case .apply(.negate, let arguments): if case .number(let value) = arguments[0] { -value } else { nil }
    case .name, .next, .product, .projection, .concatenation, .slice, .apply: nil
    }
  }

  /// The summands of a sum; one if it is none.
  var addends: [Expression] {
    if case .apply(.add, let arguments) = self { arguments.flatMap(\.addends) } else { [self] }
  }

  /// The sum without the addends that are one of these names; nil if nothing remains.
  func dropping(_ names: Set<String>) -> Expression? {
    switch self {
    case .name(let name): return names.contains(name) ? nil : self
    case .apply(.add, let arguments):
      let (left, right) = (arguments[0].dropping(names), arguments[1].dropping(names))
      guard let left, let right else { return left ?? right }
      return .apply(.add, [left, right])
    case .apply(let primitive, let arguments): return .apply(primitive, arguments.map { $0.dropping(names) ?? $0 })
    case .number, .next, .product, .projection, .concatenation, .slice: return self
    }
  }
}

/// Whether an expression has the form of a pattern, in which one name stands for any expression, the same at all its places,
/// and others stand for numbers.
struct Matching {
  let variable: String
  let numbers: Set<String>
  /// What the variable stands for.
  private(set) var argument: Expression?
  /// What the numbers are.
  private(set) var values: [String: Double] = [:]

  init(variable: String, numbers: Set<String>) { (self.variable, self.numbers) = (variable, numbers) }

  mutating func matches(_ pattern: Expression, _ expression: Expression) -> Bool {
    switch (pattern, expression) {
    case (.name(variable), _):
      if let argument { return argument == expression }
      argument = expression
      return true
    case (.name(let name), _) where numbers.contains(name):
      guard let value = expression.signedNumber else { return false }
      if let known = values[name] { return known == value }
      values[name] = value
      return true
    case (.apply(let first, let own), .apply(let second, let others)):
      guard first == second, own.count == others.count else { return false }
      for (own, other) in zip(own, others) where !matches(own, other) { return false }
      return true
    default: return pattern == expression
    }
  }
}
