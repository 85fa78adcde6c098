package import CellLanguage
package import Support

extension LayerDescription {
  /// The values of the cell's own named sizes.
  package var sizes: [String: Int] {
    guard case .lstm(let lstm) = kind, let projection = lstm.projection else { return [:] }
    return ["P": projection]
  }

  /// The sizes of ``cell()``.
  func dimensions(of cell: Cell) throws(RecurrentError) -> Dimensions {
    do throws(RecurrentError) { return try cell.dimensions(inputs: inputs, units: units, sizes: sizes) } catch {
      throw RecurrentError(.interchange, "can't represent the layer: \(error)")
    }
  }
}

extension RecurrentLayer {
  /// The parameters of ``LayerDescription/cell()``, one after the other as ``Engine/ParameterLayout`` says, for one direction.
  package func parameters(direction: Int = 0) throws(RecurrentError) -> [Float] {
    let cell = try description.of(direction: direction).cell()
    let dimensions = try description.dimensions(of: cell)
    return try CellReading(cell).parameters(weights[direction], of: cell, dimensions: dimensions)
  }

  /// A cell with its parameters as other systems see it, in a layer that runs forward.
  ///
  /// - Throws: ``RecurrentError`` if the cell is no plain network, LSTM or GRU; it says why.
  package init(_ name: String, _ cell: Cell, dimensions: Dimensions, parameters: [Float]) throws(RecurrentError) {
    let weights = try CellReading(cell).weights(parameters, of: cell, dimensions: dimensions)
    try self.init(name, LayerDescription(cell, dimensions: dimensions), weights: [weights])
  }
}
