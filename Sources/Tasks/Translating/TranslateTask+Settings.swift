import Support
package import TaskKit

extension TranslateTask {
  package static let presentation = TaskPresentation(
    summary: "Trains a network that reads a text and writes another, such as its translation.", sample: "pairs.tsv",
    noun: "file of pairs", model: "a model that translates",
    examples: [
      ("pairs.tsv", "learns from a text, a tab and its translation a line"),
      ("train.en \(Setting("target-file")) train.cs", "learns from two files whose lines belong together"),
      ("words.tsv \(Setting("target-tokens")) words", "writes words as symbols, such as the phonemes of a word"),
    ],
    refusals: ["bidirectional", "merge"].map {
      ($0, "what a decoder writes has no end yet from which it could be read, and its encoder reads both ways as it is")
    })

  package static let defaults: TaskDefaults = {
    var defaults = TaskDefaults()
    (defaults.units, defaults.batch, defaults.learningRate, defaults.clip) = (256, 64, 0.001, 5)
    defaults.isBidirectional = nil
    defaults.epochsHelp = "20, but 3000 to 60000 iterations"
    defaults.validateEvery = "an epoch, or a thirtieth of the iterations if that is more"
    defaults.patience = 10
    return defaults
  }()

  package static let argument = SettingField<TranslateTask>.argument(
    "path", "FILE", \.path, "a text, a tab and what it is to become a line, or such texts alone beside a file of targets")

  package static let fields: [SettingField<Recipe<TranslateTask>>] = ownFields.map { $0.within(\Recipe<TranslateTask>.task) }

  private static let ownFields: [SettingField<TranslateTask>] = [
    .text("target-file", "FILE", \.targetPath, "a file whose lines say what those of the first are to become"),
    .text(
      "validation-file", "FILE", \.validationPath,
      "a file of the same form to validate on, in place of a share that is held out"),
    .text("validation-target-file", "FILE", \.validationTargetPath, "what the lines of that file are to become"),
    .number(
      "validation", \.validation, in: .range(0, below: 1), default: Sentence(short(defaultValidation)),
      "share of the pairs that is held out"),
    .choice("source-tokens", \.sourceTokens, "what the texts to read are cut into (default: seen from them)"),
    .choice("target-tokens", \.targetTokens, "what the texts to write are cut into (default: seen from them)"),
    .integer(
      "vocabulary", \.vocabulary, in: 300...65_536,
      "symbols of each side that are known at most (default: 4000, or 8000 of 100000 pairs and more)"),
    .flag("joint", \.isJoint, "learn the symbols from both sides together, so that both have the same"),
    .integer(
      "embedding", \.embedding, in: 1...65_536, "learned numbers that stand for a symbol (default: as many as units)"),
    .flag("tie-embedding", \.tiesEmbedding, "let the learned numbers of a symbol to write be its weights on top, too"),
    .cell(
      "encoder-cell", \.encoderCell, "the cell of the layers that read (default: that of those that write)"),
    .integer("encoder-layers", \.encoderLayers, in: 1...64, "layers that read (default: as many as write)"),
    .integer(
      "encoder-units", \.encoderUnits, in: 1...65_536,
      "units of each layer that reads, in each direction (default: as many as of those that write)"),
    .flag("forward-encoder", \.readsForward, "let the layers that read go from the first symbol to the last only"),
  ]

  static let defaultValidation = 0.05
}
