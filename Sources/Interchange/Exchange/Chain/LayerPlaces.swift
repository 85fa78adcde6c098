import Support
import TensorFiles

/// Where the matrices of a file stand that belong to no recurrent layer.
struct LayerPlaces {
  /// What the first layer of all reads as symbols; nil for none.
  var embedding: TensorFile.Tensor?
  /// The dense layers below the recurrent ones, the lowest first.
  var below: [TensorFile.Tensor] = []
  /// Those above, the lowest first.
  var above: [TensorFile.Tensor] = []

  /// What the caller says of it, by the names of tensors or of the modules that have them; nil for nothing, empty for none.
  struct Answers {
    var embedding: [String]?
    var below: [String]?
    var above: [String]?

    var isEmpty: Bool { embedding == nil && below == nil && above == nil }
  }

  /// What a matrix may be.
  struct Matrix {
    let tensor: TensorFile.Tensor
    let mayBeEmbedding: Bool
    let mayBeDense: Bool
  }

  /// All ways in which all matrices stand one on top of the other, each reading what the one before it gives.
  ///
  /// - Parameters:
  ///   - inputs: numbers that the first recurrent layer reads.
  ///   - outputs: numbers that the last one gives.
  static func all(of matrices: [Matrix], reading inputs: Int, giving outputs: Int) -> [LayerPlaces] {
    places(of: matrices, below: inputs, above: outputs)
  }

  /// - Parameter inputs: what the layer below is to give; nil if nothing more can stand there.
  private static func places(of matrices: [Matrix], below inputs: Int?, above outputs: Int) -> [LayerPlaces] {
    if matrices.isEmpty { return [LayerPlaces()] }
    return matrices.indices.flatMap { place -> [LayerPlaces] in
      var others = matrices
      let next = others.remove(at: place)
      let (rows, columns) = (next.tensor.shape[0], next.tensor.shape[1])
      var found: [LayerPlaces] = []
      // The highest one below is taken first, then the embedding, and above is not begun before: no way is found twice.
      if next.mayBeDense, rows == inputs {
        found += places(of: others, below: columns, above: outputs).map { $0.with { $0.below.append(next.tensor) } }
      }
      if next.mayBeEmbedding, columns == inputs {
        found += places(of: others, below: nil, above: outputs).map { $0.with { $0.embedding = next.tensor } }
      }
      if next.mayBeDense, columns == outputs {
        found += places(of: others, below: nil, above: rows).map { $0.with { $0.above.insert(next.tensor, at: 0) } }
      }
      return found
    }
  }

  private func with(_ change: (inout LayerPlaces) -> Void) -> LayerPlaces {
    var changed = self
    change(&changed)
    return changed
  }

  /// Whether it is what the caller says.
  func fits(_ answers: Answers) -> Bool {
    func fits(_ tensors: [TensorFile.Tensor], _ names: [String]?) -> Bool {
      guard let names else { return true }
      return tensors.count == names.count && zip(tensors, names).allSatisfy { $0.isCalled($1) }
    }
    return fits([embedding].compactMap { $0 }, answers.embedding) && fits(below, answers.below) && fits(above, answers.above)
  }

  /// Asks which of several ways is the right one.
  static func question(_ path: String, _ matrices: [Matrix], _ places: [LayerPlaces]) -> Sentence {
    var unclear: [String] = []
    for matrix in matrices {
      let name = matrix.tensor.name
      let isEmbedding = places.contains { $0.embedding?.name == name }
      var sides: [String] = []
      if places.contains(where: { $0.below.contains { $0.name == name } }) { sides.append("below") }
      if places.contains(where: { $0.above.contains { $0.name == name } }) { sides.append("above") }
      if sides.count + (isEmbedding ? 1 : 0) > 1 {
        let roles = (isEmbedding ? ["an embedding"] : []) + ["a dense layer \(list(sides)) the recurrent ones"]
        unclear.append("\(matrix.tensor.title) may be \(list(roles))")
      }
    }
    if unclear.isEmpty {
      unclear = ["\(matrices.map(\.tensor.title).joined(separator: ", ")) may follow one another in \(places.count) orders"]
    }
    return
      "\(path) does not say where its layers stand: \(unclear.joined(separator: "; ")). Say it with \(Setting("dense-below")) or \(Setting("dense-above")), their names from the input up, or \(Setting("embedding")); `none` is an answer, too"
  }
}

extension TensorFile.Tensor {
  /// What stands before the name's last part.
  var module: String { name.split(separator: ".").dropLast().joined(separator: ".") }

  /// What messages call the layer that the tensor is the matrix of.
  var title: String { module.isEmpty ? name : module }

  /// Whether a caller's name is the tensor's own or that of the module that has it.
  func isCalled(_ name: String) -> Bool { name == self.name || name == module }
}
