package import CellLanguage
package import Engine
public import Sequences
package import Support

/// What a network reads at each step: the one description of a kind of input. A kind is a value that says of which parts the
/// vector is made that the first layer reads; runners, streams, exporters and files ask it, and know of no kinds.
///
/// As a Codable value it is what a model file has under `input`; ``NetworkKinds`` lists the kinds that files may have.
package protocol InputEncoding: Sendable, Hashable, Codable {
  /// The keys of the kind's JSON that are always there, and those that may be. No other kind's may look the same.
  static var keys: (required: Set<String>, optional: Set<String>) { get }
  /// What the kind is called where a file has none or several: `a vocabulary`.
  static var title: String { get }

  /// The parts of the vector, one after the other.
  var parts: [any InputPart] { get }
  /// What the network reads, as messages say it: `2 features at each step`.
  var summary: String { get }
  /// Which call takes such inputs, as advice after ``summary``.
  var advice: String { get }
  /// The vocabulary whose symbols the network gives unless it is said what it gives; nil of numbers.
  var symbols: Vocabulary? { get }
  /// What has learned vectors, or places of its own, in what the network reads: what these things are called together, and their
  /// names.
  var legends: [(what: String, names: [String])] { get }
  /// What a step is called in the unit of a loss, such as `character`; nil for no word of its own.
  var stepName: String? { get }

  /// What cells read by name as further inputs: the last parts, in their order.
  var vectors: [NamedVector] { get }

  /// Networks of its own that read what a row stands for, such as the characters of a word.
  var networks: [Architecture] { get }

  /// This input with all that another one of the same kind decides of the layers within it, such as those that read characters.
  func built(like other: any InputEncoding) -> Self
  /// - Throws: ``RecurrentError`` if the parts don't fit each other.
  func check() throws(RecurrentError)
  /// Rows drawn at random, to study a network on, packed as `lengths` says.
  func randomRows(_ lengths: PackedLengths, using random: inout Random) -> Batch.Inputs
}

extension InputEncoding {
  /// The numbers of a row.
  package var width: Int { parts.reduce(0) { $0 + $1.width } }
  /// As many of them as the first layer reads from below, the first ones.
  package var featureWidth: Int { vectors.reduce(width) { $0 - $1.width } }

  package var vectors: [NamedVector] { [] }

  package var legends: [(what: String, names: [String])] {
    symbols.map { [($0.kind.rawValue, $0.symbols)] } ?? []
  }
  package var networks: [Architecture] { [] }
  package func built(like other: any InputEncoding) -> Self { self }

  func isEqual(to other: any InputEncoding) -> Bool { (other as? Self) == self }
}

extension Architecture {
  /// What a network reads at each step.
  public struct Input: Sendable, Hashable {
    package let encoding: any InputEncoding

    package init(_ encoding: any InputEncoding) { self.encoding = encoding }

    /// A symbol of a vocabulary. Each symbol is a learned vector of `embedding` numbers, or, if that is nil, a vector with a 1 at
    /// the symbol's place and 0 elsewhere.
    public static func tokens(_ vocabulary: Vocabulary, embedding: Int? = nil) -> Input {
      Input(TokensInput(vocabulary: vocabulary, embedding: embedding))
    }

    /// A vector of numbers.
    public static func features(_ count: Int) -> Input { Input(FeaturesInput(features: count)) }

    /// A vector of numbers, and beside it vectors with names, each with its length, for layers whose cells read several inputs. The
    /// first input of a cell is what is below its layer; each further one is the vector that has its name, whatever the layer.
    public static func features(_ count: Int, vectors: KeyValuePairs<String, Int>) -> Input {
      features(count, vectors: vectors.map { NamedVector(name: $0.key, width: $0.value) })
    }

    /// What a layer of a cell reads, if it is the only one or the others read the same beside what is below them.
    package static func features(of cell: Cell, _ dimensions: Dimensions) -> Input {
      let vectors = cell.inputs.dropFirst().map { NamedVector(name: $0.name, width: dimensions[$0.size]) }
      return vectors.isEmpty ? features(dimensions.inputs) : features(dimensions.inputs, vectors: vectors)
    }

    private static func features(_ count: Int, vectors: [NamedVector]) -> Input {
      Input(VectorsInput(features: count, vectors: vectors))
    }

    /// A number of values, and a symbol of a vocabulary of words that says whose they are, such as the name of a series: the vector
    /// that a step reads is the symbol's learned one, of `embedding` numbers, and then the numbers. The vocabulary's first symbol,
    /// `<unk>`, is that of all whose name it lacks.
    public static func namedFeatures(_ count: Int, names: Vocabulary, embedding: Int) -> Input {
      Input(NamedFeaturesInput(features: count, names: names, embedding: embedding))
    }

    /// A word of a sentence.
    package static func words(_ input: WordInput) -> Input { Input(input) }

    public static func == (left: Input, right: Input) -> Bool { left.encoding.isEqual(to: right.encoding) }

    public func hash(into hasher: inout Hasher) { encoding.hash(into: &hasher) }
  }
}

extension Architecture {
  /// The symbols that the network reads, if it reads symbols of a text and nothing else.
  package var vocabulary: Vocabulary? { (input.encoding as? TokensInput)?.vocabulary }

  /// The length of the learned vector that each symbol or name has that the network reads; nil if it has none.
  package var vectorLength: Int? {
    if case .embedded(_, let width, _)? = input.encoding.parts.first?.form { width } else { nil }
  }

  /// How many numbers the network reads at each step, if it reads numbers and nothing else.
  package var features: Int? { (input.encoding as? FeaturesInput)?.features }

  /// The numbers of what a step reads: of the vector that the first layer reads, and of the vectors with names behind it.
  package var inputWidth: Int { input.encoding.width }
}
