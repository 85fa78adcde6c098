package import CellLanguage

extension Cell {
  /// The names of the quantities that have a number for each row of the cell's memory, such as scores and what a softmax makes of them.
  package var quantitiesOfMemoryRows: [String] {
    equations.filter { $0.size.followsMemory && !$0.size.isMatrix }.flatMap { [$0.name] + $0.preactivations.map(\.name) }
  }
}
