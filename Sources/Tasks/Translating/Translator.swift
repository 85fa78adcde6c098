public import Engine
import Models
public import Networks
import Sequences
public import Support
public import TaskKit

/// A trained network that reads a text and writes another.
///
///     let translator = try Translator(contentsOf: "runs/pairs-lstm")
///     print(try translator.translate("Two men are at the stove."))
public struct Translator: TrainedModel {
  /// What such models are trained for.
  public typealias Task = TranslateTask

  /// The network, whose encoder reads pieces of a text and whose layers write pieces of another.
  public let network: Network
  package let description: TranslationDescription
  /// Cuts texts to be read.
  let sources: PieceCoder
  /// Cuts texts that are written.
  let targets: PieceCoder

  /// What a text may become.
  public struct Translation: Sendable, Hashable {
    /// The text.
    public let text: String
    /// The logarithm of its probability, in nats.
    public let logarithm: Double
    /// The logarithm divided by the length penalty, ((5 + n) / 6) to some power for n symbols, the one that ends the text included, by which
    /// translations are compared: the higher, the better (Wu et al. 2016, equation 14).
    public let score: Double
    /// Whether it ended by itself; otherwise it was cut off, at least twice as long as nearly all pairs of the training would make it.
    public let isFinished: Bool
  }

  /// The translator that a network is.
  ///
  /// - Parameter path: of the network's file, for messages.
  /// - Throws: ``RecurrentError`` if the network does not translate.
  public init(_ network: Network, path: String) throws(RecurrentError) {
    self.network = network
    description = try TranslationDescription(of: network, path: path)
    let vocabularies = try network.vocabularies(called: path)
    (sources, targets) = (PieceCoder(vocabularies.source), PieceCoder(vocabularies.target))
  }

  /// What a text most probably becomes.
  ///
  ///     print(try translator.translate("Two men are at the stove.", beam: 5))
  ///
  /// - Parameters:
  ///   - text: any text; characters that the training did not have are read as bytes.
  ///   - beam: how many beginnings are kept after each piece; 1 takes the most probable piece each time.
  ///   - machine: what to compute on; nil for the fastest kernels and all processors.
  public func translate(_ text: String, beam: Int = 1, machine: Machine? = nil) throws -> String {
    try translate([text], beam: beam, machine: machine)[0]
  }

  /// What several texts most probably become.
  ///
  /// - Parameters:
  ///   - texts: of any lengths.
  ///   - beam: how many beginnings are kept after each piece; 1 takes the most probable piece each time.
  ///   - machine: what to compute on; nil for the fastest kernels and all processors.
  public func translate(_ texts: [String], beam: Int = 1, machine: Machine? = nil) throws -> [String] {
    let runner = try TranslatorRunner(self, beam: beam, machine: machine)
    return try stride(from: 0, to: texts.count, by: TranslatorRunner.defaultCount).flatMap { start in
      try runner.translations(of: Array(texts[start..<min(start + TranslatorRunner.defaultCount, texts.count)])).map {
        $0[0].text
      }
    }
  }

  /// The logarithm of the probability that a text becomes a given one, in nats: of two translations the model prefers that with the higher one.
  ///
  ///     let isFeminine = try translator.logarithm(of: "Žena spala.", from: text) > translator.logarithm(of: "Žena spal.", from: text)
  ///
  /// - Parameters:
  ///   - translation: what the text is to become.
  ///   - text: any text.
  ///   - machine: what to compute on; nil for the fastest kernels and all processors.
  public func logarithm(of translation: String, from text: String, machine: Machine? = nil) throws -> Double {
    try TranslatorRunner(self, beam: 1, machine: machine).score(of: translation, from: text).logarithm
  }

  /// The most probable of what a text may become, the best first.
  ///
  ///     for found in try translator.translations(of: "knight", best: 3) { print(found.score, found.text) }
  ///
  /// - Parameters:
  ///   - text: any text.
  ///   - best: how many translations are wanted at most.
  ///   - beam: how many beginnings are kept after each piece; nil for as many as translations are wanted, but at least 5.
  ///   - lengthPenalty: the exponent of (5 + n) / 6 for n symbols, by which logarithms of probabilities are divided before they are compared;
  ///     at least 0, and the greater, the longer what is found.
  ///   - machine: what to compute on; nil for the fastest kernels and all processors.
  public func translations(
    of text: String, best: Int, beam: Int? = nil, lengthPenalty: Double = 1, machine: Machine? = nil
  ) throws -> [Translation] {
    try TranslatorRunner(self, beam: beam ?? max(5, best), best: best, lengthPenalty: lengthPenalty, machine: machine)
      .translations(of: [text])[0]
  }
}

extension Network {
  /// The symbols of both sides of a network that translates.
  ///
  /// - Throws: ``RecurrentError`` if it does not.
  package func vocabularies(called title: String) throws(RecurrentError) -> TranslationData.Vocabularies {
    guard let source = architecture.sourceVocabulary, let target = architecture.vocabulary, source.kind == .pieces,
      target.kind == .pieces
    else {
      throw RecurrentError(
        .unsuitable, "\(title) does not read pieces of a text to write those of another: it is no model that translates")
    }
    return .init(source: source, target: target)
  }
}

extension Architecture {
  /// The symbols that the encoder reads; nil if there is no encoder, or it reads something else.
  var sourceVocabulary: Vocabulary? { context?.encoder?.vocabulary }
}
