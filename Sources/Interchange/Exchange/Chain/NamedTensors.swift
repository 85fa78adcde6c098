import Models
import Support
import TensorFiles

/// The tensors of a file that belong to no recurrent layer, as layers where their names and shapes say what they are.
struct NamedTensors {
  let file: TensorFile
  private var tensors: [TensorFile.Tensor]

  init(file: TensorFile, tensors: [TensorFile.Tensor]) { (self.file, self.tensors) = (file, tensors) }

  /// The names of those that are no layer yet.
  var rest: [String] { tensors.map(\.name) }

  /// What stands below and above the recurrent layers. Nothing says which functions stand between.
  struct Layers {
    var embedding: EmbeddingLayer?
    var below: [DenseLayer] = []
    var above: [DenseLayer] = []
    /// What has been taken for granted.
    var notes: [Sentence] = []
    /// What has to be answered before it is known where the layers stand, which are not taken before.
    var question: Sentence?
  }

  /// The matrices, with their biases, as layers round the recurrent ones: where all of them fit in one way only, or in one only
  /// that the caller's answers allow. If they fit in none, only the embedding is taken, and what is left is named by others.
  ///
  /// - Parameters:
  ///   - inputs: numbers that the first recurrent layer reads.
  ///   - outputs: numbers that the last one gives.
  /// - Throws: ``RecurrentError`` if the answers name something that is not there, or allow no way.
  mutating func layers(below inputs: Int, above outputs: Int, _ answers: LayerPlaces.Answers) throws -> Layers {
    let matrices = try self.matrices(answers)
    // With more than a few, shapes alone do not determine an order.
    let places = matrices.count > 6 ? [] : LayerPlaces.all(of: matrices, reading: inputs, giving: outputs)
    let fitting = places.filter { $0.fits(answers) }
    if fitting.count > 1 { return Layers(question: LayerPlaces.question(file.path, matrices, fitting)) }
    guard let place = fitting.first else {
      guard answers.isEmpty else {
        throw RecurrentError(
          .interchange,
          "the matrices of \(file.path) do not fit on one another in the way that is asked for: "
            + matrices.map { "\($0.tensor.name) \($0.tensor.shape)" }.joined(separator: ", ")
            + " round recurrent layers that read \(inputs) numbers and give \(outputs)")
      }
      return Layers(embedding: try embedding(width: inputs))
    }
    var layers = Layers()
    if let tensor = place.embedding {
      layers.embedding = try take(embedding: tensor)
      if !Self.isEmbedding(tensor.name), answers.embedding == nil {
        layers.notes.append(
          "\(tensor.name) is taken for an embedding of \(tensor.shape[0]) symbols, since it fits nowhere else; \(Setting("embedding")) says another, or none"
        )
      }
    }
    layers.below = try place.below.map { try take($0) }
    layers.above = try place.above.map { try take($0) }
    return layers
  }

  /// The matrices that may be layers, and what they may be: one that is called an embedding is nothing else, and one with a bias is
  /// none.
  private func matrices(_ answers: LayerPlaces.Answers) throws(RecurrentError) -> [LayerPlaces.Matrix] {
    let found = tensors.filter { tensor in
      guard tensor.shape.count == 2, tensor.shape.allSatisfy({ $0 > 0 }) else { return false }
      let isNamed = (answers.embedding ?? []).contains { tensor.isCalled($0) }
      return isNamed || Self.isEmbedding(tensor.name) || tensor.name.split(separator: ".").last == "weight"
    }
    for name in [answers.embedding, answers.below, answers.above].compactMap({ $0 }).joined() {
      guard !found.contains(where: { $0.isCalled(name) }) else { continue }
      let there = found.isEmpty ? "none" : found.map(\.title).joined(separator: ", ")
      throw RecurrentError(.interchange, "\(file.path) has no matrix of a layer \(quoted(name)); it has \(there)")
    }
    return found.map { tensor in
      let isDense = ((answers.below ?? []) + (answers.above ?? [])).contains { tensor.isCalled($0) }
      let isEmbedding = answers.embedding.map { $0.contains { tensor.isCalled($0) } } ?? Self.isEmbedding(tensor.name)
      return LayerPlaces.Matrix(
        tensor: tensor, mayBeEmbedding: !isDense && (isEmbedding || answers.embedding == nil && bias(of: tensor) == nil),
        mayBeDense: isDense || !isEmbedding)
    }
  }

  /// The only matrix with such rows that is called an embedding.
  private mutating func embedding(width: Int) throws -> EmbeddingLayer? {
    let matching = tensors.filter { tensor in
      tensor.shape.count == 2 && tensor.shape[1] == width && Self.isEmbedding(tensor.name)
    }
    return matching.count == 1 ? try take(embedding: matching[0]) : nil
  }

  private mutating func take(embedding tensor: TensorFile.Tensor) throws -> EmbeddingLayer {
    tensors.removeAll { $0.name == tensor.name }
    return try EmbeddingLayer(
      tensor.title, symbols: tensor.shape[0], width: tensor.shape[1],
      weight: file.floats(tensor.name))
  }

  private func bias(of tensor: TensorFile.Tensor) -> TensorFile.Tensor? {
    let module = tensor.module
    return tensors.first { $0.name == (module.isEmpty ? "bias" : module + ".bias") }
  }

  private mutating func take(_ tensor: TensorFile.Tensor) throws -> DenseLayer {
    let bias = bias(of: tensor)
    tensors.removeAll { $0.name == tensor.name || $0.name == bias?.name }
    return try DenseLayer(
      tensor.title, inputs: tensor.shape[1], outputs: tensor.shape[0], weight: file.floats(tensor.name),
      bias: bias.map { try file.floats($0.name, shape: [tensor.shape[0]]) })
  }

  private static func isEmbedding(_ name: String) -> Bool {
    name.split(separator: ".").dropLast().contains { $0.lowercased().contains("emb") }
  }
}
