package import Engine
package import Sequences
package import Support

/// A vector of numbers at each step.
package struct FeaturesInput: InputEncoding {
  package let features: Int

  package static let keys: (required: Set<String>, optional: Set<String>) = (["features"], [])
  package static let title = "a number of features"

  package var parts: [any InputPart] { [NumbersPart(features)] }
  package var summary: String { "\(features) features at each step" }
  package var advice: String { "give it vectors" }
  package var symbols: Vocabulary? { nil }
  package var stepName: String? { nil }

  package func check() throws(RecurrentError) {}

  package func randomRows(_ lengths: PackedLengths, using random: inout Random) -> Batch.Inputs {
    .features((0..<lengths.rows * features).map { _ in Float(random.normal()) })
  }
}
