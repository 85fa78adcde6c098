import Models
import TensorFiles

/// The tensors of a file that belong to no recurrent layer, as layers where their names and shapes say what they are.
struct NamedTensors {
  let file: TensorFile
  private var tensors: [TensorFile.Tensor]

  init(file: TensorFile, tensors: [TensorFile.Tensor]) { (self.file, self.tensors) = (file, tensors) }

  /// The names of those that are no layer yet.
  var rest: [String] { tensors.map(\.name) }

  /// The only matrix with such rows that is called an embedding.
  mutating func embedding(width: Int) throws -> EmbeddingLayer? {
    let matching = tensors.filter { tensor in
      tensor.shape.count == 2 && tensor.shape[1] == width && Self.isEmbedding(tensor.name)
    }
    guard matching.count == 1, let tensor = matching.first else { return nil }
    tensors.removeAll { $0.name == tensor.name }
    return try EmbeddingLayer(
      Self.module(tensor.name), symbols: tensor.shape[0], width: width, weight: file.floats(tensor.name))
  }

  /// The matrices with their biases as dense layers above the recurrent ones and, failing that, below them too, if there is only
  /// one order in which each reads what the one before it gives; none otherwise. Nothing says which functions stand between them.
  ///
  /// - Parameters:
  ///   - inputs: numbers that the first recurrent layer reads.
  ///   - outputs: numbers that the last one gives.
  ///   - hasEmbedding: whether an embedding stands below, so that nothing else does.
  mutating func denseLayers(
    below inputs: Int, above outputs: Int, hasEmbedding: Bool
  ) throws -> (below: [DenseLayer], above: [DenseLayer]) {
    let matrices = tensors.filter { tensor in
      tensor.shape.count == 2 && tensor.shape.allSatisfy { $0 > 0 } && tensor.name.split(separator: ".").last == "weight"
        && !Self.isEmbedding(tensor.name)
    }
    // With more than a few, shapes alone do not determine an order.
    guard matrices.count <= 6 else { return ([], []) }
    // What may stand above is taken to do so: few models have anything but an embedding below.
    var orders = Self.orders(of: matrices, below: nil, above: outputs)
    if orders.isEmpty, !hasEmbedding { orders = Self.orders(of: matrices, below: inputs, above: outputs) }
    guard orders.count == 1 else { return ([], []) }
    return (try orders[0].below.map { try take($0) }, try orders[0].above.map { try take($0) })
  }

  private typealias Order = (below: [TensorFile.Tensor], above: [TensorFile.Tensor])

  /// All orders in which all matrices stand one on top of the other.
  ///
  /// - Parameter inputs: what the layer below the recurrent ones gives; nil if nothing stands there.
  private static func orders(of matrices: [TensorFile.Tensor], below inputs: Int?, above outputs: Int) -> [Order] {
    if matrices.isEmpty { return [([], [])] }
    return matrices.indices.flatMap { place -> [Order] in
      var others = matrices
      let next = others.remove(at: place)
      var found: [Order] = []
      // The highest one below is taken first, and above is not begun before all below are there: no order is found twice.
      if next.shape[0] == inputs {
        found += orders(of: others, below: next.shape[1], above: outputs).map { ($0.below + [next], $0.above) }
      }
      if next.shape[1] == outputs {
        found += orders(of: others, below: nil, above: next.shape[0]).map { ($0.below, [next] + $0.above) }
      }
      return found
    }
  }

  private mutating func take(_ tensor: TensorFile.Tensor) throws -> DenseLayer {
    let module = Self.module(tensor.name)
    let bias = tensors.first { $0.name == (module.isEmpty ? "bias" : module + ".bias") }
    tensors.removeAll { $0.name == tensor.name || $0.name == bias?.name }
    return try DenseLayer(
      module, inputs: tensor.shape[1], outputs: tensor.shape[0], weight: file.floats(tensor.name),
      bias: bias.map { try file.floats($0.name, shape: [tensor.shape[0]]) })
  }

  private static func isEmbedding(_ name: String) -> Bool { module(name).lowercased().contains("emb") }

  /// What stands before a name's last part.
  private static func module(_ name: String) -> String { name.split(separator: ".").dropLast().joined(separator: ".") }
}
