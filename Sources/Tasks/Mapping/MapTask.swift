public import Tables
public import TaskKit

/// A model of a system: a network that gives numbers at each step from numbers at each step, such as what a sensor would show, or what
/// an effect makes of a sound.
///
/// What is nil is seen from the file, or chosen when the training begins.
///
///     var recipe = Recipe(MapTask(path: "plant.csv"))
///     recipe.task.target = ["pressure"]
///
///     var effect = Recipe(MapTask(path: "dry.wav"))
///     effect.task.target = ["wet.wav"]
public struct MapTask: LearningTask {
  package static let kind = "map"
  package static let version = 1

  /// The table of steps, CSV, TSV or JSON lines, a row a step; or a WAV file, what an effect reads.
  public var path: String?
  /// A file of the same form to validate on, in place of a fraction that is held out.
  public var validationPath: String?
  /// The fraction of the sequences that is held out, or of the blocks of time of a single one; 0.1 if nil.
  public var validation: Double?
  /// Whether the first line of a table names the columns.
  public var hasHeader: Bool?
  /// How the files of tables are written, as far as it is known; nil to find it out from them.
  public var dialect: TableDialect?

  /// The columns of numbers that the network is to give; or the WAV file with what an effect gave.
  public var target: [String]?
  /// The columns of numbers to read; all others if nil.
  public var columns: [String]?
  /// The column that says which sequence a row belongs to.
  public var group: ColumnChoice?
  /// The column that says when a step is, which is not read.
  public var time: ColumnChoice?
  /// What is done about missing numbers that are read; they are refused if nil. A step whose target is missing is not scored.
  public var missing: MissingPolicy?
  /// By how many samples what an effect gave comes later than what it read; nil to find it out from the sounds.
  public var delay: Int?

  /// The column of times, of which a step reads how long ago the row before was: as `dt` or `d` of cells that have such inputs, and
  /// otherwise with the other numbers. Nil for none.
  public var elapsed: String?
  /// The columns of numbers that are the same in all rows of a sequence: read as `s` of cells that have such an input, and otherwise
  /// with the other numbers. Nil for none.
  public var `static`: [String]?

  /// The steps through which gradients flow; 128 if nil, 2048 of sound. States are carried from one window to the next.
  public var window: Int?
  /// The steps that are read and not scored before a part of a sequence, so that states settle; half a window if nil.
  public var context: Int?

  /// What the columns of the file hold, as it was found out when the training began.
  package var form: StepForm?

  /// A task of which all but the data is left to be chosen.
  ///
  /// - Parameter path: the table of steps or the WAV file; nil if sequences in memory are given.
  public init(path: String? = nil) { self.path = path }
}

extension MapTask: StepTask {
  package var request: StepRequest {
    StepRequest(
      .values, targets: target, columns: columns, group: group, time: time, missing: missing,
      further: further)
  }

  package var further: FurtherRequest? { isAudio ? nil : FurtherRequest(elapsed: elapsed, constants: `static`) }

  /// Whether the task is about sound.
  var isAudio: Bool { path.map(WaveFile.isNamed) ?? false }
}
