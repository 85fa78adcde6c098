/// A word or a sign of an equation.
struct Token: Sendable {
  let kind: Kind
  /// As it stands in the source.
  let text: String
  let span: Span
  /// Whether a space stands before it: `W (h)` is a product, `W(h)` a call.
  let isSpaced: Bool

  enum Kind: Sendable, Hashable {
    case name
    case number(Double)
    case infix(Primitive)
    case open(Bracket)
    case close(Bracket)
    case comma
    case equals
    case prime
    case transpose
    /// `..`, between the ends of a slice.
    case range
    case end
  }

  enum Bracket: Sendable, Hashable {
    case round, square

    var open: String { self == .round ? "(" : "[" }
    var close: String { self == .round ? ")" : "]" }
  }
}

/// A line of a cell, together with the lines that an open bracket joins to it.
struct LogicalLine: Sendable {
  /// Ends with a token of the kind `end`. Nothing else if the line is only a comment.
  var tokens: [Token]
  /// The text after `#`.
  var comment: String?
}
