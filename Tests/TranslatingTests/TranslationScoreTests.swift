import Foundation
import Testing
import Translating

struct TranslationScoreTests {
  /// What sacreBLEU 2.6.0 gives.
  private struct Vectors: Decodable {
    let scores: [Scores]
    let segments: [Segment]

    struct Scores: Decodable {
      let name: String
      let translations, references: [String]
      let bleu: Double
      let precisions: [Double]
      let brevityPenalty: Double
      let given, reference: Int
      let chrf: Double
    }

    struct Segment: Decodable {
      let segment: String
      let words: [String]
    }

    init() throws {
      let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../Vectors/translation-scores.json")
      self = try JSONDecoder().decode(Vectors.self, from: Data(contentsOf: file))
    }
  }

  /// Both add up the same few logarithms or fractions in the same order: a few roundings of numbers of at most 100.
  private static let bound = 1e-11

  @Test func scoresAreThoseOfSacreBLEU() throws {
    let vectors = try Vectors()
    #expect(vectors.scores.count > 50)
    for expected in vectors.scores {
      var (bleu, chrF) = (BLEU(), ChrF())
      for (translation, reference) in zip(expected.translations, expected.references) {
        bleu.add(translation, reference: reference)
        chrF.add(translation, reference: reference)
      }
      #expect(abs(bleu.score - expected.bleu) < Self.bound, "\(expected.name): BLEU \(bleu.score), not \(expected.bleu)")
      #expect(abs(chrF.score - expected.chrf) < Self.bound, "\(expected.name): chrF \(chrF.score), not \(expected.chrf)")
      #expect((bleu.given, bleu.reference) == (expected.given, expected.reference), "\(expected.name)")
      #expect(abs(bleu.brevityPenalty - expected.brevityPenalty) < Self.bound, "\(expected.name)")
      for (own, other) in zip(bleu.precisions, expected.precisions) { #expect(abs(own - other) < Self.bound, "\(expected.name)") }
    }
  }

  @Test func segmentsAreCutIntoTheSameWords() throws {
    for expected in try Vectors().segments {
      let words = BLEU.words(of: expected.segment)
      #expect(words == expected.words.map { Array($0.unicodeScalars) }, "\(expected.segment.debugDescription)")
    }
  }
}
