package import Networks
import Storage
import Support
import Tables
package import TaskKit
import Training
import Models

extension TranscribeTask: TrainableTask {
  package init() { self.init(path: nil) }

  /// The last batch of an epoch has the sequences that are left, so batches differ in size.
  package static var hasFixedBatches: Bool { false }

  /// The sequences of a task, before symbols and scaling are learned from them.
  package struct Material: Sendable {
    let sequences: Transcripts
    var heldOut: Transcripts?
  }

  package static func read(_ recipe: Recipe<TranscribeTask>, _ notes: inout [Note]) throws -> Material {
    // Whatever may be refused is checked before a large file is read.
    try recipe.checkTranscription()
    guard let path = recipe.task.path else {
      throw RecurrentError(.usage, "a recipe for a transcriber names no file of sequences: give its path")
    }
    let sequences = try Transcripts(contentsOf: path, recipe.task.request)
    return Material(
      sequences: sequences,
      heldOut: try recipe.task.validationPath.map { try Transcripts(contentsOf: $0, TranscriptRequest(sequences.form)) })
  }

  package static func plan(
    _ recipe: Recipe<TranscribeTask>, on material: Material, _ notes: inout [Note]
  ) throws -> TrainingPlan<TranscribeTask> {
    let path = recipe.task.path
    var recipe = recipe
    recipe.task.fill(material)
    let data = try TranscriptionData(material.sequences, heldOut: material.heldOut, split: recipe.split)
    notes += data.notes(shownAs: path ?? material.sequences.source)
    let perEpoch = data.training.iterationsPerEpoch ?? 1
    let iterations = try recipe.iterations(perEpoch: perEpoch, otherwise: max(1500, min(20_000, 20 * perEpoch)))
    return TrainingPlan(
      recipe, data: data, name: path.map(FileSystem.title) ?? "sequences",
      options: try recipe.options(
        iterations: iterations, validationInterval: max(1, min(iterations, max(perEpoch, iterations / 30)))),
      meaning: data.description.text
    ) { recipe in
      Architecture(
        input: .features(data.description.scaling.count), layers: try recipe.layers(),
        output: Architecture.Output(CTCHead(symbols: data.description.symbols.count)))
    }
  }

  package static func data(
    resuming recipe: Recipe<TranscribeTask>, _ network: Network, path: String, _ notes: inout [Note]
  ) throws -> any TaskData {
    let description = try TranscriptionDescription(of: network, path: path)
    guard let file = recipe.task.path else {
      throw RecurrentError(.file, "the run trains on sequences in memory, which are gone: begin anew")
    }
    let request = TranscriptRequest(description.form)
    let data = try TranscriptionData(
      Transcripts(contentsOf: file, request).checked(description),
      heldOut: try recipe.task.validationPath.map { try Transcripts(contentsOf: $0, request) }, known: description,
      split: recipe.split)
    notes += data.notes(shownAs: file).prefix(1)
    return data
  }

  /// Fills in the defaults, and makes paths absolute.
  private mutating func fill(_ material: Material) {
    path = path.map(FileSystem.absolute)
    validationPath = validationPath.map(FileSystem.absolute)
    if validationPath == nil { validation = validation ?? Self.defaultValidation }
    take(material.sequences.form)
  }
}

extension Recipe<TranscribeTask> {
  /// - Throws: ``RecurrentError`` if two settings can't be given together, whatever the data are.
  func checkTranscription() throws {
    _ = try iterations(perEpoch: 1, otherwise: 1)
    if task.validation != nil, task.validationPath != nil {
      throw RecurrentError(
        .usage, naming: "give either \(Setting("validation")) or \(Setting("validation-file")), not both")
    }
    _ = try layers()
  }

  fileprivate var split: DataSplit { dataSplit(holdingOut: task.validation ?? TranscribeTask.defaultValidation) }
}
