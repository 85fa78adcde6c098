import Engine
import Sequences
import Support
import Tables
import TaskKit
import Testing
import Translating

struct TranslationDataTests {
  private static func data(
    _ pairs: [(source: String, target: String)], validation: Double = 0.1, batch: Int = 8
  ) throws -> TranslationData {
    try TranslationData(TextPairs(pairs), heldOut: nil, .init(validation: validation, batch: batch, seed: 5)) {
      training throws(RecurrentError) in
      .init(
        source: try Vocabulary(piecesOf: training.pairs.map(\.source), .characters),
        target: try Vocabulary(piecesOf: training.pairs.map(\.target), .characters))
    }
  }

  /// The targets of a batch's sequences as text, in the batch's order, checked to be what its inputs are a step later.
  private static func targets(_ batch: Batch, _ vocabulary: Vocabulary) throws -> [String] {
    guard case .classes(let classes) = batch.targets else { return [] }
    return batch.lengths.perSequence.indices.map { sequence in
      let rows = batch.lengths.rows(ofSequence: sequence)
      let symbols = rows.map { classes[$0] }
      #expect(symbols.last == Vocabulary.boundary)
      return vocabulary.decode(symbols.dropLast())
    }
  }

  @Test func eachEpochHasEveryPairOnce() throws {
    let pairs = mirrored(123)
    let data = try Self.data(pairs, validation: 0)
    let perEpoch = try #require(data.training.iterationsPerEpoch)
    #expect(perEpoch > 8 && data.validation == nil && data.heldOut == nil)
    var orders: Set<[String]> = []
    for epoch in 0..<3 {
      var found: [String] = []
      for place in 0..<perEpoch {
        let batch = data.training.batch(at: epoch * perEpoch + place)
        let texts = try Self.targets(batch, data.vocabularies.target)
        // Lengths are alike, and the longest comes first.
        let lengths = texts.map(\.count)
        #expect(lengths == lengths.sorted(by: >))
        #expect(try Self.targets(data.training.batch(at: epoch * perEpoch + place), data.vocabularies.target) == texts)
        found += texts
      }
      #expect(found.sorted() == pairs.map(\.target).sorted())
      orders.insert(found)
    }
    #expect(orders.count == 3)
  }

  @Test func batchesHaveAboutEquallyManySymbols() throws {
    let data = try Self.data(mirrored(400), validation: 0, batch: 16)
    let perEpoch = try #require(data.training.iterationsPerEpoch)
    let sizes = (0..<perEpoch).map { data.training.batch(at: $0).lengths.rows }.sorted()
    // All but the one that is left at the end.
    #expect(sizes.count > 20 && Double(sizes[sizes.count - 1]) < 1.6 * Double(sizes[1]))
  }

  @Test func pairsOfTheSameSourceAreHeldOutTogether() throws {
    let pairs = (0..<200).map { (source: "word \($0 % 40)", target: "\($0)") }
    let data = try Self.data(pairs, validation: 0.2)
    let held = Set(try #require(data.heldOut).pairs.map(\.source))
    #expect(held.count == 8 && data.heldOut?.pairs.count == 40)
    #expect(data.heldOut?.pairs.allSatisfy { held.contains($0.source) } == true)
  }

  /// What a side is cut into follows from its texts.
  @Test(arguments: [
    (["Two young men are outside near many bushes.", "Several men in hard hats are operating a giant pulley system."], "pieces"),
    (["3 March 2024", "14 July 1789"], "characters"),
    (["knight", "through"], "characters"),
    (["N AY T", "TH R UW"], "words"),
    (["今日は天気がいいです", "明日も"], "characters"),
  ]) func tokensAreChosenFromTheTexts(texts: [String], expected: String) throws {
    let pairs = (0..<60).map { (source: texts[$0 % 2], target: "x\($0 % 7)") }
    var notes: [Note] = []
    let plan = try TranslateTask.plan(
      Recipe(TranslateTask()), on: .init(pairs: try TextPairs(pairs + [(source: "other", target: "x")])), &notes)
    #expect(plan.recipe.task.sourceTokens?.rawValue == expected)
    #expect(plan.recipe.task.targetTokens == .characters)
    #expect(plan.recipe.task.vocabulary == 4000)
  }

  @Test func aTranslationThatDoesNotEndIsCut() {
    let description = TranslationDescription(piecesPerPiece: 1.5)
    #expect(description.longest(0) == 13)
    #expect(description.longest(9) == 40)
    #expect(TranslationDescription(piecesPerPiece: 900).longest(1000) == 10_000)
  }
}
