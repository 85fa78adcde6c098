package import Networks
import Support

/// How tags mark stretches of words, such as the names of people: `B-` and a kind where one begins, `I-` where it goes on, `O` outside
/// (BIO; Ramshaw & Marcus 1995), perhaps with marks for the last word and for a single one (BIOES, or BILOU).
package struct TagScheme: Sendable, Hashable {
  /// As messages name it.
  package let name: String
  /// The marks of the tags, in their order.
  let marks: [Mark]

  /// What a tag says of a word.
  struct Mark: Sendable, Hashable {
    enum Place: Sendable { case outside, beginning, inside, end, single }

    let place: Place
    /// The kind of stretch, such as `person`; empty if there is only one.
    let kind: String

    /// - Returns: nil if the tag is not of this form.
    init?(_ tag: String) {
      if tag == "O" {
        (place, kind) = (.outside, "")
        return
      }
      guard let letter = tag.first, let place = Self.places[letter] else { return nil }
      let rest = tag.dropFirst()
      guard rest.isEmpty || rest.first == "-" && rest.count > 1 else { return nil }
      self.place = place
      kind = String(rest.dropFirst())
    }

    private static let places: [Character: Place] = [
      "B": .beginning, "I": .inside, "E": .end, "L": .end, "S": .single, "U": .single,
    ]

    /// Whether a stretch that has this mark goes on after it.
    var isOpen: Bool { place == .beginning || place == .inside }
    var isOutside: Bool { place == .outside }
  }

  /// The scheme of some tags.
  ///
  /// - Returns: nil if they mark no stretches.
  package init?(_ tags: [String]) {
    let marks = tags.compactMap { Mark($0) }
    guard marks.count == tags.count else { return nil }
    let letters = Set(tags.compactMap(\.first)).subtracting(["O"])
    // A tag that is a single letter may mean anything, unless there are both of these.
    guard marks.contains(where: { !$0.kind.isEmpty }) || letters.isSuperset(of: ["B", "I"]) else { return nil }
    self.marks = marks
    switch letters {
    case _ where letters.isSubset(of: ["B", "I"]): name = letters.contains("B") ? "BIO" : "IO"
    case _ where letters.isSubset(of: ["B", "I", "E", "S"]): name = "BIOES"
    case _ where letters.isSubset(of: ["B", "I", "L", "U"]): name = "BILOU"
    default: return nil
    }
  }

  /// Which tag may follow which: in BIO only `I-` is bound to what stands before it.
  package var order: TagOrder {
    switch name {
    case "IO": TagOrder(count: marks.count)
    case "BIO":
      TagOrder(
        count: marks.count, first: { marks[$0].place != .inside },
        follows: { before, tag in
          let (before, tag) = (marks[before], marks[tag])
          return tag.place != .inside || before.isOpen && before.kind == tag.kind
        })
    default:
      TagOrder(
        count: marks.count, first: { marks[$0].place != .inside && marks[$0].place != .end }, last: { !marks[$0].isOpen },
        follows: { before, tag in
          let (before, tag) = (marks[before], marks[tag])
          let goesOn = tag.place == .inside || tag.place == .end
          return before.isOpen == goesOn && (!goesOn || before.kind == tag.kind)
        })
    }
  }

  /// A stretch of words with a kind.
  struct Stretch: Sendable, Hashable {
    let words: Range<Int>
    let kind: String
  }

  /// The stretches that the tags of a sentence mark, even where one does not begin as it should. They are those of the script
  /// `conlleval` of the CoNLL shared tasks (Tjong Kim Sang & Buchholz 2000), and for the last and single words those of seqeval.
  func stretches(_ tags: [Int]) -> [Stretch] {
    var found: [Stretch] = []
    var start: Int?
    for place in 0...tags.count {
      let before = place == 0 ? nil : marks[tags[place - 1]]
      let mark = place == tags.count ? nil : marks[tags[place]]
      if let before, let begun = start, Self.ends(before, mark) {
        found.append(Stretch(words: begun..<place, kind: before.kind))
        start = nil
      }
      if let mark, Self.begins(before, mark) { start = place }
    }
    return found
  }

  private static func ends(_ before: Mark, _ mark: Mark?) -> Bool {
    guard let mark, !mark.isOutside, before.isOpen else { return true }
    return mark.place == .beginning || mark.place == .single || mark.kind != before.kind
  }

  private static func begins(_ before: Mark?, _ mark: Mark) -> Bool {
    if mark.isOutside { return false }
    guard let before, before.isOpen else { return true }
    return mark.place == .beginning || mark.place == .single || mark.kind != before.kind
  }
}
