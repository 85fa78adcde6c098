package import CellLanguage

/// What a named quantity does in a cell, as the equations show it.
package enum Role: String, Sendable, Hashable, CaseIterable, Encodable {
  /// Never negative, and others are multiplied by it: it lets them through or holds them back.
  case gate
  /// What a state's update adds, as far as gates let it in.
  case candidate
  /// A state's next value.
  case state
  /// Any other vector with a name.
  case local
  /// What a function squashes: the sum of products, biases and peepholes in its parentheses.
  case preactivation
}

extension Cell {
  /// What each equation's left side is, in the order of ``equations``. Names play no part in it.
  ///
  /// Where either of two factors could be the gate of the other, as in `i * g` with both squashed by σ, the last one is the
  /// candidate: so the literature writes it.
  package var roles: [Role] {
    let candidates = candidates
    return equations.map { equation in
      if !equation.isUpdate && candidates.contains(equation.target) { return .candidate }
      if isGate(equation) { return .gate }
      return equation.isUpdate ? .state : .local
    }
  }

  /// Never negative, and a factor of something.
  private func isGate(_ equation: Equation) -> Bool {
    guard range(of: equation).lowerBound >= 0 else { return false }
    let vector: Expression = equation.isUpdate ? .next(equation.target) : .name(equation.target)
    return equations.flatMap(\.expression.parts).contains { part in
      monomials(of: part, expanding: false).contains { $0.count > 1 && $0.contains(vector) }
    }
  }

  /// The local vectors that the updates of states add.
  private var candidates: Set<String> {
    let terms = equations.filter(\.isUpdate).flatMap { update in
      monomials(of: update.expression, expanding: true).map { (state: update.target, factors: $0) }
    }
    var found: Set<String> = []
    var gates: Set<Expression> = []
    var undecided: [[Expression]] = []
    for (state, factors) in terms {
      if factors.contains(.name(state)) {
        gates.formUnion(factors)
        continue
      }
      let signed = factors.filter { equation(defining: $0).map { range(of: $0).lowerBound < 0 } ?? false }
      let squashed = signed.compactMap { if case .name(let name) = $0 { name } else { nil } }
      if squashed.isEmpty {
        undecided.append(factors)
      } else {
        found.formUnion(squashed)
        gates.formUnion(factors.filter { !signed.contains($0) })
      }
    }
    for factors in undecided {
      let locals = factors.compactMap { factor -> String? in
        if case .name(let name) = factor, equation(defining: factor) != nil { name } else { nil }
      }
      if let last = locals.last, locals.count == factors.count, !gates.contains(.name(last)) { found.insert(last) }
    }
    return found
  }
}
