public import Classification
public import Tables
public import TaskKit

/// A labeller: a network that says at each step of a sequence of numbers which label the step has, such as the stage of sleep or the
/// kind of a heart's beat.
///
/// What is nil is seen from the file, or chosen when the training begins.
///
///     var recipe = Recipe(LabelTask(path: "nights.csv"))
///     recipe.task.target = "stage"
///     recipe.task.group = "patient"
public struct LabelTask: LearningTask {
  package static let kind = "label"
  package static let version = 1

  /// The table of steps: CSV, TSV or JSON lines, a row a step.
  public var path: String?
  /// A file of the same form to validate on, in place of a fraction that is held out.
  public var validationPath: String?
  /// The fraction of the sequences that is held out, or of the blocks of time of a single one; 0.1 if nil.
  public var validation: Double?
  /// Whether the first line of a table names the columns.
  public var hasHeader: Bool?
  /// How the files of tables are written, as far as it is known; nil to find it out from them.
  public var dialect: TableDialect?

  /// The column of labels; a step whose place is empty has none, and is read without being scored.
  public var target: String?
  /// The columns of numbers to read; all others if nil.
  public var columns: [String]?
  /// The column that says which sequence a row belongs to.
  public var group: ColumnChoice?
  /// The column that says when a step is, which is not read.
  public var time: ColumnChoice?
  /// What is done about missing numbers; they are refused if nil.
  public var missing: MissingPolicy?

  /// The column of times, of which a step reads how long ago the row before was: as `dt` or `d` of cells that have such inputs, and
  /// otherwise with the other numbers. Nil for none.
  public var elapsed: String?
  /// The columns of numbers that are the same in all rows of a sequence: read as `s` of cells that have such an input, and otherwise
  /// with the other numbers. Nil for none.
  public var `static`: [String]?

  /// The steps through which gradients flow; 128 if nil. States are carried from one window to the next.
  public var window: Int?
  /// The steps that are read and not scored before a part of a sequence, so that states settle; half a window if nil.
  public var context: Int?
  /// How much a step counts in training; the same for all if nil.
  public var classWeights: ClassWeights?

  /// Which part of the data is held out in place of a fraction, in one of several trainings; nil for the fraction.
  package var fold: Fold?

  /// What the columns of the file hold, as it was found out when the training began.
  package var form: StepForm?

  /// A task of which all but the data is left to be chosen.
  ///
  /// - Parameter path: the table of steps; nil if sequences in memory are given.
  public init(path: String? = nil) { self.path = path }
}

extension LabelTask: StepTask {
  package var request: StepRequest {
    StepRequest(
      .label, targets: target.map { [$0] }, columns: columns, group: group, time: time, missing: missing,
      further: further)
  }

  package var further: FurtherRequest? { FurtherRequest(elapsed: elapsed, constants: `static`) }
}
