package import Engine
package import Sequences
package import Support

/// A symbol of a vocabulary at each step, as its learned vector or one-hot.
package struct TokensInput: InputEncoding {
  package let vocabulary: Vocabulary
  /// The length of a symbol's learned vector; nil for a vector with a 1 at the symbol's place.
  package let embedding: Int?

  package static let keys: (required: Set<String>, optional: Set<String>) = (["vocabulary"], ["embedding"])
  package static let title = "a vocabulary"

  package var parts: [any InputPart] {
    if let embedding {
      [EmbeddingPart(vocabulary, width: embedding)]
    } else {
      [OneHotPart(vocabulary)]
    }
  }
  package var summary: String { "symbols of a vocabulary" }
  package var advice: String { "give it tokens" }
  package var symbols: Vocabulary? { vocabulary }
  package var stepName: String? { String(vocabulary.kind.rawValue.dropLast()) }

  package func check() throws(RecurrentError) {}

  package func randomRows(_ lengths: PackedLengths, using random: inout Random) -> Batch.Inputs {
    .tokens((0..<lengths.rows).map { _ in Int32(random.next() % UInt64(vocabulary.count)) })
  }
}
