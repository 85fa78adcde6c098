package import Engine
package import Processes
import Support
package import TaskKit

/// What is to be compared, and how.
package struct ComparisonRequest<Task: TrainableTask>: Sendable {
  /// What all trainings have in common. Its seed is used for each cell's first run.
  package var recipe: Recipe<Task>
  package var cells: [ComparedCell]
  /// The number of runs of each cell.
  package var seeds = 3
  /// The number of weights that each network should have; nil for networks with equally many units.
  package var parameters: Int?
  /// A file like the one trained on, which the best weights are measured on at the end.
  package var testFile: String?
  /// What each run is computed on; nil for the fastest kernels and a single thread.
  package var machine: Machine?
  /// The processes that share the runs.
  package var team: any Communicator = OneProcess()
  /// The processors that this process may use; nil for all.
  package var processors: Int?
  /// The folder of the comparison; nil for one in `runs`.
  package var output: String?
  /// What the comparison is called on its page; nil for its cells.
  package var title: String?
  /// What was asked for, without what may change when the comparison is taken up again, such as the cells; nil to make it from
  /// the request.
  package var command: String?

  package init(_ recipe: Recipe<Task>, cells: [ComparedCell]) {
    self.recipe = recipe
    self.cells = cells
  }
}

extension ComparisonRequest {
  /// The seeds of each cell's runs.
  func runSeeds() throws(RecurrentError) -> [Int] {
    let seed = recipe.training.seed ?? 0
    let (end, isTooMuch) = seed.addingReportingOverflow(seeds)
    if isTooMuch {
      throw RecurrentError(
        .usage, naming: "\(Setting("seed")) \(seed) leaves no room for \(seeds) runs: give a smaller one")
    }
    guard seeds >= 1 else { throw RecurrentError(.usage, naming: "\(Setting("seeds")) is \(seeds): give at least 1") }
    return Array(seed..<end)
  }

  /// - Throws: ``RecurrentError`` if a setting has a value that it does not take, there are no cells, or two of the same name.
  func check() throws(RecurrentError) {
    try recipe.check()
    for cell in cells { try recipe(of: cell).check() }
    if cells.isEmpty { throw RecurrentError(.usage, naming: "\(Setting("cells")) names no cell: give at least one") }
    let names = cells.map(\.name)
    if let twice = names.enumerated().first(where: { names.prefix($0.offset).contains($0.element) }) {
      throw RecurrentError(.usage, naming: "\(Setting("cells")) names \(twice.element) twice")
    }
    if parameters != nil, recipe.network.units != nil || cells.contains(where: { $0.units != nil }) {
      throw RecurrentError(
        .usage,
        naming: "give either \(Setting("units")) or \(Setting("parameters")), which chooses the units, not both")
    }
    if parameters != nil, recipe.network.from != nil {
      throw RecurrentError(
        .usage,
        naming: "give either \(Setting("from")) or \(Setting("parameters")): a model that is there has as many weights as it has")
    }
  }

  /// What all trainings have in common, without what differs among them and without the number of iterations, which may grow
  /// later.
  var common: Recipe<Task> {
    var common = recipe
    (common.network.cell, common.network.units) = (nil, nil)
    (common.training.iterations, common.training.epochs) = (nil, nil)
    // The options of a training say which model it was.
    common.start = nil
    return common
  }

  /// The recipe of a cell's trainings.
  func recipe(of cell: ComparedCell) -> Recipe<Task> {
    var own = recipe
    own.network.cell = cell.cell
    // If weights are asked for, any number will do before the right one is found.
    own.network.units = parameters == nil ? cell.units ?? recipe.network.units : nil
    return own
  }

  /// A text that tells this comparison from others.
  var identity: String {
    if let command { return command }
    let others = [parameters.map { "parameters: \($0)" }, testFile.map { "testFile: \(quoted($0))" }].compactMap(\.self)
    return "Comparison.run(\(([Task.kind] + others).joined(separator: ", ")))"
  }
}

extension Recipe {
  /// The same with this number of iterations, whatever else it asks for.
  func lasting(_ iterations: Int) -> Recipe {
    var other = self
    (other.training.iterations, other.training.epochs) = (iterations, nil)
    return other
  }
}
