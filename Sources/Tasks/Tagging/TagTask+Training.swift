import CellLanguage
package import Networks
import Storage
import Support
import Tables
package import TaskKit
import Models

extension TagTask: TrainableTask {
  package init() { self.init(path: nil) }

  package static let foldPath: (any WritableKeyPath<TagTask, Fold?> & Sendable)? = \TagTask.fold

  /// Batches have about equally many words, and not equally many sentences.
  package static var hasFixedBatches: Bool { false }

  /// The sentences of a task, before words and tags are counted.
  package struct Material: Sendable {
    let sentences: TaggedSentences
    var heldOut: TaggedSentences?
  }

  package static func read(_ recipe: Recipe<TagTask>, _ notes: inout [Note]) throws -> Material {
    // Whatever may be refused is checked before a large file is read.
    try recipe.checkTagging()
    guard let path = recipe.task.path else {
      throw RecurrentError(.usage, "a recipe for a tagger names no file of sentences: give its path")
    }
    return Material(
      sentences: try TaggedSentences(contentsOf: path),
      heldOut: try recipe.task.validationPath.map { try TaggedSentences(contentsOf: $0) })
  }

  package static func plan(
    _ recipe: Recipe<TagTask>, on material: Material, _ notes: inout [Note]
  ) throws -> TrainingPlan<TagTask> {
    let path = recipe.task.path
    var recipe = recipe
    recipe.task.fill()
    let choices = try recipe.task.choices(recipe.spellingCell())
    let data = try TaggingData(
      material.sentences, heldOut: material.heldOut, split: recipe.split, scoresTogether: recipe.task.hasCRF ?? false
    ) { try $0.input(choices) }
    notes.append(.finding(data.note(shownAs: path ?? material.sentences.source)))
    if let order = data.order { notes.append(.reason(Sentence(order.finding))) }
    let perEpoch = data.training.iterationsPerEpoch ?? 1
    let iterations = try recipe.iterations(perEpoch: perEpoch)
    return TrainingPlan(
      recipe, data: data, name: path.map(FileSystem.title) ?? "sentences",
      options: try recipe.options(iterations: iterations, validationInterval: min(perEpoch, iterations)),
      meaning: TagDescription(tags: data.tags).text
    ) { recipe in
      Architecture(
        input: .words(data.input.spelled(by: try recipe.spellingCell())), layers: try recipe.layers(),
        output: data.output)
    }
  }

  package static func data(
    resuming recipe: Recipe<TagTask>, _ network: Network, path: String, _ notes: inout [Note]
  ) throws -> any TaskData {
    let tagger = try Tagger(network, path: path)
    guard let file = recipe.task.path else {
      throw RecurrentError(.file, "the run trains on sentences in memory, which are gone: begin anew")
    }
    let data = try TaggingData(
      TaggedSentences(contentsOf: file), heldOut: recipe.task.validationPath.map { try TaggedSentences(contentsOf: $0) },
      split: recipe.split, scoresTogether: recipe.task.hasCRF ?? false
    ) { _ in tagger.reader.input }
    notes.append(.finding(data.note(shownAs: file)))
    return data
  }

  package static func recipe(firstGeneration task: FirstGenerationTask) throws -> Recipe<TagTask>? {
    guard task.kind == "tag" else { return nil }
    let old = try task.decode(as: FirstGeneration.self)
    var recipe = Recipe(TagTask(path: old.path))
    (recipe.task.validationPath, recipe.task.validation) = (old.heldOut, old.validation)
    (recipe.training.batch, recipe.training.seed) = (old.batch, Int(clamping: old.seed))
    return recipe
  }

  private struct FirstGeneration: Decodable {
    let path: String
    let heldOut: String?
    let validation: Double
    let batch: Int
    let seed: UInt64
  }

  /// Fills in the defaults, and makes paths absolute.
  private mutating func fill() {
    path = path.map(FileSystem.absolute)
    validationPath = validationPath.map(FileSystem.absolute)
    if validationPath == nil { validation = validation ?? Self.defaultValidation }
  }
}

extension Recipe<TagTask> {
  /// - Throws: ``RecurrentError`` if two settings can't be given together, whatever the data are.
  func checkTagging() throws {
    _ = try iterations(perEpoch: 1)
    if task.validation != nil, task.validationPath != nil {
      throw RecurrentError(
        .usage, naming: "give either \(Setting("validation")) or \(Setting("validation-file")), not both")
    }
    _ = try layers()
    _ = try task.choices(spellingCell())
  }

  /// The cell that reads characters: that of the layers, without their zoneout.
  fileprivate func spellingCell() throws -> Cell { try network.cell.map { try $0.cell() } ?? Cell.named(TagTask.defaults.cell) }

  fileprivate var split: DataSplit { dataSplit(holdingOut: task.validation ?? TagTask.defaultValidation, fold: task.fold) }
}

extension WordInput {
  /// The same input, but with characters read by another cell.
  fileprivate func spelled(by cell: Cell) -> WordInput {
    var input = self
    if let layers = spelling?.layers {
      input.spelling?.layers = layers.map { .init(cell, units: $0.units, direction: $0.direction) }
    }
    return input
  }
}
