package import CellLanguage
package import Engine
package import Sequences
package import Support

/// How a network reads words: each is one vector, put together from what the word is, how it is spelled and what it looks like.
package struct WordInput: InputEncoding {
  /// The words that have a learned vector of their own. Its first symbol, ``Sequences/Vocabulary/unknown``, has one for all
  /// others.
  package var vocabulary: Vocabulary
  /// The length of these vectors.
  package var embedding: Int
  /// Whether words are looked up in lower case. Spelling and shapes are those of the word as it stands.
  package var isLowerCased: Bool
  /// The features of a word's shape that are given, a number each.
  package var shapes: [WordShape]
  /// A network that reads the characters of a word and gives one vector for it, as
  /// ``spelling(_:characters:embedding:units:)`` makes it; nil if words are not spelled. It learns together with all above it.
  package var spelling: Architecture?

  package init(
    _ vocabulary: Vocabulary, embedding: Int, isLowerCased: Bool = false, shapes: [WordShape] = [], spelling: Architecture? = nil
  ) {
    self.vocabulary = vocabulary
    self.embedding = embedding
    self.isLowerCased = isLowerCased
    self.shapes = shapes
    self.spelling = spelling
  }

  /// The vector of the vocabulary, then what the spelling gives, then the shapes.
  package var parts: [any InputPart] {
    [
      EmbeddingPart(vocabulary, width: embedding, what: "word"),
      WordFormPart(spelling: spelling, shapes: shapes.count),
    ]
  }
  package var summary: String { "words with their spelling" }
  package var advice: String { "run it over whole sentences" }
  package var symbols: Vocabulary? { vocabulary }
  package var stepName: String? { "word" }
  package var networks: [Architecture] { spelling.map { [$0] } ?? [] }
  package var legends: [(what: String, names: [String])] {
    [("words", vocabulary.symbols)] + (spelling?.vocabulary.map { [("characters", $0.symbols)] } ?? [])
  }

  package func built(like other: any InputEncoding) -> WordInput {
    var input = self
    if let layers = (other as? WordInput)?.spelling?.layers { input.spelling?.layers = layers }
    return input
  }

  /// - Throws: ``RecurrentError`` if the parts don't fit each other.
  package func check() throws(RecurrentError) {
    if vocabulary.kind != .words {
      throw RecurrentError(.network, "words have a vocabulary of words, not of \(vocabulary.kind.rawValue)")
    }
    if embedding < 1 { throw RecurrentError(.network, "the vectors of words have \(embedding) numbers; they need at least one") }
    if embedding > Size.largest {
      throw RecurrentError(.network, "the vectors of words have \(embedding) numbers; they can have at most \(Size.largest)")
    }
    guard let spelling else { return }
    guard let characters = spelling.vocabulary, characters.kind == .characters else {
      throw RecurrentError(.network, "the network that spells words must read a vocabulary of characters")
    }
    if !characters.symbols.contains(String(Vocabulary.unknownCharacter)) {
      throw RecurrentError(.network, "the characters of words must have U+FFFD, which stands for those that are not known")
    }
    guard spelling.output == .lastLayer, spelling.readout != .everyStep, spelling.headLayers.isEmpty else {
      throw RecurrentError(.network, "the network that spells words must give what its last layer reads out of a whole word")
    }
  }

  /// A network that reads characters both ways in one layer and gives what it has read at its ends (Ling et al. 2015, Finding
  /// function in form; Lample et al. 2016, section 4.1).
  ///
  /// - Parameters:
  ///   - units: of each direction.
  ///   - embedding: learned numbers that stand for a character.
  package static func spelling(_ cell: Cell = .lstm, characters: Vocabulary, units: Int, embedding: Int) -> Architecture {
    Architecture(
      input: .tokens(characters, embedding: embedding),
      layers: [.init(cell, units: units, direction: .bidirectional(.concatenate))], readout: .last, output: .lastLayer)
  }

  /// Words drawn at random, each sentence by itself.
  package func randomRows(_ lengths: PackedLengths, using random: inout Random) -> Batch.Inputs {
    let (reader, symbols) = (WordReader(self), vocabulary.symbols)
    return reader.inputs(
      lengths.perSequence.map { length in (0..<length).map { _ in symbols[random.integer(in: 0..<symbols.count)] } }
    ).inputs
  }
}

extension WordInput {
  package static let keys: (required: Set<String>, optional: Set<String>) = (["words"], [])
  package static let title = "words"

  private enum CodingKeys: CodingKey { case words }

  /// What a model file has under `words`.
  private struct Description: Codable {
    let vocabulary: Vocabulary
    let embedding: Int
    let lowerCase: Bool
    let shapes: [String]
    let spelling: Spelling?

    struct Spelling: Codable {
      let characters: Vocabulary
      let embedding: Int?
      let layers: [Architecture.Layer]
      let readout: Architecture.Readout
    }
  }

  package init(from decoder: any Decoder) throws {
    let description = try decoder.container(keyedBy: CodingKeys.self).decode(Description.self, forKey: .words)
    let shapes = try description.shapes.map { name in
      guard let shape = WordShape(rawValue: name) else {
        throw RecurrentError(.network, "words have a shape “\(name)”, which this program does not know: use a newer program")
      }
      return shape
    }
    let spelling = description.spelling.map { spelling in
      Architecture(
        input: .tokens(spelling.characters, embedding: spelling.embedding), layers: spelling.layers, readout: spelling.readout,
        output: .lastLayer)
    }
    self.init(
      description.vocabulary, embedding: description.embedding, isLowerCased: description.lowerCase, shapes: shapes,
      spelling: spelling)
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    let spelling = spelling.flatMap { network in
      (network.input.encoding as? TokensInput).map { characters in
        Description.Spelling(
          characters: characters.vocabulary, embedding: characters.embedding, layers: network.layers, readout: network.readout)
      }
    }
    try container.encode(
      Description(
        vocabulary: vocabulary, embedding: embedding, lowerCase: isLowerCased, shapes: shapes.map(\.rawValue), spelling: spelling),
      forKey: .words)
  }
}
