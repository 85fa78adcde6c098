extension Cell.Equation {
  /// The name of what the equation gives: `f`, or `c'` for a state's next value.
  package var name: String { isUpdate ? target + "'" : target }

  /// What the equation's functions squash, by name: the argument of each outermost function that holds a matrix product.
  ///
  /// It is called `f.pre` in the equation of `f`; if there are several, `f.pre1`, `f.pre2` and so on from the left.
  package var preactivations: [(name: String, expression: Expression)] {
    let arguments = expression.squashed
    return arguments.enumerated().map { index, argument in
      (arguments.count == 1 ? "\(name).pre" : "\(name).pre\(index + 1)", argument)
    }
  }

  /// The function that gives the whole right side: σ for `f = σ(W x + b)`, none for `h' = o * tanh(c')`.
  package var activation: Primitive? {
    guard case .apply(let primitive, let arguments) = expression, arguments.count == 1, primitive.isFunction else { return nil }
    return primitive
  }
}

extension Expression {
  fileprivate var squashed: [Expression] {
    switch self {
    case .number, .name, .next, .product, .projection, .concatenation, .slice: []
    case .apply(let primitive, let arguments):
      // What products of matrices are made of is not as long as what they give.
      primitive.matrixProduct != nil
        ? [] : primitive.isFunction ? arguments.filter(\.holdsProduct) : arguments.flatMap(\.squashed)
    }
  }

  private var holdsProduct: Bool {
    switch self {
    case .number, .name, .next, .slice: false
    case .product, .concatenation: true
    case .projection: false
    case .apply(_, let arguments): arguments.contains(where: \.holdsProduct)
    }
  }
}

extension Primitive {
  /// Whether it is written as a function of arguments in parentheses.
  var isFunction: Bool { if case .function = notation { true } else { false } }
}
