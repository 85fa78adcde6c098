package import Engine
package import Sequences
package import Support

/// Numbers and a name at each step: the vector is the name's learned one and then the numbers.
package struct NamedFeaturesInput: InputEncoding {
  package let features: Int
  /// A vocabulary of words whose first symbol stands for all names that it lacks.
  package let names: Vocabulary
  /// The length of a name's learned vector.
  package let embedding: Int

  package static let keys: (required: Set<String>, optional: Set<String>) = (["features", "names", "embedding"], [])
  package static let title = "a number of features with names"

  package var parts: [any InputPart] {
    [EmbeddingPart(names, width: embedding, what: "name"), NumbersPart(features)]
  }
  package var summary: String { "features with a name beside them" }
  package var advice: String { "run it step by step, or with a runner" }
  package var symbols: Vocabulary? { nil }
  package var stepName: String? { nil }
  package var legends: [(what: String, names: [String])] { [("series", Array(names.symbols.dropFirst()))] }

  package func check() throws(RecurrentError) {
    if names.kind != .words {
      throw RecurrentError(
        .network, "the names that stand beside features are a vocabulary of words, not of \(names.kind.rawValue)")
    }
    try Architecture.check(embedding, "vector of a name")
    try Architecture.check(features, "input beside a name")
  }

  package func randomRows(_ lengths: PackedLengths, using random: inout Random) -> Batch.Inputs {
    let values = (0..<lengths.rows * features).map { _ in Float(random.normal()) }
    return .namedFeatures(values, names: (0..<lengths.rows).map { _ in Int32(random.integer(in: 0..<names.count)) })
  }
}
