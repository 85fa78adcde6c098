import CellLanguage

/// Expressions as a flat list of operations, each on values that stand before it.
///
/// The first values are the leaves, which the caller gives; each operation appends one value. A value is a vector; one of
/// a single element serves as a vector of any length wherever elements meet one by one.
struct ReferenceGraph: Sendable {
  /// One operation; the numbers are the indices of the values it reads.
  enum Operation: Sendable {
    case number(Double)
    case product(matrix: Int, transposed: Bool, vector: Int)
    case concatenation([Int])
    /// Some of a vector's elements.
    case slice(Int, Range<Int>)
    case apply(Primitive, [Int])
    /// A vector of that length; a single element is repeated. Of a vector that is longer, all elements are the same number: the first
    /// of them is taken.
    case broadcast(Int, count: Int)
  }

  /// What sizes are as numbers.
  private let dimensions: Dimensions?
  let leafCount: Int
  private(set) var operations: [Operation] = []
  /// The value that each name stands for; a state's next value is named with a prime, `c'`.
  private(set) var names: [String: Int]

  /// - Parameter dimensions: of the layer, nil where no slice stands.
  init(leaves: [String], dimensions: Dimensions? = nil) {
    self.dimensions = dimensions
    leafCount = leaves.count
    names = Dictionary(zip(leaves, leaves.indices), uniquingKeysWith: { first, _ in first })
  }

  /// Lets `name` stand for the value of `expression`, `count` elements long.
  mutating func define(_ name: String, as expression: Expression, count: Int) {
    let value = add(expression, names: names)
    names[name] = append(.broadcast(value, count: count))
  }

  /// Adds the operations of `expression`; returns the index of its value.
  mutating func add(_ expression: Expression) -> Int { add(expression, names: names) }

  private mutating func add(_ expression: Expression, names: [String: Int]) -> Int {
    switch expression {
    case .number(let number): append(.number(number))
    case .name(let name): index(of: name, in: names)
    case .next(let name): index(of: name + "'", in: names)
    case .product(let matrix, let transposed, let vector):
      append(.product(matrix: index(of: matrix, in: names), transposed: transposed, vector: add(vector, names: names)))
    case .slice(let vector, let from, let to):
      append(.slice(add(vector, names: names), number(from)..<number(to)))
    case .concatenation(let parts): append(.concatenation(parts.map { add($0, names: names) }))
    case .apply(let primitive, let arguments): apply(primitive, to: arguments.map { add($0, names: names) })
    }
  }

  /// What is written in terms of others becomes its parts, so that its gradient is theirs; products of matrices have their own.
  private mutating func apply(_ primitive: Primitive, to arguments: [Int]) -> Int {
    guard primitive.matrixProduct == nil, let composition = primitive.composition else {
      return append(.apply(primitive, arguments))
    }
    return add(composition, names: Dictionary(uniqueKeysWithValues: zip(["a", "b", "c"], arguments)))
  }

  private func number(_ size: Size) -> Int {
    guard let dimensions else { preconditionFailure("a slice stands where no sizes are known") }
    return dimensions[size]
  }

  private mutating func append(_ operation: Operation) -> Int {
    operations.append(operation)
    return leafCount + operations.count - 1
  }

  private func index(of name: String, in names: [String: Int]) -> Int {
    guard let index = names[name] else { preconditionFailure("the checked expression reads \(name), which nothing defines") }
    return index
  }
}

extension ReferenceGraph {
  /// All values: the leaves, then that of each operation.
  func evaluate(_ leaves: [[Double]]) -> [[Double]] {
    var values = leaves
    for operation in operations { values.append(Self.value(of: operation, values)) }
    return values
  }

  private static func value(of operation: Operation, _ values: [[Double]]) -> [Double] {
    switch operation {
    case .number(let number): [number]
    case .product(let matrix, false, let vector): multiply(values[matrix], values[vector])
    case .product(let matrix, true, let vector): multiplyTransposed(values[matrix], values[vector])
    case .slice(let vector, let range): Array(values[vector][range])
    case .concatenation(let parts): parts.flatMap { values[$0] }
    case .broadcast(let value, let count): broadcast(values[value], to: count)
    case .apply(let primitive, let arguments): apply(primitive, arguments.map { values[$0] })
    }
  }

  static func apply(_ primitive: Primitive, _ arguments: [[Double]]) -> [Double] {
    let count = arguments.reduce(1) { max($0, $1.count) }
    func element(_ argument: Int, _ position: Int) -> Double {
      arguments[argument].count == 1 ? arguments[argument][0] : arguments[argument][position]
    }
    return switch primitive.definition {
    case .unary(let function): arguments[0].map(function)
    case .binary(let function): (0..<count).map { function(element(0, $0), element(1, $0)) }
    case .ternary(let function): (0..<count).map { function(element(0, $0), element(1, $0), element(2, $0)) }
    case .row(let function): function(arguments[0])
    case .matrix(let product, _): product.value(arguments[0], arguments[1])
    case .composite, .fused: preconditionFailure("\(primitive.name) was not replaced by its parts")
    case .map: preconditionFailure("\(primitive.name) stands in an equation, where no text can name it")
    }
  }

  /// `W v`, W row by row.
  static func multiply(_ matrix: [Double], _ vector: [Double]) -> [Double] {
    (0..<matrix.count / vector.count).map { row in
      vector.indices.reduce(0) { $0 + matrix[row * vector.count + $1] * vector[$1] }
    }
  }

  /// `Wᵀ v`, W row by row.
  static func multiplyTransposed(_ matrix: [Double], _ vector: [Double]) -> [Double] {
    let columns = matrix.count / vector.count
    return (0..<columns).map { column in
      vector.indices.reduce(0) { $0 + matrix[$1 * columns + column] * vector[$1] }
    }
  }

  static func broadcast(_ value: [Double], to count: Int) -> [Double] {
    value.count == count ? value : [Double](repeating: value[0], count: count)
  }
}
