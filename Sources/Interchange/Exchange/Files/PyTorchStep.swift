import CellCompiler
import CellLanguage
import Support

/// A cell's equations as a function of Python: from what a step of all sequences reads, `[B, n]`, and the states before it to those after it,
/// on PyTorch's tensors.
struct PyTorchStep {
  private let cell: Cell
  private let dimensions: Dimensions
  private let weight: (String) -> String
  private var values: [String: Value] = [:]
  private var lines: [String] = []

  private struct Value {
    /// An expression of Python that needs no parentheses.
    let text: String
    /// Whether it has a row for each sequence; others are the same for all.
    var hasRows = true
    /// Numbers of a row: as many as the vector has, or 1, which serves as a vector of any length.
    let width: Int
    /// Whether it is a tensor, and not a number of Python.
    var isTensor = true
  }

  /// - Parameter weight: the expression of Python for a parameter.
  /// - Throws: ``RecurrentError`` if the cell has something that is not written.
  init(_ cell: Cell, dimensions: Dimensions, weight: @escaping (String) -> String) throws(RecurrentError) {
    (self.cell, self.dimensions, self.weight) = (cell, dimensions, weight)
    let what =
      cell.heads(dimensions) > 1 || cell.parameters.contains { $0.kind.isBlockDiagonal }
      ? "heads" : cell.hasMatricesOrNumbers && cell.memory == nil ? "matrices or numbers of its own for each sequence" : nil
    if let what {
      throw RecurrentError(.interchange, "cell \(cell.name) has \(what), which is not written for PyTorch: convert it to ONNX")
    }
  }

  /// The lines of `def NAME(w, x, states, memory):`.
  mutating func function(_ name: String) throws(RecurrentError) -> [String] {
    lines = []
    values = [cell.input: Value(text: "x", width: dimensions.inputs)]
    if let memory = cell.memory { values[memory.name] = Value(text: "memory", width: dimensions[memory.size]) }
    for constant in cell.constants { values[constant.name] = number(constant.value) }
    for parameter in cell.parameters {
      switch parameter.kind {
      case .matrix, .blockDiagonal: continue
      case .vector(let size), .bias(let size):
        values[parameter.name] = Value(text: weight(parameter.name), hasRows: false, width: dimensions[size])
      case .scalar: values[parameter.name] = Value(text: weight(parameter.name), hasRows: false, width: 1)
      }
    }
    let names = cell.states.map { identifier($0.name) }
    for (state, name) in zip(cell.states, names) { values[state.name] = Value(text: name, width: dimensions[state.size]) }
    lines.append("\(names.joined(separator: ", "))\(names.count == 1 ? "," : "") = states")
    for stage in cell.stages(dimensions) {
      switch stage {
      case .equation(let equation): try assign(equation)
      case .repeated(let count, let equations):
        let before = values
        for _ in 0..<count {
          for equation in equations { try assign(equation) }
          for equation in equations where equation.isUpdate { values[equation.target] = values[equation.name] }
        }
        for state in cell.states { values[state.name] = before[state.name] }
      }
    }
    var next: [String] = []
    for state in cell.states {
      let new = rows(known(state.name + "'"), width: dimensions[state.size])
      let fraction = short(state.zoneout)
      next.append(state.zoneout > 0 ? "\(fraction) * \(identifier(state.name)) + (1 - \(fraction)) * \(new)" : new)
    }
    lines.append("return [\(next.joined(separator: ", "))]")
    return ["def \(name)(w, x, states, memory):"] + lines.map { "    " + $0 }
  }

  private mutating func assign(_ equation: Cell.Equation) throws(RecurrentError) {
    let found = try value(of: equation.expression)
    // The same name again, as where equations are repeated, has the value of the last time.
    let name = identifier(equation.name)
    lines.append("\(name) = \(found.text)")
    values[equation.name] = Value(text: name, hasRows: found.hasRows, width: found.width, isTensor: found.isTensor)
  }

  /// A name as Python takes it: `h'` is `h_next`.
  private func identifier(_ name: String) -> String {
    let own = name.replacing("'", with: "_next")
    let isPlain = own.unicodeScalars.allSatisfy {
      $0.isASCII && ($0 == "_" || $0.properties.isAlphabetic || ("0"..."9").contains($0))
    }
    let reserved = [
      "w", "x", "states", "memory", "torch", "tensor", "in", "is", "as", "if", "or", "and", "not", "lambda", "del", "for",
    ]
    if isPlain && !reserved.contains(own) { return own }
    return "v_" + own.unicodeScalars.map { $0.isASCII ? String($0) : "u" + String($0.value, radix: 16) }.joined()
  }

  private func number(_ value: Double) -> Value { Value(text: short(value), hasRows: false, width: 1, isTensor: false) }

  private func known(_ name: String) -> Value {
    found(values[name], orFail: "cell \(cell.name) reads \(name), which nothing defines")
  }

  /// A value with `width` numbers for each sequence.
  private func rows(_ value: Value, width: Int) -> String {
    value.hasRows && value.width == width ? value.text : "(\(value.text) + torch.zeros(len(x), \(width)))"
  }

  private func value(of expression: Expression) throws(RecurrentError) -> Value {
    switch expression {
    case .number(let value): return number(value)
    case .name(let name): return known(name)
    case .next(let name): return known(name + "'")
    case .product(let matrix, let isTransposed, let vector): return try product(matrix, isTransposed, vector)
    case .projection(let memory, let matrix):
      return Value(text: "(\(known(memory).text) @ \(weight(matrix)).T)", width: dimensions[sizes(matrix).rows])
    case .slice(let vector, let from, let to):
      let whole = try value(of: vector)
      let (start, end) = (dimensions[from], dimensions[to])
      if whole.width == 1 && end > 1 { return whole }
      return Value(text: "\(whole.text)[..., \(start):\(end)]", hasRows: whole.hasRows, width: end - start)
    case .concatenation(let parts): return try joined(parts)
    case .apply(let primitive, let arguments):
      if let product = primitive.matrixProduct { return try self.product(product, arguments) }
      var own: [Value] = []
      for argument in arguments { own.append(try value(of: argument)) }
      if primitive == .asRows {
        return Value(text: own[0].hasRows ? "\(own[0].text)[:, None]" : own[0].text, width: own[0].width)
      }
      return try value(of: primitive, own)
    }
  }

  private func joined(_ parts: [Expression]) throws(RecurrentError) -> Value {
    var (texts, width): ([String], Int) = ([], 0)
    for part in parts {
      let own = try value(of: part)
      texts.append(rows(own, width: own.width))
      width += own.width
    }
    return Value(text: "torch.cat([\(texts.joined(separator: ", "))], -1)", width: width)
  }

  private func sizes(_ matrix: String) -> (rows: Size, columns: [Size]) {
    found(
      cell.parameters.first { $0.name == matrix }?.kind.matrixSizes, orFail: "\(matrix) of cell \(cell.name) is no matrix")
  }

  private func product(_ matrix: String, _ isTransposed: Bool, _ vector: Expression) throws(RecurrentError) -> Value {
    let sizes = sizes(matrix)
    let (height, length) = (dimensions[sizes.rows], sizes.columns.reduce(0) { $0 + dimensions[$1] })
    let operand = rows(try value(of: vector), width: isTransposed ? height : length)
    return Value(
      text: "(\(operand) @ \(weight(matrix))\(isTransposed ? "" : ".T"))", width: isTransposed ? length : height)
  }

  /// A product of what has a row, or a number, for each row of the memory.
  private func product(_ product: MatrixProduct, _ arguments: [Expression]) throws(RecurrentError) -> Value {
    let (first, second) = (try value(of: arguments[0]), try value(of: arguments[1]))
    func row(_ value: Value) -> String { value.hasRows ? "\(value.text)[:, None]" : value.text }
    switch product {
    case .times:
      let text = second.hasRows ? "(\(first.text) @ \(second.text)[:, :, None])[:, :, 0]" : "(\(first.text) @ \(second.text))"
      return Value(text: text, width: 1)
    case .transposedTimes: return Value(text: "(\(second.text)[:, None] @ \(first.text))[:, 0]", width: first.width)
    case .outer: return Value(text: "(\(first.text)[:, :, None] * \(row(second)))", width: second.width)
    case .scaledRows: return Value(text: "(\(first.text)[:, :, None] * \(second.text))", width: second.width)
    case .scaledColumns: return Value(text: "(\(first.text) * \(row(second)))", width: first.width)
    }
  }

  // MARK: Functions

  private func value(of primitive: Primitive, _ arguments: [Value]) throws(RecurrentError) -> Value {
    if let composition = primitive.composition {
      var inner = self
      inner.values = Dictionary(zip(["a", "b", "c"], arguments)) { first, _ in first }
      return try inner.value(of: composition)
    }
    let operators = found(primitive.operators, orFail: "\(primitive.name) has no operators")
    return try value(of: operators, arguments, in: primitive)
  }

  private func value(
    of expression: OperatorExpression, _ arguments: [Value], in primitive: Primitive
  ) throws(RecurrentError) -> Value {
    switch expression {
    case .argument(let number): return arguments[number]
    case .call(let name, let parts):
      var own: [Value] = []
      for part in parts { own.append(try value(of: part, arguments, in: primitive)) }
      guard let text = Self.text(name, own.map { ($0.text, $0.isTensor) }) else { throw refusal(of: primitive) }
      return Value(
        text: text, hasRows: own.contains { $0.hasRows }, width: own.reduce(1) { max($0, $1.width) },
        isTensor: !Self.infix.keys.contains(name) || own.contains { $0.isTensor })
    case .reduction(let name, let part):
      let own = try value(of: part, arguments, in: primitive)
      guard name == "ReduceMean" else { throw refusal(of: primitive) }
      return Value(text: "\(own.text).mean(-1, keepdim=True)", hasRows: own.hasRows, width: 1)
    case .alongRow(let name, let part, let attributes, _):
      let own = try value(of: part, arguments, in: primitive)
      switch name {
      case "ReduceSum": return Value(text: "\(own.text).sum(-1, keepdim=True)", hasRows: own.hasRows, width: 1)
      case "CumSum":
        let turned = attributes["reverse"] == 1 ? ".flip(-1)" : ""
        return Value(text: "torch.cumsum(\(own.text)\(turned), -1)\(turned)", hasRows: own.hasRows, width: own.width)
      default: throw refusal(of: primitive)
      }
    }
  }

  private func refusal(of primitive: Primitive) -> RecurrentError {
    RecurrentError(
      .interchange, "cell \(cell.name) has the function \(primitive.name), which is not written for PyTorch: convert it to ONNX")
  }

  private static let infix = ["Add": "+", "Sub": "-", "Mul": "*", "Div": "/"]
  private static let functions = [
    "Sigmoid": "torch.sigmoid", "Tanh": "torch.tanh", "Exp": "torch.exp", "Log": "torch.log", "Sqrt": "torch.sqrt",
    "Softplus": "torch.nn.functional.softplus", "Softsign": "torch.nn.functional.softsign", "Sin": "torch.sin",
    "Cos": "torch.cos", "Erf": "torch.erf", "Relu": "torch.relu", "Abs": "torch.abs", "Sign": "torch.sign",
    "Max": "torch.maximum", "Min": "torch.minimum",
  ]

  /// An operator of ONNX as Python writes it; nil if it is not known.
  private static func text(_ name: String, _ arguments: [(text: String, isTensor: Bool)]) -> String? {
    if let sign = infix[name] { return "(\(arguments.map(\.text).joined(separator: " \(sign) ")))" }
    let tensors = arguments.map { $0.isTensor ? $0.text : "torch.tensor(\($0.text))" }
    switch name {
    case "Neg": return "(-\(arguments[0].text))"
    case "Softmax": return "torch.softmax(\(tensors[0]), -1)"
    default: return functions[name].map { "\($0)(\(tensors.joined(separator: ", ")))" }
    }
  }
}
