package import CellLanguage
import Support

extension Cell {
  /// The interval in which a local vector or a state's next value always lies, as far as its equation alone says:
  /// `0...1` for `f = σ(…)`, `0...1` for `i = 1 - f`, everything for a memory.
  package func range(of equation: Equation) -> ClosedRange<Double> { range(of: equation.expression) }

  /// The interval in which an expression over the cell's names always lies, as far as the expression alone says.
  package func range(of expression: Expression) -> ClosedRange<Double> { range(of: expression, bindings: [:]) }

  /// - Parameter bindings: the intervals of a composite's arguments.
  private func range(of expression: Expression, bindings: [String: ClosedRange<Double>]) -> ClosedRange<Double> {
    switch expression {
    case .number(let number): return number...number
    case .name(let name):
      if let bound = bindings[name] { return bound }
      if let value = constant(named: name) { return value...value }
      return equation(defining: .name(name)).map { range(of: $0.expression) } ?? .everything
    case .next(let state):
      let equation = found(equation(defining: expression), orFail: "no equation of cell \(name) gives \(state)'")
      return range(of: equation.expression)
    case .slice(let vector, _, _): return range(of: vector, bindings: bindings)
    case .product, .projection, .concatenation: return .everything
    case .apply(.asRows, let vector): return range(of: vector[0], bindings: bindings)
    case .apply(let primitive, let arguments):
      let ranges = arguments.map { range(of: $0, bindings: bindings) }
      if let body = primitive.composition {
        return range(of: body, bindings: Dictionary(uniqueKeysWithValues: zip(["a", "b", "c"], ranges)))
      }
      return primitive.range(of: ranges)
    }
  }
}

extension Cell {
  /// The equation that a name or a state's next value comes from; nil for the input, a state before the step, a parameter.
  func equation(defining expression: Expression) -> Equation? {
    switch expression {
    case .name(let name): equations.first { $0.target == name && !$0.isUpdate }
    case .next(let name): equations.first { $0.target == name && $0.isUpdate }
    case .number, .product, .projection, .concatenation, .slice, .apply: nil
    }
  }
}

extension Primitive {
  /// The interval of the values at arguments of given intervals.
  ///
  /// All primitives but those with a ``range`` of their own go only up or only down with each argument, so that the extremes
  /// are at the corners. A corner that is undefined, such as 0 · ∞, has neighbours that are not.
  fileprivate func range(of arguments: [ClosedRange<Double>]) -> ClosedRange<Double> {
    if let range { return range }
    if self == .divide, arguments[1].lowerBound < 0, arguments[1].upperBound > 0 { return .everything }
    let corners: [Double]
    switch definition {
    case .unary(let value): corners = arguments[0].ends.map(value)
    case .binary(let value): corners = arguments[0].ends.flatMap { a in arguments[1].ends.map { value(a, $0) } }
    case .ternary(let value):
      corners = arguments[0].ends.flatMap { a in
        arguments[1].ends.flatMap { b in arguments[2].ends.map { value(a, b, $0) } }
      }
    case .row where addsUp:
      corners = [
        arguments[0].lowerBound < 0 ? -.infinity : arguments[0].lowerBound,
        arguments[0].upperBound > 0 ? .infinity : arguments[0].upperBound,
      ]
    // A mean lies among what it is taken of.
    case .row: corners = arguments[0].ends
    case .composite, .fused, .matrix, .map: corners = []
    }
    let defined = corners.filter { !$0.isNaN }
    guard let low = defined.min(), let high = defined.max() else { return .everything }
    return low...high
  }
}

extension ClosedRange<Double> {
  fileprivate static let everything = -Double.infinity ... .infinity

  fileprivate var ends: [Double] { [lowerBound, upperBound] }
}
