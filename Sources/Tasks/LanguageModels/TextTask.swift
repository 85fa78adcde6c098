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
  /// What the text is cut into.
  public var tokens: Vocabulary.Kind?
  /// Words that are known, the most frequent ones.
  public var vocabulary: Int?
  /// Learned numbers that stand for a token; 0 for a single 1 in a place of its own, nil for as many as units.
  public var embedding: Int?
  /// Whether the learned numbers of a token are its weights on top, too.
  public var tiesEmbedding: Bool?
  /// Steps that the gradient reaches back, T.
  public var sequence: Int?
  /// The fraction at the end of the text that is held out.
  public var validation: Double?

  /// A task of which all but the data is left to be chosen.
  ///
  /// - Parameter path: the text's file, in UTF-8; nil if a text in memory is given.
  public init(path: String? = nil) { self.path = path }
}
