public import ModelFiles

/// A recurrent layer that a file has.
public struct FoundLayer: Sendable {
  public let layer: RecurrentLayer
  /// What the file calls the stack of layers that this one is a part of: its tensors' common prefix.
  public let stack: String
  public let system: System
  /// The gates in the order of the file's stacked matrices.
  public let gateOrder: [LayerDescription.Gate]

  /// Whose names a file's tensors have.
  public enum System: String, Sendable, Hashable {
    case pytorch = "PyTorch"
    case mlx = "MLX"
    case recurrent = "Recurrent"
  }
}

/// What shapes and names leave open.
public struct ReadingOptions: Sendable {
  /// The function of plain networks; PyTorch's is tanh unless its module was made with another.
  public var activation: Activation

  public init(activation: Activation = .tanh) { self.activation = activation }
}

extension TensorFile {
  /// All recurrent layers of the file, in the order of its tensors.
  ///
  /// - Throws: ``ModelFiles/FileError`` or ``ExchangeError`` if a tensor that has a recurrent layer's name does not fit the others.
  public func recurrentLayers(_ options: ReadingOptions = .init()) throws -> [FoundLayer] {
    let found = try PyTorchNames.layers(of: self, options) + MLXNames.layers(of: self, options)
    let places = Dictionary(tensors.enumerated().map { ($1.name, $0) }, uniquingKeysWith: { first, _ in first })
    return found.sorted { (places[$0.tensor] ?? 0) < (places[$1.tensor] ?? 0) }.map(\.layer)
  }
}

/// The layers that `names` ask for, by their own names or those of their stacks; all layers if they are one stack and nobody asks.
///
/// - Throws: ``ExchangeError`` if there is no such layer, or if it is open which ones are meant.
public func chosen(_ names: [String]?, of layers: [FoundLayer], in path: String) throws(ExchangeError) -> [RecurrentLayer] {
  guard !layers.isEmpty else {
    throw ExchangeError(
      "\(path) has no recurrent layer that is known by its tensors' names: weight_ih_l0, weight_hh_l0 (PyTorch) or Wx, Wh (MLX)")
  }
  var chosen: [RecurrentLayer] = []
  for name in names ?? [] {
    let matching = layers.filter { $0.layer.name == name || $0.stack == name }
    guard !matching.isEmpty else {
      let there = layers.map(\.layer.name).joined(separator: ", ")
      throw ExchangeError("\(path) has no recurrent layer \(name.debugDescription); it has \(there)")
    }
    chosen += matching.map(\.layer)
  }
  if names == nil {
    let stacks = Set(layers.map(\.stack)).sorted()
    guard stacks.count == 1 else {
      throw ExchangeError(
        "\(path) has several stacks of recurrent layers, and how they belong together is no part of it: name one, or layers in their "
          + "order, with --layers (\(stacks.map { $0.isEmpty ? "(no name)" : $0 }.joined(separator: ", ")))")
    }
    chosen = layers.map(\.layer)
  }
  for (below, above) in zip(chosen, chosen.dropFirst()) where above.description.inputs != below.description.width {
    throw ExchangeError(
      "layer \(above.name) reads \(above.description.inputs) numbers, but \(below.name) before it gives \(below.description.width)"
    )
  }
  return chosen
}
