package import Engine
package import Networks
import Sequences
package import Support

/// Translates texts. Only one thread may use it at a time.
package final class TranslatorRunner {
  private let translator: Translator
  private let decoder: StreamingDecoder
  private let beam: Int
  private let best: Int
  private let lengthPenalty: Double
  /// What runs over whole texts to show what happens within, and what scores translations that are given; made when they are asked for.
  private var (traced, scoring): (NetworkRunner?, NetworkRunner?)

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

  /// What the layers that write look at in a text, and the symbols of both sides.
  package struct Attention: Sendable, Encodable {
    /// The pieces of the text, the boundary after them included.
    package let source: [String]
    /// The pieces of what it becomes, at last the boundary.
    package let symbols: [String]
    /// For each piece that is written how much is looked at of each that was read.
    package let layers: [Alignment]
  }

  /// What is looked at as a text becomes another.
  ///
  /// - Throws: ``RecurrentError`` if no layer looks at the text.
  package func attention(from text: String, to translation: String) throws(RecurrentError) -> Attention {
    let (source, target) = (PairSource.read(translator.sources.encode(text)), translator.targets.encode(translation))
    let tokens = [Vocabulary.boundary] + target
    let runner = traced ?? NetworkRunner(translator.network, machine: decoder.machine, trains: false, traces: true)
    traced = runner
    let inputs = Batch.Inputs.tokens(tokens).with(
      Batch.Source(tokens: [source], of: PackedLengths(steps: tokens.count, batch: 1)))
    let layers = try runner.alignments(inputs, steps: tokens.count)
    if layers.isEmpty {
      throw RecurrentError(
        .unsuitable,
        "no layer of the model looks at the text that it translates: its cells have no memory, as gru-attention has one")
    }
    func names(_ tokens: [Int32], _ vocabulary: Vocabulary) -> [String] { tokens.map { vocabulary.symbols[Int($0)] } }
    return Attention(
      source: names(source, translator.sources.vocabulary),
      symbols: names(target + [Vocabulary.boundary], translator.targets.vocabulary), layers: layers)
  }

  /// How probable it is that a text becomes a given one.
  package struct Score: Sendable, Hashable, Encodable {
    /// The symbols that are written, the one that ends the text included.
    package let symbols: Int
    /// The logarithm of the probability of all of them, in nats.
    package let logarithm: Double
  }

  /// How probable it is that a text becomes a given one, cut as the model cuts it.
  package func score(of translation: String, from text: String) throws(RecurrentError) -> Score {
    let runner = scoring ?? NetworkRunner(translator.network, machine: decoder.machine, trains: false)
    scoring = runner
    let target = translator.targets.encode(translation)
    let batch = PairSource([(translator.sources.encode(text), target)], batch: 1, seed: nil).batch(at: 0)
    let loss = try runner.run(batch.inputs, lengths: batch.lengths, targets: batch.targets)
    return Score(symbols: target.count + 1, logarithm: -loss.sum)
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
