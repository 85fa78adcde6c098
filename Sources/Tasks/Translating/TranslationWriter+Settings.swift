import Support
package import TaskKit

extension TranslationWriter {
  /// How translations are looked for, and how they are written.
  package struct Settings: EmptySettings {
    package var format: PredictionFormat?
    package var beam: Int?
    package var lengthPenalty: Double?
    package var best: Int?
    package var showsAttention: Bool?
    package var scoresPairs: Bool?

    package init() {}

    package static let fields: [SettingField<Settings>] = [
      .choice("format", \.format, default: .text, "how translations are written; json: an object a line, with their scores"),
      .beam(\.beam), .lengthPenalty(\.lengthPenalty),
      .integer(
        "best", \.best, in: 1...4096, default: "1",
        "translations of each text, the best first, with their scores; of several beginnings, at least 5"),
      .flag(
        "attention", \.showsAttention,
        "write as json, and for each symbol of a translation how much of each symbol of the text is looked at"),
      .flag(
        "score", \.scoresPairs, "translate nothing: write the logarithm of the probability of what follows the tab on each line"),
    ]

    /// - Throws: ``RecurrentError`` if two settings can't be met together.
    func check() throws(RecurrentError) {
      if showsAttention == true, let format, format != .json {
        throw RecurrentError(
          .usage,
          naming: "\(Setting("attention")) is written as json, and \(Setting("format")) is \(format.rawValue): leave one out")
      }
      if scoresPairs != true { return }
      let others: [(name: String, isGiven: Bool)] = [
        ("attention", showsAttention == true), ("beam", beam != nil), ("best", best != nil),
        ("length-penalty", lengthPenalty != nil),
      ]
      if let other = others.first(where: \.isGiven) {
        throw RecurrentError(
          .usage,
          naming:
            "\(Setting("score")) is for translations that are given, and \(Setting(other.name)) for those that are looked for: leave one out"
        )
      }
    }
  }
}

extension SettingField {
  static func beam(_ path: Path<Int>) -> Self {
    .integer(
      "beam", path, in: 1...4096, default: "1",
      "beginnings that are kept after each step; 1 follows the most probable symbol, or none, of each step")
  }

  static func lengthPenalty(_ path: Path<Double>) -> Self {
    .number(
      "length-penalty", path, in: .notNegative, default: Sentence(short(TranslatorRunner.defaultLengthPenalty)),
      "how much longer translations are favoured: the exponent of (5 + n) / 6 for n symbols, by which logarithms of probabilities are divided; 0 to go by these alone"
    )
  }
}
