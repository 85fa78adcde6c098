import Support
import Tables
package import TaskKit

extension TranscribeTask {
  package static let presentation = TaskPresentation(
    summary: "Trains a network that says which symbols stand in sequences of numbers, in their order.", sample: "digits.npz",
    noun: "file", model: "a model that transcribes sequences",
    examples: [
      ("digits.npz", "learns from sequences with the symbols in each, without their places"),
      ("strokes.jsonl \(Setting("values")) pen \(Setting("target")) text", "where a line has more than one thing to read"),
      ("digits.npz \(Setting("forward"))", "a network that can transcribe while the sequence goes on"),
    ])

  package static let defaults: TaskDefaults = {
    var defaults = TaskDefaults()
    (defaults.units, defaults.batch, defaults.learningRate, defaults.clip) = (128, 16, 0.002, 5)
    defaults.isBidirectional = true
    defaults.epochsHelp = "20, but 1500 to 20000 iterations"
    defaults.validateEvery = "an epoch, or a thirtieth of the iterations if that is more"
    return defaults
  }()

  package static let argument = SettingField<TranscribeTask>.argument(
    "path", "FILE", \.path, "sequences of numbers with the symbols in each: JSON lines or .npz")

  package static let fields: [SettingField<Recipe<TranscribeTask>>] = ownFields.map { $0.within(\Recipe<TranscribeTask>.task) }

  private static let ownFields: [SettingField<TranscribeTask>] = [
    .text("values", "NAME", \.values, "the key or array of the numbers (default: seen from the file)"),
    .text("target", "NAME", \.target, "the key or array of the symbols (default: seen from the file)"),
    .choice("tokens", \.tokens, default: .characters, "what a text of symbols is cut into"),
    .text("lengths", "NAME", \.lengths, "the array with the number of steps of each sequence (default: seen from the file)"),
    .text(
      "target-lengths", "NAME", \.targetLengths,
      "the array with the number of symbols of each sequence (default: seen from the file)"),
    .text(
      "validation-file", "FILE", \.validationPath,
      "a file of the same form to validate on, in place of a share that is held out"),
    .number(
      "validation", \.validation, in: .range(0, below: 1), default: Sentence(short(defaultValidation)),
      "share of the sequences that is held out"),
  ]

  static let defaultValidation = 0.1
}
