import CellLanguage

extension NetworkPage: CustomStringConvertible {
  /// The page as a text, from which the same page can be read: a line for each layer, one for each reading that stands in several places, and
  /// the cells that the library does not have.
  public var description: String { text(havingLibrary: false) }

  /// - Parameter havingLibrary: whether cells of the library stand in it, too.
  package func text(havingLibrary: Bool) -> String {
    var printer = NetworkPrinter(self)
    return printer.text(havingLibrary: havingLibrary)
  }

  /// The lines of ``description`` between the network's name and the cells.
  package var lines: [String] {
    var printer = NetworkPrinter(self)
    return printer.lines()
  }
}

private struct NetworkPrinter {
  private let page: NetworkPage
  /// What each cell is called.
  private let cells: [(cell: Cell, name: String)]
  private var names: LayerNames
  /// What is called by a name of its own, since it stands in several places.
  private var shared: Set<Architecture.Reading>
  private var known: [Architecture.Reading: String] = [:]

  init(_ page: NetworkPage) {
    self.page = page
    names = LayerNames(page.layers.map(\.name))
    cells = page.cells
    var seen: Set<Architecture.Reading> = []
    var shared: Set<Architecture.Reading> = []
    func visit(_ reading: Architecture.Reading) {
      if reading.parts.isEmpty { return }
      guard seen.insert(reading).inserted else {
        shared.insert(reading)
        return
      }
      for part in reading.parts { visit(part) }
    }
    for reading in page.layers.map(\.reads) + [page.top] { visit(reading) }
    self.shared = shared
  }

  mutating func text(havingLibrary: Bool) -> String {
    let heading = page.name.map { ["network \($0)"] } ?? []
    let own = cells.filter { each in havingLibrary || (try? Cell.named(each.name)) != each.cell }
    return (heading + lines()).map { $0 + "\n" }.joined() + own.map { "\n\($0.cell.renamed($0.name).description)" }.joined()
  }

  mutating func lines() -> [String] {
    var lines: [String] = []
    for layer in page.layers {
      name(layer.reads, &lines)
      lines.append("\(layer.name) = \(call(layer))")
    }
    if page.layers.last.map({ .layer($0.name) }) == page.top { return lines }
    for part in page.top.parts { name(part, &lines) }
    return lines + ["\(names.fresh("y")) = \(page.top.text(naming: known))"]
  }

  /// Gives a line to each part of a reading that stands elsewhere, too.
  private mutating func name(_ reading: Architecture.Reading, _ lines: inout [String]) {
    if reading.parts.isEmpty || known[reading] != nil { return }
    for part in reading.parts { name(part, &lines) }
    guard shared.contains(reading) else { return }
    let name = names.fresh("s")
    lines.append("\(name) = \(reading.text(naming: known))")
    known[reading] = name
  }

  private func call(_ layer: NetworkPage.Layer) -> String {
    func name(_ cell: Cell) -> String {
      let name = cells.first { $0.cell == cell }?.name ?? cell.name
      let isWord = name.allSatisfy(NetworkToken.isWordPart) && name.first?.isLetter == true
      return isWord ? name : "\"\(name)\""
    }
    var arguments = [layer.reads.text(naming: known)]
    if let units = layer.units { arguments.append("units: \(units)") }
    arguments += layer.sizes.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value)" }
    switch layer.direction {
    case .forward: break
    case .reverse: arguments.append("direction: reverse")
    case .bidirectional(let merge, let reverse):
      arguments.append("direction: bidirectional")
      if merge != .concatenate { arguments.append("merge: \(merge.rawValue)") }
      if let reverse { arguments.append("reverse: \(name(reverse))") }
    }
    if layer.learnsInitialStates { arguments.append("states: learned") }
    return "\(name(layer.cell))(\(arguments.joined(separator: ", ")))"
  }
}

extension NetworkPage {
  /// The different cells, each with a name of its own: its own, or one with a number behind it where another cell has that.
  var cells: [(cell: Cell, name: String)] {
    var cells: [(cell: Cell, name: String)] = []
    for layer in layers {
      var own = [layer.cell]
      if case .bidirectional(_, let reverse?) = layer.direction { own.append(reverse) }
      for cell in own where !cells.contains(where: { $0.cell == cell }) {
        var (name, number) = (cell.name, 1)
        while cells.contains(where: { $0.name == name }) {
          number += 1
          name = "\(cell.name)-\(number)"
        }
        cells.append((cell, name))
      }
    }
    return cells
  }
}
