import ModelFiles

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

  /// The only matrix that reads so many numbers, with its bias.
  mutating func dense(inputs: Int) throws -> DenseLayer? {
    let matching = tensors.filter { tensor in
      tensor.shape.count == 2 && tensor.shape[1] == inputs && tensor.name.split(separator: ".").last == "weight"
        && !Self.isEmbedding(tensor.name)
    }
    guard matching.count == 1, let tensor = matching.first else { return nil }
    let module = Self.module(tensor.name)
    let bias = tensors.first { $0.name == (module.isEmpty ? "bias" : module + ".bias") }
    tensors.removeAll { $0.name == tensor.name || $0.name == bias?.name }
    return try DenseLayer(
      module, inputs: inputs, outputs: tensor.shape[0], weight: file.floats(tensor.name),
      bias: bias.map { try file.floats($0.name, shape: [tensor.shape[0]]) })
  }

  private static func isEmbedding(_ name: String) -> Bool { module(name).lowercased().contains("emb") }

  /// What stands before a name's last part.
  private static func module(_ name: String) -> String { name.split(separator: ".").dropLast().joined(separator: ".") }
}
