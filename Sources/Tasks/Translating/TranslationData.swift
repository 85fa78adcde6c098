package import Sequences
package import Support
package import Tables
package import TaskKit

/// Pairs of texts, split into those that are trained on and those held out to choose the best weights, and cut into pieces.
package struct TranslationData: Sendable {
  /// How the two sides are cut.
  package let vocabularies: Vocabularies
  package let description: TranslationDescription
  package let training: PairSource
  package let validation: PairSource?
  /// The pairs that are held out; nil if none are.
  package let heldOut: TextPairs?
  /// A digest that identifies the data.
  package let digest: String?
  /// The files that are trained and validated on; none for pairs in memory.
  package let files: [String]
  /// The number of pairs, and what of them there are pieces.
  let count: Int
  let sourcePieces: Int
  let targetPieces: Int

  /// The symbols of both sides.
  package struct Vocabularies: Sendable, Hashable {
    package let source: Vocabulary
    package let target: Vocabulary

    package init(source: Vocabulary, target: Vocabulary) { (self.source, self.target) = (source, target) }
  }

  /// - Parameters:
  ///   - heldOut: other pairs to validate on; nil to hold out some of the first.
  ///   - learn: makes the vocabularies of the pairs that are trained on.
  /// - Throws: ``RecurrentError`` if none is left to train on, and what `learn` throws.
  package init(
    _ file: TextPairs, heldOut: TextPairs?, _ split: DataSplit, learn: (TextPairs) throws(RecurrentError) -> Vocabularies
  ) throws(RecurrentError) {
    let (training, validation) = try Self.parts(file, heldOut: heldOut, split)
    vocabularies = try learn(training)
    let pairs = Self.encoded(training, vocabularies)
    self.training = PairSource(pairs, batch: split.batch, seed: split.seed)
    self.validation = validation.map { [vocabularies] in
      PairSource(Self.encoded($0, vocabularies), batch: split.batch, seed: nil)
    }
    self.heldOut = validation
    digest = file.digest + (heldOut?.digest ?? "")
    files = [file, heldOut].compactMap { $0 }.filter(\.isFile).flatMap { [$0.source] + ($0.targetSource.map { [$0] } ?? []) }
    count = file.pairs.count
    (sourcePieces, targetPieces) = pairs.reduce((0, 0)) { ($0.0 + $1.source.count, $0.1 + $1.target.count) }
    let ratios = pairs.map { Double($0.target.count + 1) / Double($0.source.count + 1) }.sorted()
    description = TranslationDescription(piecesPerPiece: ratios[min(ratios.count - 1, ratios.count * 99 / 100)])
  }

  /// Pairs as pieces.
  static func encoded(_ file: TextPairs, _ vocabularies: Vocabularies) -> [(source: [Int32], target: [Int32])] {
    let (sources, targets) = (PieceCoder(vocabularies.source), PieceCoder(vocabularies.target))
    return file.pairs.map { (sources.encode($0.source), targets.encode($0.target)) }
  }

  private static func parts(
    _ file: TextPairs, heldOut: TextPairs?, _ split: DataSplit
  ) throws(RecurrentError) -> (training: TextPairs, validation: TextPairs?) {
    if let heldOut { return (file, heldOut) }
    if split.validation == 0 { return (file, nil) }
    // Pairs of the same source stay together, since otherwise what is held out would have been seen.
    var places: [String: [Int]] = [:]
    for (place, pair) in file.pairs.enumerated() { places[pair.source, default: []].append(place) }
    var groups = places.values.sorted { $0[0] < $1[0] }
    var random = Random(.heldOutPairs, seed: split.seed)
    random.shuffle(&groups)
    let count = max(1, Int(Double(file.pairs.count) * split.validation))
    var held: Set<Int> = []
    for group in groups where held.count < count { held.formUnion(group) }
    guard held.count < file.pairs.count else {
      throw RecurrentError(
        .data,
        naming:
          "\(file.source) has \(groups.count == 1 ? "a single source" : "\(groups.count) different sources"), of which none is left to train on: give more, or hold out nothing with \(Setting("validation")) 0"
      )
    }
    return (file.taking(file.pairs.indices.filter { !held.contains($0) }), file.taking(held.sorted()))
  }
}
