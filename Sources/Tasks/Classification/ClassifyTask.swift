public import Networks
public import Sequences
public import Tables
public import TaskKit

/// A classifier: a network that says which label a sequence has, or which labels. Sequences are texts, or numbers step by step.
///
/// What is nil is seen from the file, or chosen when the training begins.
///
///     var recipe = Recipe(ClassifyTask(path: "reviews.tsv"))
///     recipe.task.readout = .mean
public struct ClassifyTask: LearningTask {
  package static let kind = "classify"
  package static let version = 1

  /// The file of sequences with labels: CSV, TSV, JSON lines or `.ts`.
  public var path: String?
  /// A file of the same form to validate on, in place of a fraction that is held out.
  public var validationPath: String?
  /// The fraction of each label's sequences that is held out; 0.1 if nil.
  public var validation: Double?
  /// Whether the first line of a table names the columns.
  public var hasHeader: Bool?
  /// How the files of tables are written, as far as it is known; nil to find it out from them.
  public var dialect: TableDialect?

  /// The column of labels; several columns hold a 1 for each label that a sequence has, and a 0 for the others.
  public var target: [String]?
  /// The column of texts to read.
  public var text: String?
  /// The columns of numbers, or of arrays of numbers, to read.
  public var columns: [String]?
  /// The column that says which sequence a row belongs to.
  public var group: String?
  /// Whether each row is a sequence, so that there is no such column.
  public var hasSequenceInEachRow: Bool?
  /// The number of numbers in a step where each row is a sequence; 1 if nil.
  public var perStep: Int?
  /// What stands between the labels of a sequence that may have several; `;` if nil and labels hold it.
  public var separator: String?
  /// Whether each sequence has a single label, whatever stands in it.
  public var hasSingleLabels: Bool?
  /// What is done about missing numbers; they are refused if nil.
  public var missing: MissingPolicy?

  /// What texts are cut into; words if nil and texts have four or more.
  public var tokens: Vocabulary.Kind?
  /// The number of words in the vocabulary, the most frequent ones; 20,000 if nil.
  public var vocabulary: Int?
  /// The length of the learned vector for a token; 0 for one-hot vectors, nil for as many numbers as a layer has units.
  public var embedding: Int?
  /// The column of times, of which a step reads how long ago the row before was: as `dt` or `d` of cells that have such inputs, and
  /// otherwise with the other numbers. Nil for none.
  public var elapsed: String?
  /// The columns of numbers that are the same in all rows of a sequence: read as `s` of cells that have such an input, and otherwise
  /// with the other numbers. Nil for none.
  public var `static`: [String]?
  /// Which of the last layer's outputs over time the label is found from: the last one if nil, their mean or their maximum.
  public var readout: Architecture.Readout?
  /// How much a sequence counts in training; the same for all if nil.
  public var classWeights: ClassWeights?

  /// Which part of the data is held out in place of a fraction, in one of several trainings; nil for the fraction.
  package var fold: Fold?

  /// What the columns of the file hold, as it was found out when the training began. If it is given, the file is not examined,
  /// and what is said above of columns does not matter.
  package var form: SequenceForm?

  /// A task of which all but the data is left to be chosen.
  ///
  /// - Parameter path: the file of sequences; nil if sequences in memory are given.
  public init(path: String? = nil) { self.path = path }
}

/// How much sequences count when a classifier is trained, and steps when a labeller is.
public enum ClassWeights: String, Sendable, Hashable, Codable, CaseIterable {
  /// All sequences, or steps, count the same.
  case equal
  /// All labels count the same together, however many sequences or steps have them.
  case balanced
}
