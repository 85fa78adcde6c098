/// A function or an operator that equations may use: one row of the table ``Primitive/all``.
///
/// A row says all that the project knows of a primitive but its fast code, which is the kernel body of the same name.
package struct Primitive: Sendable {
  /// The name in equations and of the kernel, such as `sigmoid`.
  package let name: String
  /// Other ways to write it, such as `σ`.
  package let aliases: [String]
  /// How it is written.
  package let notation: Notation
  /// What it computes.
  package let definition: Definition
  /// The same in words, for the reference of the language; nil for one that is written in terms of others, whose text says it.
  package let meaning: String?
  /// The gradient of each argument, in the cell language: `a`, `b`, `c` are the arguments, `y` is the value and `dy` is
  /// the gradient of the value. Empty for a composite, whose gradient is that of its parts.
  package let adjoints: [String]
  /// The primitive in operators of ONNX, whose arguments are rows of vectors, `[B, n]`; nil for one written in terms of others,
  /// which is that of its parts.
  package let operators: OperatorExpression?
  /// How far the Float kernel may be from the exact value, in units in the last place of the result.
  package let ulps: Double
  /// Processor cycles for sixteen elements, roughly: what the compiler weighs against memory traffic.
  package let cost: Int
  /// The values that it can take, where they don't follow from those at the ends of its arguments' intervals because it
  /// goes up and down.
  package var range: ClosedRange<Double>?
  /// Whether it adds up elements of a vector, so that its values may be as many times larger than these.
  package var addsUp = false
  /// The version of the language that brought it (``Cell/languageVersion``).
  package var version = 1
  /// How many equal parts of a vector it acts on, each by itself: those of a cell with heads, if it reads whole vectors.
  package private(set) var heads = 1
  /// The rows and columns of the matrix that it makes of a vector's elements, if it is ``folding(into:)``.
  package private(set) var fold: Shape?

  /// How a primitive is written.
  package enum Notation: Sendable {
    case function
    case infix(String, precedence: Int)
    case prefix(String)
    /// Side by side, `C q`, with what else stands there.
    case product(MatrixProduct)
  }

  /// What a primitive computes, in Double.
  package enum Definition: Sendable {
    /// Each element by itself.
    case unary(@Sendable (Double) -> Double)
    case binary(@Sendable (Double, Double) -> Double)
    case ternary(@Sendable (Double, Double, Double) -> Double)
    /// The elements of a whole vector together.
    case row(@Sendable ([Double]) -> [Double])
    /// In terms of other primitives, in the cell language, with the arguments `a`, `b`, `c`.
    case composite(arity: Int, String)
    /// In terms of other primitives, as for `composite`, but with a kernel of its own that computes it at once.
    case fused(arity: Int, String)
    /// A product of a matrix that each sequence has, and the same in terms of products element by element and of what makes
    /// matrices of vectors and vectors of matrices.
    case matrix(MatrixProduct, String)
    /// What makes a matrix of a vector or a vector of a matrix. No text names these.
    case map(MatrixMap)
  }

  /// How many arguments it takes.
  package var arity: Int {
    switch definition {
    case .unary, .row, .map: 1
    case .binary, .matrix: 2
    case .ternary: 3
    case .composite(let arity, _), .fused(let arity, _): arity
    }
  }
}

extension Primitive: Hashable {
  /// Primitives are equal if their names are, the parts that they act on, and what they make of a vector.
  package static func == (left: Primitive, right: Primitive) -> Bool {
    left.name == right.name && left.heads == right.heads && left.fold == right.fold
  }
  package func hash(into hasher: inout Hasher) {
    hasher.combine(name)
    hasher.combine(heads)
    hasher.combine(fold)
  }
}

extension Primitive {
  /// The primitive in a cell with that many heads: one that reads whole vectors then acts on each head by itself.
  package func acting(onHeads heads: Int) -> Primitive {
    if !mixesElements { return self }
    var result = self
    result.heads = heads
    return result
  }
}

extension Primitive {
  /// `a[units by N]`: the elements of a vector row by row as a matrix of that shape.
  static func folding(into shape: Shape) -> Primitive {
    var result = identity
    result.fold = shape
    return result
  }
}

extension Primitive {
  /// Whether its value depends on how many elements its argument has, so that no number can stand for a vector there. The mean of
  /// equal numbers is that number, however many they are.
  var needsLength: Bool {
    switch definition {
    case .row: name != "mean"
    case .unary, .binary, .ternary, .composite, .fused, .matrix, .map: false
    }
  }

  /// Whether all elements of its value are the same number, whatever its argument is.
  package var givesOneNumber: Bool { ["sum", "mean", "dot"].contains(name) }

  /// The product of a sequence's matrix that it is, if it is one.
  package var matrixProduct: MatrixProduct? { if case .matrix(let product, _) = definition { product } else { nil } }

  /// How it makes a matrix of a vector or a vector of a matrix, if it does.
  package var matrixMap: MatrixMap? { if case .map(let map) = definition { map } else { nil } }

  /// Whether an element of its value depends on other elements than that of the same place.
  package var mixesElements: Bool {
    switch definition {
    case .row, .matrix, .map: return true
    case .unary, .binary, .ternary, .composite, .fused: break
    }
    func mixes(_ expression: Expression) -> Bool {
      guard case .apply(let primitive, let arguments) = expression else { return false }
      return primitive.mixesElements || arguments.contains(where: mixes)
    }
    return composition.map(mixes) ?? false
  }
}
