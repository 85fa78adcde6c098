import Support
import Tables
package import TaskKit

extension MapTask {
  package static let presentation = TaskPresentation(
    summary: "Trains a network that gives numbers at each step of sequences from other numbers.", sample: "plant.csv",
    noun: "table", model: "a model of a system",
    examples: [
      ("plant.csv \(Setting("target")) pressure", "what a sensor would show, from all other columns"),
      (
        "runs.csv \(Setting("target")) x,y \(Setting("columns")) u \(Setting("group")) trial", "a system's outputs from its input"
      ),
      ("dry.wav \(Setting("target")) wet.wav \(Setting("units")) 16", "what an effect makes of a sound"),
    ])

  package static let defaults: TaskDefaults = {
    var defaults = TaskDefaults()
    (defaults.units, defaults.batch, defaults.learningRate, defaults.clip) = (32, 32, 0.003, 1)
    defaults.patience = 10
    defaults.epochsHelp = "15, but 1500 to 20000 iterations"
    defaults.validateEvery = "an epoch, or a thirtieth of the iterations if that is more"
    return defaults
  }()

  package static let argument = SettingField<MapTask>.argument(
    "path", "FILE", \.path,
    "sequences of numbers with what is to be given in each row, a row a step: CSV, TSV or JSON lines; or a WAV file")

  package static let fields: [SettingField<Recipe<MapTask>>] = (own + audio).map { $0.within(\Recipe<MapTask>.task) }

  private static let own: [SettingField<MapTask>] =
    SettingField.tableFields(
      target: .list("target", "COLUMNS", \.target, "the columns that the network is to give; or a WAV file"))
    + SettingField.cutFields(window: defaultWindow, validation: defaultValidation)

  private static let audio: [SettingField<MapTask>] = [
    .text("input", "FILE", \.path, "the sound that an effect read, a WAV file, in place of FILE"),
    .integer(
      "delay", \.delay, in: 0...10_000_000,
      "samples by which the sound of the target comes later (default: found out from the sounds)"),
  ]

  static let (defaultWindow, defaultAudioWindow, defaultValidation) = (128, 2048, 0.1)
}
