package import CellLanguage
package import Networks
import Support

/// Layers of which a page says what each of them is and reads.
extension Recipe {
  /// What the output is made from; nil for what the last layer gives.
  ///
  /// - Throws: ``Diagnostic`` if the recipe's page can't be read.
  package func top() throws -> Architecture.Reading? { try network.page?.page().architecture(units: 1).top }
}

extension Recipe where Task: TrainableTask {
  /// All cells, without those of what the input is made of.
  package func cells() throws -> [Cell] {
    guard let page = network.page else { return [try cell()] }
    return try layers(of: page.page(), units: network.units ?? Task.defaults.units).flatMap(\.cells)
      .reduce(into: []) { cells, cell in if !cells.contains(cell) { cells.append(cell) } }
  }

  /// The direction of the first layer of a page that reads sequences from their ends; forward if none does.
  ///
  /// - Throws: ``RecurrentError`` if the task's networks can't read so.
  func direction(of page: NetworkPage) throws(RecurrentError) -> Architecture.Direction {
    guard let layer = page.layers.first(where: { $0.direction != .forward }) else { return .forward }
    if Task.defaults.isBidirectional == nil {
      let reason = Task.presentation.refusals.first { $0.name == "bidirectional" }?.reason ?? "its layers read forward only"
      throw RecurrentError(
        .usage,
        naming:
          "\(Setting("layers")) has the layer \(layer.name), which reads sequences from their ends, and that is not for \(Task.presentation.model): \(reason)"
      )
    }
    return layer.direction
  }

  /// - Parameter units: of the layers of which the page leaves it open.
  /// - Throws: ``RecurrentError`` if the recipe says something of all layers, or of the cell, too.
  func layers(of page: NetworkPage, units: Int) throws -> [Architecture.Layer] {
    let others: [(name: String, isSaid: Bool)] = [
      ("cell", network.cell != nil), ("size", network.sizes != nil), ("learn-states", network.learnsInitialStates != nil),
      (Task.defaults.isBidirectional == true ? "forward" : "bidirectional", network.isBidirectional != nil),
      ("merge", network.merge != nil),
    ]
    if network.layers != nil {
      throw RecurrentError(.usage, naming: "\(Setting("layers")) is a number and a network, too: give one of them")
    }
    if let other = others.first(where: \.isSaid) {
      throw RecurrentError(
        .usage,
        naming:
          "\(Setting(other.name)) is said of all layers, and \(Setting("layers")) says of each what it is: leave \(Setting(other.name)) out, and say it there"
      )
    }
    if page.layers.isEmpty {
      throw RecurrentError(.usage, naming: "\(Setting("layers")) has no layer: write one, such as gru(x)")
    }
    if try direction(of: page) != .forward, training.checkpointsGradients == true {
      throw RecurrentError(
        .usage,
        naming:
          "\(Setting("checkpoint-gradients")) can't be used with layers that read sequences from their ends, which need all steps at once: leave it out"
      )
    }
    for layer in page.layers { _ = try checked(layer.cell) }
    return try zoned(page.architecture(units: units).layers)
  }

  /// Layers with the zoneout that is asked for, each in the states that it names. A layer without memory has none to keep.
  ///
  /// - Throws: ``RecurrentError`` if it names a state that no layer has.
  func zoned(_ layers: [Architecture.Layer]) throws -> [Architecture.Layer] {
    let cells = layers.flatMap(\.cells).filter(\.hasMemory)
    let states = Set(cells.flatMap(\.states).map(\.name))
    if case .states(let fractions)? = network.zoneout, let other = fractions.keys.sorted().first(where: { !states.contains($0) })
    {
      throw RecurrentError(
        .usage,
        naming: "\(Setting("zoneout")) names \(other), which is no state of a layer: name \(Support.list(states.sorted()))")
    }
    func zoned(_ cell: Cell) throws -> Cell {
      guard cell.hasMemory else { return cell }
      guard case .states(let fractions)? = network.zoneout else { return try self.zoned(cell) }
      let own = cell.states.map(\.name)
      return cell.zoningOut(fractions.filter { own.contains($0.key) })
    }
    return try layers.map { layer in
      var layer = layer
      layer.cell = try zoned(layer.cell)
      if case .bidirectional(let merge, let reverse?) = layer.direction {
        layer.direction = .bidirectional(merge, reverse: try zoned(reverse))
      }
      return layer
    }
  }
}
