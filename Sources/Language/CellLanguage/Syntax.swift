/// An expression as it is written, with its place: well formed, its names not yet looked at.
struct Syntax: Sendable {
  let kind: Kind
  let span: Span
  /// How many expressions stand inside one another here.
  let depth: Int

  enum Kind: Sendable {
    case number(Double)
    case name(String)
    case next(String)
    case concatenation([Syntax])
    case apply(Primitive, [Syntax])
    indirect case product(matrix: Name, transposed: Bool, Syntax)
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

  /// The expression without its places.
  var expression: Expression {
    switch kind {
    case .number(let value): .number(value)
    case .name(let name): .name(name)
    case .next(let name): .next(name)
    case .concatenation(let parts): .concatenation(parts.map(\.expression))
    case .apply(let primitive, let arguments): .apply(primitive, arguments.map(\.expression))
    case .product(let matrix, let transposed, let vector):
      .product(matrix: matrix.text, transposed: transposed, vector.expression)
    }
  }
}

extension Syntax.Kind {
  var children: [Syntax] {
    switch self {
    case .number, .name, .next: []
    case .concatenation(let parts), .apply(_, let parts): parts
    case .product(_, _, let vector): [vector]
    }
  }
}

/// A cell's text, line by line, well formed.
struct CellSyntax: Sendable {
  var name = ""
  var summary: [String] = []
  /// Where the name behind `cell` stands.
  var place = Span.start
  var input: Syntax.Name?
  var states: [State] = []
  var sizes: [NamedSize] = []
  var scalars: [Syntax.Name] = []
  var equations: [Equation] = []
  var initializers: [Initializer] = []
  var zoneouts: [Zoneout] = []

  struct State: Sendable {
    let name: Syntax.Name
    let length: Length

    enum Length: Sendable {
      case number(Int)
      /// `units` if none is written.
      case named(Syntax.Name)
    }
  }

  struct NamedSize: Sendable {
    let name: Syntax.Name
    let standard: Cell.NamedSize.Standard
  }

  struct Equation: Sendable {
    let target: Syntax.Name
    let isUpdate: Bool
    let expression: Syntax
    let label: String?
  }

  struct Initializer: Sendable {
    let name: Syntax.Name
    let value: Cell.Initializer
    /// The value's place.
    let place: Span
  }

  struct Zoneout: Sendable {
    let name: Syntax.Name
    let share: Double
  }
}
