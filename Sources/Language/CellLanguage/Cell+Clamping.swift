extension Cell {
  /// The cell with some of its quantities controlled by two new parameters each: `f = keep * σ(…) + held`.
  ///
  /// Where `keep` is 1 and `held` is 0, the results are the same, bit for bit; where `keep` is 0, the quantity is `held`.
  ///
  /// - Parameter quantities: names of equations' left sides, such as `f` or `c'`; others, and matrices, are passed over.
  package func clamping(_ quantities: Set<String>) -> Cell {
    var cell = self
    cell.equations = equations.map { equation in
      guard quantities.contains(equation.name), !equation.size.isMatrix else { return equation }
      let names = Self.holders(of: equation.name)
      cell.parameters.append(Parameter(name: names.keep, kind: .vector(equation.size.rows), initializer: .constant(1)))
      cell.parameters.append(Parameter(name: names.held, kind: .vector(equation.size.rows), initializer: .constant(0)))
      let kept = Expression.apply(.multiply, [.name(names.keep), equation.expression])
      return equation.replacing(.apply(.add, [kept, .name(names.held)]))
    }
    return cell
  }

  /// What ``clamping(_:)`` calls the parameters of a quantity. No text can give a parameter such a name.
  package static func holders(of quantity: String) -> (keep: String, held: String) { ("keep \(quantity)", "held \(quantity)") }
}
