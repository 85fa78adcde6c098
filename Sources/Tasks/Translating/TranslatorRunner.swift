package import Engine
import Networks
import Sequences
package import Support

/// Translates texts. Only one thread may use it at a time.
package final class TranslatorRunner {
  private let translator: Translator
  private let decoder: StreamingDecoder
  private let beam: Int
  private let best: Int
  private let lengthPenalty: Double

  /// The number of texts that an encoder reads at once: enough to keep the threads busy, in little memory.
  package static let defaultCount = 64

  /// - Parameters:
  ///   - beam: how many beginnings are kept after each piece; 1 takes the most probable piece each time.
  ///   - best: how many translations of a text are wanted at most.
  ///   - lengthPenalty: the exponent of (5 + n) / 6, by which the logarithms of probabilities of translations of n pieces are divided before
  ///     they are compared (Wu et al. 2016, equation 14); nil for ``defaultLengthPenalty``.
  ///   - machine: what to compute on; nil for the fastest kernels and all processors.
  package init(
    _ translator: Translator, beam: Int, best: Int = 1, lengthPenalty: Double? = nil, machine: Machine?
  ) throws(RecurrentError) {
    self.translator = translator
    self.lengthPenalty = lengthPenalty ?? Self.defaultLengthPenalty
    self.beam = max(1, beam, best)
    self.best = max(1, best)
    decoder = try StreamingDecoder(translator.network, machine: machine)
  }

  /// What some texts may become, at least one translation of each, the best first; different pieces of the same text count once.
  package func translations(of texts: [String]) throws(RecurrentError) -> [[Translator.Translation]] {
    if texts.isEmpty { return [] }
    let sources = texts.map { PairSource.read(translator.sources.encode($0)) }
    let longest = sources.map { translator.description.longest($0.count) }
    let search = try BeamSearch(
      width: beam, longest: longest.max() ?? 1, lengthPenalty: lengthPenalty, best: beam)
    let boundary = Int(Vocabulary.boundary)
    return try search.run(
      decoder, after: decoder.encode(tokens: sources), begin: boundary, end: boundary, longest: longest
    ).map(best)
  }

  private func best(of found: [Hypothesis]) -> [Translator.Translation] {
    var translations: [Translator.Translation] = []
    for hypothesis in found where translations.count < best {
      let text = translator.targets.vocabulary.decode(hypothesis.tokens)
      if translations.contains(where: { $0.text.utf8.elementsEqual(text.utf8) }) { continue }
      translations.append(
        Translator.Translation(
          text: text, logarithm: hypothesis.logProbability, score: hypothesis.score, isFinished: hypothesis.isFinished))
    }
    return translations
  }

  /// The exponent of the length penalty by which translations of different lengths are compared.
  static let defaultLengthPenalty = 1.0
}
