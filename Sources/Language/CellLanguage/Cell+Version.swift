extension Cell {
  /// The version of the language that the cell's text needs: 1 if the first programs could read it.
  package var languageVersion: Int {
    let usesNewLines =
      inputs.count > 1 || memory != nil || hasHeads || !repeats.isEmpty || !constants.isEmpty
      || parameters.contains(where: \.isFixed)
      || states.contains { $0.isNumber || $0.size.isMatrix } || equations.contains { $0.isNumber || $0.hasDeclaredSize }
    let startsAnew = parameters.contains { parameter in
      switch parameter.initializer {
      case .orthogonal(let factor): factor != 1
      case .groups, .legendre: true
      case .constant, .identity, .glorot, .uniform, .normal, nil: false
      }
    }
    let expressions = equations.flatMap(\.expression.parts).contains { part in
      if case .apply(let primitive, _) = part {
        primitive.version > 1 || primitive.fold != nil
      } else if case .slice = part {
        true
      } else {
        false
      }
    }
    return usesNewLines || expressions || startsAnew
      || sizes.contains { $0.defaultValue?.isProduct ?? false } ? 2 : 1
  }
}

extension Cell.NamedSize.Default {
  /// Whether it is more than a whole number, or the units times and divided by whole numbers.
  fileprivate var isProduct: Bool { names.isEmpty ? divisor != 1 : names != ["units"] }
}
