/// Cuts a source into lines of tokens.
struct Lexer {
  private let source: SourceText
  private var lines: [LogicalLine] = []
  private var tokens: [Token] = []
  private var comments: [String] = []
  private var depth = 0

  private init(_ source: SourceText) { self.source = source }

  /// The lines that hold tokens or a comment.
  static func lines(of source: SourceText) throws(Diagnostic) -> [LogicalLine] {
    var lexer = Lexer(source)
    for number in source.lines.indices {
      try lexer.readLine(number)
      if lexer.depth == 0 { lexer.endLogicalLine() }
    }
    lexer.endLogicalLine()
    return lexer.lines
  }

  private mutating func endLogicalLine() {
    depth = 0
    if tokens.isEmpty && comments.isEmpty { return }
    let comment = comments.isEmpty ? nil : comments.filter { !$0.isEmpty }.joined(separator: " ")
    if let last = tokens.last {
      let end = Span(line: last.span.endLine, columns: last.span.endColumn..<last.span.endColumn)
      tokens.append(Token(kind: .end, text: "", span: end, isSpaced: false))
    }
    lines.append(LogicalLine(tokens: tokens, comment: comment))
    (tokens, comments) = ([], [])
  }

  private mutating func readLine(_ number: Int) throws(Diagnostic) {
    let line = source.lines[number]
    var column = 0
    var isSpaced = true
    while column < line.count {
      let character = line[column]
      if character == "#" {
        comments.append(Self.trimmed(line[(column + 1)...]))
        return
      }
      if character.isWhitespace {
        isSpaced = true
        column += 1
        continue
      }
      let (kind, length) = try token(in: line, at: column, number)
      let span = Span(line: number, columns: column..<(column + length))
      tokens.append(Token(kind: kind, text: String(line[column..<(column + length)]), span: span, isSpaced: isSpaced))
      if case .open = kind { depth += 1 }
      if case .close = kind { depth = max(0, depth - 1) }
      isSpaced = false
      column += length
    }
  }

  private func token(in line: [Character], at column: Int, _ number: Int) throws(Diagnostic) -> (Token.Kind, Int) {
    let character = line[column]
    if Self.isDigit(character) { return try numberToken(in: line, at: column, number) }
    if Self.beginsName(character) {
      var end = column + 1
      while end < line.count, Self.continuesName(line[end]) { end += 1 }
      if end < line.count, line[end] == "~" { end += 1 }
      return (.name, end - column)
    }
    switch character {
    case "(": return (.open(.round), 1)
    case ")": return (.close(.round), 1)
    case "[": return (.open(.square), 1)
    case "]": return (.close(.square), 1)
    case ",": return (.comma, 1)
    case "." where column + 1 < line.count && line[column + 1] == ".": return (.range, 2)
    case "=": return (.equals, 1)
    case "'", "′", "’": return (.prime, 1)
    case "ᵀ", "⊤": return (.transpose, 1)
    case "^":
      let next = column + 1
      if next < line.count, "T⊤".contains(line[next]), next + 1 == line.count || !Self.continuesName(line[next + 1]) {
        return (.transpose, 2)
      }
      throw source.diagnostic(.power, at: Span(line: number, columns: column..<(column + 1)))
    default:
      if let primitive = Primitive.named(String(character)), case .infix = primitive.notation { return (.infix(primitive), 1) }
      let kind = Self.isSuperscript(character) ? DiagnosticKind.power : .strayCharacter(character)
      throw source.diagnostic(kind, at: Span(line: number, columns: column..<(column + 1)))
    }
  }

  /// `1`, `0.5`, `1e-5`.
  private func numberToken(in line: [Character], at column: Int, _ number: Int) throws(Diagnostic) -> (Token.Kind, Int) {
    var end = column
    func skipDigits() { while end < line.count, Self.isDigit(line[end]) { end += 1 } }
    func has(_ characters: String) -> Bool { end < line.count && characters.contains(line[end]) }
    skipDigits()
    // In `0..n` the points belong to the slice.
    if has("."), end + 1 == line.count || line[end + 1] != "." {
      end += 1
      skipDigits()
    }
    let mantissa = end
    if has("eE") {
      end += 1
      if has("+-−") { end += 1 }
      let exponent = end
      skipDigits()
      if end == exponent { end = mantissa }
    }
    let text = String(line[column..<end])
    let span = Span(line: number, columns: column..<end)
    guard !text.hasSuffix("."), let value = Double(text.replacing("−", with: "-")) else {
      throw source.diagnostic(.malformedNumber(text), at: span)
    }
    guard value.isFinite else { throw source.diagnostic(.numberTooLarge(text), at: span) }
    return (.number(value), end - column)
  }

  private static func trimmed(_ characters: ArraySlice<Character>) -> String {
    var rest = characters
    while rest.first?.isWhitespace == true { rest.removeFirst() }
    while rest.last?.isWhitespace == true { rest.removeLast() }
    return String(rest)
  }

  private static func isDigit(_ character: Character) -> Bool { (48...57).contains(character.asciiValue ?? 0) }

  private static func beginsName(_ character: Character) -> Bool {
    if let code = character.asciiValue { return isASCIILetter(code) || character == "_" }
    return character.isLetter && !isSuperscript(character)
  }

  private static func continuesName(_ character: Character) -> Bool {
    if let code = character.asciiValue { return isASCIILetter(code) || character == "_" || isDigit(character) }
    return (character.isLetter || character.isWholeNumber) && !isSuperscript(character)
  }

  /// Most characters are ASCII, and the tables of Unicode are slow.
  private static func isASCIILetter(_ code: UInt8) -> Bool { (97...122).contains(code | 32) }

  /// Superscripts are powers or, as `ᵀ`, the transpose; subscripts belong to names.
  private static func isSuperscript(_ character: Character) -> Bool { "²³¹⁰⁴⁵⁶⁷⁸⁹ᵀ".contains(character) }
}
