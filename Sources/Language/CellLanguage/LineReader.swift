/// Reads the words of a declaration.
struct LineReader {
  let source: SourceText
  private let tokens: [Token]
  private var index = 1

  /// - Parameter tokens: a keyword and what follows it, at the end a token of the kind `end`.
  init(_ tokens: [Token], in source: SourceText) { (self.tokens, self.source) = (tokens, source) }

  var current: Token { tokens[index] }

  mutating func advance() { index = min(index + 1, tokens.count - 1) }

  /// Goes on if the current token is of that kind, and says so.
  mutating func skip(_ kind: Token.Kind) -> Bool {
    guard current.kind == kind else { return false }
    advance()
    return true
  }

  /// The current token if it fits.
  ///
  /// - Throws: the diagnostic that `kind` makes of the keyword if it does not fit.
  mutating func next(
    where fits: (Token) -> Bool, orElse kind: (_ keyword: Token) -> DiagnosticKind
  ) throws(Diagnostic) -> Token {
    let token = current
    guard fits(token) else { throw source.diagnostic(kind(tokens[0]), at: token.span) }
    advance()
    return token
  }

  mutating func name() throws(Diagnostic) -> ExpressionSyntax.Name {
    let token = try next {
      $0.kind == .name
    } orElse: {
      .missingName(keyword: $0.text)
    }
    return ExpressionSyntax.Name(text: token.text, span: token.span)
  }

  /// One or more names with commas between.
  mutating func names() throws(Diagnostic) -> [ExpressionSyntax.Name] {
    var names = [try name()]
    while skip(.comma) { names.append(try name()) }
    return names
  }

  /// A length of a vector.
  mutating func wholeNumber() throws(Diagnostic) -> Int {
    let token = current
    guard case .number(let value) = token.kind, value >= 1, value <= Double(Size.largest), value == value.rounded() else {
      throw source.diagnostic(.notAWholeNumber(token.kind == .end ? "nothing" : token.text), at: token.span)
    }
    advance()
    return Int(value)
  }

  /// `(P)` or `(16)` after the name of a vector; nil if there is no parenthesis.
  mutating func length(orElse kind: DiagnosticKind) throws(Diagnostic) -> CellSyntax.Length? {
    let lengths = try lengths(atMost: 1, orElse: kind)
    return lengths.first
  }

  /// `(P)` after the name of a vector or `(units, P)` after that of a matrix; none if there is no parenthesis.
  mutating func lengths(atMost most: Int, orElse kind: DiagnosticKind) throws(Diagnostic) -> [CellSyntax.Length] {
    guard skip(.open(.round)) else { return [] }
    var lengths: [CellSyntax.Length] = []
    repeat {
      switch current.kind {
      case .name where lengths.count < most: lengths.append(.named(try name()))
      case .number where lengths.count < most: lengths.append(.number(try wholeNumber()))
      default: throw source.diagnostic(kind, at: current.span)
      }
    } while skip(.comma)
    guard skip(.close(.round)) else { throw source.diagnostic(kind, at: current.span) }
    return lengths
  }

  /// `= 0.5`, up to the end of the line.
  mutating func fraction(of name: String) throws(Diagnostic) -> Double {
    func bad(_ token: Token) -> Diagnostic { source.diagnostic(.badZoneout(name: name), at: token.span) }
    guard skip(.equals), case .number(let fraction) = current.kind, fraction < 1 else { throw bad(current) }
    advance()
    guard current.kind == .end else { throw bad(current) }
    return fraction
  }

  /// `= -0.5`, up to the end of the line.
  mutating func constant(named name: String) throws(Diagnostic) -> Double {
    func bad(_ token: Token) -> Diagnostic { source.diagnostic(.badConstant(name: name), at: token.span) }
    let start = current
    guard skip(.equals) else { throw bad(start) }
    let first = current
    guard let value = signedNumber() else { throw bad(first) }
    guard current.kind == .end else { throw bad(current) }
    return value
  }

  /// The line ends here.
  func end() throws(Diagnostic) {
    guard current.kind != .end else { return }
    throw source.diagnostic(.extraText(current.text, after: tokens[index - 1].text), at: current.span)
  }

  /// `= 1`, `= identity(0.5)`, `= uniform(0, 1)` …, up to the end of the line.
  mutating func initializer(of name: String) throws(Diagnostic) -> (Cell.Initializer, Span) {
    let start = current.span
    guard skip(.equals) else { throw source.diagnostic(.badInit(name: name), at: start) }
    let first = current
    let value = try initializer()
    let place = index > 0 ? Span(from: first.span, to: tokens[index - 1].span) : first.span
    guard let value, current.kind == .end else {
      throw source.diagnostic(.badInit(name: name), at: Span(from: first.span, to: tokens[tokens.count - 1].span))
    }
    return (value, place)
  }

  private mutating func initializer() throws(Diagnostic) -> Cell.Initializer? {
    guard current.kind == .name else { return signedNumber().map(Cell.Initializer.constant) }
    let word = current.text
    advance()
    var numbers: [Double] = []
    if skip(.open(.round)) {
      repeat {
        guard let number = signedNumber() else { return nil }
        numbers.append(number)
      } while skip(.comma)
      guard skip(.close(.round)) else { return nil }
    }
    switch (word, numbers.count) {
    case ("identity", 0): return .identity(1)
    case ("identity", 1): return .identity(numbers[0])
    case ("orthogonal", 0): return .orthogonal(1)
    case ("orthogonal", 1): return .orthogonal(numbers[0])
    case ("glorot", 0): return .glorot
    case ("uniform", 2) where numbers[0] <= numbers[1]: return .uniform(numbers[0], numbers[1])
    case ("normal", 1) where numbers[0] >= 0: return .normal(numbers[0])
    case ("groups", 0): return .groups
    case ("legendre", 1) where numbers[0] > 0: return .legendre(numbers[0])
    default: return nil
    }
  }

  private mutating func signedNumber() -> Double? {
    let isNegative = skip(.infix(.subtract))
    guard case .number(let value) = current.kind else { return nil }
    advance()
    return isNegative ? -value : value
  }
}
