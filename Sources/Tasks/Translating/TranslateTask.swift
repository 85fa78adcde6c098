public import TaskKit

/// A translator: a network that reads a text and writes another, which it learns from pairs of texts. Languages are one use of it;
/// spelling, transliteration, phonemes of letters and forms of dates are others.
///
///     var recipe = Recipe(TranslateTask(path: "pairs.tsv"))
///     recipe.task.targetTokens = .characters
public struct TranslateTask: LearningTask {
  package static let kind = "translate"
  package static let version = 1

  /// What a text is cut into.
  public enum Tokens: String, Codable, Hashable, CaseIterable, Sendable {
    /// Every character by itself.
    case characters
    /// Pieces of words, and whole words, that are frequent in the texts (byte-pair encoding; Sennrich, Haddow & Birch 2016).
    case pieces
    /// The most frequent words; others are spelled.
    case words
  }

  /// The file of pairs: a text, a tab and what it is to become a line; the texts alone if ``targetPath`` is given.
  public var path: String?
  /// The file whose lines say what those of ``path`` are to become.
  public var targetPath: String?
  /// A file of the same form to validate on, in place of a fraction that is held out.
  public var validationPath: String?
  /// The file whose lines say what those of ``validationPath`` are to become.
  public var validationTargetPath: String?
  /// The fraction of the pairs that is held out, at least 0 and below 1; 0.05 if nil.
  public var validation: Double?
  /// What the texts to read are cut into; seen from them if nil.
  public var sourceTokens: Tokens?
  /// What the texts to write are cut into; seen from them if nil.
  public var targetTokens: Tokens?
  /// The most symbols of each side, from 300 to 65,536; 4,000 if nil, or 8,000 of 100,000 pairs and more. Pieces and words take the place
  /// that characters leave.
  public var vocabulary: Int?
  /// Whether both sides have the same symbols, which are learned from the texts of both.
  public var isJoint: Bool?
  /// The length of the learned vector of a symbol, at least 1; as many numbers as a layer has units if nil.
  public var embedding: Int?
  /// Whether the learned vector of a symbol that is written is its row of the matrix on top, too.
  public var tiesEmbedding: Bool?
  /// The cell of the layers that read; that of the layers that write if nil.
  public var encoderCell: CellText?
  /// The number of layers that read, at least 1; as many as those that write if nil.
  public var encoderLayers: Int?
  /// The units of each layer that reads, in each of its directions; as many as of those that write if nil.
  public var encoderUnits: Int?
  /// Whether the layers that read go from the first piece to the last only; they read both ways if nil.
  public var readsForward: Bool?

  /// A task of which all but the data is left to be chosen.
  ///
  /// - Parameter path: the file of pairs; nil if pairs in memory are given.
  public init(path: String? = nil) { self.path = path }
}
