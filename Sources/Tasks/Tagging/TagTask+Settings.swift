import CellLanguage
import Support
package import TaskKit

extension TagTask {
  package static let presentation = TaskPresentation(
    summary: "Trains a network that gives each word of a sentence a tag.", sample: "words.tsv", noun: "sentences",
    model: "a model that tags words",
    examples: [
      ("words.tsv", "trains a bidirectional LSTM that reads words and their characters"),
      ("words.tsv \(Setting("validation-file")) others.tsv \(Setting("shape"))", "chooses the best weights by other sentences"),
      ("names.tsv \(Setting("crf"))", "learns which tags follow which, for tags such as B-person and I-person"),
      ("\(Setting("resume")) runs/words-lstm", "goes on where a run was interrupted"),
    ])

  package static let defaults: TaskDefaults = {
    var defaults = TaskDefaults()
    defaults.batch = 32
    defaults.epochs = 5
    defaults.validateEvery = "an epoch"
    defaults.isBidirectional = true
    return defaults
  }()

  package static let argument = SettingField<TagTask>.argument(
    "path", "FILE", \.path, "a word, a tab and its tag a line, with an empty line between sentences")

  package static let fields: [SettingField<Recipe<TagTask>>] = ownFields.map { $0.within(\Recipe<TagTask>.task) }

  private static let ownFields: [SettingField<TagTask>] = {
    let choices = WordCounts.Choices()
    return [
      .integer(
        "vocabulary", \.vocabulary, in: 1...65_535, default: "\(choices.words)",
        "words with a vector of their own, the most frequent ones"),
      .integer(
        "embedding", \.embedding, in: 1...65_536, default: "\(choices.embedding)", "learned numbers that stand for a word"),
      .flag("lower-case", \.isLowerCased, "look words up in lower case; their characters are read as they are"),
      .flag("shape", \.hasShapes, "tell whether a word has capitals, digits, hyphens, or no letters"),
      .flag(
        "no-characters", \.readsCharacters, gives: false, "don't read the characters of words, only what words they are"),
      .integer(
        "character-units", \.characterUnits, in: 1...65_536, default: "\(defaultCharacterUnits)",
        "units of the layer that reads a word's characters, for each direction"),
      .integer(
        "character-embedding", \.characterEmbedding, in: 1...65_536, default: "\(defaultCharacterEmbedding)",
        "learned numbers that stand for a character"),
      .flag(
        "crf", \.hasCRF,
        "score the tags of a sentence together, with a weight for each pair of neighbours: a conditional random field (CRF)"),
      .text(
        "validation-file", "FILE", \.validationPath, "sentences to validate on, in place of a share that is held out"),
      .number(
        "validation", \.validation, in: .range(0, below: 1), default: Sentence(short(defaultValidation)),
        "share of the sentences that is held out"),
    ]
  }()

  static let (defaultCharacterUnits, defaultCharacterEmbedding, defaultValidation) = (32, 32, 0.1)

  /// How words are read.
  ///
  /// - Parameter cell: the cell of the layer that reads characters.
  /// - Throws: ``RecurrentError`` if there are settings for characters, which are not read.
  func choices(_ cell: Cell) throws(RecurrentError) -> WordCounts.Choices {
    var choices = WordCounts.Choices()
    choices.words = vocabulary ?? choices.words
    choices.embedding = embedding ?? choices.embedding
    choices.isLowerCased = isLowerCased ?? false
    choices.hasShapes = hasShapes ?? false
    if readsCharacters ?? true {
      choices.spelling = (
        cell, characterUnits ?? Self.defaultCharacterUnits, characterEmbedding ?? Self.defaultCharacterEmbedding
      )
      return choices
    }
    let sizes = [("character-units", characterUnits), ("character-embedding", characterEmbedding)]
    if let (other, _) = sizes.first(where: { $0.1 != nil }) {
      throw RecurrentError(
        .usage,
        naming:
          "\(Setting(other)) can't be given with \(Setting("no-characters")), which leaves nothing of that size: leave one out")
    }
    return choices
  }
}
