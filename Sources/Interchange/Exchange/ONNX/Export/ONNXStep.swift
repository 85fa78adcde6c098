import CellLanguage
import Models
import ONNXFiles
import Storage
import Support

/// A cell's equations as a graph of operators, the body of a `Scan`: from the states before a step and its input to the states
/// after it; or, of a cell without memory, as operators of the graph itself, which work on all steps at once.
///
/// Vectors are rows, `[B, n]`, or `[T, B, n]` where all steps are. A body reads the weights, and the shapes of what has no rows
/// of its own, from the graph that it stands in.
struct ONNXStep {
  let cell: Cell
  let dimensions: Dimensions
  private var builder: ONNXGraphBuilder
  /// What stands round the step.
  var outer: ONNXGraphBuilder
  private var values: [String: Value] = [:]
  /// Whether operators are those of ``outer``.
  private var isInline = false
  /// How many rows there are, where those of all steps stand one after the other; else there is one for each sequence.
  private var rowCount: String?
  let weight: (String) -> String

  struct Value {
    let name: String
    /// Whether it has rows, or is the same for all sequences.
    let hasRows: Bool
    /// Numbers of a row: as many as the vector has; or 1, which serves as a vector of any length; or one for each head, which serves as a
    /// vector or a matrix with equal numbers in each head. Of what has a row for each row of a memory,
    /// `[B, S, n]`, the numbers of one of these; 1 of what has a number for each, `[B, S]`.
    let width: Int
    /// Whether it has a row, or a number, for each row of a memory.
    var followsMemory = false
  }

  /// - Parameters:
  ///   - outer: to which numbers and shapes are added.
  ///   - weight: what a parameter is called there.
  init(_ cell: Cell, dimensions: Dimensions, in outer: ONNXGraphBuilder, weight: @escaping (String) -> String) {
    self.cell = cell
    self.dimensions = dimensions
    self.outer = outer
    self.weight = weight
    builder = ONNXGraphBuilder(cell.name)
  }

  /// The graph; its outputs are the states after the step and then, for the list of all steps, the first of them again.
  mutating func body() -> ONNXGraph {
    let states = cell.states.map { (name: $0.name, width: dimensions[$0.size]) }
    for (name, width) in states + [(cell.input, dimensions.inputs)] {
      let own = "step.\(name)"
      builder.input(own, .float32, [.unknown, .fixed(width)])
      values[name] = Value(name: own, hasRows: true, width: width)
    }
    takeParameters()
    if let memory = cell.memory {
      values[memory.name] = Value(
        name: ONNXNetworkWriter.memory, hasRows: true, width: dimensions[memory.size], followsMemory: true)
    }
    evaluate { step, equation in
      let value = step.value(of: equation.expression, step.values)
      return equation.size.followsMemory ? value : step.rows(value, width: step.dimensions[equation.size])
    }
    // Equations read what equations give; only the states that the step returns keep their fraction of the old ones.
    for state in cell.states where state.zoneout > 0 {
      let old = Expression.apply(.multiply, [.number(state.zoneout), .name(state.name)])
      let new = Expression.apply(.multiply, [.number(1 - state.zoneout), .next(state.name)])
      values[state.name + "'"] = value(of: .apply(.add, [old, new]), values)
    }
    for (name, width) in states {
      builder.output(
        builder.add("Identity", [values[name + "'"]?.name ?? ""], name: "next.\(name)"), [.unknown, .fixed(width)])
    }
    builder.output(builder.add("Identity", ["next.\(states[0].name)"], name: "next.output"), [.unknown, .fixed(states[0].width)])
    return builder.graph
  }

  /// What a cell without memory makes of rows of inputs, added to ``outer``.
  mutating func output(of rows: String) -> String {
    isInline = true
    // Matrices of a sequence are cut out of rows, of which there may be some for each step.
    let isFlat = cell.hasMatricesOrNumbers
    let flat = isFlat ? reshaped(rows, [-1, dimensions.inputs]) : rows
    if isFlat { rowCount = add("Slice", [add("Shape", [flat]), outer.integers([0]), outer.integers([1])]) }
    values[cell.input] = Value(name: flat, hasRows: true, width: dimensions.inputs)
    takeParameters()
    evaluate { step, equation in
      let value = step.value(of: equation.expression, step.values)
      return isFlat ? step.fitted(value, width: step.dimensions[equation.size]) : value
    }
    let output = found(values[cell.states[0].name + "'"], orFail: "cell \(cell.name) gives no \(cell.states[0].name)'").name
    if !isFlat { return output }
    let steps = add("Slice", [add("Shape", [rows]), outer.integers([0]), outer.integers([-1])])
    let shape = add("Concat", [steps, outer.integers([dimensions[cell.states[0].size]])], ["axis": .integer(0)])
    return add("Reshape", [output, shape])
  }

  /// Gives each equation its value, those that are repeated once for each time.
  private mutating func evaluate(_ value: (inout ONNXStep, Cell.Equation) -> Value) {
    func evaluate(_ equation: Cell.Equation) { values[equation.name] = value(&self, equation) }
    for stage in cell.stages(dimensions) {
      switch stage {
      case .equation(let equation): evaluate(equation)
      case .repeated(let count, let equations):
        let before = values
        for _ in 0..<count {
          for equation in equations { evaluate(equation) }
          for equation in equations where equation.isUpdate { values[equation.target] = values[equation.name] }
        }
        for state in cell.states { values[state.name] = before[state.name] }
      }
    }
  }

  private mutating func takeParameters() {
    for constant in cell.constants {
      values[constant.name] = Value(name: outer.number(constant.value), hasRows: false, width: 1)
    }
    for parameter in cell.parameters {
      let width: Int
      switch parameter.kind {
      case .matrix, .blockDiagonal: continue
      case .vector(let size), .bias(let size): width = dimensions[size]
      case .scalar: width = 1
      }
      values[parameter.name] = Value(name: weight(parameter.name), hasRows: false, width: width)
    }
  }

  mutating func add(_ operation: String, _ inputs: [String], _ attributes: [String: ONNXAttribute] = [:]) -> String {
    isInline ? outer.add(operation, inputs, attributes) : builder.add(operation, inputs, attributes)
  }

  /// A value with `width` numbers in a row for each sequence.
  mutating func rows(_ value: Value, width: Int) -> Value {
    let value = fitted(value, width: width)
    if value.hasRows && value.width == width { return value }
    let shape =
      rowCount.map { add("Concat", [$0, outer.integers([width])], ["axis": .integer(0)]) } ?? outer.shape(ofRows: width)
    return Value(name: add("Expand", [value.name, shape]), hasRows: true, width: width)
  }

  mutating func value(of expression: Expression, _ names: [String: Value]) -> Value {
    switch expression {
    case .number(let number): return Value(name: outer.number(number), hasRows: false, width: 1)
    case .name(let name): return known(name, names)
    case .next(let name): return known(name + "'", names)
    case .product(let matrix, let isTransposed, let vector): return product(matrix, isTransposed, vector, names)
    case .projection(_, let matrix): return projection(by: matrix)
    case .slice(let vector, let from, let to):
      let whole = value(of: vector, names)
      let (start, end) = (dimensions[from], dimensions[to])
      // What is as long as one number stands for a vector of equal ones.
      return whole.width == 1 && end > 1 ? whole : part(start..<end, of: whole)
    case .concatenation(let parts):
      return joined(
        parts.map { part in
          let value = value(of: part, names)
          return rows(value, width: value.width)
        })
    case .apply(let primitive, let arguments):
      if let product = primitive.matrixProduct {
        if arguments.contains(where: { cell.shape(of: $0)?.followsMemory ?? false }) {
          return productOfRows(product, arguments, names)
        }
        return self.product(product, arguments, names)
      }
      if primitive == .asRows {
        let vector = value(of: arguments[0], names)
        return vector.hasRows
          ? Value(name: unsqueezed(vector.name, 1), hasRows: true, width: vector.width, followsMemory: true) : vector
      }
      let own = arguments.map { value(of: $0, names) }
      if let composition = primitive.composition {
        return value(of: composition, Dictionary(uniqueKeysWithValues: zip(["a", "b", "c"], own)))
      }
      guard let operators = primitive.operators else { preconditionFailure("\(primitive.name) has no operators") }
      let width = own.reduce(1) { max($0, $1.width) }
      if !primitive.mixesElements || heads == 1 || width == 1 {
        return value(of: operators, own.map { $0.width == 1 ? $0 : fitted($0, width: width) })
      }
      return joined(
        (0..<heads).map { head in
          let parts = own.map { part(head * $0.width / heads..<(head + 1) * $0.width / heads, of: $0) }
          return rows(value(of: operators, parts), width: width / heads)
        })
    }
  }

  var heads: Int { cell.heads(dimensions) }

  /// Some elements of each row; one number stands for any of them.
  mutating func part(_ range: Range<Int>, of whole: Value) -> Value {
    if whole.width == 1 || range.count == whole.width { return whole }
    let bounds = [outer.integers([range.lowerBound]), outer.integers([range.upperBound]), outer.integers([-1])]
    return Value(name: add("Slice", [whole.name] + bounds), hasRows: whole.hasRows, width: range.count)
  }

  /// Vectors one after the other, each with rows.
  mutating func joined(_ parts: [Value]) -> Value {
    if parts.count == 1 { return parts[0] }
    return Value(
      name: add("Concat", parts.map(\.name), ["axis": .integer(-1)]), hasRows: true, width: parts.reduce(0) { $0 + $1.width })
  }

  /// A product for each block of a matrix, which is one unless it is block-diagonal.
  private mutating func product(
    _ name: String, _ isTransposed: Bool, _ operand: Expression, _ names: [String: Value]
  ) -> Value {
    guard let parameter = cell.parameters.first(where: { $0.name == name }), let sizes = parameter.kind.matrixSizes
    else { preconditionFailure("\(name) is no matrix") }
    let blocks = parameter.kind.isBlockDiagonal ? heads : 1
    let (height, length) = (dimensions[sizes.rows], sizes.columns.reduce(0) { $0 + dimensions[$1] })
    let vectors: [Expression] = if case .concatenation(let parts) = operand { parts } else { [operand] }
    let own = vectors.map { vector in
      let value = value(of: vector, names)
      return rows(value, width: vectors.count > 1 ? value.width : isTransposed ? height : length)
    }
    return joined(
      (0..<blocks).map { block in
        let input = joined(own.map { part(block * $0.width / blocks..<(block + 1) * $0.width / blocks, of: $0) })
        let factor = weights(name, rows: block * height / blocks..<(block + 1) * height / blocks, of: height)
        let product: String
        if isInline {
          let turned = isTransposed ? factor : add("Transpose", [factor], ["perm": .integers([1, 0])])
          product = add("MatMul", [input.name, turned])
        } else {
          product = add("Gemm", [input.name, factor], ["transB": .integer(isTransposed ? 0 : 1)])
        }
        return Value(name: product, hasRows: true, width: (isTransposed ? length : height) / blocks)
      })
  }

  /// Some rows of a matrix, cut once for all steps.
  private mutating func weights(_ name: String, rows: Range<Int>, of height: Int) -> String {
    rows.count == height ? weight(name) : outer.rows(rows, of: weight(name))
  }

  private func known(_ name: String, _ names: [String: Value]) -> Value {
    guard let value = names[name] ?? values[name] else {
      preconditionFailure("cell \(cell.name) reads \(name), which nothing defines")
    }
    return value
  }

  private mutating func value(of expression: OperatorExpression, _ arguments: [Value]) -> Value {
    switch expression {
    case .argument(let number): return arguments[number]
    case .call(let operation, let parts):
      let own = parts.map { value(of: $0, arguments) }
      return Value(
        name: add(operation, own.map(\.name)), hasRows: own.contains { $0.hasRows },
        width: own.reduce(1) { max($0, $1.width) }, followsMemory: own.contains { $0.followsMemory })
    case .reduction(let operation, let part):
      let own = value(of: part, arguments)
      let reduced = add(operation, [own.name], ["axes": .integers([-1]), "keepdims": .integer(1)])
      return Value(name: reduced, hasRows: own.hasRows, width: 1)
    case .alongRow(let operation, let part, let attributes, let isReduction):
      let own = value(of: part, arguments)
      let result = add(operation, [own.name, outer.integers([-1])], attributes.mapValues { .integer($0) })
      return Value(
        name: result, hasRows: own.hasRows, width: isReduction ? 1 : own.width, followsMemory: own.followsMemory && !isReduction)
    }
  }
}
