package import Engine
package import Sequences
package import Support

/// Numbers at each step, and beside them vectors with names, which cells read as further inputs: `dt` of `input x, dt(1)`.
package struct VectorsInput: InputEncoding {
  /// The numbers that the first layer reads from.
  package let features: Int
  package let vectors: [NamedVector]

  package static let keys: (required: Set<String>, optional: Set<String>) = (["features", "vectors"], [])
  package static let title = "a number of features with named vectors"

  package init(features: Int, vectors: [NamedVector]) { (self.features, self.vectors) = (features, vectors) }

  package var parts: [any InputPart] { [NumbersPart(features)] + vectors.map { NumbersPart($0.width, axis: .plain($0.width)) } }
  package var summary: String {
    "\(features) features at each step, and beside them "
      + vectors.map { "\($0.name) of \($0.width)" }.joined(separator: ", ")
  }
  package var advice: String { "give it vectors with a runner, or a stream all numbers of a step in that order" }
  package var symbols: Vocabulary? { nil }
  package var stepName: String? { nil }

  package func check() throws(RecurrentError) {
    try Architecture.check(features, "input")
    for (place, vector) in vectors.enumerated() {
      try Architecture.check(vector.width, "vector \(vector.name)")
      if vectors[..<place].contains(where: { $0.name == vector.name }) {
        throw RecurrentError(.network, "the network's input has two vectors called \(vector.name)")
      }
    }
  }

  package func randomRows(_ lengths: PackedLengths, using random: inout Random) -> Batch.Inputs {
    func draw(_ width: Int) -> [Float] { (0..<lengths.rows * width).map { _ in Float(random.normal()) } }
    let features = draw(features)
    return .features(features, vectors: vectors.map { draw($0.width) })
  }
}

extension Architecture.Input {
  /// Rows of all numbers that a step reads side by side, as streams take them, in the parts in which batches have them.
  ///
  /// - Parameter values: `[rows, width]`: those of the first layer, then each vector with a name.
  package func rows(_ values: [Float]) -> Batch.Inputs {
    let vectors = encoding.vectors
    if vectors.isEmpty { return .features(values) }
    let width = encoding.width
    func columns(_ range: Range<Int>) -> [Float] {
      stride(from: 0, to: values.count, by: width).flatMap { values[$0 + range.lowerBound..<$0 + range.upperBound] }
    }
    var start = encoding.featureWidth
    let own = vectors.map { vector in
      defer { start += vector.width }
      return columns(start..<start + vector.width)
    }
    return .features(columns(0..<encoding.featureWidth), vectors: own)
  }
}

/// A vector that a network reads at each step for cells that have an input of that name.
package struct NamedVector: Sendable, Hashable, Codable {
  package let name: String
  package let width: Int

  package init(name: String, width: Int) { (self.name, self.width) = (name, width) }
}
