import CellLanguage

extension Cell {
  /// An expression multiplied out: a sum of products, each as its factors, without numbers and signs. `(1 - z) * h + z * n`
  /// gives `h`, `z h` and `z n`.
  ///
  /// - Parameter expands: whether a local vector that only combines others, such as `kept = LTM * f`, is replaced by them.
  func monomials(of expression: Expression, expanding expands: Bool) -> [[Expression]] {
    switch expression {
    case .number: return [[]]
    case .name(let name) where constant(named: name) != nil: return [[]]
    case .product, .projection, .concatenation, .slice, .next: return [[expression]]
    case .name:
      guard expands, let equation = equation(defining: expression), combines(equation) else { return [[expression]] }
      return monomials(of: equation.expression, expanding: true)
    case .apply(let primitive, let arguments):
      let parts = arguments.map { monomials(of: $0, expanding: expands) }
      switch primitive {
      case .add, .subtract: return parts[0] + parts[1]
      case .negate: return parts[0]
      case .multiply: return parts[0].flatMap { left in parts[1].map { left + $0 } }
      case .divide: return parts[0].map { $0 + [arguments[1]] }
      default: return [[expression]]
      }
    }
  }

  /// Whether a local vector is a sum or a product of others, with no function, no matrix and nothing of a gate about it.
  func combines(_ equation: Equation) -> Bool {
    guard case .apply(let primitive, _) = equation.expression, [.add, .subtract, .multiply, .negate].contains(primitive),
      range(of: equation).lowerBound < 0
    else { return false }
    return monomials(of: equation.expression, expanding: false).joined().allSatisfy { factor in
      if case .name = factor { true } else if case .next = factor { true } else { false }
    }
  }
}
