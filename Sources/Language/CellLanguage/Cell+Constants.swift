import Support

extension Cell {
  /// A copy of the cell in which some of its constants are other numbers.
  ///
  /// - Parameter values: finite numbers by the names of constants that the cell has.
  public func setting(_ values: [String: Double]) -> Cell {
    ensure(values.values.allSatisfy(\.isFinite), "constants are finite numbers, not \(values)")
    let names = constants.map(\.name)
    ensure(
      values.keys.allSatisfy(names.contains), "cell \(name) has the constants \(names), and not all of \(values.keys.sorted())")
    var cell = self
    cell.constants = constants.map { Constant(name: $0.name, value: values[$0.name] ?? $0.value) }
    return cell
  }

  /// A copy of the cell with another number for one of its constants, which `text` says as a `constant` line does.
  ///
  /// - Throws: ``Diagnostic`` if the cell has no such constant, or the text is no number.
  package func setting(_ constant: String, as text: String) throws(Diagnostic) -> Cell {
    var open = self
    open.constants.removeAll { $0.name == constant }
    let written = try Cell(parsing: "\(open)constant \(constant) = \(text)", file: name)
    return setting([constant: written.constant(named: constant)].compactMapValues(\.self))
  }

  /// What a name stands for if it is a constant's.
  package func constant(named name: String) -> Double? { constants.first { $0.name == name }?.value }

  /// The cell with numbers in the place of its constants.
  package var withoutConstants: Cell {
    if constants.isEmpty { return self }
    var cell = self
    cell.constants = []
    cell.equations = equations.map { equation in
      equation.replacing(
        equation.expression.replacing { part in
          if case .name(let name) = part, let value = constant(named: name) { .signed(value) } else { nil }
        })
    }
    return cell
  }
}

extension Expression {
  /// A number as the cell language writes it: a negative one has a minus before it.
  package static func signed(_ value: Double) -> Expression { value < 0 ? .apply(.negate, [.number(-value)]) : .number(value) }
}
