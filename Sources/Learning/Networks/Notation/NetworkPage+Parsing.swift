package import CellLanguage

extension NetworkPage {
  /// Reads a page of equations for networks.
  ///
  /// A cell is one of the library (`gru`), or one whose equations stand below the network, from a line `cell NAME` on.
  ///
  /// - Parameters:
  ///   - text: the page, or its lines on one, with `;` between.
  ///   - file: what messages call the text.
  /// - Throws: ``Diagnostic`` with the place of what is wrong.
  public init(parsing text: String, file: String = "network") throws {
    try self.init(parsing: text, file: file) { try Cell.named($0) }
  }

  /// - Parameter cell: the cell that a word names which no cell below the network has as its name.
  package init(parsing text: String, file: String, cell: @escaping (String) throws -> Cell) throws {
    let source = SourceText(text, file: file)
    let starts = Self.cellStarts(in: source)
    let cells = try Self.cells(in: source, from: starts)
    var used: Set<String> = []
    var lines = try NetworkToken.lines(of: source, upTo: starts.first?.start ?? source.lines.count)
    var name: String?
    if let first = lines.first, first[0].text == "network", !first[1].isSign("="), !first[1].isSign("(") {
      guard first[1].kind == .word else { throw source.diagnostic(.nameMissing, at: first[1].span) }
      guard first[2].kind == .end else { throw source.diagnostic(.extraText(first[2].text), at: first[2].span) }
      name = first[1].text
      lines.removeFirst()
    }
    if let second = lines.first(where: { $0[0].text == "network" && $0[1].kind == .word }) {
      throw source.diagnostic(.secondNetworkLine, at: second[0].span)
    }
    guard !lines.isEmpty else { throw source.diagnostic(.emptyText, at: .start) }
    var parser = NetworkParser(lines, in: source) { word in
      used.insert(word)
      return try cells.first { $0.name == word } ?? cell(word)
    }
    let top = try parser.page(lines)
    if let unused = cells.indices.first(where: { !used.contains(cells[$0].name) }) {
      throw source.diagnostic(.unusedCell(cells[unused].name), at: Span(line: starts[unused].line, columns: 0..<4))
    }
    self = NetworkPage(name: name, layers: parser.layers, top: top).namingCells()
  }

  /// Where the texts of cells begin, with the comments above them, and their lines `cell NAME`.
  private static func cellStarts(in source: SourceText) -> [(start: Int, line: Int)] {
    source.lines.indices.filter { index in
      let words = source.lines[index].split(separator: " ", maxSplits: 1)
      return words.count == 2 && String(words[0]) == "cell" && words[1].first.map { $0.isLetter } == true
    }.map { line in
      var start = line
      while start > 0, source.lines[start - 1].first(where: { !$0.isWhitespace }) == "#" { start -= 1 }
      return (start, line)
    }
  }

  /// The cells whose equations stand below the network. Each is read as a text of its own, whose lines stand where they do in the page.
  private static func cells(in source: SourceText, from starts: [(start: Int, line: Int)]) throws -> [Cell] {
    try starts.enumerated().map { index, place in
      let end = index + 1 < starts.count ? starts[index + 1].start : source.lines.count
      let lines = Array(repeating: "", count: place.start) + source.lines[place.start..<end].map { String($0) }
      return try Cell(parsing: lines.joined(separator: "\n"), file: source.file)
    }
  }

  /// The page with different names for different cells.
  private func namingCells() -> NetworkPage {
    let names = cells
    func named(_ cell: Cell) -> Cell { names.first { $0.cell == cell }.map { cell.renamed($0.name) } ?? cell }
    let layers = layers.map { layer in
      var direction = layer.direction
      if case .bidirectional(let merge, let reverse?) = direction { direction = .bidirectional(merge, reverse: named(reverse)) }
      return Layer(
        name: layer.name, cell: named(layer.cell), reads: layer.reads, units: layer.units, sizes: layer.sizes,
        direction: direction,
        learnsInitialStates: layer.learnsInitialStates)
    }
    return NetworkPage(name: name, layers: layers, top: top)
  }
}

extension Architecture.Reading {
  /// A reading as a model file says it, such as `x + b`. That there are layers of these names is checked with the architecture.
  ///
  /// - Throws: ``Diagnostic`` with the place of what is wrong.
  package init(parsing text: String, file: String) throws {
    let source = SourceText(text, file: file)
    let lines = try NetworkToken.lines(of: source, upTo: source.lines.count)
    guard lines.count == 1 else { throw source.diagnostic(.emptyText, at: .start) }
    var parser = NetworkParser(reading: lines[0], in: source)
    self = try parser.whole()
  }
}
