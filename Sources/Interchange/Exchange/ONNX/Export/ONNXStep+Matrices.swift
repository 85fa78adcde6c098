import CellLanguage
import ONNXFiles
import Support

/// Products of matrices that each sequence has, which stand in rows of their elements, and of memories.
extension ONNXStep {
  /// A product of a sequence's matrix, which stands in a row of its elements.
  mutating func product(_ product: MatrixProduct, _ arguments: [Expression], _ names: [String: Value]) -> Value {
    let shapes = arguments.map { cell.shape(of: $0) ?? .number(hasHeads: cell.hasHeads) }
    let own = zip(arguments, shapes).map { argument, shape in
      let value = value(of: argument, names)
      return value.width == dimensions[shape] ? value : rows(value, width: dimensions[shape])
    }
    // The heads of a matrix stand one after the other: each is a matrix of its own.
    let first = heads == 1 ? [-1] : [-1, heads]
    func length(_ size: Size) -> Int { dimensions[size] / heads }
    let hasRows = own.contains { $0.hasRows }
    switch product {
    case .outer:
      let (high, wide) = (length(shapes[0].rows), length(shapes[1].rows))
      let factors = [reshaped(own[0].name, first + [high, 1]), reshaped(own[1].name, first + [1, wide])]
      return flat(add("Mul", factors), width: heads * high * wide, hasRows: hasRows)
    case .times, .transposedTimes:
      let (high, wide) = (length(shapes[0].rows), length(columns(shapes[0], of: arguments[0])))
      let matrix = reshaped(own[0].name, first + [high, wide])
      if product == .times {
        let column = reshaped(own[1].name, first + [wide, 1])
        return flat(add("MatMul", [matrix, column]), width: heads * high, hasRows: hasRows)
      }
      let row = reshaped(own[1].name, first + [1, high])
      return flat(add("MatMul", [row, matrix]), width: heads * wide, hasRows: hasRows)
    case .scaledRows, .scaledColumns:
      let place = product == .scaledRows ? 1 : 0
      let (high, wide) = (length(shapes[place].rows), length(columns(shapes[place], of: arguments[place])))
      let matrix = reshaped(own[place].name, first + [high, wide])
      let factors = place == 1 ? reshaped(own[0].name, first + [high, 1]) : reshaped(own[1].name, first + [1, wide])
      return flat(add("Mul", [matrix, factors]), width: heads * high * wide, hasRows: hasRows)
    }
  }

  /// The memory's rows by a matrix, once for all steps.
  mutating func projection(by matrix: String) -> Value {
    guard let sizes = cell.parameters.first(where: { $0.name == matrix })?.kind.matrixSizes else {
      preconditionFailure("\(matrix) is no matrix")
    }
    return Value(
      name: outer.product(of: ONNXNetworkWriter.memory, by: weight(matrix)), hasRows: true, width: dimensions[sizes.rows],
      followsMemory: true)
  }

  /// A product of a matrix, or a vector, that has a row for each row of the memory.
  mutating func productOfRows(_ product: MatrixProduct, _ arguments: [Expression], _ names: [String: Value]) -> Value {
    let own = arguments.map { value(of: $0, names) }
    /// A vector as the only row, or as it is where it has none.
    func row(_ value: Value) -> String { value.hasRows ? unsqueezed(value.name, 1) : value.name }
    switch product {
    case .times:
      if !own[1].hasRows {
        return Value(name: add("MatMul", own.map(\.name)), hasRows: true, width: 1, followsMemory: true)
      }
      let column = add("MatMul", [own[0].name, unsqueezed(own[1].name, 2)])
      return Value(name: add("Squeeze", [column, outer.integers([2])]), hasRows: true, width: 1, followsMemory: true)
    case .transposedTimes:
      let sum = add("MatMul", [unsqueezed(own[1].name, 1), own[0].name])
      return Value(name: add("Squeeze", [sum, outer.integers([1])]), hasRows: true, width: own[0].width)
    case .outer, .scaledRows:
      let right = product == .outer ? row(own[1]) : own[1].name
      return Value(
        name: add("Mul", [unsqueezed(own[0].name, 2), right]), hasRows: true, width: own[1].width, followsMemory: true)
    case .scaledColumns:
      return Value(name: add("Mul", [own[0].name, row(own[1])]), hasRows: true, width: own[0].width, followsMemory: true)
    }
  }

  mutating func unsqueezed(_ name: String, _ axis: Int) -> String { add("Unsqueeze", [name, outer.integers([axis])]) }

  private func columns(_ shape: Shape, of expression: Expression) -> Size {
    found(shape.columns, orFail: "cell \(cell.name) reads \(expression) as a matrix, which it is not")
  }

  private mutating func flat(_ name: String, width: Int, hasRows: Bool) -> Value {
    Value(name: reshaped(name, [-1, width]), hasRows: hasRows, width: width)
  }

  mutating func reshaped(_ name: String, _ shape: [Int]) -> String {
    add("Reshape", [name, outer.integers(shape)])
  }

  /// A number for each head as a vector or a matrix of that width, and what is the same in all places of a head as a number where one is
  /// wanted; anything else as it is.
  mutating func fitted(_ value: Value, width: Int) -> Value {
    if heads == 1 || value.width == 1 || value.width == width || value.followsMemory { return value }
    if value.width == heads {
      let numbers = reshaped(value.name, [-1, heads, 1])
      let spread = add("Expand", [numbers, outer.integers([1, 1, width / heads])])
      return flat(spread, width: width, hasRows: value.hasRows)
    }
    guard width == heads else { return value }
    let parts = reshaped(value.name, [-1, heads, value.width / heads])
    let numbers = add("Slice", [parts, outer.integers([0]), outer.integers([1]), outer.integers([-1])])
    return flat(numbers, width: heads, hasRows: value.hasRows)
  }
}
