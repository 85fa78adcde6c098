package import Networks
import Storage
import Support
package import Tables
package import Training

/// A task whose networks give something at each step of sequences of numbers: what such tasks ask for in common.
package protocol StepTask: LearningTask {
  /// The file of sequences.
  var path: String? { get set }
  /// A file of the same form to validate on, in place of a fraction that is held out.
  var validationPath: String? { get set }
  /// The fraction that is held out.
  var validation: Double? { get set }
  /// Whether the first line of a table names the columns.
  var hasHeader: Bool? { get set }
  /// How the files of tables are written, as far as it is known.
  var dialect: TableDialect? { get set }
  /// The columns of numbers to read.
  var columns: [String]? { get set }
  /// The column that says which sequence a row belongs to.
  var group: ColumnChoice? { get set }
  /// The column that says when a step is.
  var time: ColumnChoice? { get set }
  /// What is done about missing numbers.
  var missing: MissingPolicy? { get set }
  /// The column of times of which a step reads how long ago the row before was.
  var elapsed: String? { get set }
  /// The columns of numbers that are the same in all rows of a sequence.
  var `static`: [String]? { get set }
  /// The steps through which gradients flow.
  var window: Int? { get set }
  /// The steps that are read, and not scored, before a part of a sequence.
  var context: Int? { get set }
  /// What the columns of the file hold, as it was found out when the training began.
  var form: StepForm? { get set }

  /// What is asked for of the columns.
  var request: StepRequest { get }
}

/// The sequences of a task, before anything is learned from them.
package struct StepMaterial: Sendable {
  package let table: StepTable
  package var heldOut: StepTable?
  /// Whether the first line of the file names the columns.
  package var hasHeader: Bool?

  package init(_ table: StepTable, heldOut: StepTable? = nil, hasHeader: Bool? = nil) {
    self.table = table
    self.heldOut = heldOut
    self.hasHeader = hasHeader
  }

  /// The sequences with what cells read of them as inputs of their own.
  package func read(by inputs: [FurtherInput]) -> StepMaterial {
    StepMaterial(table.read(by: inputs), heldOut: heldOut?.read(by: inputs), hasHeader: hasHeader)
  }
}

extension Architecture.Input {
  /// What a network reads of the numbers of steps.
  package static func numbers(of form: some NumberForm) -> Architecture.Input {
    let vectors = form.vectors.map { NamedVector(name: $0.name, width: $0.width) }
    let features = form.featureNames.count
    return vectors.isEmpty ? .features(features) : Self(VectorsInput(features: features, vectors: vectors))
  }
}

extension StepTask {
  /// Reads the files of the task.
  ///
  /// - Parameter known: how the table was written that the model to start from was trained on; nil if there is none.
  /// - Throws: ``RecurrentError`` if a file can't be read, or what it holds is not clear.
  package func material(known: TableDialect?, _ notes: inout [Note]) throws -> StepMaterial {
    guard let path else { throw RecurrentError(.usage, "the recipe names no file of sequences: give its path") }
    let file = TableFile(path, hasHeader: hasHeader, dialect: dialect, model: known)
    let summary = try TableSummary(ofLabelled: file, names: request.names)
    let form = try self.form ?? summary.stepForm(request)
    let named = summary.table
    let table = try StepTable(named, form: form)
    notes += (table.dialect?.peculiarities ?? []).map { .reason(Sentence($0)) }
    notes += table.repairs.map { .finding("\(path): \($0)") }
    let unread = summary.unread(by: form)
    if !unread.isEmpty {
      let shown = unread.prefix(6).joined(separator: ", ") + (unread.count > 6 ? ", …" : "")
      notes.append(.reason("not read: \(shown) (\(Setting("columns")))"))
    }
    let heldOut = try validationPath.map { other in
      try StepTable(
        DataTable(TableFile(other, hasHeader: named.file?.hasHeader, dialect: dialect, model: table.dialect)), form: form)
    }
    return StepMaterial(table, heldOut: heldOut, hasHeader: named.file?.hasHeader)
  }

  /// Reads the files of a run that is resumed, in the form that its network's description names.
  package func material(resumedAs form: StepForm, _ known: TableDialect?, _ notes: inout [Note]) throws -> StepMaterial {
    guard let path else {
      throw RecurrentError(.file, "the run trains on sequences in memory, which are gone: begin anew")
    }
    func read(_ path: String) throws -> StepTable {
      let table = try StepTable(
        DataTable(TableFile(path, hasHeader: hasHeader, dialect: dialect, model: known ?? .firstVersion)), form: form)
      notes += table.repairs.map { .finding("\(path): \($0)") }
      return table
    }
    return StepMaterial(try read(path), heldOut: try validationPath.map(read), hasHeader: hasHeader)
  }

  /// Fills in what was found out, and makes paths absolute.
  package mutating func fill(_ material: StepMaterial, validation fraction: Double, window steps: Int) {
    path = path.map(FileSystem.absolute)
    validationPath = validationPath.map(FileSystem.absolute)
    if validationPath == nil { validation = validation ?? fraction }
    form = material.table.form
    hasHeader = material.hasHeader
    window = window ?? steps
    context = context ?? (window ?? steps) / 2
  }
}

extension Recipe where Task: TrainableTask & StepTask {
  /// - Throws: ``RecurrentError`` if two settings can't be given together, whatever the data are.
  package func checkSteps() throws {
    _ = try iterations(perEpoch: 1, otherwise: 1)
    if task.validation != nil, task.validationPath != nil {
      throw RecurrentError(
        .usage, naming: "give either \(Setting("validation")) or \(Setting("validation-file")), not both")
    }
    _ = try layers()
  }

  /// How long is trained, and how often is validated: some fifteen times the data, within bounds, if nothing else is said.
  ///
  /// - Parameter perEpoch: the iterations in which all data are gone through.
  package func stepOptions(perEpoch: Int, hasValidation: Bool) throws -> TrainingOptions {
    let iterations = try iterations(perEpoch: perEpoch, otherwise: max(1500, min(20_000, 15 * perEpoch)))
    return try options(
      iterations: iterations, validationInterval: max(1, min(iterations, max(perEpoch, iterations / 30))),
      hasValidation: hasValidation)
  }

  /// How sequences are cut; the task must have been filled in.
  ///
  /// - Parameter readsInReverse: whether the network does.
  package func cut(readsInReverse: Bool) -> StepCut {
    StepCut(
      window: task.window ?? 1, context: min(task.context ?? 0, task.window ?? 1), batch: batch, readsInReverse: readsInReverse)
  }
}

extension SettingField where Root: StepTask {
  /// How a table holds sequences.
  package static func tableFields(target: SettingField) -> [SettingField] {
    [
      target,
      .list(
        "columns", "COLUMNS", \.columns,
        "the columns of numbers to read, with commas between them, or a range: a..z (default: all others)"),
      .value(
        Setting("group"), "COLUMN", \.group, "the column that says which sequence a row belongs to; none for a single sequence",
        expected: "a text", shows: { $0.name ?? "none" }
      ) { ColumnChoice(word: $0) },
      .value(
        Setting("time"), "COLUMN", \.time, "the column that says when a step is, which is not read; none if there is none",
        expected: "a text", shows: { $0.name ?? "none" }
      ) { ColumnChoice(word: $0) },
      .answer("header", \.hasHeader, "whether the first line names the columns; seen from the file if not given"),
      .choice("missing", \.missing, "what to do about missing numbers that are read (default: error)"),
    ] + furtherFields(elapsed: \.elapsed, constants: \.static) + TableDialect.fields.map { $0.within(\Root.dialect.stated) }
  }

  /// How sequences are cut, and what is validated on.
  ///
  /// - Parameters:
  ///   - window: the default number of steps of a window.
  ///   - fraction: how much is held out by default.
  package static func cutFields(window: Int, validation fraction: Double) -> [SettingField] {
    [
      .integer(
        "window", \.window, in: 1...65_536, default: "\(window)",
        "steps through which gradients flow; states are carried from one window to the next"),
      .integer(
        "context", \.context, in: 0...65_536, default: "half a window",
        "steps that are read and not scored before a part of a sequence, so that states settle"),
      .number(
        "validation", \.validation, in: .range(0, below: 1), default: Sentence(short(fraction)),
        "share of the sequences that is held out, or of a single one's blocks of time"),
      .text(
        "validation-file", "FILE", \.validationPath,
        "a file of the same form to validate on, in place of a share that is held out"),
    ]
  }
}
