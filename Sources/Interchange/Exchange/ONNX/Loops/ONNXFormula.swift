import CellLanguage
import ONNXFiles

/// A vector of a loop's step, as a formula of the step's input, the states before it, and vectors before it in the step.
enum ONNXFormula {
  /// A sum of products and a bias, plus one number everywhere; numbers of the sum: `width`.
  case sum(Sum)
  /// What is made of single numbers of vectors of a width.
  case expression(Expression, width: Int)
  /// A sum limited to a range.
  case clipped(Sum, ClosedRange<Float>)

  struct Sum {
    var width: Int
    var products: [Product]
    var bias: [Float]?
    var shift: Float = 0
  }

  /// A matrix times a vector of the step.
  struct Product {
    let vector: Expression
    /// `[numbers of the sum, numbers of the vector]`
    let weight: ONNXArray
  }

  var width: Int {
    switch self {
    case .sum(let sum), .clipped(let sum, _): sum.width
    case .expression(_, let width): width
    }
  }
}

extension ONNXFormula.Sum {
  /// Some of the numbers, in their order.
  func taking(_ places: [Int]) -> ONNXFormula.Sum {
    var sum = self
    sum.width = places.count
    sum.products = products.map { .init(vector: $0.vector, weight: $0.weight.taking(places, axis: 0)) }
    sum.bias = bias.map { own in places.map { own[$0] } }
    return sum
  }

  /// The sum with another one; nil if they have different widths, or more products than any cell.
  func adding(_ other: ONNXFormula.Sum) -> ONNXFormula.Sum? {
    guard width == other.width, products.count + other.products.count <= 64 else { return nil }
    var sum = self
    sum.products += other.products
    if let added = other.bias { sum.bias = bias.map { own in zip(own, added).map { $0 + $1 } } ?? added }
    sum.shift += other.shift
    return sum
  }
}

/// Equations under construction, with the values of their parameters.
struct ONNXEquations {
  private(set) var lines: [String] = []
  private(set) var parameters: [String: [Float]] = [:]
  /// How many numbers the parameters have.
  private(set) var count = 0

  /// A sum with parameters of its own.
  mutating func written(_ sum: ONNXFormula.Sum) -> Expression? {
    var terms: [Expression] = []
    for product in sum.products {
      terms.append(.product(matrix: parameter("W", product.weight.floats), transposed: false, product.vector))
    }
    if let bias = sum.bias { terms.append(.name(parameter("b", bias))) }
    if sum.shift != 0 {
      guard sum.shift.isFinite, let shift = Double(sum.shift.description) else { return nil }
      terms.append(.signed(shift))
    }
    guard let first = terms.first else { return nil }
    return terms.dropFirst().reduce(first) { .apply(.add, [$0, $1]) }
  }

  mutating func written(_ formula: ONNXFormula) -> Expression? {
    switch formula {
    case .sum(let sum): return written(sum)
    case .expression(let expression, _): return expression
    case .clipped(let sum, let range):
      return written(sum).map { .call("clip", $0, .signed(Double(range.lowerBound)), .signed(Double(range.upperBound))) }
    }
  }

  private mutating func parameter(_ letter: String, _ values: [Float]) -> String {
    let name = "\(letter)_\(parameters.count)"
    parameters[name] = values
    count += values.count
    return name
  }

  /// A vector of the step with a name of its own.
  mutating func named(_ expression: Expression) -> String {
    let name = "v_\(lines.count)"
    lines.append("\(name) = \(expression)")
    return name
  }
}
