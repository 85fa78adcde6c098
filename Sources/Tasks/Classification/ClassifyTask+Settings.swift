import Networks
import Sequences
import Support
import Tables
package import TaskKit

extension ClassifyTask {
  package static let presentation = TaskPresentation(
    summary: "Trains a network that says which labels sequences have.", sample: "reviews.tsv", noun: "file",
    model: "a model that finds labels",
    examples: [
      ("reviews.tsv", "learns labels of texts, a text, a tab and a label a line"),
      ("motions.csv \(Setting("group")) recording \(Setting("target")) activity", "a row a step, several rows a sequence"),
      ("digits.csv \(Setting("cell")) gru \(Setting("readout")) mean", "a row a sequence, its numbers the steps"),
      ("mails.jsonl \(Setting("target")) topic \(Setting("class-weights")) balanced", "rare labels count as much as others"),
    ])

  package static let defaults: TaskDefaults = {
    var defaults = TaskDefaults()
    (defaults.units, defaults.batch, defaults.learningRate, defaults.clip) = (64, 32, 0.003, 1)
    defaults.patience = 10
    defaults.epochsHelp = "15, but 1500 to 20000 iterations"
    defaults.validateEvery = "an epoch, or a thirtieth of the iterations if that is more"
    let few = ClassificationData.defaultOfFew
    defaults.recurrentDropout = "0; \(short(few.recurrentDropout)) of fewer than \(few.count) sequences"
    return defaults
  }()

  package static let argument = SettingField<ClassifyTask>.argument(
    "path", "FILE", \.path, "texts or sequences of numbers with labels: CSV, TSV, JSON lines or .ts")

  package static let fields: [SettingField<Recipe<ClassifyTask>>] =
    tableFields.map { $0.within(\Recipe<ClassifyTask>.task) }
    + TableDialect.fields.map { $0.within(\Recipe<ClassifyTask>.task.dialect.stated) }
    + readingFields.map { $0.within(\Recipe<ClassifyTask>.task) }

  /// How a file holds labelled sequences.
  private static let tableFields: [SettingField<ClassifyTask>] =
    [
      .list(
        "target", "COLUMNS", \.target,
        "the column of labels; several with commas between them hold a 1 for each label that there is"),
      .text("text", "COLUMN", \.text, "the column of texts to read"),
      .list(
        "columns", "COLUMNS", \.columns,
        "the columns of numbers, or of arrays of numbers, to read, with commas between them, or a range: a..z"),
      .nameOrNone(
        "group", "COLUMN", \.group, none: \.hasSequenceInEachRow,
        "the column that says which sequence a row belongs to; none if each row is a sequence"),
      .integer(
        "per-step", \.perStep, in: 1...65_536, "numbers of a step where each row is a sequence (default: 1)"),
      .nameOrNone(
        "separator", "TEXT", \.separator, none: \.hasSingleLabels,
        "what stands between the labels of a sequence; none if each has one (default: ; where labels hold it)"),
      .answer("header", \.hasHeader, "whether the first line names the columns; seen from the file if not given"),
      .choice("missing", \.missing, "what to do about missing numbers (default: error)"),
    ] + SettingField.furtherFields(elapsed: \.elapsed, constants: \.static)

  /// What the network reads, what it gives, and what it is validated on.
  private static let readingFields: [SettingField<ClassifyTask>] = [
    .choice(
      "tokens", \.tokens, of: Vocabulary.Kind.plain, "what texts are cut into (default: words where texts have four or more)"),
    .integer(
      "vocabulary", \.vocabulary, in: 1...65_534, default: "\(defaultVocabulary)",
      "words that are known, the most frequent ones"),
    .integer(
      "embedding", \.embedding, in: 0...65_536,
      "learned numbers that stand for a token (default: as many as units); 0 for a single 1 in a place of its own"),
    .choice(
      "readout", \.readout, of: Architecture.Readout.allCases.filter { $0 != .everyStep }, default: .last,
      "what the label is found by, of the last layer's outputs over time"),
    .choice(
      "class-weights", \.classWeights, default: .equal, "what a sequence counts; balanced: all labels the same together"),
    .number(
      "validation", \.validation, in: .range(0, below: 1), default: Sentence(short(defaultValidation)),
      "share of each label's sequences that is held out"),
    .text(
      "validation-file", "FILE", \.validationPath,
      "a file of the same form to validate on, in place of a share that is held out"),
  ]

  static let (defaultVocabulary, defaultValidation) = (20_000, 0.1)
}

extension SettingField<ClassifyTask> {
  /// A name, or `none`, which says explicitly that there is none.
  fileprivate static func nameOrNone(
    _ name: String, _ placeholder: String, _ path: Path<String>, none: Path<Bool>, _ help: Sentence
  ) -> SettingField {
    SettingField(
      Setting(name), placeholder, help, isSet: { $0[keyPath: path] != nil || $0[keyPath: none] == true },
      transfer: Transfer(
        isSaid: { $0[keyPath: path] != nil || $0[keyPath: none] != nil },
        shown: { $0[keyPath: path] ?? ($0[keyPath: none] == true ? "none" : nil) },
        agrees: { $0[keyPath: path] == $1[keyPath: path] && $0[keyPath: none] == $1[keyPath: none] },
        copy: { ($1[keyPath: path], $1[keyPath: none]) = ($0[keyPath: path], $0[keyPath: none]) })
    ) { text, task in
      let isNone = text == "none"
      (task[keyPath: path], task[keyPath: none]) = isNone ? (nil, true) : (text, nil)
      return true
    }
  }
}
