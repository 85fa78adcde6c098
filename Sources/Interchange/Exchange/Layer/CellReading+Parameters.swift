import CellLanguage
import Engine

extension CellReading {
  /// Weights as the cell's own parameters, one after the other as ``Engine/ParameterLayout`` says. Two biases become one where
  /// the cell has one.
  func parameters(_ weights: LayerWeights, of cell: Cell, dimensions: Dimensions) -> [Float] {
    let layout = ParameterLayout(cell, dimensions: dimensions)
    var parameters = [Float](repeating: 0, count: layout.count)
    for (gate, own) in zip(gates, weights.gates) {
      gate.input?.write(own.input, to: &parameters, layout, dimensions)
      gate.recurrent?.write(own.recurrent, to: &parameters, layout, dimensions)
      for (name, values) in [
        (gate.bias, own.bias), (gate.recurrentBias ?? gate.bias, own.recurrentBias), (gate.peephole, own.peephole),
      ] {
        guard let start = layout.start(of: name), let values else { continue }
        for (place, value) in values.enumerated() { parameters[start + place] += value }
      }
    }
    if let start = layout.start(of: projection), let values = weights.projection {
      parameters.replaceSubrange(start..<start + values.count, with: values)
    }
    return parameters
  }

  /// The cell's own parameters as weights.
  func weights(_ parameters: [Float], of cell: Cell, dimensions: Dimensions) -> LayerWeights {
    let layout = ParameterLayout(cell, dimensions: dimensions)
    let units = dimensions[cell.states[cell.states.count - 1].size]
    func values(_ name: String?) -> [Float]? {
      layout.entries.first { $0.name == name }.map { Array(parameters[$0.range]) }
    }
    let zeros = biases == .none ? nil : [Float](repeating: 0, count: units)
    let gates = gates.map { gate in
      GateWeights(
        input: gate.input?.read(parameters, rows: units, columns: dimensions.inputs, layout, dimensions) ?? [],
        recurrent: gate.recurrent?.read(
          parameters, rows: units, columns: dimensions[cell.states[0].size], layout, dimensions) ?? [],
        bias: values(gate.bias) ?? zeros, recurrentBias: values(gate.recurrentBias), peephole: values(gate.peephole))
    }
    return LayerWeights(gates: gates, projection: values(projection))
  }
}

extension MatrixBlock {
  /// The place of each element, row by row.
  private func places(rows: Int, columns: Int, _ layout: ParameterLayout, _ dimensions: Dimensions) -> [Int] {
    guard let entry = layout.entries.first(where: { $0.name == parameter }) else { return [] }
    let first = entry.range.lowerBound + offset.reduce(0) { $0 + dimensions[$1] }
    let (rowStride, columnStride) = isTransposed ? (1, entry.shape[1]) : (entry.shape[1], 1)
    return (0..<rows).flatMap { row in (0..<columns).map { first + row * rowStride + $0 * columnStride } }
  }

  fileprivate func read(
    _ parameters: [Float], rows: Int, columns: Int, _ layout: ParameterLayout, _ dimensions: Dimensions
  ) -> [Float] {
    places(rows: rows, columns: columns, layout, dimensions).map { parameters[$0] }
  }

  fileprivate func write(_ values: [Float], to parameters: inout [Float], _ layout: ParameterLayout, _ dimensions: Dimensions) {
    guard let entry = layout.entries.first(where: { $0.name == parameter }) else { return }
    let rows = entry.shape[isTransposed ? 1 : 0]
    for (place, value) in zip(places(rows: rows, columns: values.count / rows, layout, dimensions), values) {
      parameters[place] = value
    }
  }
}

extension ParameterLayout {
  fileprivate func start(of name: String?) -> Int? { entries.first { $0.name == name }?.range.lowerBound }
}
