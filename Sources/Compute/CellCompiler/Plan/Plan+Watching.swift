import CellLanguage

extension Plan {
  /// A forward step that leaves some values where they can be read when all steps are done.
  package struct Watching: Sendable {
    package let schedule: Schedule
    /// Where each value stands: among the states, the input, the slots or what is kept.
    package let places: [Graph.Value: Place]
    /// Floats of a row of what is kept.
    package let keptWidth: Int
    /// What is kept and has an element for each row of a memory.
    package let keptOfMemory: [Graph.Value]
    /// The gates that take the place of their pre-activation.
    let gates: [Graph.Value: Slot]
  }

  /// Whatever is in memory for all steps anyhow stays where it is: states, pre-activations, and gates that take the place of a
  /// pre-activation unless that is wanted too. Only the rest is written apart.
  package func watching(_ values: Set<Graph.Value>) -> Watching {
    let placed = gates.filter { !values.contains($0.value.value) }
    var places: [Graph.Value: Place] = [:]
    for value in values {
      if let state = next.firstIndex(of: value) {
        places[value] = .next(state: state)
      } else if let slot = placed[value] ?? slots.first(where: { $0.value == value }) {
        places[value] = .slot(slot.start)
      } else if case .input = graph[value].operation {
        places[value] = .input
      } else if case .previous(let state) = graph[value].operation {
        places[value] = .previous(state: state)
      }
    }
    let all = values.filter { places[$0] == nil }.sorted()
    let kept = columns(all.filter { !graph[$0].shape.followsMemory })
    let ofMemory = all.filter { graph[$0].shape.followsMemory }
    for column in kept { places[column.value] = .kept(column.start) }
    for value in ofMemory { places[value] = .keptOfMemory(value) }
    return Watching(
      schedule: forwardSchedule(keeping: kept, ofMemory: ofMemory, placing: placed), places: places,
      keptWidth: kept.last?.range.upperBound ?? 0, keptOfMemory: ofMemory, gates: placed)
  }

  /// The value of a quantity by the name under which traces know it; nil if the cell has none such, or if the step does not
  /// compute it.
  package func value(named name: String) -> Graph.Value? {
    if let state = cell.states.firstIndex(where: { $0.name + "'" == name }) { return next[state] }
    let value = (locals + preactivations).first { $0.name == name }?.value
    return value.flatMap { areComputed([$0]) ? $0 : nil }
  }

  /// A plan of the same cell for a training that draws; this one if it draws nothing.
  package func recompiled(drawing: Drawing) -> Plan {
    drawing.masks || drawing.zoneout && cell.zonesOut ? Plan(compiling: cell, dimensions: dimensions, drawing: drawing) : self
  }

  /// A plan whose steps compute every named vector: this one, unless the cell has some that nothing reads, which may be there to
  /// be watched.
  package func recompiledComputingAll() -> Plan {
    areComputed(locals.map(\.value))
      ? self : Plan(compiling: cell, dimensions: dimensions, drawing: drawing, computesAll: true)
  }

  /// Whether values are there when a step is over.
  private func areComputed(_ values: [Graph.Value]) -> Bool {
    let computed = Set(graph.closure(of: forwardRoots))
    return values.allSatisfy { graph.isLeaf($0) || invariants.contains($0) || computed.contains($0) }
  }
}
