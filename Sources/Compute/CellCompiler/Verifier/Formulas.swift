import CellLanguage

/// What values are, however they are computed: formulas of what a step finds when it begins, numbered such that equal ones have
/// equal numbers.
///
/// An instruction that multiplies and adds at once has the formula of the two instructions that it stands for, and a copy that of
/// what it copies. What products give has no parts: the graph's own value stands for it.
struct Formulas {
  /// The number of a formula.
  typealias Formula = Int

  private enum Form: Hashable {
    /// What is there when the step begins, at the width at which it is read.
    case leaf(Graph.Operation, width: Int)
    case apply(Primitive, [Formula], width: Int)
    /// A pre-activation, or a gradient that has come back through products.
    case product(Graph.Value)
    /// Elements of a vector from some place on.
    case slice(Formula, start: Int, width: Int)
    /// Vectors within a longer one, each with the place of its first element.
    case placed([[Int]], width: Int)
  }

  private var numbers: [Form: Formula] = [:]
  /// The formula of each value of the graph.
  private(set) var values: [Formula] = []

  init(of graph: Graph) {
    for (value, node) in graph.nodes.enumerated() {
      switch node.operation {
      case .apply(let primitive, let arguments):
        values.append(apply(primitive, arguments.map { values[$0] }, width: node.width))
      case .slice(let vector, let start):
        values.append(slice(values[vector], start: start, width: node.width))
      case .placed(let parts):
        values.append(
          number(of: .placed(parts.map { [values[$0.value], $0.start] }, width: node.width)))
      case .affine, .backpropagated: values.append(number(of: .product(value)))
      default: values.append(leaf(node.operation, width: node.width))
      }
    }
  }

  mutating func leaf(_ operation: Graph.Operation, width: Int) -> Formula { number(of: .leaf(operation, width: width)) }

  mutating func slice(_ vector: Formula, start: Int, width: Int) -> Formula {
    number(of: .slice(vector, start: start, width: width))
  }

  mutating func apply(_ primitive: Primitive, _ arguments: [Formula], width: Int) -> Formula {
    switch primitive {
    case .identity: arguments[0]
    case .multiplyAdd:
      apply(.add, [apply(.multiply, Array(arguments.prefix(2)), width: width), arguments[2]], width: width)
    case .subtractProduct:
      apply(.subtract, [arguments[2], apply(.multiply, Array(arguments.prefix(2)), width: width)], width: width)
    case .add, .multiply: number(of: .apply(primitive, arguments.sorted(), width: width))
    default: number(of: .apply(primitive, arguments, width: width))
    }
  }

  private mutating func number(of form: Form) -> Formula {
    if let number = numbers[form] { return number }
    numbers[form] = numbers.count
    return numbers.count - 1
  }
}
