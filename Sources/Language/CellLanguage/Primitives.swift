// The elementary functions of the C library are the only thing that this room takes from outside the standard library:
// the table says what each primitive is in Double, and Swift has no exponential of its own.

import Platform

extension Primitive {
  /// Every function and operator of the cell language. Nothing else in the project lists them; each row that is not a
  /// composite has one kernel body of the same name.
  package static let all: [Primitive] = operators + functions + fused + composites + matrices

  package static let add = binary(
    "add", written: .infix("+", precedence: 1), { $0 + $1 }, "a plus b", ["dy", "dy"], onnx: "Add", ulps: 0.5, cost: 2)
  package static let subtract = binary(
    "subtract", aliases: ["−"], written: .infix("-", precedence: 1), { $0 - $1 }, "a minus b", ["dy", "-dy"], onnx: "Sub",
    ulps: 0.5, cost: 2)
  package static let multiply = binary(
    "multiply", aliases: ["⊙", "∘", "⊗", "·", "⋅", "×"], written: .infix("*", precedence: 2), { $0 * $1 },
    "a times b, element by element", ["dy * b", "dy * a"], onnx: "Mul", ulps: 0.5, cost: 2)
  package static let divide = binary(
    "divide", written: .infix("/", precedence: 2), { $0 / $1 }, "a divided by b", ["dy / b", "-(dy * y / b)"], onnx: "Div",
    ulps: 0.5, cost: 10)
  /// What the compiler makes of a product that is added to something.
  package static let multiplyAdd = Primitive(
    name: "multiply_add", aliases: [], notation: .function, definition: .ternary { $0 * $1 + $2 },
    meaning: "a * b + c, with one rounding where the processor has such an instruction",
    adjoints: ["dy * b", "dy * a", "dy"], operators: .call("Add", .call("Mul", .a, .b), .c), ulps: 1, cost: 2)
  /// What the compiler makes of a product that is subtracted from something.
  package static let subtractProduct = Primitive(
    name: "subtract_product", aliases: [], notation: .function, definition: .ternary { $2 - $0 * $1 },
    meaning: "c - a * b, with one rounding where the processor has such an instruction",
    adjoints: ["-(dy * b)", "-(dy * a)", "dy"], operators: .call("Sub", .c, .call("Mul", .a, .b)), ulps: 1, cost: 2)
  package static let negate = unary("negate", written: .prefix("-"), { -$0 }, "minus a", "-dy", onnx: "Neg", ulps: 0, cost: 2)

  /// What copies a vector.
  package static let identity = unary("identity", { $0 }, "a itself", "dy", onnx: "Identity", ulps: 0, cost: 2)
  /// What the compiler puts where an input of one number meets a longer vector: its argument has one element, its value as many as
  /// are needed. No text names it, and it is not in ``all``. Its adjoint gives the argument's gradient in each place.
  package static let spread = Primitive(
    name: "spread", aliases: [], notation: .function, definition: .row { row in row.map { _ in row[0] } }, meaning: nil,
    adjoints: ["sum(dy)"], operators: nil, ulps: 0, cost: 2)

  /// What the compiler makes of products of matrices. No text names these, and they are not in ``all``.
  package static let asRows = map("as_rows", .asRows, "sum_of_rows(dy)", ulps: 0)
  package static let asColumns = map("as_columns", .asColumns, "sum_of_columns(dy)", ulps: 0)
  package static let asMatrix = map("as_matrix", .asMatrix, "sum_of_all(dy)", ulps: 0)
  package static let sumOfRows = map("sum_of_rows", .sumOfRows, "as_rows(dy)", ulps: 1)
  package static let sumOfColumns = map("sum_of_columns", .sumOfColumns, "as_columns(dy)", ulps: 1)
  package static let sumOfAll = map("sum_of_all", .sumOfAll, "as_matrix(dy)", ulps: 1)
  /// The rows that no text can name.
  package static let unnamed = [spread, asRows, asColumns, asMatrix, sumOfRows, sumOfColumns, sumOfAll]

  /// The row of that name that no text can name.
  static func unnamed(_ name: String) -> Primitive? { unnamed.first { $0.name == name } }

  package static let outer = matrix(
    "outer", .outer, "as_columns(a) * as_rows(b)",
    "the matrix of all products of an element of a, which gives the row, and one of b")
  package static let matrixTimes = matrix(
    "matrix_times", .times, "sum_of_columns(a * as_rows(b))", "a matrix times a vector: the dot product of each row and b")
  package static let transposedTimes = matrix(
    "transposed_times", .transposedTimes, "sum_of_rows(as_columns(b) * a)",
    "a transposed matrix times a vector: the rows of a, each times its element of b, added up")
  package static let scaledRows = matrix(
    "scaled_rows", .scaledRows, "as_columns(a) * b", "a matrix each of whose rows is multiplied by its element of a")
  package static let scaledColumns = matrix(
    "scaled_columns", .scaledColumns, "a * as_rows(b)", "a matrix each of whose columns is multiplied by its element of b")
  private static let matrices: [Primitive] = [outer, matrixTimes, transposedTimes, scaledRows, scaledColumns]

  package static let clip = Primitive(
    name: "clip", aliases: [], notation: .function, definition: .ternary { smallest(largest($0, $1), $2) },
    meaning: "a, but no less than b and no more than c",
    adjoints: ["dy * step(a - b) * step(c - a)", "dy * step(b - a)", "dy * step(a - c)"],
    operators: .call("Min", .call("Max", .a, .b), .c), ulps: 0, cost: 3)

  private static let operators: [Primitive] = [add, subtract, multiply, divide, negate]

  private static let functions: [Primitive] = [
    unary(
      "sigmoid", aliases: ["σ"], { logistic($0) }, "logistic function, 1 / (1 + exp(-a)): from 0 to 1", "dy * (y - y * y)",
      onnx: "Sigmoid", ulps: 2.5, cost: 24),
    unary("tanh", { tanh($0) }, "hyperbolic tangent: from -1 to 1", "dy * (1 - y * y)", onnx: "Tanh", ulps: 3, cost: 26),
    unary("exp", { exp($0) }, "e to the power of a", "dy * y", onnx: "Exp", ulps: 1.5, cost: 14),
    unary("log", { log($0) }, "natural logarithm", "dy / a", onnx: "Log", ulps: 1, cost: 20),
    unary(
      "softplus", { logOnePlusExp($0) }, "log(1 + exp(a)): a smooth relu", "dy * sigmoid(a)", onnx: "Softplus", ulps: 2, cost: 36),
    unary(
      "softsign", { $0.isInfinite ? ($0 > 0 ? 1 : -1) : $0 / (1 + abs($0)) }, "a / (1 + abs(a)): from -1 to 1",
      "dy * (1 - abs(y)) * (1 - abs(y))",
      onnx: "Softsign", ulps: 1.5, cost: 12),
    unary("sqrt", { $0.squareRoot() }, "square root", "dy * 0.5 / y", onnx: "Sqrt", ulps: 0.5, cost: 10, range: 0 ... .infinity),
    unary("sin", { sin($0) }, "sine of an angle in radians", "dy * cos(a)", onnx: "Sin", ulps: 2, cost: 24, range: -1...1),
    unary("cos", { cos($0) }, "cosine of an angle in radians", "-(dy * sin(a))", onnx: "Cos", ulps: 2, cost: 24, range: -1...1),
    Primitive(
      name: "erf", aliases: [], notation: .function, definition: .unary { erf($0) },
      meaning: "error function, 2 / √π times the integral of exp(-t * t) from 0 to a: from -1 to 1",
      adjoints: ["dy * 1.1283791670955126 * exp(-(a * a))"], operators: .call("Erf", .a), ulps: 2, cost: 34, version: 2),
    unary("relu", { largest($0, 0) }, "a where it is positive, otherwise 0", "dy * step(a)", onnx: "Relu", ulps: 0, cost: 2),
    unary("abs", { abs($0) }, "absolute value", "dy * sign(a)", onnx: "Abs", ulps: 0, cost: 2, range: 0 ... .infinity),
    unary(
      "sign", { $0 > 0 ? 1 : $0 < 0 ? -1 : $0 }, "1, 0 or -1 as a is positive, zero or negative", "0", onnx: "Sign", ulps: 0,
      cost: 3),
    unary(
      "step", { $0.isNaN ? $0 : $0 > 0 ? 1 : 0 }, "1 where a is positive, otherwise 0", "0",
      onnx: .call("Relu", .call("Sign", .a)), ulps: 0, cost: 3),
    Primitive(
      name: "floor", aliases: [], notation: .function, definition: .unary { $0.rounded(.down) },
      meaning: "the largest whole number that is not above a", adjoints: ["0"], operators: .call("Floor", .a), ulps: 0, cost: 4,
      version: 2),
    identity,
    binary(
      "max", { largest($0, $1) }, "the larger one", ["dy * step(a - b)", "dy * (1 - step(a - b))"], onnx: "Max", ulps: 0, cost: 2),
    binary(
      "min", { smallest($0, $1) }, "the smaller one", ["dy * step(b - a)", "dy * (1 - step(b - a))"], onnx: "Min", ulps: 0,
      cost: 2),
    multiplyAdd,
    subtractProduct,
    clip,
    Primitive(
      name: "mean", aliases: [], notation: .function, definition: .row { meanEverywhere($0) },
      meaning: "the mean of all elements of the vector, in each place", adjoints: ["mean(dy)"],
      operators: .reduction("ReduceMean", .a), ulps: 1,
      cost: 4),
    row(
      "sum", { sumEverywhere($0) }, "the sum of all elements of the vector, in each place", "sum(dy)",
      onnx: .alongRow("ReduceSum", .a, attributes: [:], isReduction: true), ulps: 1, cost: 4, addsUp: true),
    row(
      "softmax", { softmax($0) }, "exp(a) over the sum of all elements of exp(a): from 0 to 1, and 1 in all",
      "y * (dy - sum(y * dy))", onnx: .call("Softmax", .a), ulps: 4, cost: 24, range: 0...1),
    row(
      "cumsum", { runningSums($0) }, "the sum of each element and all before it", "reverse_cumsum(dy)",
      onnx: .alongRow("CumSum", .a, attributes: [:], isReduction: false), ulps: 1, cost: 24, addsUp: true),
    row(
      "reverse_cumsum", { runningSums($0.reversed()).reversed() }, "the sum of each element and all after it", "cumsum(dy)",
      onnx: .alongRow("CumSum", .a, attributes: ["reverse": 1], isReduction: false), ulps: 1, cost: 24, addsUp: true),
  ]

  /// The ulps are those of the row's largest element, and grow with its mean over its deviation.
  private static let fused: [Primitive] = [
    fused(
      "layer_norm", "(a - mean(a)) / sqrt(mean((a - mean(a)) * (a - mean(a))) + 0.00001)",
      ["layer_norm_gradient(a, dy)"], ulps: 3, cost: 9),
    // How far a change of the row changes its layer_norm, and, since that is symmetric, which gradient of the row follows from
    // that of its layer_norm: b.
    fused(
      "layer_norm_gradient", arity: 2,
      """
      (b - mean(b) - layer_norm(a) * mean(b * layer_norm(a))) \
      / sqrt(mean((a - mean(a)) * (a - mean(a))) + 0.00001)
      """,
      [
        """
        -(mean(dy * layer_norm(a)) * y + mean(b * layer_norm(a)) * layer_norm_gradient(a, dy) \
        + (mean(dy * b) - mean(dy) * mean(b) - mean(b * layer_norm(a)) * mean(dy * layer_norm(a))) * layer_norm(a) \
        / sqrt(mean((a - mean(a)) * (a - mean(a))) + 0.00001)) / sqrt(mean((a - mean(a)) * (a - mean(a))) + 0.00001)
        """, "layer_norm_gradient(a, dy)",
      ], ulps: 11, cost: 17),
  ]

  private static let composites: [Primitive] = [
    composite("hard_sigmoid", "clip(a / 6 + 0.5, 0, 1)"),
    composite("hard_tanh", "clip(a, -1, 1)"),
    composite("log_sigmoid", "-softplus(-a)"),
    composite("silu", aliases: ["swish"], "a * sigmoid(a)"),
    composite("elu", "max(a, 0) + (exp(min(a, 0)) - 1)"),
    composite("leaky_relu", arity: 2, "max(a, 0) + b * min(a, 0)"),
    composite("gelu", "a * 0.5 * (1 + erf(a * 0.7071067811865476))", version: 2),
    composite("dot", arity: 2, "sum(a * b)", version: 2),
  ]

  /// The rows by name and alias.
  private static let byName: [String: Primitive] = {
    var table: [String: Primitive] = [:]
    for primitive in all {
      for name in [primitive.name] + primitive.aliases { table[name] = primitive }
      switch primitive.notation {
      case .infix(let symbol, _): table[symbol] = primitive
      case .prefix, .function, .product: break
      }
    }
    return table
  }()

  /// The primitive of that name, alias or infix symbol.
  package static func named(_ name: String) -> Primitive? { byName[name] }

  /// The function of that name or alias: what may stand before parentheses.
  static func function(named name: String) -> Primitive? {
    guard let primitive = byName[name], case .function = primitive.notation else { return nil }
    return primitive
  }

  /// The names and aliases of all functions, in the order of the table.
  static let functionNames: [String] = all.flatMap { primitive -> [String] in
    guard case .function = primitive.notation else { return [] }
    return [primitive.name] + primitive.aliases
  }

  private static func unary(
    _ name: String, aliases: [String] = [], written notation: Notation = .function,
    _ value: @escaping @Sendable (Double) -> Double, _ meaning: String,
    _ adjoint: String, onnx operators: OperatorExpression, ulps: Double, cost: Int, range: ClosedRange<Double>? = nil
  ) -> Primitive {
    Primitive(
      name: name, aliases: aliases, notation: notation, definition: .unary(value), meaning: meaning, adjoints: [adjoint],
      operators: operators, ulps: ulps, cost: cost, range: range)
  }

  private static func unary(
    _ name: String, aliases: [String] = [], written notation: Notation = .function,
    _ value: @escaping @Sendable (Double) -> Double, _ meaning: String,
    _ adjoint: String, onnx: String, ulps: Double, cost: Int, range: ClosedRange<Double>? = nil
  ) -> Primitive {
    unary(
      name, aliases: aliases, written: notation, value, meaning, adjoint, onnx: .call(onnx, .a), ulps: ulps, cost: cost,
      range: range)
  }

  private static func binary(
    _ name: String, aliases: [String] = [], written notation: Notation = .function,
    _ value: @escaping @Sendable (Double, Double) -> Double, _ meaning: String, _ adjoints: [String], onnx: String,
    ulps: Double, cost: Int
  ) -> Primitive {
    Primitive(
      name: name, aliases: aliases, notation: notation, definition: .binary(value), meaning: meaning, adjoints: adjoints,
      operators: .call(onnx, .a, .b), ulps: ulps, cost: cost)
  }

  private static func row(
    _ name: String, _ value: @escaping @Sendable ([Double]) -> [Double], _ meaning: String, _ adjoint: String,
    onnx operators: OperatorExpression, ulps: Double, cost: Int, range: ClosedRange<Double>? = nil, addsUp: Bool = false
  ) -> Primitive {
    Primitive(
      name: name, aliases: [], notation: .function, definition: .row(value), meaning: meaning, adjoints: [adjoint],
      operators: operators, ulps: ulps, cost: cost, range: range, addsUp: addsUp, version: 2)
  }

  private static func fused(
    _ name: String, arity: Int = 1, _ text: String, _ adjoints: [String], ulps: Double, cost: Int
  ) -> Primitive {
    Primitive(
      name: name, aliases: [], notation: .function, definition: .fused(arity: arity, text), meaning: nil, adjoints: adjoints,
      operators: nil,
      ulps: ulps, cost: cost)
  }

  private static func matrix(_ name: String, _ product: MatrixProduct, _ text: String, _ meaning: String) -> Primitive {
    Primitive(
      name: name, aliases: [], notation: product == .outer ? .function : .product(product), definition: .matrix(product, text),
      meaning: meaning, adjoints: [], operators: nil, ulps: 0, cost: 0, version: 2)
  }

  private static func map(_ name: String, _ map: MatrixMap, _ adjoint: String, ulps: Double) -> Primitive {
    Primitive(
      name: name, aliases: [], notation: .function, definition: .map(map), meaning: nil, adjoints: [adjoint], operators: nil,
      ulps: ulps, cost: map.spreads ? 2 : 24, version: 2)
  }

  private static func composite(
    _ name: String, aliases: [String] = [], arity: Int = 1, _ text: String, version: Int = 1
  ) -> Primitive {
    Primitive(
      name: name, aliases: aliases, notation: .function, definition: .composite(arity: arity, text), meaning: nil, adjoints: [],
      operators: nil, ulps: 0, cost: 0, version: version)
  }
}

/// σ without overflow on either side.
private func logistic(_ x: Double) -> Double {
  if x >= 0 { return 1 / (1 + exp(-x)) }
  let e = exp(x)
  return e / (1 + e)
}

/// log(1 + eˣ) without overflow.
private func logOnePlusExp(_ x: Double) -> Double { largest(x, 0) + log1p(exp(-abs(x))) }

/// The larger one; NaN if either is, so that a NaN never hides.
private func largest(_ a: Double, _ b: Double) -> Double { a.isNaN || b.isNaN ? .nan : Swift.max(a, b) }

private func smallest(_ a: Double, _ b: Double) -> Double { a.isNaN || b.isNaN ? .nan : Swift.min(a, b) }

/// The sum of the row at each of its places.
private func sumEverywhere(_ row: [Double]) -> [Double] {
  let sum = row.reduce(0, +)
  return row.map { _ in sum }
}

/// The sum of each element and those before it.
private func runningSums(_ row: some Collection<Double>) -> [Double] {
  var sum = 0.0
  return row.map { element in
    sum += element
    return sum
  }
}

/// Powers of e of the row over their sum, without overflow.
private func softmax(_ row: [Double]) -> [Double] {
  let highest = row.reduce(-Double.infinity, largest)
  let powers = row.map { exp($0 - highest) }
  let sum = powers.reduce(0, +)
  return powers.map { $0 / sum }
}

/// The mean of the row at each of its places.
private func meanEverywhere(_ row: [Double]) -> [Double] {
  let mean = row.reduce(0, +) / Double(row.count)
  return row.map { _ in mean }
}
