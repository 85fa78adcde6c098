package import Networks
import Sequences
import Storage
import Support
package import Tables
package import TaskKit
import Training
import Models

extension ClassifyTask: TrainableTask {
  package init() { self.init(path: nil) }

  package var further: FurtherRequest? { FurtherRequest(elapsed: elapsed, constants: `static`) }

  package static let foldPath: (any WritableKeyPath<ClassifyTask, Fold?> & Sendable)? = \ClassifyTask.fold

  /// The last batch of an epoch has the sequences that are left, so batches differ in size.
  package static var hasFixedBatches: Bool { false }

  /// The sequences of a task, before labels, symbols and scaling are learned from them.
  package struct Material: Sendable {
    let sequences: SequenceFile
    var heldOut: SequenceFile?
    /// Whether the first line of the file names the columns.
    var hasHeader: Bool?

    /// The same with what cells read of rows as inputs of their own.
    fileprivate func read(by inputs: [FurtherInput]) -> Material {
      Material(sequences: sequences.read(by: inputs), heldOut: heldOut?.read(by: inputs), hasHeader: hasHeader)
    }
  }

  package static func read(_ recipe: Recipe<ClassifyTask>, _ notes: inout [Note]) throws -> Material {
    let task = recipe.task
    // Whatever may be refused is checked before a large file is read.
    try recipe.checkClassification()
    guard let path = task.path else {
      throw RecurrentError(.usage, "a recipe for a classifier names no file of sequences: give its path")
    }
    let start = recipe.start.flatMap { try? ClassifierDescription(of: $0.network, path: $0.title) }
    let (form, table) = try task.form(of: path, from: start)
    try task.check(form, shownAs: path)
    var repairs: [Sentence] = []
    defer { notes += repairs.map { .finding($0) } }
    func read(_ file: TableFile) throws -> SequenceFile {
      let file = try SequenceFile(file, form: form)
      repairs += file.repairs.map { "\(file.path): \($0)" }
      return file
    }
    let sequences = try read(table)
    notes += (sequences.dialect?.peculiarities ?? []).map { .reason(Sentence($0)) }
    return Material(
      sequences: sequences,
      heldOut: try task.validationPath.map {
        try read(TableFile($0, hasHeader: table.hasHeader, dialect: task.dialect, model: sequences.dialect))
      }, hasHeader: table.hasHeader)
  }

  package static func plan(
    _ recipe: Recipe<ClassifyTask>, on material: Material, _ notes: inout [Note]
  ) throws -> TrainingPlan<ClassifyTask> {
    let material = material.read(by: try recipe.furtherInputs())
    let (asked, form) = (recipe.task, material.sequences.form)
    var recipe = recipe
    recipe.task.fill(material)
    let task = recipe.task
    let data = try ClassificationData(
      material.sequences, heldOut: material.heldOut,
      reading: .init(
        tokens: task.tokens, words: task.vocabulary ?? defaultVocabulary, embedding: recipe.vectorLength(task.embedding)),
      from: recipe.start.flatMap { try? ClassifierDescription(of: $0.network, path: $0.title) }, split: recipe.split,
      isBalanced: recipe.isBalanced)
    if let vocabulary = data.vocabulary {
      if vocabulary.kind != .words, asked.vocabulary != nil {
        throw RecurrentError(
          .usage,
          naming:
            "\(Setting("vocabulary")) is for \(Setting("tokens")) words, and texts are read as \(vocabulary.kind.rawValue) here: leave it out"
        )
      }
      recipe.task.tokens = vocabulary.kind
    }
    notes += data.notes(shownAs: asked.path ?? material.sequences.path)
    let perEpoch = data.training.iterationsPerEpoch ?? 1
    let iterations = try recipe.iterations(perEpoch: perEpoch, otherwise: max(1500, min(20_000, 15 * perEpoch)))
    let options = try recipe.options(
      iterations: iterations, validationInterval: max(1, min(iterations, max(perEpoch, iterations / 30))),
      suggested: Regularization(recurrentDropout: data.recurrentDropout ?? 0), hasValidation: data.validation != nil)
    let dropout = options.regularization.recurrentDropout
    if data.recurrentDropout != nil, recipe.training.regularization.recurrentDropout == nil, dropout > 0 {
      notes.append(
        .reason(
          "only \(data.training.count.grouped) sequences to train on; a network soon overfits them: some of what its states say is dropped (\(Setting("recurrent-dropout")) \(short(dropout)))"
        ))
    }
    let name = asked.path.map(FileSystem.title) ?? "sequences"
    return TrainingPlan(recipe, data: data, name: name, options: options, meaning: data.description.text) { recipe in
      var input = data.input
      if let vocabulary = data.vocabulary {
        input = .tokens(vocabulary, embedding: recipe.vectorLength(recipe.task.embedding))
      }
      return Architecture(
        input: input, layers: try recipe.layers(reading: form.vectors), readout: recipe.task.readout ?? .last,
        output: form.isMultiple
          ? .distribution(.bernoulli, targets: data.description.labels.count) : .classes(data.description.labels.count))
    }
  }

  package static func data(
    resuming recipe: Recipe<ClassifyTask>, _ network: Network, path: String, _ notes: inout [Note]
  ) throws -> any TaskData {
    let task = recipe.task
    let description = try ClassifierDescription(of: network, path: path)
    guard let file = task.path else {
      throw RecurrentError(.file, "the run trains on sequences in memory, which are gone: begin anew")
    }
    var repairs: [Sentence] = []
    defer { notes += repairs.map { .finding($0) } }
    func read(_ path: String) throws -> SequenceFile {
      let file = try SequenceFile(
        TableFile(path, hasHeader: task.hasHeader, dialect: task.dialect, model: description.dialect ?? .firstVersion),
        form: description.form)
      repairs += file.repairs.map { "\(path): \($0)" }
      return file
    }
    return try ClassificationData(
      try read(file), heldOut: try task.validationPath.map(read), description: description,
      input: network.architecture.input, split: recipe.split, isBalanced: recipe.isBalanced)
  }

  package static func recipe(firstGeneration task: FirstGenerationTask) throws -> Recipe<ClassifyTask>? {
    guard task.kind == "classification" else { return nil }
    let old = try task.decode(as: FirstGeneration.self)
    var recipe = Recipe(ClassifyTask(path: old.path))
    (recipe.task.validationPath, recipe.task.validation) = (old.heldOut, old.validation)
    recipe.task.hasHeader = old.hasHeader
    recipe.task.classWeights = old.isBalanced ? .balanced : .equal
    (recipe.training.batch, recipe.training.seed) = (old.batch, Int(clamping: old.seed))
    return recipe
  }

  private struct FirstGeneration: Decodable {
    let path: String
    let heldOut: String?
    let validation: Double
    let hasHeader: Bool?
    let isBalanced: Bool
    let batch: Int
    let seed: UInt64
  }
}

extension ClassifyTask {
  /// How a file holds sequences, and how it is written.
  ///
  /// - Parameter model: what the model says from which the training starts; nil if there is none.
  private func form(of path: String, from model: ClassifierDescription?) throws -> (form: SequenceForm, file: TableFile) {
    let file = TableFile(path, hasHeader: hasHeader, dialect: dialect, model: model.map { $0.dialect ?? .firstVersion })
    if let form { return (form, file) }
    if path.hasSuffix(".ts") {
      let given: [(name: String, isGiven: Bool)] = [
        ("target", target != nil), ("text", text != nil), ("columns", columns != nil),
        ("group", group != nil || hasSequenceInEachRow != nil), ("per-step", perStep != nil),
        ("separator", separator != nil || hasSingleLabels != nil), ("header", hasHeader != nil), ("elapsed", elapsed != nil),
        ("static", `static` != nil),
      ]
      if let first = given.first(where: \.isGiven).map({ Setting($0.name) }) ?? dialect?.settings.first {
        throw RecurrentError(
          .usage,
          naming: "\(first) is for tables; a .ts file says by itself what it holds: leave it out")
      }
      let dimensions = try LabelledSequences(contentsOf: path).dimensions
      return (SequenceForm(.dimensions(dimensions), labels: [], missing: missing ?? .error), file)
    }
    let request = SequenceRequest(
      labels: target, text: text, columns: columns, group: group, hasSequenceInEachRow: hasSequenceInEachRow, perStep: perStep,
      separator: separator, hasSingleLabels: hasSingleLabels, missing: missing, further: further)
    let summary = try TableSummary(ofLabelled: file, names: request.names)
    let form = try summary.sequenceForm(request)
    if group == nil, hasSequenceInEachRow == nil, perStep == nil, let doubt = try summary.stepsDoubt(of: form) {
      throw RecurrentError(
        .data,
        naming:
          "\(path): the rows seem to be steps, each with a label, since \(doubt): `recurrent train label` makes models that label steps; give \(Setting("group")) none if each row is a sequence of its own, or name the column that tells sequences apart with it"
      )
    }
    return (form, summary.table.file ?? file)
  }

  /// - Parameter path: of the file, for messages.
  /// - Throws: ``RecurrentError`` if a setting makes no sense for such sequences.
  func check(_ form: SequenceForm, shownAs path: String) throws(RecurrentError) {
    if classWeights == .balanced, form.isMultiple {
      throw RecurrentError(
        .usage,
        naming: "\(Setting("class-weights")) balanced is for sequences with one label each; these may have several")
    }
    let ofTexts = [("tokens", tokens != nil), ("vocabulary", vocabulary != nil), ("embedding", embedding != nil)]
    if form.width != nil, let (name, _) = ofTexts.first(where: \.1) {
      throw RecurrentError(
        .usage, naming: "\(Setting(name)) is for texts, and \(path) has sequences of numbers: leave it out")
    }
  }

  /// Fills in the defaults, and makes paths absolute.
  private mutating func fill(_ material: Material) {
    path = path.map(FileSystem.absolute)
    validationPath = validationPath.map(FileSystem.absolute)
    if validationPath == nil { validation = validation ?? Self.defaultValidation }
    form = material.sequences.form
    hasHeader = material.hasHeader
    readout = readout ?? .last
    classWeights = classWeights ?? .equal
  }
}

extension Recipe<ClassifyTask> {
  /// - Throws: ``RecurrentError`` if two settings can't be given together, whatever the data are.
  func checkClassification() throws {
    _ = try iterations(perEpoch: 1, otherwise: 1)
    if task.validation != nil, task.validationPath != nil {
      throw RecurrentError(
        .usage, naming: "give either \(Setting("validation")) or \(Setting("validation-file")), not both")
    }
    _ = try layers()
  }

  fileprivate var split: DataSplit {
    dataSplit(holdingOut: task.validation ?? ClassifyTask.defaultValidation, fold: task.fold)
  }

  /// Whether all labels count the same, however many sequences have them.
  fileprivate var isBalanced: Bool { task.classWeights == .balanced }
}
