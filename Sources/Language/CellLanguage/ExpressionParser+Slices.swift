extension ExpressionParser {
  /// The vector with what may stand in brackets after it: the ends of a part of it, or the shape of a matrix.
  mutating func part(of vector: ExpressionSyntax) throws(Diagnostic) -> ExpressionSyntax {
    if beginsFold { return try fold(vector) }
    return beginsSlice ? try slice(of: vector) : vector
  }

  /// Whether the bracket here holds `units by N`.
  private var beginsFold: Bool {
    guard current.kind == .open(.square), index + 4 < tokens.count else { return false }
    return tokens[index + 2].kind == .name && tokens[index + 2].text == Self.by && tokens[index + 4].kind == .close(.square)
  }

  private static let by = "by"

  /// `[units by N]` after a vector.
  private mutating func fold(_ vector: ExpressionSyntax) throws(Diagnostic) -> ExpressionSyntax {
    let open = current
    advance()
    let rows = try side(of: vector)
    advance()
    let columns = try side(of: vector)
    let end = try close(open)
    return try node(
      .apply(.folding(into: Shape(rows, columns: columns)), [vector]), from: vector.span, to: end)
  }

  /// How many rows or columns a matrix has: a name or a whole number.
  private mutating func side(of vector: ExpressionSyntax) throws(Diagnostic) -> Size {
    let token = current
    advance()
    switch token.kind {
    case .name: return Size(terms: [token.text: 1])
    case .number(let value) where value >= 1 && value == value.rounded() && value <= Double(Size.largest):
      return Size(constant: Int(value))
    default: throw source.diagnostic(.local(.badFold(source.text(of: vector.span))), at: token.span)
    }
  }

  /// Whether the bracket here holds the ends of a slice, `[0..units]`, and not vectors.
  var beginsSlice: Bool {
    guard current.kind == .open(.square) else { return false }
    var depth = 0
    for token in tokens[index...] {
      switch token.kind {
      case .open: depth += 1
      case .close: depth -= 1
      case .range: if depth == 1 { return true }
      default: break
      }
      if depth == 0 { return false }
    }
    return false
  }

  /// `[0..2 * units]` after a vector.
  mutating func slice(of vector: ExpressionSyntax) throws(Diagnostic) -> ExpressionSyntax {
    let open = current
    advance()
    let from = try sum(of: vector)
    guard current.kind == .range else {
      throw source.diagnostic(.badSlice(source.text(of: vector.span)), at: current.span)
    }
    advance()
    let to = try sum(of: vector)
    let end = try close(open)
    return try node(.slice(vector, from: from, to: to), from: vector.span, to: end)
  }

  /// An end of a slice: `0`, `2 * units`, `units + d`, `inputs - 1`.
  private mutating func sum(of vector: ExpressionSyntax) throws(Diagnostic) -> SizeSyntax {
    var sum = SizeSyntax()
    var sign = 1
    while true {
      var (count, name): (Int, ExpressionSyntax.Name?) = (1, nil)
      repeat {
        switch current.kind {
        case .number(let value) where value == value.rounded() && value <= Double(Size.largest):
          count *= Int(value)
        case .name where name == nil:
          name = ExpressionSyntax.Name(text: current.text, span: current.span)
        default: throw source.diagnostic(.badSlice(source.text(of: vector.span)), at: current.span)
        }
        guard count <= Size.largest else {
          throw source.diagnostic(.sizeTooLarge, at: current.span)
        }
        advance()
      } while skip(.infix(.multiply))
      if let name { sum.terms.append((name, sign * count)) } else { sum.constant += sign * count }
      if skip(.infix(.add)) {
        sign = 1
      } else if skip(.infix(.subtract)) {
        sign = -1
      } else {
        return sum
      }
    }
  }

  private mutating func skip(_ kind: Token.Kind) -> Bool {
    guard current.kind == kind else { return false }
    advance()
    return true
  }
}

/// A size as a slice writes it: a sum of sizes, each so many times, and a number.
struct SizeSyntax: Sendable {
  var terms: [(name: ExpressionSyntax.Name, count: Int)] = []
  var constant = 0

  var size: Size {
    Size(
      terms: Dictionary(terms.map { ($0.name.text, $0.count) }, uniquingKeysWith: +),
      constant: constant)
  }
}
