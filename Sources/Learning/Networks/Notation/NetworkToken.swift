import CellLanguage

/// A word or a sign of a page of equations for networks.
struct NetworkToken {
  let kind: Kind
  /// As it stands in the text; of a word in quotes what is between them.
  let text: String
  let span: Span

  enum Kind: Hashable {
    /// A name, a cell, a file or a number: letters, digits and `_ - . /`, a cell's values in brackets right behind it included.
    case word
    /// A word in quotes, which is a cell.
    case quoted
    /// One of `( ) [ ] , : = + *`.
    case sign
    /// The end of a line, or a `;`.
    case end
  }

  func isSign(_ sign: String) -> Bool { kind == .sign && text == sign }
}

extension NetworkToken {
  /// The lines of a text that hold more than a comment; each ends with a token of the kind `end`. Within brackets a line goes on.
  static func lines(of source: SourceText, upTo count: Int) throws(Diagnostic) -> [[NetworkToken]] {
    var lines: [[NetworkToken]] = []
    var line: [NetworkToken] = []
    var depth = 0
    func end(_ span: Span) {
      if !line.isEmpty { lines.append(line + [NetworkToken(kind: .end, text: "", span: span)]) }
      line = []
    }
    for number in 0..<count {
      let characters = source.lines[number]
      var column = 0
      while let (token, next) = try next(in: source, number, from: column) {
        column = next
        if token.kind == .end {
          end(token.span)
          depth = 0
          continue
        }
        if token.isSign("(") || token.isSign("[") { depth += 1 }
        if token.isSign(")") || token.isSign("]") { depth = max(0, depth - 1) }
        line.append(token)
      }
      if depth == 0 || number + 1 == count { end(Span(line: number, columns: characters.count..<characters.count)) }
    }
    return lines
  }

  /// The token of a line that begins at a column or after it, and the column after that; nil if there is none.
  private static func next(
    in source: SourceText, _ number: Int, from start: Int
  ) throws(Diagnostic) -> (NetworkToken, Int)? {
    let line = source.lines[number]
    guard let column = line[start...].firstIndex(where: { !$0.isWhitespace }), line[column] != "#" else { return nil }
    func token(_ kind: Kind, _ text: ArraySlice<Character>, upTo end: Int) -> (NetworkToken, Int) {
      (NetworkToken(kind: kind, text: String(text), span: Span(line: number, columns: column..<end)), end)
    }
    switch line[column] {
    case ";": return token(.end, [], upTo: column + 1)
    case "(", ")", "[", "]", ",", ":", "=", "+", "*": return token(.sign, line[column...column], upTo: column + 1)
    case "\"":
      guard let end = line[(column + 1)...].firstIndex(of: "\"") else {
        throw source.diagnostic(.openQuote, at: Span(line: number, columns: column..<line.count))
      }
      return token(.quoted, line[(column + 1)..<end], upTo: end + 1)
    case let character where isWordPart(character):
      var end = line[column...].firstIndex { !isWordPart($0) } ?? line.count
      if end < line.count, line[end] == "[" {
        guard let close = line[end...].firstIndex(of: "]") else {
          throw source.diagnostic(.unclosed("["), at: Span(line: number, columns: end..<line.count))
        }
        end = close + 1
      }
      return token(.word, line[column..<end], upTo: end)
    case let character:
      throw source.diagnostic(.strayCharacter(character), at: Span(line: number, columns: column..<column + 1))
    }
  }

  static func isWordPart(_ character: Character) -> Bool {
    character.isLetter || character.isNumber || "_-./".contains(character)
  }
}
