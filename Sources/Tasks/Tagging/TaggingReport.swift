import Console
import Support

/// An evaluation of tags as lines of text and as JSON.
struct TaggingReport {
  let scores: TaggingScores

  func lines(on channel: Channel) -> [String] {
    var table = Table(
      columns: [.text("tag"), .numbers("words"), .numbers("precision"), .numbers("recall"), .numbers("F1")])
    for tag in scores.tags where tag.count + tag.given > 0 {
      table.rows.append([tag.tag, tag.count.grouped] + [tag.precision, tag.recall, tag.f1].map { percent($0) })
    }
    return table.lines { channel.styled($0, .bold) } + [""] + entityLines(on: channel) + [summary]
  }

  /// The stretches that the tags mark, by kind.
  private func entityLines(on channel: Channel) -> [String] {
    guard let entities = scores.entities else { return [] }
    var table = Table(
      columns: [
        .text("entities"), .numbers("there"), .numbers("given"), .numbers("precision"), .numbers("recall"), .numbers("F1"),
      ])
    for (kind, share) in entities.kinds.sorted(by: { $0.key < $1.key }) + [("all", entities.all)] {
      table.rows.append(
        [kind.isEmpty ? "-" : kind, share.count.grouped, share.given.grouped]
          + [share.precision, share.recall, share.f1].map { percent($0) })
    }
    return table.lines { channel.styled($0, .bold) } + [""]
  }

  /// `93.12 % of 25,094 words are right (known words 94.6 %, 2,292 unknown words 80.1 %); mean F1 86.0 %`
  var summary: String {
    var words = "\(percent(scores.all.accuracy, 2)) % of \(scores.all.count.grouped) words are right"
    if scores.unknown.count > 0 {
      words +=
        ": \(percent(scores.known.accuracy, 2)) % of \(scores.known.count.grouped) known ones, "
        + "\(percent(scores.unknown.accuracy, 2)) % of \(scores.unknown.count.grouped) unknown ones"
    }
    words += "; mean F1 \(percent(scores.macroF1, 2)) %"
    guard let entities = scores.entities?.all else { return words }
    return words + "; F1 of \(entities.count.grouped) \(entities.count == 1 ? "entity" : "entities") \(percent(entities.f1, 2)) %"
  }

  private func percent(_ fraction: Double, _ digits: Int = 1) -> String { (100 * fraction).fixed(digits) }

  struct Share: Encodable {
    let words: Int
    let accuracy: Double

    init(_ fraction: TaggingScores.Share) { (words, accuracy) = (fraction.count, fraction.accuracy) }
  }

  struct Tag: Encodable {
    let tag: String
    let words: Int
    let given: Int
    let precision, recall, f1: Double
  }

  struct Entities: Encodable {
    /// Nil for all kinds together.
    let kind: String?
    let count: Int
    let given: Int
    let right: Int
    let precision, recall, f1: Double

    init(_ kind: String?, _ share: EntityScores.Share) {
      self.kind = kind
      (count, given, right) = (share.count, share.given, share.right)
      (precision, recall, f1) = (share.precision, share.recall, share.f1)
    }
  }

  struct Report: Encodable {
    let words: Int
    let accuracy: Double
    let macroF1: Double
    let known: Share
    let unknown: Share
    let tags: [Tag]
    /// Of all kinds, and of each; nil if the tags mark no stretches.
    let entities: Entities?
    let entityKinds: [Entities]?
  }

  var report: Report {
    Report(
      words: scores.all.count, accuracy: scores.all.accuracy, macroF1: scores.macroF1, known: Share(scores.known),
      unknown: Share(scores.unknown),
      tags: scores.tags.map {
        Tag(tag: $0.tag, words: $0.count, given: $0.given, precision: $0.precision, recall: $0.recall, f1: $0.f1)
      }, entities: scores.entities.map { Entities(nil, $0.all) },
      entityKinds: scores.entities.map { $0.kinds.sorted { $0.key < $1.key }.map { Entities($0.key, $0.value) } })
  }
}
