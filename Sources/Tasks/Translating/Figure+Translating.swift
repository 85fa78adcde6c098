package import TaskKit

extension Figure {
  /// BLEU of translations as sacreBLEU counts it, from 0 to 100.
  package static let bleu = Figure("bleu", title: "BLEU", digits: 1)
  /// chrF of translations as sacreBLEU counts it, from 0 to 100.
  package static let chrF = Figure("chrf", title: "chrF", digits: 1)
  /// The fraction of the translations that are their references.
  package static let exactTranslations = Figure("exact", title: "% exact", factor: 100, digits: 1)
}

extension TranslateTask {
  package static var figures: [Figure] { [.bleu, .chrF, .exactTranslations] }
}
