import Platform

/// BLEU over all segments together (Papineni, Roukos, Ward & Zhu 2002), as sacreBLEU counts it by default (Post 2018):
/// `nrefs:1|case:mixed|eff:no|tok:13a|smooth:exp|version:2.6.0`. Lengths and counts are of the words that ``words(of:)`` gives.
package struct BLEU: Sendable, Hashable {
  /// The longest runs of words that count.
  package static let orders = 4

  /// Words given, and words of the references.
  package private(set) var given = 0
  package private(set) var reference = 0
  /// For each length of a run: how many were given, and how many of these stand in the reference.
  private var totals = [Int](repeating: 0, count: orders)
  private var matches = [Int](repeating: 0, count: orders)

  package init() {}

  /// Counts a segment.
  package mutating func add(_ segment: String, reference: String) {
    let (given, reference) = (Self.words(of: segment), Self.words(of: reference))
    self.given += given.count
    self.reference += reference.count
    // A word is its place in a list of the different ones of both.
    var places: [[Unicode.Scalar]: UInt32] = [:]
    func numbers(_ words: [[Unicode.Scalar]]) -> [UInt32] {
      words.map { word in
        if let place = places[word] { return place }
        places[word] = UInt32(places.count)
        return UInt32(places.count - 1)
      }
    }
    let (own, other) = (numbers(given), numbers(reference))
    for order in 1...Self.orders {
      let runs = NGrams(own, length: order, bits: 32)
      totals[order - 1] += runs.total
      matches[order - 1] += runs.matches(in: NGrams(other, length: order, bits: 32))
    }
  }

  /// What a translation that is shorter than its reference is multiplied by.
  package var brevityPenalty: Double {
    if given >= reference { return 1 }
    return given == 0 ? 0 : exp(1 - Double(reference) / Double(given))
  }

  /// The share of the runs of each length that stand in the reference, in percent. Where none does, it counts as a half of one, the next
  /// time as a quarter and so on; 0 where there are no runs.
  package var precisions: [Double] {
    if matches.allSatisfy({ $0 == 0 }) { return totals.map { _ in 0 } }
    var share = 1.0
    return zip(matches, totals).map { matches, total in
      if total == 0 { return 0 }
      if matches > 0 { return 100 * Double(matches) / Double(total) }
      share /= 2
      return 100 * share / Double(total)
    }
  }

  /// From 0 to 100.
  package var score: Double {
    let precisions = precisions
    if precisions.contains(0) { return 0 }
    return brevityPenalty * exp(precisions.reduce(0) { $0 + log($1) } / Double(Self.orders))
  }
}

extension BLEU {
  /// The words of a segment: punctuation marks stand alone, but for points and commas between digits, apostrophes and hyphens. This is
  /// the tokenisation `13a` of mteval-v13a.
  package static func words(of segment: String) -> [[Unicode.Scalar]] {
    var text = Array(segment.unicodeScalars)
    while let last = text.last, last.isSplitting { text.removeLast() }
    text = text.replacing("<skipped>", with: "").replacing("-\n", with: "").replacing("\n", with: " ")
    for (entity, character) in [("&quot;", "\""), ("&amp;", "&"), ("&lt;", "<"), ("&gt;", ">")] {
      text = text.replacing(entity, with: character)
    }
    text = [" "] + text + [" "]
    text = text.flatMap { $0.isSeparated ? [" ", $0, " "] : [$0] }
    text = text.replacingPairs { !$0.isDigit && $1.isPoint ? [$0, " ", $1, " "] : nil }
    text = text.replacingPairs { $0.isPoint && !$1.isDigit ? [" ", $0, " ", $1] : nil }
    text = text.replacingPairs { $0.isDigit && $1 == "-" ? [$0, " ", $1, " "] : nil }
    return text.split(whereSeparator: \.isSplitting).map { Array($0) }
  }
}

extension Unicode.Scalar {
  fileprivate var isDigit: Bool { ("0"..."9").contains(self) }
  fileprivate var isPoint: Bool { self == "." || self == "," }
  /// Whether it stands alone wherever it is: the punctuation marks of ASCII but for the apostrophe, comma, hyphen and point.
  fileprivate var isSeparated: Bool {
    switch self {
    case " "..."&", "("..."+", "/", ":"..."@", "["..."`", "{"..."~": true
    default: false
    }
  }
}

extension [Unicode.Scalar] {
  /// All places of a text replaced by another, from the left.
  fileprivate func replacing(_ text: String, with other: String) -> Self {
    let (text, other) = (Array(text.unicodeScalars), Array(other.unicodeScalars))
    if count < text.count || !contains(text[0]) { return self }
    var result: Self = []
    var place = 0
    while place < count {
      if self[place] == text[0], self[place...].starts(with: text) {
        result += other
        place += text.count
      } else {
        result.append(self[place])
        place += 1
      }
    }
    return result
  }

  /// Pairs of neighbours replaced where there is something to replace them with, from the left; what has been replaced is in no
  /// other pair.
  fileprivate func replacingPairs(_ replacement: (Element, Element) -> Self?) -> Self {
    var result: Self = []
    var place = 0
    while place < count {
      if place + 1 < count, let pair = replacement(self[place], self[place + 1]) {
        result += pair
        place += 2
      } else {
        result.append(self[place])
        place += 1
      }
    }
    return result
  }
}
