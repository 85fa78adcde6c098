package import Support

/// What is done about characters of a text that a vocabulary lacks.
package enum UnknownCharacters: Sendable, Hashable {
  /// The text is refused.
  ///
  /// - Parameter setting: what says otherwise, for the message; nil for nothing.
  case refused(naming: Setting?)
  /// They are left out.
  case skipped
  /// Another character, which the vocabulary has, is read in their place.
  case read(as: Unicode.Scalar)

  /// What a word says: `skip`, or a single character; nil for anything else.
  package init?(word: String) {
    if word == "skip" {
      self = .skipped
    } else if let scalar = word.unicodeScalars.first, word.unicodeScalars.count == 1 {
      self = .read(as: scalar)
    } else {
      return nil
    }
  }
}

/// The characters of a text that its vocabulary lacks, with how often each occurs.
package struct ReplacedCharacters: Sendable, Hashable {
  private var counts: [UInt32: Int] = [:]

  package init() {}

  mutating func add(_ scalar: UInt32) { counts[scalar, default: 0] += 1 }

  /// What was done about them, as a sentence; nil if there are none.
  package func sentence(_ policy: UnknownCharacters) -> String? {
    let total = counts.values.reduce(0, +)
    if total == 0 { return nil }
    let most = counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
    let shown = most.prefix(6).map { scalar, count in
      let name = Unicode.Scalar(scalar).map { quotedSymbol(String($0)) } ?? ""
      return count == 1 ? name : "\(name) \(count.grouped) times"
    }
    let more = most.count > 6 ? " and \(most.count - 6) more" : ""
    let isOne = total == 1
    let done: String =
      switch policy {
      case .skipped, .refused: isOne ? "it is left out" : "they are left out"
      case .read(let scalar): "\(quotedSymbol(String(scalar))) is read in \(isOne ? "its" : "their") place"
      }
    return
      "\(total.grouped) \(isOne ? "character is" : "characters are") not in the model's vocabulary, \(shown.joined(separator: ", "))\(more): \(done)"
  }
}
