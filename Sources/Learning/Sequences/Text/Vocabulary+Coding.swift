public import Support

extension Vocabulary {
  /// A prompt as tokens.
  ///
  /// - Throws: ``RecurrentError`` if it has a character that the vocabulary has not; words that are not there become
  ///   `<unk>`, the unknown word.
  public func encode(_ prompt: String) throws(RecurrentError) -> [Int32] {
    var replaced = ReplacedCharacters()
    return try encode(prompt, .refused(naming: nil), &replaced)
  }

  /// A prompt as tokens.
  ///
  /// - Parameters:
  ///   - policy: what is done about characters that the vocabulary lacks.
  ///   - replaced: takes in which they are.
  package func encode(
    _ prompt: String, _ policy: UnknownCharacters, _ replaced: inout ReplacedCharacters
  ) throws(RecurrentError) -> [Int32] {
    var own = replaced
    let tokens = try withBytes(of: prompt) { (bytes) throws(RecurrentError) in
      try Tokens(bytes, source: "the prompt", in: self, policy, &own)
    }
    replaced = own
    return (0..<tokens.count).map { tokens[$0] }
  }

  /// Tokens as text. Pieces are put together exactly. Words are joined as a writer would: a space between two of them, none before a comma or after an opening
  /// bracket, none around line ends. Bytes that are no UTF-8 become the replacement character.
  ///
  /// - Parameter tokens: each of `0 ..< count`.
  public func decode(_ tokens: some Sequence<Int32>) -> String {
    switch kind {
    case .characters: return tokens.reduce(into: "") { $0 += symbols[Int($1)] }
    case .bytes: return String(decoding: tokens.map { UInt8(truncatingIfNeeded: $0) }, as: UTF8.self)
    case .words:
      var joiner = WordJoiner()
      for token in tokens { joiner.append(symbols[Int(token)]) }
      return joiner.text
    case .pieces: return decodePieces(tokens)
    }
  }
}

/// Puts words and punctuation marks together again.
struct WordJoiner {
  private(set) var text = ""
  /// Whether the next word stands close to what is there.
  private var joins = true
  /// Which of the straight quotes are open in this line.
  private var open: Set<String> = []

  /// The text since the last call.
  mutating func takeText() -> String {
    defer { text = "" }
    return text
  }

  mutating func append(_ word: String) {
    if word == "\n" {
      text += word
      joins = true
      open = []
    } else if word == "\"" || word == "'" {
      let closes = open.contains(word)
      if !closes && !joins { text += " " }
      text += word
      joins = !closes
      if closes { open.remove(word) } else { open.insert(word) }
    } else {
      if !joins && !WordJoiner.closing.contains(word) { text += " " }
      text += word
      joins = WordJoiner.opening.contains(word)
    }
  }

  private static let tight: Set<String> = ["-", "–", "—", "/", "@"]
  private static let opening: Set<String> = tight.union(["(", "[", "{", "“", "‘", "«", "#", "$", "£", "€", "¿", "¡"])
  private static let closing: Set<String> = tight.union([
    ".", ",", ";", ":", "!", "?", "…", "%", ")", "]", "}", "”", "’", "»", "°",
  ])
}
