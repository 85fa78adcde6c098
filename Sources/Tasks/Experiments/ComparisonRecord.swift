import Networks
import Support
import TaskKit

/// What is in a comparison's `comparison.json`.
struct ComparisonRecord<Task: LearningTask>: StudyRecord {
  static var noun: String { "comparison" }
  static var fileName: String { "comparison.json" }

  var study: Study<Task>
  /// All cells that were ever compared here, by what the user calls them.
  var cells: [String: Cell]
  /// Of each run at most; more than the study began with if more were asked for later.
  var iterations: Int

  struct Cell: Codable, Hashable {
    /// What the folders of its runs begin with.
    let folder: String
    /// The equations, since a file of them may change.
    let text: String
    let units: Int
  }
}

/// A cell with the network that it makes.
struct Contestant<Task: LearningTask>: Sendable {
  let name: String
  /// The equations.
  let text: String
  let units: Int
  let weights: Int
  /// Of its trainings, but for their seed.
  let recipe: Recipe<Task>
  /// What the folders of its runs begin with.
  var folder = ""
}

extension Contestant where Task: TrainableTask {
  /// A cell with as many units as are asked for or, if weights are asked for, as give nearly as many.
  init(_ cell: ComparedCell, _ request: ComparisonRequest<Task>, _ material: Task.Material) throws {
    var unsaid: [Note] = []
    var recipe = request.recipe(of: cell)
    let plan = try Task.plan(recipe, on: material, &unsaid)
    var planned = plan.recipe
    if let target = request.parameters {
      func weights(_ units: Int) throws -> Int {
        var sized = planned
        sized.network.units = units
        return try plan.architecture(sized).weightCount()
      }
      guard let units = WeightBudget.units(for: target, weights: { try? weights($0) }) else {
        // Of a network that can't be built at all this says why.
        let one = try weights(1)
        throw RecurrentError(
          .unsuitable,
          naming:
            "with \(cell.name) even a network of one unit has \(one.grouped) weights, more than \(Setting("parameters")) \(target): give more"
        )
      }
      (recipe.network.units, planned.network.units) = (units, units)
    }
    let architecture = try plan.architecture(planned)
    name = cell.name
    text = cell.cell.equations
    units = architecture.layers[0].units
    weights = try architecture.weightCount()
    self.recipe = recipe
  }
}

extension ComparisonRecord {
  /// - Throws: ``RecurrentError`` if a cell of that name is another one here.
  func check(_ contestant: Contestant<Task>, _ path: String) throws(RecurrentError) {
    guard let known = cells[contestant.name] else { return }
    guard known.text == contestant.text else {
      throw RecurrentError(
        .unsuitable,
        naming:
          "the equations of \(contestant.name) have changed since the comparison in \(path) began: give the new ones another name, or name another folder as \(Setting("output"))"
      )
    }
    guard known.units == contestant.units else {
      throw RecurrentError(
        .unsuitable,
        naming:
          "\(contestant.name) has \(known.units) units in the comparison in \(path), not \(contestant.units): name another folder as \(Setting("output"))"
      )
    }
  }

  /// The folder's name for a cell, a new one if it has none: what the user calls it, without what file names should not have.
  mutating func folder(of contestant: Contestant<Task>) -> String {
    if let known = cells[contestant.name] { return known.folder }
    let last = contestant.name.split(separator: "/").last.map(String.init) ?? contestant.name
    let plain = last.hasSuffix(".cell") ? String(last.dropLast(5)) : last
    let safe = String(plain.map { $0.isLetter || $0.isNumber || "-_.".contains($0) ? $0 : "-" })
    let taken = Set(cells.values.map(\.folder))
    var number = 1
    while taken.contains(number == 1 ? safe : "\(safe)-\(number)") { number += 1 }
    let folder = number == 1 ? safe : "\(safe)-\(number)"
    cells[contestant.name] = Cell(folder: folder, text: contestant.text, units: contestant.units)
    return folder
  }
}
