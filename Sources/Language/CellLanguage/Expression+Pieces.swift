extension Expression {
  /// A piece of an expression's text.
  package enum Piece: Sendable, Hashable {
    case text(String)
    /// What stood for a part of the expression.
    case part(Expression)
  }

  /// The expression's text, with the outermost parts that `isPart` picks standing apart: `σ(` · `W x + b` · `)`.
  ///
  /// Nothing within a matrix product or a slice stands apart: its elements don't go into the elements of the result in the same
  /// places.
  package func pieces(_ isPart: (Expression) -> Bool) -> [Piece] {
    var parts: [Expression] = []
    let marked = replacing { part in
      guard isPart(part) else {
        switch part {
        case .product, .projection, .slice: return part
        case .number, .name, .next, .concatenation, .apply: return nil
        }
      }
      parts.append(part)
      return .name(Self.mark)
    }
    let texts = marked.description.split(separator: Self.mark, omittingEmptySubsequences: false).map(String.init)
    return texts.enumerated().flatMap { index, text -> [Piece] in
      (text.isEmpty ? [] : [.text(text)]) + (index < parts.count ? [.part(parts[index])] : [])
    }
  }

  /// A name that no cell can have.
  private static let mark = "\u{FFFC}"

  /// The expression with some parts replaced; what replaces one is not looked into.
  package func replacing(_ replacement: (Expression) -> Expression?) -> Expression {
    if let new = replacement(self) { return new }
    switch self {
    case .number, .name, .next, .projection: return self
    case .product(let matrix, let isTransposed, let operand):
      return .product(matrix: matrix, transposed: isTransposed, operand.replacing(replacement))
    case .slice(let vector, let from, let to):
      return .slice(vector.replacing(replacement), from: from, to: to)
    case .concatenation(let parts): return .concatenation(parts.map { $0.replacing(replacement) })
    case .apply(let primitive, let arguments): return .apply(primitive, arguments.map { $0.replacing(replacement) })
    }
  }
}
