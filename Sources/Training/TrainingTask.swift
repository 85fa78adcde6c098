public import Sequences

/// What a training is about: where its batches come from. A run's folder stores it, so that the training can go on.
public enum TrainingTask: Sendable, Hashable, Codable {
  case text(Text)
  case problem(Problem)

  /// A language model of a text.
  public struct Text: Sendable, Hashable, Codable {
    /// The text's file, as an absolute path.
    public var path: String
    /// The text's digest when the training began: a text that has changed since is another one. Empty before it has been read.
    public var digest = ""
    /// How the text falls into tokens.
    public var tokens: Vocabulary.Kind
    /// How many words a vocabulary of words keeps.
    public var words: Int
    /// Streams that are read side by side, B.
    public var batch: Int
    /// Steps of a window, T.
    public var sequence: Int
    /// The share at the end of the text that is held out for validation.
    public var validation: Double

    public init(
      path: String, tokens: Vocabulary.Kind, words: Int, batch: Int, sequence: Int, validation: Double
    ) {
      self.path = path
      self.tokens = tokens
      self.words = words
      self.batch = batch
      self.sequence = sequence
      self.validation = validation
    }
  }

  /// A problem that makes its own sequences.
  public struct Problem: Sendable, Hashable, Codable {
    public var name: String
    /// How far it reaches; nil for the customary length.
    public var length: Int?
    /// Sequences of a batch.
    public var batch: Int
    public var seed: UInt64

    public init(name: String, length: Int?, batch: Int, seed: UInt64) {
      self.name = name
      self.length = length
      self.batch = batch
      self.seed = seed
    }
  }
}
