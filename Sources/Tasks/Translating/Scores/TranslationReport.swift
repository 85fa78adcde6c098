import Networks
import Platform
import Support

/// How well texts are translated, as lines of text and as JSON.
struct TranslationReport {
  let scores: TranslationScores
  /// The loss over the pieces of the targets; nil if it was not measured.
  var loss: Loss?

  /// `BLEU 31.2, chrF 52.3, 14.0 % exact, over 1,000 pairs`
  var summary: String {
    "BLEU \(scores.bleu.score.fixed(1)), chrF \(scores.chrF.score.fixed(1)), \((100 * scores.exactRate).fixed(1)) % exact, over "
      + (scores.pairs == 1 ? "1 pair" : "\(scores.pairs.grouped) pairs")
  }

  var lines: [String] {
    let bleu = scores.bleu
    let precisions = bleu.precisions.map { $0.fixed(1) }.joined(separator: "/")
    var lines = [
      summary,
      "BLEU by words: \(precisions) of runs of 1 to \(BLEU.orders) words are right, brevity penalty \(bleu.brevityPenalty.fixed(3)), "
        + "\(bleu.given.grouped) words for \(bleu.reference.grouped)",
    ]
    if let loss {
      lines.append(
        "\(loss.mean.fixed(4)) nats a symbol, perplexity \(exp(loss.mean).fixed(2)), over \(loss.count.grouped) symbols of the references"
      )
    }
    return lines
  }

  struct Report: Encodable {
    let pairs: Int
    let bleu: Double
    let chrf: Double
    let exact: Double
    let precisions: [Double]
    let brevityPenalty: Double
    let words: Int
    let referenceWords: Int
    let symbols: Int?
    let loss: Double?
    let perplexity: Double?
  }

  var report: Report {
    Report(
      pairs: scores.pairs, bleu: scores.bleu.score, chrf: scores.chrF.score, exact: scores.exactRate,
      precisions: scores.bleu.precisions, brevityPenalty: scores.bleu.brevityPenalty, words: scores.bleu.given,
      referenceWords: scores.bleu.reference, symbols: loss?.count, loss: loss?.mean, perplexity: loss.map { exp($0.mean) })
  }
}
