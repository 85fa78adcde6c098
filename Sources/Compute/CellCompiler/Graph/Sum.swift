import CellLanguage

/// A sum taken apart: `W x + U h - p * c + b` has two products, a vector and a term of another kind.
struct Sum {
  struct Term {
    let expression: Expression
    let isNegative: Bool
  }

  /// Products that are added, in order.
  private(set) var products: [Expression] = []
  /// All else, in order.
  private(set) var rest: [Term] = []

  /// A lone product.
  init(_ product: Expression) { products = [product] }

  /// Nil unless the expression is a sum in which a product is added: nothing is to be gathered then.
  init?(gathering expression: Expression) {
    guard case .apply(let primitive, _) = expression, primitive == .add || primitive == .subtract else { return nil }
    collect(expression, isNegative: false)
    if products.isEmpty { return nil }
  }

  private mutating func collect(_ expression: Expression, isNegative: Bool) {
    switch expression {
    case .apply(let primitive, let arguments) where primitive == .add || primitive == .subtract:
      collect(arguments[0], isNegative: isNegative)
      collect(arguments[1], isNegative: isNegative != (primitive == .subtract))
    case .product where !isNegative: products.append(expression)
    default: rest.append(Term(expression: expression, isNegative: isNegative))
    }
  }

  /// The vector parameters that are added.
  func vectors(in cell: Cell) -> [String] { rest.compactMap { Self.vector($0, in: cell) } }

  /// What is neither a product nor, unless `withBiases`, a vector parameter that is added.
  func others(in cell: Cell, withBiases: Bool) -> [Term] {
    withBiases ? rest : rest.filter { Self.vector($0, in: cell) == nil }
  }

  private static func vector(_ term: Term, in cell: Cell) -> String? {
    guard !term.isNegative, case .name(let name) = term.expression else { return nil }
    return cell.parameters.contains { parameter in
      switch parameter.kind {
      case .vector, .bias: parameter.name == name
      case .matrix, .blockDiagonal, .scalar: false
      }
    } ? name : nil
  }

  /// Sums of the same products that differ in their biases, as FastGRNN's two gates do: their products are computed once
  /// and the biases added apart.
  static func shared(in cell: Cell) -> Set<Set<Expression>> {
    var biases: [Set<Expression>: Set<[String]>] = [:]
    func visit(_ expression: Expression) {
      switch expression {
      case .number, .name, .next, .slice, .projection: break
      case .product(_, _, let operand):
        biases[[expression], default: []].insert([])
        visit(operand)
      case .concatenation(let parts): parts.forEach(visit)
      case .apply(_, let arguments):
        guard let sum = Sum(gathering: expression) else { return arguments.forEach(visit) }
        biases[Set(sum.products), default: []].insert(sum.vectors(in: cell))
        for case .product(_, _, let operand) in sum.products { visit(operand) }
        sum.rest.forEach { visit($0.expression) }
      }
    }
    cell.equations.forEach { visit($0.expression) }
    return Set(biases.filter { $0.value.count > 1 }.keys)
  }
}

extension Expression {
  /// A sum in which several vectors are added to each row of a matrix, with these added to each other first; nil for any other sum.
  var gatheringRows: Expression? {
    var (rows, others): ([Expression], [Sum.Term]) = ([], [])
    func collect(_ expression: Expression, isNegative: Bool) {
      switch expression {
      case .apply(let primitive, let arguments) where primitive == .add || primitive == .subtract:
        collect(arguments[0], isNegative: isNegative)
        collect(arguments[1], isNegative: isNegative != (primitive == .subtract))
      case .apply(.asRows, let vector) where !isNegative: rows.append(vector[0])
      default: others.append(Sum.Term(expression: expression, isNegative: isNegative))
      }
    }
    collect(self, isNegative: false)
    guard rows.count > 1 else { return nil }
    let vector = rows.dropFirst().reduce(rows[0]) { .apply(.add, [$0, $1]) }
    return others.reduce(.apply(.asRows, [vector])) { sum, term in
      .apply(term.isNegative ? .subtract : .add, [sum, term.expression])
    }
  }
}
