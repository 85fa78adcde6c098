package import ChartPictures
import Console
package import Engine
import Models
package import Networks
import Support
import Tables
package import TaskKit
package import Training

extension ForecastData: TaskData {
  package var subject: String {
    let targets = description.roles.targetNames.prefix(3).joined(separator: ", ")
    return "\(steps.grouped) steps of \(seriesCount.grouped) series, \(distribution.name) \(targets)"
  }

  package var unit: String { "steps" }

  package func batches(of file: String) throws -> any BatchSource {
    try batches(of: DataTable(path: file).read(as: description.dialect))
  }

  package func figures(
    of network: Network, from path: String, on file: String, loss: Double, machine: Machine
  ) throws -> [Figure: Double] {
    let forecaster = try Forecaster(network, path: path)
    let table = try forecaster.read(DataTable(path: file))
    let options = RollingEvaluation.Options(of: forecaster, on: table)
    return try RollingEvaluation(forecaster, table, options, machine: machine).model.mase.map { [.mase: $0] } ?? [:]
  }

  package func searchError(of network: Network, from path: String, machine: Machine) throws -> Double? {
    try heldOutError(of: Forecaster(network, path: path), machine: machine)
  }

  package func complete(_ path: String, machine: Machine) throws {
    let forecaster = try Forecaster(contentsOf: path)
    let history = try Safetensors(contentsOf: path).metadata.filter { $0.key == "history" }
    try finished(forecaster, machine: machine).network.save(to: path, history: history)
  }

  package func charts(_ path: String, machine: Machine) throws -> [LineChart] {
    var picture = ForecastPicture(step: description.step, hasTimes: description.roles.time != nil)
    for each in try comparisons(Network(contentsOf: path), machine: machine, most: 4) {
      picture.add(
        each.name, past: each.past, times: each.times, first: each.past.count, each.paths, target: each.target, came: each.came)
    }
    return picture.charts
  }

  package func conclusion(_ path: String, folder: String, machine: Machine) throws -> (results: [String], advice: [String]) {
    let results = try Forecaster(contentsOf: path).description.heldOut?.lines ?? []
    let known = description.roles.neededAhead
    // The file of the training has no row of what is known of the steps to come.
    guard known.isEmpty else {
      return (
        results,
        [
          "to see what comes: recurrent forecast \(folder) FILE, with a row more for each step to come that leaves \(list(description.roles.targetNames)) empty and has \(list(known))"
        ]
      )
    }
    return (results, ["to see what comes: recurrent forecast \(folder) \(self.path.map(shellWord) ?? "FILE")"])
  }
}
