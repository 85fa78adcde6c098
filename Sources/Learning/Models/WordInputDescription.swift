import Networks
import Sequences
import Support

/// How a network reads words, as a model file says it.
struct WordInputDescription: Codable {
  let vocabulary: Vocabulary
  let embedding: Int
  let lowerCase: Bool
  let shapes: [String]
  let spelling: Spelling?

  /// The network that reads the characters of a word.
  struct Spelling: Codable {
    let characters: Vocabulary
    let embedding: Int?
    let layers: [NetworkDescription.Layer]
    let readout: String
  }

  init(_ input: WordInput) {
    vocabulary = input.vocabulary
    embedding = input.embedding
    lowerCase = input.isLowerCased
    shapes = input.shapes.map(\.rawValue)
    if let architecture = input.spelling, case .tokens(let characters, let embedding) = architecture.input {
      spelling = Spelling(
        characters: characters, embedding: embedding, layers: architecture.layers.map(NetworkDescription.Layer.init),
        readout: architecture.readout.rawValue)
    } else {
      spelling = nil
    }
  }

  func input() throws -> WordInput {
    let shapes = try shapes.map { name in
      guard let shape = WordShape(rawValue: name) else {
        throw RecurrentError(.network, "words have a shape “\(name)”, which this program does not know: use a newer program")
      }
      return shape
    }
    let spelling = try spelling.map { spelling in
      guard let readout = Architecture.Readout(rawValue: spelling.readout) else {
        throw RecurrentError(
          .network, "what is read out of words is “\(spelling.readout)”, which this program does not know: use a newer program")
      }
      return Architecture(
        input: .tokens(spelling.characters, embedding: spelling.embedding),
        layers: try spelling.layers.enumerated().map { try $1.layer("layer \($0) of the spelling") }, readout: readout,
        output: .lastLayer)
    }
    return WordInput(vocabulary, embedding: embedding, isLowerCased: lowerCase, shapes: shapes, spelling: spelling)
  }
}
