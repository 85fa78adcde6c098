import CellLanguage
import Support

/// Reads the lines of a page of equations for networks.
struct NetworkParser {
  let source: SourceText
  /// The cell that a word names; nil where only what is there can be read, under whatever name.
  private let cell: ((String) throws -> Cell)?
  private var names: LayerNames
  /// What lines define, and what they will.
  private var values: [String: Value] = [:]
  private let targets: [String: Span]
  private(set) var layers: [NetworkPage.Layer] = []
  private var tokens: [NetworkToken] = []
  private var index = 0
  private var nesting = 0
  /// What the current line defines.
  private var target: String?

  private struct Value {
    let reading: Architecture.Reading
    let span: Span
    var isRead = false
  }

  /// - Parameters:
  ///   - lines: of the text; each ends with a token of the kind `end`.
  ///   - cell: the cell that a word names.
  init(_ lines: [[NetworkToken]], in source: SourceText, cell: @escaping (String) throws -> Cell) {
    (self.source, self.cell) = (source, cell)
    let targets = lines.compactMap { $0.count > 1 && $0[1].isSign("=") ? ($0[0].text, $0[0].span) : nil }
    self.targets = Dictionary(targets) { first, _ in first }
    names = LayerNames(self.targets.keys)
  }

  /// Reads one reading, in which each name is a layer's.
  init(reading tokens: [NetworkToken], in source: SourceText) {
    (self.source, self.tokens, cell, targets, names) = (source, tokens, nil, [:], LayerNames([]))
  }

  /// The reading that all tokens are.
  mutating func whole() throws -> Architecture.Reading {
    let reading = try sum()
    try expectEnd()
    return reading
  }

  private var current: NetworkToken { tokens[index] }

  private mutating func advance() { index = min(index + 1, tokens.count - 1) }

  private mutating func skip(_ sign: String) -> Bool {
    guard current.isSign(sign) else { return false }
    advance()
    return true
  }

  /// Reads all lines; the last one is what the output is made from.
  mutating func page(_ lines: [[NetworkToken]]) throws -> Architecture.Reading {
    var top = Architecture.Reading.input
    for (number, line) in lines.enumerated() { top = try read(line, isLast: number + 1 == lines.count) }
    let unread = values.filter { !$0.value.isRead && $0.key != target }
    if let first = unread.min(by: { ($0.value.span.line, $0.value.span.column) < ($1.value.span.line, $1.value.span.column) }) {
      throw source.diagnostic(.neverRead(first.key), at: first.value.span)
    }
    return top
  }

  private mutating func read(_ line: [NetworkToken], isLast: Bool) throws -> Architecture.Reading {
    (tokens, index, nesting, target) = (line, 0, 0, nil)
    let first = line[0]
    if line.count > 1, line[1].isSign("=") {
      try check(target: first)
      target = first.text
      index = 2
    } else if first.kind == .word, line[1].kind == .word || line[1].kind == .quoted {
      throw source.diagnostic(.noEquals(first.text), at: line[1].span)
    } else if !isLast {
      throw source.diagnostic(.unnamedLine, at: first.span)
    }
    let reading = try sum()
    try expectEnd()
    if let target { values[target] = Value(reading: reading, span: first.span) }
    return reading
  }

  private func check(target: NetworkToken) throws(Diagnostic) {
    if target.text == Architecture.Reading.inputName { throw source.diagnostic(.inputAsTarget, at: target.span) }
    guard target.kind == .word, Architecture.isName(target.text) else {
      throw source.diagnostic(.badTarget(target.text), at: target.span)
    }
    if let other = values[target.text] {
      throw source.diagnostic(.definedTwice(target.text, line: other.span.line + 1), at: target.span)
    }
  }

  private func expectEnd() throws(Diagnostic) {
    if current.kind != .end { throw source.diagnostic(.extraText(current.text), at: current.span) }
  }

  // MARK: What is read

  private mutating func sum() throws -> Architecture.Reading {
    try several(with: "+", Architecture.Reading.sum) { parser throws in
      try parser.several(with: "*", Architecture.Reading.product) { try $0.operand() }
    }
  }

  private mutating func several(
    with sign: String, _ make: ([Architecture.Reading]) -> Architecture.Reading,
    _ part: (inout NetworkParser) throws -> Architecture.Reading
  ) throws -> Architecture.Reading {
    let start = current
    var parts = [try part(&self)]
    while skip(sign) { parts.append(try part(&self)) }
    return parts.count == 1 ? parts[0] : try bounded(make(parts), at: start)
  }

  private func bounded(_ reading: Architecture.Reading, at token: NetworkToken) throws(Diagnostic) -> Architecture.Reading {
    guard reading.terms() <= Architecture.Reading.mostTerms else { throw source.diagnostic(.tooManyTerms, at: token.span) }
    return reading
  }

  private mutating func operand() throws -> Architecture.Reading {
    let token = current
    nesting += 1
    defer { nesting -= 1 }
    if nesting > 64 { throw source.diagnostic(.tooDeep, at: token.span) }
    if skip("(") {
      let inner = try sum()
      try close("(", token)
      return inner
    }
    if skip("[") {
      var parts: [Architecture.Reading] = []
      repeat { parts.append(try sum()) } while skip(",")
      try close("[", token)
      return try bounded(.concatenation(parts), at: token)
    }
    guard token.kind == .word || token.kind == .quoted else {
      throw source.diagnostic(.missingOperand(token.text), at: token.span)
    }
    advance()
    if current.isSign("(") || token.kind == .quoted { return try call(token) }
    return try value(of: token)
  }

  private mutating func close(_ bracket: String, _ open: NetworkToken) throws(Diagnostic) {
    if skip(bracket == "(" ? ")" : "]") { return }
    if current.kind == .end { throw source.diagnostic(.unclosed(bracket), at: open.span) }
    throw source.diagnostic(.extraText(current.text), at: current.span)
  }

  private mutating func value(of token: NetworkToken) throws(Diagnostic) -> Architecture.Reading {
    let name = token.text
    if name == Architecture.Reading.inputName { return .input }
    if cell == nil { return .layer(name) }
    if values[name] != nil {
      values[name]?.isRead = true
      return values[name]?.reading ?? .input
    }
    if name == target { throw source.diagnostic(.itself(name), at: token.span) }
    if targets[name] != nil { throw source.diagnostic(.definedBelow(name), at: token.span) }
    let known = values.keys.sorted() + [Architecture.Reading.inputName]
    throw source.diagnostic(.unknownName(name, suggestion: closest(to: name, in: known)), at: token.span)
  }

  // MARK: Layers

  /// `slstm(a, heads: 4)`, whose cell has been read.
  private mutating func call(_ name: NetworkToken) throws -> Architecture.Reading {
    let cell = try cell(of: name)
    let open = current
    guard skip("("), !current.isSign(")"), current.kind != .end else {
      throw source.diagnostic(.noReading(name.text), at: name.span)
    }
    // A name of its own stands before those of layers within.
    let isWhole = index == 4 && target != nil
    let reading = try sum()
    var settings = LayerSettings(cell, called: name.text, in: source)
    while skip(",") {
      let word = current
      advance()
      guard word.kind == .word, skip(":") else { throw source.diagnostic(.badSetting(word.text), at: word.span) }
      let value = current
      advance()
      try settings.set(word, to: value) { try self.cell(of: $0) }
    }
    try close("(", open)
    try settings.check()
    let isTarget = isWhole && current.kind == .end
    let own = isTarget ? target ?? "" : names.fresh(for: cell)
    layers.append(settings.layer(named: own, reading: reading))
    return .layer(own)
  }

  private func cell(of name: NetworkToken) throws -> Cell {
    guard let cell else { throw source.diagnostic(.callInReading(name.text), at: name.span) }
    do {
      return try cell(name.text)
    } catch let error as UnknownCell {
      throw source.diagnostic(.unknownCell(error.name, help: error.advice), at: name.span)
    } catch let error as RecurrentError {
      throw source.diagnostic(.wrongCell(name.text, error.description), at: name.span)
    }
  }
}
