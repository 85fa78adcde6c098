import Models
package import Networks
import Sequences
import Storage
import Support
package import Tables
package import TaskKit
import Training

extension TranslateTask: TrainableTask {
  package init() { self.init(path: nil) }

  /// Batches have about equally many pieces, and so differ in pairs.
  package static var hasFixedBatches: Bool { false }

  /// The pairs of a task, before pieces are learned from them.
  package struct Material: Sendable {
    let pairs: TextPairs
    let heldOut: TextPairs?

    package init(pairs: TextPairs, heldOut: TextPairs? = nil) { (self.pairs, self.heldOut) = (pairs, heldOut) }
  }

  package static func read(_ recipe: Recipe<TranslateTask>, _ notes: inout [Note]) throws -> Material {
    // Whatever may be refused is checked before a large file is read.
    try recipe.checkTranslation()
    guard let path = recipe.task.path else {
      throw RecurrentError(.usage, "a recipe for a translator names no file of pairs: give its path")
    }
    return try material(path, recipe.task)
  }

  private static func material(_ path: String, _ task: TranslateTask) throws(RecurrentError) -> Material {
    let pairs = try TextPairs(contentsOf: path, target: task.targetPath)
    let heldOut = try task.validationPath.map { path throws(RecurrentError) in
      try TextPairs(contentsOf: path, target: task.validationTargetPath)
    }
    return Material(pairs: pairs, heldOut: heldOut)
  }

  package static func plan(
    _ recipe: Recipe<TranslateTask>, on material: Material, _ notes: inout [Note]
  ) throws -> TrainingPlan<TranslateTask> {
    let path = recipe.task.path
    var recipe = recipe
    let known = try recipe.start?.network.vocabularies(called: recipe.start?.title ?? "")
    var reasons: [Note] = []
    let data = try TranslationData(material.pairs, heldOut: material.heldOut, recipe.split) { training throws(RecurrentError) in
      if let known { return known }
      return try recipe.task.learn(training, &reasons)
    }
    recipe.task.fill()
    notes += [data.note(shownAs: path ?? material.pairs.source)] + reasons
    let perEpoch = data.training.iterationsPerEpoch ?? 1
    let iterations = try recipe.iterations(perEpoch: perEpoch, otherwise: max(3000, min(60_000, 20 * perEpoch)))
    let regularization = Regularization(dropout: defaultDropout, labelSmoothing: defaultSmoothing)
    if let unasked = recipe.training.regularization.unasked(regularization) {
      notes.append(.reason("against overfitting: " + unasked))
    }
    return TrainingPlan(
      recipe, data: data, name: path.map(FileSystem.title) ?? "pairs",
      options: try recipe.options(
        iterations: iterations, validationInterval: max(1, min(iterations, max(perEpoch, iterations / 30))),
        suggested: regularization, hasValidation: data.validation != nil),
      meaning: data.description.text
    ) { [vocabularies = data.vocabularies] recipe in try recipe.architecture(vocabularies) }
  }

  /// Both are as in most trainings of such networks on texts of some ten thousand pairs (Sennrich & Zhang 2019, section 5).
  private static let (defaultDropout, defaultSmoothing) = (0.2, 0.1)

  package static func data(
    resuming recipe: Recipe<TranslateTask>, _ network: Network, path: String, _ notes: inout [Note]
  ) throws -> any TaskData {
    _ = try TranslationDescription(of: network, path: path)
    let vocabularies = try network.vocabularies(called: path)
    guard let file = recipe.task.path else {
      throw RecurrentError(.file, "the run trains on pairs in memory, which are gone: begin anew")
    }
    let material = try material(file, recipe.task)
    let data = try TranslationData(material.pairs, heldOut: material.heldOut, recipe.split) { _ in vocabularies }
    notes.append(data.note(shownAs: file))
    return data
  }

  /// Fills in the defaults, and makes paths absolute.
  private mutating func fill() {
    path = path.map(FileSystem.absolute)
    targetPath = targetPath.map(FileSystem.absolute)
    validationPath = validationPath.map(FileSystem.absolute)
    validationTargetPath = validationTargetPath.map(FileSystem.absolute)
    if validationPath == nil { validation = validation ?? Self.defaultValidation }
    isJoint = isJoint ?? false
    readsForward = readsForward ?? false
    tiesEmbedding = tiesEmbedding ?? false
  }

  /// The pieces of pairs, as far as the task does not say how texts are cut chosen from them.
  private mutating func learn(
    _ training: TextPairs, _ notes: inout [Note]
  ) throws(RecurrentError) -> TranslationData.Vocabularies {
    let (sources, targets) = (training.pairs.map(\.source), training.pairs.map(\.target))
    let most = vocabulary ?? (training.pairs.count < 100_000 ? 4000 : 8000)
    vocabulary = most
    if isJoint == true {
      let tokens = sourceTokens ?? targetTokens ?? TextSide("both sides", sources + targets).choice.tokens
      (sourceTokens, targetTokens) = (tokens, tokens)
      let both = try Vocabulary(piecesOf: sources + targets, .init(tokens, most: most))
      notes.append(.reason("both sides are cut into the same \(both.count.grouped) \(tokens.rawValue) (\(Setting("joint")))"))
      return .init(source: both, target: both)
    }
    let source = try Self.learn(TextSide("source", sources), sources, &sourceTokens, most, &notes)
    return .init(source: source, target: try Self.learn(TextSide("target", targets), targets, &targetTokens, most, &notes))
  }

  private static func learn(
    _ side: TextSide, _ texts: [String], _ tokens: inout Tokens?, _ most: Int, _ notes: inout [Note]
  ) throws(RecurrentError) -> Vocabulary {
    let choice = side.choice
    let own = tokens ?? choice.tokens
    let vocabulary = try Vocabulary(piecesOf: texts, .init(own, most: most))
    let why = tokens == nil ? ": \(choice.reason)" : ""
    notes.append(
      .reason(
        "the \(side.name) is cut into \(own.rawValue), with \(vocabulary.count.grouped) symbols (\(Setting("\(side.name)-tokens")))\(why)"
      ))
    tokens = own
    return vocabulary
  }
}

extension Recipe<TranslateTask> {
  /// - Throws: ``RecurrentError`` if two settings can't be given together, whatever the data are.
  func checkTranslation() throws {
    _ = try iterations(perEpoch: 1, otherwise: 1)
    if task.validation != nil, task.validationPath != nil {
      throw RecurrentError(
        .usage, naming: "give either \(Setting("validation")) or \(Setting("validation-file")), not both")
    }
    if task.validationTargetPath != nil, task.validationPath == nil {
      throw RecurrentError(
        .usage,
        naming: "\(Setting("validation-target-file")) says what the lines of \(Setting("validation-file")) become: give that, too"
      )
    }
    if task.targetPath != nil, task.validationPath != nil, task.validationTargetPath == nil {
      throw RecurrentError(
        .usage,
        naming:
          "\(Setting("validation-file")) has the form of the other files, whose targets are in one of their own: give \(Setting("validation-target-file")), too"
      )
    }
    if task.isJoint == true, let source = task.sourceTokens, let target = task.targetTokens, source != target {
      throw RecurrentError(
        .usage,
        naming:
          "\(Setting("joint")) lets both sides have the same symbols, and \(Setting("source-tokens")) is \(source.rawValue), \(Setting("target-tokens")) \(target.rawValue): give one of them"
      )
    }
    _ = try layers()
  }

  fileprivate var split: DataSplit { dataSplit(holdingOut: task.validation ?? TranslateTask.defaultValidation) }

  /// The network: an encoder that reads a source, usually both ways, and a decoder whose states begin with what that has read.
  fileprivate func architecture(_ vocabularies: TranslationData.Vocabularies) throws -> Architecture {
    let decoder = try layers()
    var encoder = decoder[0]
    if let cell = try task.encoderCell?.cell() { (encoder.cell, encoder.sizes) = (try zoned(checked(cell)), [:]) }
    (encoder.name, encoder.reads) = (nil, nil)
    encoder.units = task.encoderUnits ?? encoder.units
    encoder.direction = task.readsForward == true ? .forward : .bidirectional(.concatenate)
    let length = task.embedding ?? decoder[0].units
    return Architecture(
      input: .tokens(vocabularies.target, embedding: length), layers: decoder,
      context: .encoder(
        input: .tokens(vocabularies.source, embedding: length),
        layers: Array(repeating: encoder, count: task.encoderLayers ?? decoder.count), readout: .last),
      output: .categorical, tiesEmbedding: task.tiesEmbedding ?? false)
  }
}
