/// An expression as it is written, with its place: well formed, its names not yet looked at.
struct ExpressionSyntax: Sendable {
  let kind: Kind
  let span: Span
  /// How many expressions stand inside one another here.
  let depth: Int

  enum Kind: Sendable {
    case number(Double)
    case name(String)
    case next(String)
    case concatenation([ExpressionSyntax])
    case apply(Primitive, [ExpressionSyntax])
    indirect case slice(ExpressionSyntax, from: SizeSyntax, to: SizeSyntax)
    /// `left right`, side by side, or `left^T right`. What that means the checker says, which knows what the names stand for.
    indirect case product(ExpressionSyntax, transposed: Bool, ExpressionSyntax)
    /// `U^T` after a memory, and where the sign stands.
    case transposed(Name, sign: Span)
    /// `diag(f)`, which scales the rows of a matrix after it or the columns of one before it.
    indirect case diagonal(ExpressionSyntax)
  }

  /// A name and where it stands.
  struct Name: Sendable {
    let text: String
    let span: Span
  }

  init(_ kind: Kind, at span: Span) {
    self.kind = kind
    self.span = span
    depth = 1 + (kind.children.map(\.depth).max() ?? 0)
  }

}

extension ExpressionSyntax.Kind {
  var children: [ExpressionSyntax] {
    switch self {
    case .number, .name, .next, .transposed: []
    case .concatenation(let parts), .apply(_, let parts): parts
    case .product(let left, _, let right): [left, right]
    case .slice(let vector, _, _), .diagonal(let vector): [vector]
    }
  }
}

/// A cell's text, line by line, well formed.
struct CellSyntax: Sendable {
  var name = ""
  var summary: [String] = []
  /// Where the name after `cell` stands.
  var place = Span.start
  var inputs: [Input] = []
  var memories: [Memory] = []
  var states: [State] = []
  var locals: [Local] = []
  var sizes: [NamedSize] = []
  /// Where a `heads` line begins, whose size is one of ``sizes``.
  var heads: Span?
  /// The matrices that `block` lines name.
  var blocks: [ExpressionSyntax.Name] = []
  var constants: [Constant] = []
  var scalars: [ExpressionSyntax.Name] = []
  var equations: [Equation] = []
  var repeats: [Repeat] = []
  var initializers: [Initializer] = []
  var zoneouts: [Zoneout] = []
  var fixed: [ExpressionSyntax.Name] = []

  struct Input: Sendable {
    let name: ExpressionSyntax.Name
    /// `inputs` for the first one.
    let length: Length
  }

  struct Memory: Sendable {
    let name: ExpressionSyntax.Name
    /// How long a row is.
    let length: Length
  }

  struct State: Sendable {
    let name: ExpressionSyntax.Name
    /// Nil if none is written: it is `units` then, or 1 of a scalar.
    let length: Length?
    /// How many columns a matrix has, as `state C(units, P)` says it.
    let columns: Length?
  }

  /// A local vector with the length that a `local` line gives it.
  struct Local: Sendable {
    let name: ExpressionSyntax.Name
    let length: Length
  }

  /// What a declaration says in parentheses after a vector's name.
  enum Length: Sendable {
    case number(Int)
    case named(ExpressionSyntax.Name)
  }

  struct NamedSize: Sendable {
    let name: ExpressionSyntax.Name
    /// The sizes of the product that is its default.
    let names: [ExpressionSyntax.Name]
    let multiplier: Int
    let divisor: Int

    var defaultValue: Cell.NamedSize.Default {
      Cell.NamedSize.Default(names: names.map(\.text), multiplier: multiplier, divisor: divisor)
    }
  }

  struct Constant: Sendable {
    let name: ExpressionSyntax.Name
    let value: Double
  }

  struct Repeat: Sendable {
    let count: Length
    /// Where the line stands.
    let place: Span
    /// Which of the equations are indented below it.
    var equations: Range<Int>
  }

  struct Equation: Sendable {
    let target: ExpressionSyntax.Name
    let isUpdate: Bool
    let expression: ExpressionSyntax
    let label: String?
  }

  struct Initializer: Sendable {
    let name: ExpressionSyntax.Name
    let value: Cell.Initializer
    /// The value's place.
    let place: Span
  }

  struct Zoneout: Sendable {
    let name: ExpressionSyntax.Name
    let fraction: Double
  }
}

extension CellSyntax.State {
  func shape(isNumber: Bool, number: Size) -> Shape {
    isNumber ? Shape(number) : Shape(length?.size ?? .units, columns: columns?.size)
  }
}

extension CellSyntax.Length {
  var size: Size {
    switch self {
    case .number(let value): Size(constant: value)
    case .named(let name): Size(terms: [name.text: 1])
    }
  }
}
