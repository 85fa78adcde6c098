import CellLanguage

/// What an operator of a primitive's row is in C.
enum COperator: Sendable {
  case infix(String, CExpression.Tightness)
  case negation
  /// The argument as it is.
  case copy
  /// A function of the C library, by its name for `double`.
  case library(String)
  case helper(CHelper)
  /// A function of a whole vector, in its place.
  case row(CHelper)

  /// The operators that rows of the table of primitives are made of, by their names in ONNX.
  private static let all: [String: COperator] = [
    "Add": .infix("+", .sum), "Sub": .infix("-", .sum), "Mul": .infix("*", .product), "Div": .infix("/", .product),
    "Neg": .negation, "Identity": .copy, "Exp": .library("exp"), "Log": .library("log"), "Sqrt": .library("sqrt"),
    "Sin": .library("sin"), "Cos": .library("cos"), "Abs": .library("fabs"), "Tanh": .library("tanh"), "Erf": .library("erf"),
    "Floor": .library("floor"),
    "Sigmoid": .helper(.sigmoid), "Softplus": .helper(.softplus), "Softsign": .helper(.softsign), "Relu": .helper(.relu),
    "Sign": .helper(.sign), "Max": .helper(.larger), "Min": .helper(.smaller),
    "Softmax": .row(.softmax),
  ]

  /// The operator of that name; nil if C source does not have it.
  static func named(_ name: String, _ math: CMath) -> COperator? {
    math == .fast && name == "Tanh" ? .helper(.tanh) : all[name]
  }

  func applied(to arguments: [CExpression], _ number: CNumber) -> CExpression {
    switch self {
    case .infix(let sign, let tightness): .infix(sign, tightness, arguments[0], arguments[1])
    case .negation: .negated(arguments[0])
    case .copy: arguments[0]
    case .library(let name): .call(number.library(name), arguments)
    case .helper(let helper), .row(let helper): .call(helper.rawValue, arguments)
    }
  }
}

/// What a reduction of a primitive's row makes of the numbers of a vector.
enum CReduction: Sendable, Hashable {
  case mean, sum

  static func named(_ name: String) -> CReduction? {
    switch name {
    case "ReduceMean": .mean
    case "ReduceSum": .sum
    default: nil
    }
  }
}
