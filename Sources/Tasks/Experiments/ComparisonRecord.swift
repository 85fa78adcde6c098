import Networks
import Support
import TaskKit

/// The content of a comparison's `comparison.json`.
struct ComparisonRecord<Task: LearningTask>: StudyRecord {
  static var noun: String { "comparison" }
  static var fileName: String { "comparison.json" }

  var study: Study<Task>
  /// All cells that were ever compared in the folder, by the names that the user gave them.
  var cells: [String: Cell]
  /// The most iterations of each run; more than the study began with if more were asked for later.
  var iterations: Int

  struct Cell: Codable, Hashable {
    /// The beginning of the names of its runs' folders.
    let folder: String
    /// The equations of the cell, since its file may change.
    let text: String
    let units: Int
  }
}

/// A cell with the network that is trained with it.
struct Contestant<Task: LearningTask>: Sendable {
  let name: String
  /// The equations of the cell.
  let text: String
  let units: Int
  let weights: Int
  /// The recipe of its trainings, but for the seed.
  let recipe: Recipe<Task>
  /// The beginning of the names of its runs' folders.
  var folder = ""
}

extension Contestant where Task: TrainableTask {
  /// A cell with the units that are asked for or, if weights are asked for, with those that give nearly as many.
  init(_ cell: ComparedCell, _ request: ComparisonRequest<Task>, _ material: Task.Material) throws {
    var unsaid: [Note] = []
    var recipe = request.recipe(of: cell)
    let plan = try recipe.plan(on: material, &unsaid)
    var planned = plan.recipe
    if let target = request.parameters {
      func weights(_ units: Int) throws -> Int {
        var sized = planned
        sized.network.units = units
        return try plan.architecture(sized).weightCount()
      }
      guard let units = WeightBudget.units(for: target, weights: { try? weights($0) }) else {
        // If no network can be built at all, this says why.
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
  /// - Throws: ``RecurrentError`` if the comparison has another cell of the same name.
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

  /// The name of a cell's folder, a new one if it has none: the name that the user gave it, without characters that file names
  /// should not have.
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
