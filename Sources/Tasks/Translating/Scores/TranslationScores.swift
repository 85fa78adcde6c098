package import Support
package import Tables

/// How well texts are translated.
package struct TranslationScores: Sendable, Hashable {
  package private(set) var bleu = BLEU()
  package private(set) var chrF = ChrF()
  package private(set) var pairs = 0
  /// Translations that are their references to the last character.
  package private(set) var exact = 0

  package var exactRate: Double { pairs == 0 ? 0 : Double(exact) / Double(pairs) }

  package init() {}

  package mutating func add(_ translation: String, reference: String) {
    bleu.add(translation, reference: reference)
    chrF.add(translation, reference: reference)
    pairs += 1
    if translation.utf8.elementsEqual(reference.utf8) { exact += 1 }
  }

  /// Translates the sources of pairs and compares what comes of them with the targets.
  ///
  /// - Parameter progress: called with the number of pairs that are done.
  package init(
    _ runner: TranslatorRunner, _ pairs: TextPairs, progress: (Int) -> Void = { _ in }
  ) throws(RecurrentError) {
    for start in stride(from: 0, to: pairs.pairs.count, by: TranslatorRunner.defaultCount) {
      let some = pairs.pairs[start..<min(start + TranslatorRunner.defaultCount, pairs.pairs.count)]
      for (pair, found) in zip(some, try runner.translations(of: some.map(\.source))) {
        add(found[0].text, reference: pair.target)
      }
      progress(self.pairs)
    }
  }
}
