package import Networks
import Storage
import Support
import Tables
package import TaskKit
import Models

extension MapTask: TrainableTask {
  package init() { self.init(path: nil) }

  /// What a training reads: sequences, and how sound is read if they are sound.
  package struct Material: Sendable {
    let source: MappingData.Source
  }

  package static func read(_ recipe: Recipe<MapTask>, _ notes: inout [Note]) throws -> Material {
    // Whatever may be refused is checked before a large file is read.
    try recipe.checkMapping()
    if recipe.task.isAudio {
      return Material(source: try recipe.task.audio(known: start(of: recipe)?.audio, &notes))
    }
    let material = try recipe.task.material(known: start(of: recipe).map { $0.dialect ?? .firstVersion }, &notes)
    return Material(source: .init(material: material, audio: nil, files: files(of: material)))
  }

  package static func plan(
    _ recipe: Recipe<MapTask>, on material: Material, _ notes: inout [Note]
  ) throws -> TrainingPlan<MapTask> {
    let (path, source) = (recipe.task.path, material.source.read(by: try recipe.furtherInputs()))
    var recipe = recipe
    recipe.task.fill(
      source.material, validation: defaultValidation, window: source.audio == nil ? defaultWindow : defaultAudioWindow)
    if let audio = source.audio {
      recipe.task.target = recipe.task.target?.map(FileSystem.absolute)
      recipe.task.delay = audio.delay
    }
    let data = try MappingData(
      source, from: start(of: recipe), cut: recipe.cut(readsInReverse: recipe.direction() != .forward),
      validation: recipe.task.validation ?? defaultValidation, seed: recipe.seed)
    notes += data.notes(shownAs: path ?? source.material.table.source)
    let options = try recipe.stepOptions(
      perEpoch: data.training.iterationsPerEpoch ?? 1, hasValidation: data.validation != nil)
    let (form, outputs) = (data.description.form, data.description.outputs.count)
    return TrainingPlan(
      recipe, data: data, name: path.map(FileSystem.title) ?? "steps", options: options, meaning: data.description.text
    ) { recipe in
      Architecture(input: .numbers(of: form), layers: try recipe.layers(reading: form.vectors), output: .values(outputs))
    }
  }

  package static func data(
    resuming recipe: Recipe<MapTask>, _ network: Network, path: String, _ notes: inout [Note]
  ) throws -> any TaskData {
    let description = try MapDescription(of: network, path: path)
    let source: MappingData.Source
    if description.audio != nil {
      source = try recipe.task.audio(known: description.audio, &notes)
    } else {
      let material = try recipe.task.material(resumedAs: description.form, description.dialect, &notes)
      source = .init(material: material, audio: nil, files: files(of: material))
    }
    return try MappingData(
      source, known: description, cut: recipe.cut(readsInReverse: network.architecture.readsInReverse),
      validation: recipe.task.validation ?? defaultValidation, seed: recipe.seed)
  }

  /// What the model says of itself that the training starts from; nil if there is none, or it says nothing.
  private static func start(of recipe: Recipe<MapTask>) -> MapDescription? {
    recipe.start.flatMap { try? MapDescription(of: $0.network, path: $0.title) }
  }

  private static func files(of material: StepMaterial) -> [String] {
    [material.table, material.heldOut].compactMap { $0 }.filter(\.isFile).map(\.source)
  }

  /// The sounds of the task.
  ///
  /// - Parameter known: how a model reads sound, which the files have to fit; nil if there is none.
  private func audio(known: AudioForm?, _ notes: inout [Note]) throws -> MappingData.Source {
    guard let path, let target, target.count == 1 else {
      throw RecurrentError(
        .usage, naming: "what an effect gave for \(path ?? "a sound") is one WAV file: name it with \(Setting("target"))")
    }
    let pair = try AudioPair(dry: path, wet: target[0], delay: delay, known: known)
    notes += pair.sentences.map { .reason($0) }
    return MappingData.Source(material: StepMaterial(pair.table), audio: pair.form, files: [path, target[0]])
  }
}

extension Recipe<MapTask> {
  /// - Throws: ``RecurrentError`` if two settings can't be given together, whatever the data are.
  func checkMapping() throws {
    try checkSteps()
    if !task.isAudio {
      if task.delay != nil {
        throw RecurrentError(.usage, naming: "\(Setting("delay")) is for sounds: leave it out, or name WAV files")
      }
      if let wave = task.target?.first(where: WaveFile.isNamed) {
        throw RecurrentError(
          .usage,
          naming: "\(Setting("target")) is the sound \(wave), and \(task.path ?? "the data") are no WAV file: name two of them")
      }
      return
    }
    let given: [(name: String, isGiven: Bool)] = [
      ("columns", task.columns != nil), ("group", task.group != nil), ("time", task.time != nil),
      ("missing", task.missing != nil), ("elapsed", task.elapsed != nil), ("static", task.static != nil),
      ("header", task.hasHeader != nil), ("validation-file", task.validationPath != nil),
    ]
    if let first = given.first(where: \.isGiven).map({ Setting($0.name) }) ?? task.dialect?.settings.first {
      throw RecurrentError(.usage, naming: "\(first) is for tables, and \(task.path ?? "the file") is a sound: leave it out")
    }
  }
}
