import CellCompiler
import CellLanguage
import Engine
public import Networks

extension Network {
  /// The network of layers that come from elsewhere, each reading what the one before it gives. It reads vectors of numbers and gives
  /// what its last layer gives.
  ///
  /// - Throws: ``ExchangeError`` if an attribute of a layer has a value that no layer can have.
  public init(_ layers: [RecurrentLayer]) throws {
    guard let first = layers.first else { throw ExchangeError("there is no layer to make a network of") }
    let architecture = Architecture(
      input: .features(first.description.inputs), layers: try layers.map { try $0.layer() }, output: .lastLayer)
    try self.init(architecture) { _ in
      try layers.flatMap { layer in
        try layer.weights.indices.flatMap { direction in
          try layer.parameters(direction: direction) + layer.weights[direction].initialStates.flatMap { $0 }
        }
      }
    }
  }

  /// The network's layers as other systems see them, called `l0` and so on.
  ///
  /// - Throws: ``ExchangeError`` if a cell is no plain network, LSTM or GRU; it says why.
  public func recurrentLayers() throws -> [RecurrentLayer] {
    let passes = zip(architecture.passes, zip(plans, layout.passes))
    return try architecture.layers.enumerated().map { index, layer in
      let own = passes.filter { $0.0.layer == index }.map { ($1.0.dimensions, Array(parameters[$1.1])) }
      return try RecurrentLayer("l\(index)", layer, passes: own)
    }
  }
}

extension RecurrentLayer {
  /// The layer of a network that does what this layer does.
  ///
  /// - Throws: ``ExchangeError`` if an attribute has a value that no layer can have.
  public func layer() throws(ExchangeError) -> Architecture.Layer {
    let cell = try description.cell()
    let direction: Architecture.Direction =
      switch description.direction {
      case .forward: .forward
      case .reverse: .reverse
      case .bidirectional(let merge): .bidirectional(merge)
      }
    return Architecture.Layer(
      cell, units: description.units, sizes: description.sizes, direction: direction,
      learnsInitialStates: weights.contains { !$0.initialStates.isEmpty })
  }

  /// A network's layer with its parameters and learned initial states, one direction behind the other.
  fileprivate init(
    _ name: String, _ layer: Architecture.Layer, passes: [(dimensions: Dimensions, weights: [Float])]
  ) throws(ExchangeError) {
    var description = try LayerDescription(layer.cell, dimensions: passes[0].dimensions)
    switch layer.direction {
    case .forward: break
    case .reverse: description.direction = .reverse
    case .bidirectional(let merge, nil): description.direction = .bidirectional(merge)
    case .bidirectional(_, let cell?):
      throw ExchangeError(
        "layer \(name) has the cell \(layer.cell.name) forward and \(cell.name) in reverse; others have one for both")
    }
    let reading = try CellReading(layer.cell)
    let weights = passes.map { dimensions, weights in
      var own = reading.weights(weights, of: layer.cell, dimensions: dimensions)
      var rest = weights.dropFirst(ParameterLayout(layer.cell, dimensions: dimensions).count)
      for state in layer.cell.states where layer.learnsInitialStates {
        own.initialStates.append(Array(rest.prefix(dimensions[state.size])))
        rest = rest.dropFirst(dimensions[state.size])
      }
      return own
    }
    try self.init(name, description, weights: weights)
  }
}
