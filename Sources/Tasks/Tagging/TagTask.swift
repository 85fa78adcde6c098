public import TaskKit

/// A tagger: a network that gives each word of a sentence a tag, such as its part of speech.
///
/// What is nil is chosen when the training begins.
///
///     var recipe = Recipe(TagTask(path: "words.tsv"))
///     recipe.task.hasShapes = true
public struct TagTask: LearningTask {
  package static let kind = "tag"
  package static let version = 1

  /// The file of sentences: a word, a tab and its tag on each line, with an empty line between sentences.
  public var path: String?
  /// A file of sentences to validate on, in place of a fraction that is held out.
  public var validationPath: String?
  /// The fraction of the sentences that is held out, at least 0 and below 1; 0.1 if nil.
  public var validation: Double?
  /// The number of words with a vector of their own, the most frequent ones; 50,000 if nil.
  public var vocabulary: Int?
  /// The length of the learned vector for a word; 100 if nil.
  public var embedding: Int?
  /// Whether words are looked up in lower case; their characters are read as they are.
  public var isLowerCased: Bool?
  /// Whether the network reads, too, if a word has capitals, digits, hyphens, or no letters.
  public var hasShapes: Bool?
  /// Whether the characters of words are read, too; they are if nil.
  public var readsCharacters: Bool?
  /// The number of units in each direction of the layer that reads a word's characters; 32 if nil.
  public var characterUnits: Int?
  /// The length of the learned vector for a character; 32 if nil.
  public var characterEmbedding: Int?
  /// Whether the tags of a sentence are scored together, by a conditional random field that knows which tags follow which; they
  /// are scored word by word if nil.
  public var hasCRF: Bool?

  /// Which part of the data is held out in place of a fraction, in one of several trainings; nil for the fraction.
  package var fold: Fold?

  /// A task of which all but the data is left to be chosen.
  ///
  /// - Parameter path: the file of sentences; nil if sentences in memory are given.
  public init(path: String? = nil) { self.path = path }
}
