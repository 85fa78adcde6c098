/// The words of a text, which no piece reaches across: a run of letters, a single digit, a run of other characters, each with the space
/// before it; every further space, and every other white space, is a word of its own. All of them together are the text.
///
/// A space in front of a word is ``space``. The text itself is read as if a space came before it, so that its first word is the same
/// as elsewhere.
struct PieceWords: Sequence, IteratorProtocol {
  /// Stands for a space. Where a text has this character itself, it is spelled in bytes.
  static let space: Unicode.Scalar = "\u{2581}"

  private var scalars: String.UnicodeScalarView.Iterator
  /// A scalar that has been read and belongs to the next word.
  private var waiting: Unicode.Scalar?

  init(_ text: String) {
    scalars = text.unicodeScalars.makeIterator()
    waiting = " "
  }

  private enum Kind { case space, blank, letters, digit, marks }

  private static func kind(_ scalar: Unicode.Scalar) -> Kind {
    if scalar == " " { return .space }
    if scalar == "\n" { return .blank }
    switch CharacterClass(scalar.value) {
    case .space: return .blank
    case .mark: return .marks
    case .letter: return .letters
    case .digit: return .digit
    }
  }

  /// The scalars of the next word, spaces as themselves; nil at the end.
  mutating func next() -> [Unicode.Scalar]? {
    guard let first = waiting ?? scalars.next() else { return nil }
    waiting = nil
    var word = [first]
    var kind = Self.kind(first)
    if kind == .space {
      guard let second = scalars.next() else { return word }
      kind = Self.kind(second)
      if kind == .space || kind == .blank {
        waiting = second
        return word
      }
      word.append(second)
    }
    if kind == .digit || kind == .blank { return word }
    while let scalar = scalars.next() {
      if Self.kind(scalar) != kind {
        waiting = scalar
        break
      }
      word.append(scalar)
    }
    return word
  }
}
