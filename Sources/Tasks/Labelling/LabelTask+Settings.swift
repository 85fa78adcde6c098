import Classification
import Support
import Tables
package import TaskKit

extension LabelTask {
  package static let presentation = TaskPresentation(
    summary: "Trains a network that says at each step of sequences which label the step has.", sample: "nights.csv",
    noun: "table", model: "a model that labels steps",
    examples: [
      ("nights.csv \(Setting("target")) stage \(Setting("group")) patient", "a row a step, several rows a sequence"),
      (
        "heart.csv \(Setting("target")) beat \(Setting("columns")) lead1,lead2", "a single recording; blocks of time are held out"
      ),
      ("walks.csv \(Setting("target")) activity \(Setting("bidirectional"))", "reads each sequence both ways"),
    ])

  package static let defaults: TaskDefaults = {
    var defaults = TaskDefaults()
    (defaults.units, defaults.batch, defaults.learningRate, defaults.clip) = (64, 32, 0.003, 1)
    defaults.patience = 10
    defaults.epochsHelp = "15, but 1500 to 20000 iterations"
    defaults.validateEvery = "an epoch, or a thirtieth of the iterations if that is more"
    return defaults
  }()

  package static let argument = SettingField<LabelTask>.argument(
    "path", "FILE", \.path, "sequences of numbers with a label in each row, a row a step: CSV, TSV or JSON lines")

  package static let fields: [SettingField<Recipe<LabelTask>>] = (own + weights).map { $0.within(\Recipe<LabelTask>.task) }

  private static let own: [SettingField<LabelTask>] =
    SettingField.tableFields(target: .text("target", "COLUMN", \.target, "the column with the label of each step"))
    + SettingField.cutFields(window: defaultWindow, validation: defaultValidation)

  private static let weights: [SettingField<LabelTask>] = [
    .choice(
      "class-weights", \.classWeights, default: .equal, "what a step counts; balanced: all labels the same together")
  ]

  static let (defaultWindow, defaultValidation) = (128, 0.1)
}
