import Console
import Support

/// How well sequences are transcribed, as lines of text and as JSON.
struct TranscriptionReport {
  private let scores: TranscriptionScores

  init(_ scores: TranscriptionScores) { self.scores = scores }

  /// `2.31 % symbol errors (35 of 1,512: 20 substituted, 10 left out, 5 too many); 271 of 300 sequences whole, 90.3 %`
  var summary: String {
    "\((100 * scores.errorRate).fixed(2)) % symbol errors (\(scores.edits.grouped) of \(scores.symbols.grouped): "
      + "\(scores.substitutions.grouped) substituted, \(scores.deletions.grouped) left out, \(scores.insertions.grouped) too many); "
      + "\(scores.whole.grouped) of \(scores.sequences.grouped) sequences whole, \((100 * scores.wholeRate).fixed(1)) %"
  }

  private var confusions: [(pair: EditDistance.Pair, count: Int)] {
    scores.confusions.map { ($0.key, $0.value) }.sorted {
      ($1.1, $0.0.actual, $0.0.given) < ($0.1, $1.0.actual, $1.0.given)
    }
  }

  func lines(on channel: Channel) -> [String] {
    if confusions.isEmpty { return [summary] }
    var table = Table(columns: [.text("symbol"), .text("taken for"), .numbers("times")])
    for (pair, count) in confusions.prefix(20) { table.rows.append([pair.actual, pair.given, count.grouped]) }
    return [summary, ""] + table.lines(width: channel.width) { channel.styled($0, .bold) }
  }

  struct Report: Encodable {
    let sequences: Int
    let whole: Int
    let symbols: Int
    let symbolErrorRate: Double
    let substitutions: Int
    let deletions: Int
    let insertions: Int
    let confusions: [Confusion]

    struct Confusion: Encodable {
      let symbol: String
      let takenFor: String
      let count: Int
    }
  }

  var report: Report {
    Report(
      sequences: scores.sequences, whole: scores.whole, symbols: scores.symbols, symbolErrorRate: scores.errorRate,
      substitutions: scores.substitutions, deletions: scores.deletions, insertions: scores.insertions,
      confusions: confusions.map { .init(symbol: $0.pair.actual, takenFor: $0.pair.given, count: $0.count) })
  }
}
