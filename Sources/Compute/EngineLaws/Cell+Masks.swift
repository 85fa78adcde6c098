import CellLanguage

extension Cell {
  /// The cell whose products see of each state what a further state leaves of it, one that never changes.
  ///
  /// - Throws: ``CellLanguage/Diagnostic`` if such a cell can't be written.
  func withMasks() throws(Diagnostic) -> Cell {
    func mask(of state: String) -> String { "mask_\(state)" }
    let names = Set(states.map(\.name))
    func masked(_ operand: Expression) -> Expression {
      operand.replacing { part in
        switch part {
        case .name(let name) where names.contains(name):
          return .apply(.multiply, [part, .name(mask(of: name))])
        case .slice(.name(let name), let from, let to) where names.contains(name):
          return .apply(.multiply, [part, .slice(.name(mask(of: name)), from: from, to: to)])
        default: return nil
        }
      }
    }
    let equations = equations.map { equation in
      equation.replacing(
        equation.expression.replacing { part in
          guard case .product(let matrix, let isTransposed, let operand) = part else { return nil }
          return .product(matrix: matrix, transposed: isTransposed, masked(operand))
        })
    }
    let kept = states.map {
      Equation(
        target: mask(of: $0.name), isUpdate: true, expression: .name(mask(of: $0.name)), size: $0.size, label: nil)
    }
    let whole = Cell(
      name: name, summary: summary, inputs: inputs, memory: memory,
      states: states + states.map { State(name: mask(of: $0.name), size: $0.size, isNumber: $0.isNumber) },
      sizes: sizes, hasHeads: hasHeads, constants: constants, equations: equations + kept, repeats: repeats, evaluationOrder: [],
      parameters: parameters,
      constraints: constraints)
    return try Cell(parsing: whole.description, file: name)
  }
}
