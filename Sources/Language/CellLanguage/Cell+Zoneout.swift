import Support

extension Cell {
  /// A copy of the cell, some of whose states keep a fraction of their units' values from step to step (zoneout, Krueger et al.
  /// 2017), as `zoneout` lines say it: 0 for none. States that are not named stay as they are.
  ///
  /// - Parameter fractions: by the names of states that the cell has, at least 0 and below 1.
  public func zoningOut(_ fractions: [String: Double]) -> Cell {
    ensure(fractions.values.allSatisfy { $0 >= 0 && $0 < 1 }, "fractions of zoneout are at least 0 and below 1, not \(fractions)")
    let names = states.map(\.name)
    ensure(
      fractions.keys.allSatisfy(names.contains),
      "zoneout is for the states of cell \(name), \(names), not \(fractions.keys.sorted())")
    var cell = self
    cell.states = states.map {
      State(name: $0.name, size: $0.size, isNumber: $0.isNumber, zoneout: fractions[$0.name] ?? $0.zoneout)
    }
    return cell
  }

  /// Whether a state keeps a fraction of its units' values.
  package var zonesOut: Bool { states.contains { $0.zoneout > 0 } }
}
