import CellCompiler
import CellLanguage
import Engine
import Models
public import Networks
import Sequences
package import Support

extension Network {
  /// The network of layers that come from elsewhere, each reading what the one before it gives. It reads vectors of numbers and
  /// gives what its last layer gives.
  ///
  /// - Throws: ``RecurrentError`` if an attribute of a layer has a value that no layer can have.
  package init(_ layers: [RecurrentLayer]) throws { try self.init(LayerChain.Plain(layers: layers.map { .recurrent($0) })) }

  /// The network of a whole chain, or of those of its recurrent layers that `names` ask for.
  ///
  /// Symbols that the chain's embedding numbers are words that are those numbers, since no file says more of them.
  ///
  /// - Throws: ``RecurrentError`` if the chain has something that no network has, lacks a layer that is asked for, or
  ///   has weights that are not finite.
  public init(_ chain: LayerChain, layers names: [String]? = nil) throws {
    if let names {
      try self.init(chain.layers(named: names))
    } else {
      try self.init(chain.plain())
    }
    try checkNumbers(of: chain.path)
  }

  init(_ plain: LayerChain.Plain) throws {
    guard let first = plain.layers.first else { throw RecurrentError(.interchange, "there is no layer to make a network of") }
    let input = try plain.embedding.map { embedding -> Architecture.Input in
      let words = (0..<embedding.symbols).map { $0 == 0 ? Vocabulary.unknown : "\($0)" }
      return .tokens(try Vocabulary(kind: .words, symbols: words), embedding: embedding.width)
    }
    let output = plain.head.map { $0.function.givesClasses ? Architecture.Output.classes($0.outputs) : .values($0.outputs) }
    let architecture = Architecture(
      input: input ?? .features(first.inputs), layers: try plain.layers.map { try $0.layer() }, readout: plain.readout,
      headLayers: try plain.headLayers.map { try $0.layer() }, output: output ?? .lastLayer,
      outputReadsInput: plain.shortcut != nil)
    try self.init(architecture) { _ in
      let layers = try (plain.layers + plain.headLayers).flatMap { try $0.parameters() }
      let head = plain.head.map { head in
        joined(head.weight, plain.shortcut ?? [], rows: head.outputs) + (head.bias ?? [Float](repeating: 0, count: head.outputs))
      }
      return (plain.embedding?.weight ?? []) + layers + (head ?? [])
    }
  }

  /// The network's layers as other systems see them, called `l0` and so on.
  ///
  /// - Throws: ``RecurrentError`` if a cell is no plain network, LSTM or GRU; it says why.
  package func recurrentLayers() throws -> [RecurrentLayer] {
    try architecture.layers.indices.map(recurrentLayer)
  }

  /// The network's layers up to what is read out, as other systems see them.
  ///
  /// - Throws: as ``recurrentLayers()`` does.
  func layersOfOthers() throws -> [SharedLayer] {
    try architecture.layers.indices.map { index in
      if let dense = denseLayer(index) { return .dense(dense) }
      return .recurrent(try recurrentLayer(index))
    }
  }

  /// The weights before the first layer and on top. Other systems' files have a matrix on top of its own where this network takes
  /// its embedding for it.
  var ends: [NetworkLayout.Entry] {
    let head = layout.head.map { weight, bias in
      [NetworkLayout.Entry(name: "output.weight", shape: weight.shape, range: weight.range), bias]
    }
    return (layout["embedding.weight"].map { [$0] } ?? []) + (head ?? [])
  }

  /// One of the layers as other systems see it.
  package func recurrentLayer(_ index: Int) throws -> RecurrentLayer {
    let own = zip(architecture.passes, zip(plans, layout.passes)).filter { $0.0.layer == index }
    return try RecurrentLayer(
      "l\(index)", architecture.layers[index], passes: own.map { ($0.1.0.dimensions, Array(parameters[$0.1.1])) })
  }
}

/// A layer of a network that other systems have, too.
enum SharedLayer {
  case recurrent(RecurrentLayer)
  case dense(DenseLayer)

  var isRecurrent: Bool { if case .recurrent = self { true } else { false } }
}

extension RecurrentLayer {
  /// The layer of a network that does what this layer does.
  ///
  /// - Throws: ``RecurrentError`` if an attribute has a value that no layer can have.
  package func layer() throws(RecurrentError) -> Architecture.Layer {
    let cell = try description.cell()
    let direction: Architecture.Direction =
      switch description.direction {
      case .forward: .forward
      case .reverse: .reverse
      case .bidirectional(let merge):
        .bidirectional(merge, reverse: description.reverse == nil ? nil : try description.of(direction: 1).cell())
      }
    return Architecture.Layer(
      cell, units: description.units, sizes: description.sizes, direction: direction,
      learnsInitialStates: weights.contains { !$0.initialStates.isEmpty })
  }

  /// A network's layer with its parameters and learned initial states, one direction after the other.
  fileprivate init(
    _ name: String, _ layer: Architecture.Layer, passes: [(dimensions: Dimensions, weights: [Float])]
  ) throws(RecurrentError) {
    var description = try LayerDescription(layer.cell, dimensions: passes[0].dimensions)
    switch layer.direction {
    case .forward: break
    case .reverse: description.direction = .reverse
    case .bidirectional(let merge, let reverse):
      description.direction = .bidirectional(merge)
      if let reverse {
        let other = try LayerDescription(reverse, dimensions: passes[1].dimensions)
        guard
          (other.gates, other.states, other.biases, other.clip) == (
            description.gates, description.states, description.biases, description.clip
          )
        else {
          throw RecurrentError(
            .interchange,
            "layer \(name) has the cell \(layer.cell.name) forward and \(reverse.name) in reverse, which differ in more than their functions"
          )
        }
        if other.kind != description.kind { description.reverse = other.kind }
      }
    }
    let weights = try passes.enumerated().map { place, pass throws(RecurrentError) -> LayerWeights in
      let (dimensions, weights) = pass
      var cell = layer.cell
      if place == 1, case .bidirectional(_, let reverse?) = layer.direction { cell = reverse }
      var own = try CellReading(cell).weights(weights, of: cell, dimensions: dimensions)
      var rest = weights.dropFirst(ParameterLayout(cell, dimensions: dimensions).count)
      for state in cell.states where layer.learnsInitialStates {
        own.initialStates.append(Array(rest.prefix(dimensions[state.size])))
        rest = rest.dropFirst(dimensions[state.size])
      }
      return own
    }
    try self.init(name, description, weights: weights)
  }
}
