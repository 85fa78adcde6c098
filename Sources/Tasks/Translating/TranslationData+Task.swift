package import Engine
import Models
package import Networks
import Sequences
import Support
import Tables
package import TaskKit
package import Training

extension TranslationData: TaskData {
  package var subject: String {
    "\(count.grouped) pairs; \(vocabularies.source.count.grouped) symbols, and \(vocabularies.target.count.grouped) to write"
  }
  package var unit: String { "symbols" }

  /// Translations of the same held-out pairs after each validation: the loss of the references is often lowest long before translations
  /// are best.
  package var judge: Judge? {
    heldOut.map { heldOut in
      let pairs = sampled(heldOut, Self.judged, seed: 0)
      return Judge(.chrF) { network, machine in
        try Self.scores(Translator(network, path: "the network"), pairs, machine).chrF.score
      }
    }
  }

  /// Some of the held-out pairs, always the same.
  private func sampled(_ pairs: TextPairs, _ count: Int, seed: UInt64) -> TextPairs {
    var places = Array(pairs.pairs.indices)
    var random = Random(.heldOutPairs, seed: seed)
    random.shuffle(&places)
    return pairs.taking(places.prefix(count).sorted())
  }

  package func batches(of file: String) throws -> any BatchSource {
    PairSource(Self.encoded(try TextPairs(contentsOf: file), vocabularies), batch: 64, seed: nil)
  }

  package func fits(_ network: Network) -> Bool { (try? network.vocabularies(called: "")) == vocabularies }

  /// The fraction of the held-out pairs whose translation is the reference to the last character.
  package func fractionRight(_ network: Network, from path: String, machine: Machine) throws -> Double? {
    try heldOut.map { try Self.scores(Translator(network, path: path), $0, machine).exactRate }
  }

  package func figures(
    of network: Network, from path: String, on file: String, loss: Double, machine: Machine
  ) throws -> [Figure: Double] {
    let scores = try Self.scores(Translator(network, path: path), TextPairs(contentsOf: file), machine)
    return [.bleu: scores.bleu.score, .chrF: scores.chrF.score, .exactTranslations: scores.exactRate]
  }

  private static func scores(
    _ translator: Translator, _ pairs: TextPairs, _ machine: Machine
  ) throws(RecurrentError) -> TranslationScores {
    try TranslationScores(TranslatorRunner(translator, beam: 1, machine: machine), pairs)
  }

  /// Some held-out sources with what becomes of them, each beside its reference, and chrF over these.
  package func samples(_ network: Network, seed: UInt64) throws -> [String] {
    guard let heldOut else { return [] }
    // The same pairs at each validation, so that what they become can be compared.
    let pairs = sampled(heldOut, Self.sampled, seed: seed).pairs
    // Other trainings may be going on at the same time, as in comparisons.
    let runner = try TranslatorRunner(Translator(network, path: "the network"), beam: 1, machine: Machine(threads: 1))
    let found = try runner.translations(of: pairs.map(\.source)).map { $0[0].text }
    var scores = TranslationScores()
    for (pair, text) in zip(pairs, found) { scores.add(text, reference: pair.target) }
    let shown = zip(pairs, found).prefix(Self.shown).map { pair, text in
      "\(pair.source)\n→ \(text)\n= \(pair.target)"
    }
    return ["\(pairs.count) held-out pairs: chrF \(scores.chrF.score.fixed(1)), BLEU \(scores.bleu.score.fixed(1))"] + shown
  }

  /// How many pairs are translated to judge weights, and for a report, and how many of these it shows.
  private static let (judged, sampled, shown) = (500, 50, 8)

  package func conclusion(
    _ path: String, folder: String, machine: Machine
  ) throws -> (results: [String], advice: [String]) {
    let scores = try heldOut.map { try Self.scores(Translator(contentsOf: path), $0, machine) }
    return (
      scores.map { ["held out: \(TranslationReport(scores: $0).summary)"] } ?? [],
      ["to translate others, a line each: recurrent translate \(folder) FILE"]
    )
  }

  /// What the file holds.
  ///
  /// - Parameter file: the file as it was named.
  func note(shownAs file: String) -> Note {
    let held = heldOut.map { ", \($0.pairs.count.grouped) held out" } ?? ", none held out"
    return .finding(
      "\(file): \(count == 1 ? "1 pair" : "\(count.grouped) pairs")\(held); \(sourcePieces.grouped) symbols to read and \(targetPieces.grouped) to write in training"
    )
  }
}
