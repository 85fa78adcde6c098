import Support

/// Reads an expression from the tokens of a line.
///
/// From loose to tight: sums, pointwise products, unary minus, matrix products (side by side), functions and parentheses.
struct ExpressionParser {
  let source: SourceText
  let tokens: [Token]
  var index: Int
  private var nesting = 0
  /// Whether it reads a row of the table of primitives, which may name those that no cell can.
  private let isRow: Bool

  /// - Parameter tokens: end with a token of the kind `end`.
  init(_ tokens: [Token], from index: Int = 0, isRow: Bool = false, in source: SourceText) {
    (self.tokens, self.index, self.isRow, self.source) = (tokens, index, isRow, source)
  }

  private func function(named name: String) -> Primitive? {
    Primitive.function(named: name) ?? (isRow ? Primitive.unnamed(name) : nil)
  }

  var current: Token { tokens[index] }

  mutating func advance() { index = min(index + 1, tokens.count - 1) }

  /// The expression that all remaining tokens are.
  mutating func whole() throws(Diagnostic) -> ExpressionSyntax {
    let result = try expression()
    guard current.kind == .end else { throw source.diagnostic(unexpected(current), at: current.span) }
    return result
  }

  private mutating func expression(above minimum: Int = 0) throws(Diagnostic) -> ExpressionSyntax {
    var left = try operand()
    while case .infix(let primitive) = current.kind, case .infix(_, let precedence) = primitive.notation, precedence > minimum {
      advance()
      let right = try expression(above: precedence)
      left = try node(.apply(primitive, [left, right]), from: left.span, to: right.span)
    }
    return left
  }

  private mutating func operand() throws(Diagnostic) -> ExpressionSyntax {
    guard current.kind == .infix(.subtract) else { return try product() }
    let start = try enter()
    defer { nesting -= 1 }
    advance()
    let value = try operand()
    return try node(.apply(.negate, [value]), from: start, to: value.span)
  }

  /// An operand, or a matrix and what stands right after it, which it multiplies: products group from the right.
  ///
  /// - Parameter isRight: whether something stands before it, which it is multiplied with.
  private mutating func product(isRight: Bool = false) throws(Diagnostic) -> ExpressionSyntax {
    let start = try enter()
    defer { nesting -= 1 }
    let left = try factor()
    let isTransposed = current.kind == .transpose
    if isTransposed { advance() }
    guard beginsOperand(current) else {
      guard !isTransposed else {
        let isName =
          switch left.kind {
          case .name, .next: true
          default: false
          }
        if isRight, case .name(let name) = left.kind {
          let sign = tokens[index - 1].span
          return try node(.transposed(ExpressionSyntax.Name(text: name, span: left.span), sign: sign), from: start, to: sign)
        }
        throw source.diagnostic(
          isName ? .transposeAlone(source.text(of: left.span)) : .strayTranspose, at: tokens[index - 1].span)
      }
      return left
    }
    let right = current.kind == .open(.square) ? try concatenation() : try product(isRight: true)
    try checkNumbers(left, right)
    return try node(.product(left, transposed: isTransposed, right), from: start, to: right.span)
  }

  /// What may stand beside something: a name with what follows it, a call, a number, a parenthesis.
  private mutating func factor() throws(Diagnostic) -> ExpressionSyntax {
    guard case .name = current.kind, !isCall else { return try primary() }
    let name = current
    guard function(named: name.text) == nil else {
      throw source.diagnostic(.functionAsVector(name.text), at: name.span)
    }
    advance()
    if current.kind == .prime {
      let value = try node(.next(name.text), from: name.span, to: current.span)
      advance()
      return try part(of: value)
    }
    let value = try node(.name(name.text), from: name.span, to: name.span)
    return try part(of: value)
  }

  private mutating func primary() throws(Diagnostic) -> ExpressionSyntax {
    let token = current
    switch token.kind {
    case .number(let value):
      advance()
      return try node(.number(value), from: token.span, to: token.span)
    case .name:
      return try call()
    case .open(.round):
      advance()
      let inner = try expression()
      let end = try close(token)
      return try node(inner.kind, from: token.span, to: end)
    case .open(.square):
      let found = try concatenation()
      throw source.diagnostic(.concatenationOutsideProduct, at: found.span)
    case .prime, .transpose, .range:
      throw source.diagnostic(unexpected(token), at: token.span)
    case .infix, .close, .comma, .equals, .end:
      throw source.diagnostic(missingOperand(at: token), at: token.span)
    }
  }

  /// Whether the name here is a function's: a known one, or any with a parenthesis right after it.
  private var isCall: Bool {
    let next = tokens[min(index + 1, tokens.count - 1)]
    return next.kind == .open(.round)
      && (!next.isSpaced || current.text == Self.diagonal || function(named: current.text) != nil)
  }

  /// What looks like a function call but is not one: `diag(f)`.
  static let diagonal = "diag"

  private mutating func call() throws(Diagnostic) -> ExpressionSyntax {
    let name = current
    if name.text == Self.diagonal {
      advance()
      let (arguments, end) = try list()
      let place = Span(from: name.span, to: end)
      guard arguments.count == 1 else {
        throw source.diagnostic(.argumentCount(function: name.text, expected: 1, found: arguments.count), at: place)
      }
      return try node(.diagonal(arguments[0]), from: name.span, to: end)
    }
    guard let function = function(named: name.text) else {
      let suggestion = closest(to: name.text, in: Primitive.functionNames + [Self.diagonal])
      throw source.diagnostic(.unknownFunction(name.text, suggestion: suggestion), at: name.span)
    }
    advance()
    let (arguments, end) = try list()
    guard arguments.count == function.arity else {
      throw source.diagnostic(
        .argumentCount(function: name.text, expected: function.arity, found: arguments.count), at: Span(from: name.span, to: end))
    }
    return try node(.apply(function, arguments), from: name.span, to: end)
  }

  /// `[h, x]`; those within it are its parts.
  private mutating func concatenation() throws(Diagnostic) -> ExpressionSyntax {
    let start = try enter()
    defer { nesting -= 1 }
    let (parts, end) = try list()
    guard !parts.isEmpty else { throw source.diagnostic(.emptyConcatenation, at: Span(from: start, to: end)) }
    let flat = parts.flatMap { part in
      if case .concatenation(let inner) = part.kind { inner } else { [part] }
    }
    let result = try node(.concatenation(flat), from: start, to: end)
    guard beginsOperand(current) else { return result }
    let other = try current.kind == .open(.square) ? concatenation() : product()
    try checkNumbers(result, other)
    throw source.diagnostic(
      .vectorBeside(left: source.text(of: result.span), right: source.text(of: other.span), what: nil), at: result.span)
  }

  /// What stands between an opening bracket, commas and the closing bracket.
  private mutating func list() throws(Diagnostic) -> ([ExpressionSyntax], Span) {
    let open = current
    advance()
    if case .close = current.kind { return ([], try close(open)) }
    var items: [ExpressionSyntax] = []
    while true {
      let isNested = open.kind == .open(.square) && current.kind == .open(.square)
      items.append(try isNested ? concatenation() : expression())
      guard current.kind == .comma else { return (items, try close(open)) }
      advance()
    }
  }

  mutating func close(_ open: Token) throws(Diagnostic) -> Span {
    guard case .open(let bracket) = open.kind, current.kind != .close(bracket) else {
      defer { advance() }
      return current.span
    }
    if case .close(let found) = current.kind {
      throw source.diagnostic(.wrongBracket(found: found, open: bracket), at: current.span)
    }
    // Where a bracket is missing, the lines after it are read as if they belonged to it.
    if current.kind == .end || current.kind == .equals || current.span.line != open.span.line {
      throw source.diagnostic(.unclosed(bracket), at: open.span)
    }
    throw source.diagnostic(unexpected(current), at: current.span)
  }

  /// A number multiplies only by a sign of its own.
  private func checkNumbers(_ left: ExpressionSyntax, _ right: ExpressionSyntax) throws(Diagnostic) {
    let texts = (source.text(of: left.span), source.text(of: right.span))
    if case .number = left.kind { throw source.diagnostic(.numberBeside(number: texts.0, other: texts.1), at: left.span) }
    if case .number = right.kind { throw source.diagnostic(.numberBeside(number: texts.1, other: texts.0), at: right.span) }
  }

  private func beginsOperand(_ token: Token) -> Bool {
    switch token.kind {
    case .name, .number, .open: true
    case .infix, .close, .comma, .equals, .prime, .transpose, .range, .end: false
    }
  }

  private mutating func enter() throws(Diagnostic) -> Span {
    nesting += 1
    guard nesting <= ExpressionSyntax.deepest else { throw source.diagnostic(.tooDeep, at: current.span) }
    return current.span
  }

  func node(_ kind: ExpressionSyntax.Kind, from first: Span, to last: Span) throws(Diagnostic)
    -> ExpressionSyntax
  {
    let result = ExpressionSyntax(kind, at: Span(from: first, to: last))
    guard result.depth <= ExpressionSyntax.deepest else { throw source.diagnostic(.tooDeep, at: last) }
    return result
  }
}

extension ExpressionParser {
  private func missingOperand(at token: Token) -> DiagnosticKind {
    guard index > 0 else { return .missingOperand(near: token.text, isAfter: false) }
    let before = tokens[index - 1]
    switch (before.kind, token.kind) {
    case (.equals, .infix): return .missingOperand(near: token.text, isAfter: false)
    case (.equals, .equals): return .secondEquals
    default: return .missingOperand(near: before.text, isAfter: true)
    }
  }

  private func unexpected(_ token: Token) -> DiagnosticKind {
    switch token.kind {
    case .close(let bracket): .unopened(bracket)
    case .equals: .secondEquals
    case .comma: .strayComma
    case .prime: .strayPrime
    case .transpose: .strayTranspose
    case .range: .strayRange
    case .name, .number, .open, .infix, .end: .missingOperand(near: token.text, isAfter: false)
    }
  }
}

extension ExpressionSyntax {
  /// How many expressions may stand inside one another: far more than anyone writes, and few enough for any thread's stack.
  static let deepest = 64
}
