import CellLanguage

/// An expression multiplied out: what each product of factors is multiplied by. `(1 - z) * n + z * h` is
/// 1 · n, -1 · n z, 1 · h z.
///
/// Two ways to write the same sum of products are one polynomial. Factors are whatever is no sum, product or number.
struct Polynomial: Hashable {
  /// The coefficients of products, by their sorted factors.
  private(set) var terms: [[Expression]: Double]

  init(_ terms: [[Expression]: Double]) {
    self.terms = Dictionary(terms.map { ($0.key.sorted { $0.description < $1.description }, $0.value) }, uniquingKeysWith: +)
  }

  /// - Parameter cell: whose local vectors that only combine others, such as `i = 1 - f`, are replaced by them.
  init(_ expression: Expression, in cell: Cell) {
    switch expression {
    case .number(let value): self.init([[]: value])
    case .name(let name):
      if let equation = cell.equations.first(where: { !$0.isUpdate && $0.target == name }), equation.expression.isArithmetic {
        self.init(equation.expression, in: cell)
      } else {
        self.init([[expression]: 1])
      }
    case .next, .product, .projection, .concatenation, .slice: self.init([[expression]: 1])
    case .apply(let primitive, let arguments):
      switch primitive {
      case .add: self = Polynomial(arguments[0], in: cell).adding(Polynomial(arguments[1], in: cell), times: 1)
      case .subtract: self = Polynomial(arguments[0], in: cell).adding(Polynomial(arguments[1], in: cell), times: -1)
      case .negate: self = Polynomial([:]).adding(Polynomial(arguments[0], in: cell), times: -1)
      case .multiply:
        let (left, right) = (Polynomial(arguments[0], in: cell), Polynomial(arguments[1], in: cell))
        self = left.terms.reduce(Polynomial([:])) { sum, own in
          sum.adding(
            Polynomial(Dictionary(right.terms.map { ($0.key + own.key, $0.value) }, uniquingKeysWith: +)), times: own.value)
        }
      default: self.init([[expression]: 1])
      }
    }
  }

  private func adding(_ other: Polynomial, times factor: Double) -> Polynomial {
    Polynomial(terms.merging(other.terms.mapValues { $0 * factor }, uniquingKeysWith: +).filter { $0.value != 0 })
  }

  /// All factors, each once.
  var factors: Set<Expression> { Set(terms.keys.joined()) }
}

extension Expression {
  /// Whether it only adds and multiplies names and numbers.
  fileprivate var isArithmetic: Bool {
    guard case .apply(let primitive, let arguments) = self else { return false }
    return [.add, .subtract, .multiply, .negate].contains(primitive)
      && arguments.allSatisfy { argument in
        switch argument {
        case .number, .name, .next: true
        case .product, .projection, .concatenation, .slice: false
        case .apply: argument.isArithmetic
        }
      }
  }
}
