import CellCompiler
package import CellLanguage
package import Networks
package import Support
package import Tables

extension Recipe where Task: TrainableTask {
  /// The cell of all layers, with the zoneout that is asked for.
  ///
  /// - Throws: ``RecurrentError`` if its equations are not valid, or the zoneout names a state that it does not have.
  package func cell() throws -> Cell {
    try zoned(checked(network.cell.map { try $0.cell() } ?? Cell.named(Task.defaults.cell)))
  }

  /// A cell that reads nothing but what is below it, and what the task's rows have for it.
  ///
  /// - Throws: ``RecurrentError`` if they do not have something that it reads by name.
  package func checked(_ cell: Cell) throws(RecurrentError) -> Cell {
    for name in cell.inputs.dropFirst().map(\.name) {
      let what: Sentence = "cell \(cell.name) reads \(name) beside \(cell.input), "
      guard let further = task.further else {
        throw RecurrentError(
          .usage,
          naming: what
            + "and \(Task.presentation.model) is trained on nothing of that name: `recurrent run` runs it over arrays, and a program can build a network of it"
        )
      }
      guard let input = further.inputs.first(where: { $0.rawValue == name }) else {
        let known = further.inputs.map { "\($0.rawValue), \($0.meaning)" }.joined(separator: "; ")
        throw RecurrentError(.usage, naming: what + "and rows have nothing of that name; they have \(known)")
      }
      if !further.has(input), let setting = input.setting {
        throw RecurrentError(.usage, naming: what + "\(input.meaning): name the columns for it with \(setting)")
      }
    }
    return cell
  }

  /// What the cells of all layers read of rows by name.
  package func furtherInputs() throws -> [FurtherInput] {
    let names = Set(try layers().flatMap(\.cells).flatMap { $0.inputs.dropFirst().map(\.name) })
    return FurtherInput.allCases.filter { names.contains($0.rawValue) }
  }

  /// A cell with the zoneout that is asked for; as it is if none is.
  ///
  /// - Throws: ``RecurrentError`` if the zoneout names a state that the cell does not have.
  package func zoned(_ cell: Cell) throws(RecurrentError) -> Cell {
    switch network.zoneout {
    case nil: return cell
    case .all(let fraction)?:
      return cell.zoningOut(Dictionary(uniqueKeysWithValues: cell.states.map { ($0.name, fraction) }))
    case .states(let fractions)?:
      let states = cell.states.map(\.name)
      if let other = fractions.keys.sorted().first(where: { !states.contains($0) }) {
        let has = states.count == 1 ? "its state is \(states[0])" : "its states are \(states.joined(separator: ", "))"
        throw RecurrentError(
          .usage, naming: "\(Setting("zoneout")) names \(other), which is no state of \(cell.name): \(has)")
      }
      return cell.zoningOut(fractions)
    }
  }

  /// The direction in which layers read.
  ///
  /// - Throws: ``RecurrentError`` if the task's networks can't read both ways, or there is nothing to merge.
  package func direction() throws -> Architecture.Direction {
    if let page = network.page { return try direction(of: page.page()) }
    if Task.defaults.isBidirectional == nil, network.isBidirectional == true || network.merge != nil {
      let name = network.isBidirectional == true ? "bidirectional" : "merge"
      let reason = Task.presentation.refusals.first { $0.name == name }?.reason ?? "its layers read forward only"
      throw RecurrentError(.usage, naming: "\(Setting(name)) is not for \(Task.presentation.model): \(reason)")
    }
    let isDefault = Task.defaults.isBidirectional ?? false
    if network.isBidirectional ?? isDefault { return .bidirectional(network.merge ?? .concatenate) }
    if network.merge != nil {
      let why: Sentence =
        isDefault ? "can't be given with \(Setting("forward"))" : "needs \(Setting("bidirectional"))"
      throw RecurrentError(.usage, naming: "\(Setting("merge")) \(why): one direction has nothing to merge")
    }
    return .forward
  }

  /// The recurrent layers.
  ///
  /// - Parameters:
  ///   - units: the units in each layer if the recipe leaves them open; nil for the task's default.
  ///   - vectors: what cells read of rows by name, with the numbers of each; where a cell leaves open how many there are, it is so many.
  package func layers(
    units: Int? = nil, reading vectors: [(name: String, width: Int)] = []
  ) throws -> [Architecture.Layer] {
    try plainLayers(units: units).map { layer in
      var layer = layer
      for input in layer.cells.flatMap({ $0.inputs.dropFirst() }) {
        guard let vector = vectors.first(where: { $0.name == input.name }), let size = input.size.onlyName,
          layer.sizes[size] == nil, size != "inputs", size != "units"
        else { continue }
        layer.sizes[size] = vector.width
      }
      return layer
    }
  }

  private func plainLayers(units: Int?) throws -> [Architecture.Layer] {
    let units = network.units ?? units ?? Task.defaults.units
    if let page = network.page { return try layers(of: page.page(), units: units) }
    let direction = try direction()
    if direction != .forward, training.checkpointsGradients == true {
      throw RecurrentError(
        .usage,
        naming:
          "\(Setting("checkpoint-gradients")) can't be used with \(Setting("bidirectional")), whose layers need all steps at once: leave one out"
      )
    }
    let layer = Architecture.Layer(
      try cell(), units: units, sizes: network.sizes ?? [:], direction: direction,
      learnsInitialStates: network.learnsInitialStates ?? false)
    return Array(repeating: layer, count: network.layers ?? 1)
  }

  /// The length of the learned vector for each symbol: `asked`, or as many numbers as a layer has units; nil for one-hot
  /// vectors, which 0 asks for. With one-hot vectors, training on a million characters ended 0.13 nats higher.
  package func vectorLength(_ asked: Int?) -> Int? { asked == 0 ? nil : asked ?? network.units ?? Task.defaults.units }
}

extension Size {
  /// The name of a size that is nothing but named; nil for any other.
  fileprivate var onlyName: String? {
    guard constant == 0, terms.count == 1, let term = terms.first, term.value == 1 else { return nil }
    return term.key
  }
}

extension Cell {
  /// Whether a matrix is multiplied with what depends on the step before.
  package var hasRecurrentMatrices: Bool {
    guard let dimensions = try? dimensions(inputs: 1, units: 1) else { return true }
    return Plan(compiling: self, dimensions: dimensions).products.contains { $0.stage != nil }
  }
}
