import CellLanguage
import Engine

/// Expressions as a flat list of operations, each on values that stand before it.
///
/// The first values are the leaves, which the caller gives; each operation appends one value. A value is a vector; one of
/// a single element serves as a vector of any length wherever elements meet one by one.
struct ReferenceGraph: Sendable {
  /// One operation; the numbers are the indices of the values it reads.
  enum Operation: Sendable {
    case number(Double)
    /// A block-diagonal matrix has several blocks, each for its part of the vector.
    case product(matrix: Int, transposed: Bool, vector: Int, blocks: Int)
    /// A matrix times each row of a memory, `[S, K]`: `[S, A]`.
    case projection(memory: Int, matrix: Int, columns: Int)
    /// A vector as each row of a matrix that has as many rows as another one.
    case rows(vector: Int, like: Int)
    /// The vectors one after the other, in each of some equal parts.
    case concatenation([Int], parts: Int)
    /// Each of some equal parts of a vector as whole numbers times one scale, as ``ActivationKind`` says.
    case wholeNumbers(Int, parts: Int)
    /// Some of a vector's elements.
    case slice(Int, Range<Int>)
    /// A primitive of each of some equal parts of vectors.
    case apply(Primitive, [Int], parts: Int)
    /// A vector of that length; a single element, or that of each head, is repeated. Of a vector that is longer, all elements, or those of
    /// each head, are the same number: the first of them is taken.
    case broadcast(Int, count: Int)
  }

  /// What sizes are as numbers.
  private let dimensions: Dimensions?
  /// How many parts vectors have on which functions of whole vectors act, and the matrices that have a block for each.
  private let heads: Int
  private let blockDiagonal: Set<String>
  /// How long a row of a memory is, if there is one.
  private let rowLength: Int
  /// What the vectors that meet a matrix are rounded to.
  private let activations: ActivationKind
  let leafCount: Int
  private(set) var operations: [Operation] = []
  /// The value that each name stands for; a state's next value is named with a prime, `c'`.
  private(set) var names: [String: Int]

  /// - Parameters:
  ///   - dimensions: of the layer, nil where no slice stands.
  ///   - heads: how many parts the vectors have.
  ///   - blockDiagonal: the matrices with a block for each part.
  ///   - rowLength: how long a row of the memory is.
  ///   - activations: what the vectors that meet a matrix are rounded to, each of a concatenation and each block's part by itself. Those
  ///     that meet a transpose stay what they are.
  init(
    leaves: [String], dimensions: Dimensions? = nil, heads: Int = 1,
    blockDiagonal: Set<String> = [], rowLength: Int = 1,
    activations: ActivationKind = .float32
  ) {
    self.activations = activations
    (self.dimensions, self.heads, self.blockDiagonal) = (dimensions, heads, blockDiagonal)
    self.rowLength = rowLength
    leafCount = leaves.count
    names = Dictionary(zip(leaves, leaves.indices), uniquingKeysWith: { first, _ in first })
  }

  /// Lets `name` stand for the value of `expression`, `count` elements long.
  ///
  /// - Parameter count: nil for what is as long as a memory, of which no number has the place.
  mutating func define(_ name: String, as expression: Expression, count: Int?) {
    let value = add(expression, names: names)
    names[name] = count.map { append(.broadcast(value, count: $0)) } ?? value
  }

  /// Lets `name` stand for what another name stands for, or stood for in `names`.
  mutating func rename(_ other: String, to name: String, as names: [String: Int]? = nil) {
    self.names[name] = index(of: other, in: names ?? self.names)
  }

  /// Adds the operations of `expression`; returns the index of its value.
  mutating func add(_ expression: Expression) -> Int { add(expression, names: names) }

  private mutating func add(_ expression: Expression, names: [String: Int]) -> Int {
    switch expression {
    case .number(let number): append(.number(number))
    case .name(let name): index(of: name, in: names)
    case .next(let name): index(of: name + "'", in: names)
    case .product(let matrix, let transposed, let vector):
      product(matrix, transposed: transposed, vector, names: names)
    case .projection(let memory, let matrix):
      append(
        .projection(
          memory: index(of: memory, in: names), matrix: index(of: matrix, in: names), columns: rowLength))
    case .slice(let vector, let from, let to):
      append(.slice(add(vector, names: names), number(from)..<number(to)))
    case .concatenation(let parts): append(.concatenation(parts.map { add($0, names: names) }, parts: 1))
    case .apply(let primitive, let arguments):
      if let place = arguments.firstIndex(where: \.isAddedToRows) {
        rows(primitive, arguments, addingTo: 1 - place, names: names)
      } else {
        apply(primitive, to: arguments.map { add($0, names: names) })
      }
    }
  }

  /// A sum of a matrix and of a vector that is added to each of its rows.
  private mutating func rows(
    _ primitive: Primitive, _ arguments: [Expression], addingTo place: Int, names: [String: Int]
  ) -> Int {
    let matrix = add(arguments[place], names: names)
    guard case .apply(_, let vector) = arguments[1 - place] else { preconditionFailure("no vector is added to the rows") }
    let rows = append(.rows(vector: add(vector[0], names: names), like: matrix))
    return apply(primitive, to: place == 0 ? [matrix, rows] : [rows, matrix])
  }

  /// What is written in terms of others becomes its parts, so that its gradient is theirs; products of matrices have their own.
  private mutating func apply(_ primitive: Primitive, to arguments: [Int]) -> Int {
    guard primitive.matrixProduct == nil, let composition = primitive.composition else {
      return append(.apply(primitive, arguments, parts: primitive.mixesElements ? heads : 1))
    }
    return add(composition, names: Dictionary(uniqueKeysWithValues: zip(["a", "b", "c"], arguments)))
  }

  private mutating func product(_ name: String, transposed: Bool, _ operand: Expression, names: [String: Int]) -> Int {
    let blocks = blockDiagonal.contains(name) ? heads : 1
    func source(_ operand: Expression) -> Int {
      let vector = add(operand, names: names)
      return activations == .int8 && !transposed
        ? append(.wholeNumbers(vector, parts: blocks)) : vector
    }
    let vector: Int
    if case .concatenation(let parts) = operand {
      vector = append(.concatenation(parts.map(source), parts: blocks))
    } else {
      vector = source(operand)
    }
    return append(.product(matrix: index(of: name, in: names), transposed: transposed, vector: vector, blocks: blocks))
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
    case .product(let matrix, false, let vector, let blocks): multiply(values[matrix], values[vector], blocks: blocks)
    case .product(let matrix, true, let vector, let blocks): multiplyTransposed(values[matrix], values[vector], blocks: blocks)
    case .projection(let memory, let matrix, let columns):
      rows(of: values[memory], columns).flatMap { multiply(values[matrix], $0) }
    case .rows(let vector, let like):
      (0..<values[like].count / values[vector].count).flatMap { _ in values[vector] }
    case .wholeNumbers(let vector, let parts): wholeNumbers(values[vector], parts: parts).values
    case .slice(let vector, let range): Array(values[vector][range])
    case .concatenation(let vectors, let parts):
      (0..<parts).flatMap { part in vectors.flatMap { Self.part(part, of: parts, values[$0]) } }
    case .broadcast(let value, let count): broadcast(values[value], to: count)
    case .apply(let primitive, let arguments, let parts): apply(primitive, arguments.map { values[$0] }, parts: parts)
    }
  }

  /// One of some equal parts of a vector; a single element serves in each.
  static func part(_ part: Int, of parts: Int, _ vector: [Double]) -> [Double] {
    if vector.count == 1 { return vector }
    let count = vector.count / parts
    return Array(vector[part * count..<(part + 1) * count])
  }

  private static func apply(_ primitive: Primitive, _ arguments: [[Double]], parts: Int) -> [Double] {
    // What is one number for all elements is the same of each part.
    if parts == 1 || arguments.allSatisfy({ $0.count == 1 }) { return apply(primitive, arguments) }
    return (0..<parts).flatMap { part in apply(primitive, arguments.map { Self.part(part, of: parts, $0) }) }
  }

  static func apply(_ primitive: Primitive, _ arguments: [[Double]]) -> [Double] {
    let count = arguments.reduce(1) { max($0, $1.count) }
    func element(_ argument: Int, _ position: Int) -> Double {
      arguments[argument][position * arguments[argument].count / count]
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

  /// The rows of a matrix with that many columns.
  static func rows(of matrix: [Double], _ columns: Int) -> [[Double]] {
    stride(from: 0, to: matrix.count, by: columns).map { Array(matrix[$0..<$0 + columns]) }
  }

  /// `W v`, W row by row; a row of a block multiplies the block's part of the vector.
  static func multiply(_ matrix: [Double], _ vector: [Double], blocks: Int = 1) -> [Double] {
    let columns = vector.count / blocks
    let rows = matrix.count / columns
    return (0..<rows).map { row in
      let first = row * blocks / rows * columns
      return (0..<columns).reduce(0) { $0 + matrix[row * columns + $1] * vector[first + $1] }
    }
  }

  /// `Wᵀ v`, W row by row; a block's rows multiply the block's part of the vector.
  static func multiplyTransposed(_ matrix: [Double], _ vector: [Double], blocks: Int = 1) -> [Double] {
    let (rows, columns) = (vector.count / blocks, matrix.count / vector.count)
    return (0..<columns * blocks).map { column in
      let own = column / columns * rows..<(column / columns + 1) * rows
      return own.reduce(0) { $0 + matrix[$1 * columns + column % columns] * vector[$1] }
    }
  }

  /// `rows · columnsᵀ`, row by row; of a block-diagonal matrix the blocks alone.
  static func outer(_ rows: [Double], _ columns: [Double], blocks: Int) -> [Double] {
    rows.enumerated().flatMap { row, number in
      part(row * blocks / rows.count, of: blocks, columns).map { number * $0 }
    }
  }

  static func broadcast(_ value: [Double], to count: Int) -> [Double] {
    (0..<count).map { value[$0 * value.count / count] }
  }
}

extension Expression {
  /// Whether it is a vector that is added to each row of a matrix.
  fileprivate var isAddedToRows: Bool { if case .apply(.asRows, _) = self { true } else { false } }
}
