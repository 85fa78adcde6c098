import Engine
import Inspector
import Networks
import Sequences

extension Network {
  /// Sets a weight tensor of the first layer: the same number everywhere, or at some places only.
  mutating func set(_ name: String, _ value: Float) {
    guard let entry = layout["layers.0.\(name)"] else { preconditionFailure("there is no \(name)") }
    for place in entry.range { parameters[place] = value }
  }

  mutating func set(_ name: String, row: Int, column: Int = 0, _ value: Float) {
    guard let entry = layout["layers.0.\(name)"] else { preconditionFailure("there is no \(name)") }
    parameters[entry.range.lowerBound + row * (entry.shape.count > 1 ? entry.shape[1] : 1) + column] = value
  }

  func inspected(_ tokens: [Int32], labels: [InspectedInput.Column] = [], clamps: [Clamp] = []) throws -> Inspection {
    guard let vocabulary = architecture.vocabulary else { preconditionFailure("the network reads symbols") }
    return try Inspection(
      self, name: "golden", on: InspectedInput(.tokens(tokens, vocabulary), labels: labels), clamps: clamps,
      machine: try Machine(threads: 1))
  }
}

extension Inspection {
  /// The first layer of its report.
  func layer() throws -> InspectionReport.Layer { try InspectionReport([self], title: "").models[0].layers[0] }

  /// The unit of a quantity that goes best with the first label, and its correlation.
  func bestUnit(of quantity: String) throws -> (unit: Int, correlation: Float) {
    let values = try layer().correlations.first { $0.quantity == quantity }?.values ?? []
    let best = values.indices.max { abs(values[$0]) < abs(values[$1]) } ?? -1
    return (best, best < 0 ? 0 : values[best])
  }

  /// One unit of a quantity of the first layer over time.
  func values(_ quantity: String, unit: Int) -> [Float] {
    guard let found = traces[0][quantity] else { return [] }
    return stride(from: unit, to: found.values.count, by: found.width).map { found.values[$0] }
  }
}
