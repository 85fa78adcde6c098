import Support

/// A text and what it is to become.
package struct TextPair: Sendable, Hashable {
  package let source: String
  package let target: String
  /// The line of the file, or the number of the pair if it is from memory; counted from 1.
  package let line: Int

  package init(source: String, target: String, line: Int) { (self.source, self.target, self.line) = (source, target, line) }
}

/// What is wrong with a pair, or with a line that should be one.
package enum PairFault: Sendable, Hashable {
  case noTab
  case tabs(Int)
  case noSource
  case noTarget
  /// One side has more than ``mostTimes`` times as many characters as the other.
  case uneven(source: Int, target: Int)

  /// A pair whose sides differ more is not one, but a line that has slipped, for example.
  package static let mostTimes = 100

  package enum Kind: String, CaseIterable, Sendable {
    case noTab, tabs, noSource, noTarget, uneven
  }

  package var kind: Kind {
    switch self {
    case .noTab: .noTab
    case .tabs: .tabs
    case .noSource: .noSource
    case .noTarget: .noTarget
    case .uneven: .uneven
    }
  }

  /// What is wrong with a source and its target; nil if nothing is.
  init?(_ source: String, _ target: String) {
    if source.allSatisfy(\.isWhitespace) {
      self = .noSource
    } else if target.allSatisfy(\.isWhitespace) {
      self = .noTarget
    } else {
      let (own, other) = (source.unicodeScalars.count, target.unicodeScalars.count)
      if max(own, other) < Self.mostTimes * min(own, other) { return nil }
      self = .uneven(source: own, target: other)
    }
  }

  /// What is wrong, and what to do, after the place.
  package var sentence: String {
    let form = "write a text, a tab and what it is to become"
    switch self {
    case .noTab: return "there is no tab; \(form)"
    case .tabs(let count): return "there are \(count) tabs; \(form), as `cut -f1,2` does with the first two columns"
    case .noSource: return "the text that is to become another is empty; give it, or leave the pair out"
    case .noTarget: return "what the text is to become is empty; give it, or leave the pair out"
    case .uneven(let source, let target):
      let (own, other) = (Self.characters(source), Self.characters(target))
      return
        "a text of \(own) is to become one of \(other), and no pair may have one side \(Self.mostTimes) times as long as the other: "
        + "correct it, or leave it out"
    }
  }

  private static func characters(_ count: Int) -> String { count == 1 ? "1 character" : "\(count.grouped) characters" }
}
