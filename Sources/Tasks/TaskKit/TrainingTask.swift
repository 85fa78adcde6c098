public import Sequences
public import Tables

/// What a training is about: where its batches come from. A run's folder stores it, so that the training can go on.
public enum TrainingTask: Sendable, Hashable, Codable {
  case text(Text)
  case problem(Problem)
  case forecast(Forecast)
  case classification(Classification)
  case tag(Tag)

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

  /// A model that foretells columns of a table.
  public struct Forecast: Sendable, Hashable, Codable {
    /// The table's file, as an absolute path.
    public var path: String
    /// The digest of its series when the training began.
    public var digest = ""
    /// The file of a table to validate on, as an absolute path; nil to hold out the end of each series.
    public var heldOut: String?
    /// Whether the first line names the columns; nil if that was seen from the file.
    public var hasHeader: Bool?
    public var roles: ColumnRoles
    public var missing: MissingPolicy
    /// Steps at the end of each series that training does not look at.
    public var test: Int
    /// Steps before them that are held out; nil for the customary number.
    public var validation: Int?
    /// Windows of a batch.
    public var batch: Int
    public var seed: UInt64

    public init(
      path: String, heldOut: String?, hasHeader: Bool?, roles: ColumnRoles, missing: MissingPolicy, test: Int, validation: Int?,
      batch: Int, seed: UInt64
    ) {
      self.path = path
      self.heldOut = heldOut
      self.hasHeader = hasHeader
      self.roles = roles
      self.missing = missing
      self.test = test
      self.validation = validation
      self.batch = batch
      self.seed = seed
    }
  }

  /// A model that says which labels sequences have.
  public struct Classification: Sendable, Hashable, Codable {
    /// The sequences' file, as an absolute path.
    public var path: String
    /// Their digest when the training began.
    public var digest = ""
    /// The file of sequences to validate on, as an absolute path; nil to hold out a share.
    public var heldOut: String?
    /// The share of each label's sequences that is held out.
    public var validation: Double
    /// Whether the first line names the columns; nil if that was seen from the file.
    public var hasHeader: Bool?
    /// Whether the sequences of rare labels count as much as those of frequent ones, all together.
    public var isBalanced: Bool
    /// Sequences of a batch.
    public var batch: Int
    public var seed: UInt64

    public init(
      path: String, heldOut: String?, validation: Double, hasHeader: Bool?, isBalanced: Bool, batch: Int, seed: UInt64
    ) {
      self.path = path
      self.heldOut = heldOut
      self.validation = validation
      self.hasHeader = hasHeader
      self.isBalanced = isBalanced
      self.batch = batch
      self.seed = seed
    }
  }

  /// Tags of words.
  public struct Tag: Sendable, Hashable, Codable {
    /// The file of tagged sentences, as an absolute path.
    public var path: String
    /// The digest of its sentences, and of those to validate on, when the training began.
    public var digest = ""
    /// The file of sentences to validate on, as an absolute path; nil to hold out some of the first.
    public var heldOut: String?
    /// The share of the sentences that is held out then.
    public var validation: Double
    /// Sentences of a batch, on average.
    public var batch: Int
    public var seed: UInt64

    public init(path: String, heldOut: String?, validation: Double, batch: Int, seed: UInt64) {
      self.path = path
      self.heldOut = heldOut
      self.validation = validation
      self.batch = batch
      self.seed = seed
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
