import Support

/// Reads a cell's text line by line.
struct CellParser {
  private let source: SourceText
  private var cell = CellSyntax()
  private var hasName = false
  /// Whether the last `repeat` line may have further equations below it.
  private var isRepeating = false

  private init(_ source: SourceText) { self.source = source }

  static func parse(_ source: SourceText) throws(Diagnostic) -> CellSyntax {
    var parser = CellParser(source)
    for line in try Lexer.lines(of: source) { try parser.read(line) }
    guard parser.hasName else { throw source.diagnostic(.emptyText, at: .start) }
    try parser.endRepeat()
    return parser.cell
  }

  private mutating func read(_ line: LogicalLine) throws(Diagnostic) {
    guard let first = line.tokens.first else {
      // Comments above the name are the summary; elsewhere only those after an equation belong to the cell.
      if !hasName, let comment = line.comment { cell.summary.append(comment) }
      return
    }
    let second = line.tokens[1]
    let isEquation = second.kind == .equals || second.kind == .prime
    let keyword = isEquation ? nil : Keyword(rawValue: first.text)
    guard hasName || keyword == .cell else {
      let isMisspelt = closest(to: first.text, in: ["cell"]) != nil
      throw source.diagnostic(isMisspelt ? notALine(line) : .noCellLine, at: first.span)
    }
    if let open = cell.repeats.last, isRepeating {
      if first.span.column <= open.place.column {
        try endRepeat()
      } else if keyword != nil {
        throw source.diagnostic(keyword == .repetition ? .repeatInRepeat : .declarationInRepeat(first.text), at: first.span)
      }
    }
    var words = LineReader(line.tokens, in: source)
    switch keyword {
    case .cell: return try readName(line)
    case .input: try readInput(&words)
    case .memory: try readMemory(&words)
    case .state: try readStates(&words)
    case .local: try readLocals(&words)
    case .size: try readSize(&words)
    case .heads: try readHeads(&words, at: first.span)
    case .block: cell.blocks += try words.names()
    case .constant: return try readConstant(&words)
    case .scalar: cell.scalars += try words.names()
    case .fixed: cell.fixed += try words.names()
    case .zoneout: return try readZoneout(&words)
    case .repetition: try readRepeat(&words, at: first.span)
    case .initialize: return try readInitializers(&words)
    case nil where isEquation: return try readEquation(line)
    case nil: throw source.diagnostic(notALine(line), at: first.span)
    }
    try words.end()
  }

  private func notALine(_ line: LogicalLine) -> DiagnosticKind {
    let word = line.tokens[0].text
    if line.tokens[0].kind == .name, line.tokens[1].kind == .name,
      let suggestion = closest(to: word, in: Keyword.allCases.map(\.rawValue))
    {
      return .unknownLine(word: word, suggestion: suggestion)
    }
    return line.tokens.contains { $0.kind == .equals } ? .badTarget : .unknownLine(word: word, suggestion: nil)
  }

  /// `cell NAME`, whose name may hold `-`.
  private mutating func readName(_ line: LogicalLine) throws(Diagnostic) {
    guard !hasName else { throw source.diagnostic(.secondCellLine, at: line.tokens[0].span) }
    var words = LineReader(line.tokens, in: source)
    let first = try words.next {
      $0.kind == .name
    } orElse: {
      .missingName(keyword: $0.text)
    }
    (cell.name, cell.place, hasName) = (first.text, first.span, true)
    while !words.current.isSpaced, Self.continuesName(words.current) {
      cell.name += words.current.text
      cell.place = Span(from: cell.place, to: words.current.span)
      words.advance()
    }
    try words.end()
    if let comment = line.comment { cell.summary.append(comment) }
  }

  private static func continuesName(_ token: Token) -> Bool {
    switch token.kind {
    case .name, .number: true
    case .infix: token.text == "-"
    case .open, .close, .comma, .equals, .prime, .transpose, .range, .end: false
    }
  }

  private mutating func readInput(_ words: inout LineReader) throws(Diagnostic) {
    repeat {
      let name = try words.name()
      let length = try words.length(orElse: .badInputSize)
      switch (cell.inputs.isEmpty, length) {
      case (true, nil):
        cell.inputs.append(CellSyntax.Input(name: name, length: .named(ExpressionSyntax.Name(text: "inputs", span: name.span))))
      case (true, _?): throw source.diagnostic(.sizeOfFirstInput(name.text), at: name.span)
      case (false, let length?): cell.inputs.append(CellSyntax.Input(name: name, length: length))
      case (false, nil): throw source.diagnostic(.inputWithoutSize(name.text, first: cell.inputs[0].name.text), at: name.span)
      }
    } while words.skip(.comma)
  }

  private mutating func readMemory(_ words: inout LineReader) throws(Diagnostic) {
    let name = try words.name()
    guard let length = try words.length(orElse: .memory(.badSize(name.text))) else {
      throw source.diagnostic(.memory(.badSize(name.text)), at: name.span)
    }
    if let first = cell.memories.first {
      throw source.diagnostic(.memory(.second(name.text, first: first.name.text)), at: name.span)
    }
    cell.memories.append(CellSyntax.Memory(name: name, length: length))
  }

  private mutating func readStates(_ words: inout LineReader) throws(Diagnostic) {
    repeat {
      let name = try words.name()
      let lengths = try words.lengths(atMost: 2, orElse: .badStateSize)
      cell.states.append(
        CellSyntax.State(name: name, length: lengths.first, columns: lengths.count > 1 ? lengths[1] : nil))
    } while words.skip(.comma)
  }

  private mutating func readLocals(_ words: inout LineReader) throws(Diagnostic) {
    repeat {
      let name = try words.name()
      guard let length = try words.length(orElse: .local(.badSize)) else {
        throw source.diagnostic(.local(.badSize), at: words.current.span)
      }
      cell.locals.append(CellSyntax.Local(name: name, length: length))
    } while words.skip(.comma)
  }

  /// `size P = 64`, `units / 2`, `heads * d * d`.
  private mutating func readSize(_ words: inout LineReader) throws(Diagnostic) {
    let name = try words.name()
    guard words.skip(.equals) else { throw source.diagnostic(.badSizeLine(name: name.text), at: words.current.span) }
    cell.sizes.append(try size(name, &words, orElse: .badSizeLine(name: name.text)))
  }

  /// `heads 4`, `heads units / 64`.
  private mutating func readHeads(_ words: inout LineReader, at place: Span) throws(Diagnostic) {
    let name = ExpressionSyntax.Name(text: Size.headsName, span: place)
    cell.sizes.append(try size(name, &words, orElse: .badHeads))
    cell.heads = place
  }

  /// A size with the product that is its default, up to the end of the line.
  private func size(
    _ name: ExpressionSyntax.Name, _ words: inout LineReader, orElse kind: DiagnosticKind
  ) throws(Diagnostic) -> CellSyntax.NamedSize {
    var names: [ExpressionSyntax.Name] = []
    var (multiplier, divisor) = (1, 1)
    repeat {
      let token = words.current
      switch token.kind {
      case .number: multiplier *= try words.wholeNumber()
      case .name: names.append(try words.name())
      default: throw source.diagnostic(kind, at: token.span)
      }
      guard multiplier <= Size.largest else { throw source.diagnostic(.sizeTooLarge, at: token.span) }
    } while words.skip(.infix(.multiply))
    if words.skip(.infix(.divide)) { divisor = try words.wholeNumber() }
    guard words.current.kind == .end else { throw source.diagnostic(kind, at: words.current.span) }
    return CellSyntax.NamedSize(name: name, names: names, multiplier: multiplier, divisor: divisor)
  }

  /// `repeat 6`, `repeat n`.
  private mutating func readRepeat(_ words: inout LineReader, at place: Span) throws(Diagnostic) {
    let count: CellSyntax.Length
    switch words.current.kind {
    case .name: count = .named(try words.name())
    case .number: count = .number(try words.wholeNumber())
    default: throw source.diagnostic(.badRepeat, at: words.current.span)
    }
    if case .number(let times) = count, times > Cell.mostRepeats { throw source.diagnostic(.tooManyRepeats, at: place) }
    cell.repeats.append(CellSyntax.Repeat(count: count, place: place, equations: cell.equations.count..<cell.equations.count))
    isRepeating = true
  }

  private mutating func endRepeat() throws(Diagnostic) {
    guard isRepeating, let last = cell.repeats.indices.last else { return }
    isRepeating = false
    let own = cell.repeats[last].equations.lowerBound..<cell.equations.count
    if own.isEmpty { throw source.diagnostic(.emptyRepeat, at: cell.repeats[last].place) }
    guard cell.equations[own].contains(where: \.isUpdate) else {
      throw source.diagnostic(.idleRepeat, at: cell.repeats[last].place)
    }
    cell.repeats[last].equations = own
  }

  private mutating func readConstant(_ words: inout LineReader) throws(Diagnostic) {
    let name = try words.name()
    cell.constants.append(CellSyntax.Constant(name: name, value: try words.constant(named: name.text)))
  }

  private mutating func readInitializers(_ words: inout LineReader) throws(Diagnostic) {
    let names = try words.names()
    let (value, place) = try words.initializer(of: names[0].text)
    cell.initializers += names.map { CellSyntax.Initializer(name: $0, value: value, place: place) }
  }

  private mutating func readZoneout(_ words: inout LineReader) throws(Diagnostic) {
    let names = try words.names()
    let fraction = try words.fraction(of: names[0].text)
    cell.zoneouts += names.map { CellSyntax.Zoneout(name: $0, fraction: fraction) }
  }

  private mutating func readEquation(_ line: LogicalLine) throws(Diagnostic) {
    let first = line.tokens[0]
    guard first.kind == .name else { throw source.diagnostic(.badTarget, at: first.span) }
    let isUpdate = line.tokens[1].kind == .prime
    let equals = line.tokens[isUpdate ? 2 : 1]
    guard equals.kind == .equals else { throw source.diagnostic(.noEquals(target: first.text + "'"), at: equals.span) }
    let target = ExpressionSyntax.Name(
      text: first.text, span: isUpdate ? Span(from: first.span, to: line.tokens[1].span) : first.span)
    let start = isUpdate ? 3 : 2
    guard line.tokens[start].kind != .end else {
      throw source.diagnostic(.noExpression(target: first.text + (isUpdate ? "'" : "")), at: line.tokens[start].span)
    }
    var parser = ExpressionParser(line.tokens, from: start, in: source)
    let label = line.comment.flatMap { $0.isEmpty ? nil : $0 }
    cell.equations.append(
      CellSyntax.Equation(target: target, isUpdate: isUpdate, expression: try parser.whole(), label: label))
  }
}
