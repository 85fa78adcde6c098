public import Sequences
public import TaskKit

/// A language model: a network that predicts a text, token by token.
///
///     var recipe = Recipe(TextTask(path: "book.txt"))
///     recipe.training.epochs = 20
public struct TextTask: LearningTask {
  package static let kind = "text"
  package static let version = 1

  /// The text's file, in UTF-8.
  public var path: String?
  /// What the text is cut into; characters if nil.
  public var tokens: Vocabulary.Kind?
  /// The number of words in the vocabulary, the most frequent ones; 20,000 of those that occur twice at least if nil.
  public var vocabulary: Int?
  /// The length of the learned vector for a token; 0 for one-hot vectors, nil for as many numbers as a layer has units.
  public var embedding: Int?
  /// Whether the learned vectors of tokens are the weights of the output, too.
  public var tiesEmbedding: Bool?
  /// The number of steps that the gradient reaches back, T; 50 if nil.
  public var sequence: Int?
  /// The fraction at the end of the text that is held out, at least 0 and below 1; 0.05 if nil.
  public var validation: Double?

  /// A task of which all but the data is left to be chosen.
  ///
  /// - Parameter path: the text's file, in UTF-8; nil if a text in memory is given.
  public init(path: String? = nil) { self.path = path }
}
