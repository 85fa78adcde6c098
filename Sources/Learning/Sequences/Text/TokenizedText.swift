public import Support

/// A text as tokens, with the vocabulary that it is written in.
///
/// A file may have several gigabytes: it is read twice where it lies, and a byte or two a token are kept.
public struct TokenizedText: Sendable {
  /// The symbols of the text, which a network that reads it has to know.
  public let vocabulary: Vocabulary
  package let tokens: Tokens
  /// The characters that the vocabulary lacks.
  package private(set) var replaced = ReplacedCharacters()

  /// How many words a vocabulary keeps unless one says otherwise.
  package static let defaultWords = 20_000

  /// Reads a text and makes its vocabulary from it.
  ///
  /// - Parameters:
  ///   - path: of a UTF-8 text; of any file if it is read as bytes. A byte order mark in front is left out.
  ///   - words: how many of the most frequent words are kept, 20,000 if nil; the others become `<unk>`, the unknown word.
  ///   - heldOut: the fraction at the end of the text that training will not see, `0 ..< 1`: words that stand only there are
  ///     unknown.
  /// - Throws: ``RecurrentError`` if the file can't be read, is empty, or is not UTF-8.
  public init(
    contentsOf path: String, as kind: Vocabulary.Kind, words: Int? = nil, heldOut: Double = 0
  ) throws(RecurrentError) {
    self = try withBytes(ofFile: path) { (bytes) throws(RecurrentError) in
      try TokenizedText(bytes, source: path, as: kind, words: words ?? Self.defaultWords, heldOut: heldOut)
    }
  }

  /// Reads a text in the symbols of a vocabulary that there is already, that of a model for example.
  ///
  /// - Throws: ``RecurrentError`` as above, and if the text has a character that the vocabulary has not.
  public init(contentsOf path: String, in vocabulary: Vocabulary) throws(RecurrentError) {
    self = try withBytes(ofFile: path) { (bytes) throws(RecurrentError) in
      try TokenizedText(bytes, source: path, in: vocabulary)
    }
  }

  /// A text as tokens, with the vocabulary made from it.
  ///
  /// - Parameters:
  ///   - bytes: of the text; nil to read the file `source`.
  ///   - source: what messages call it.
  ///   - words: how many of the most frequent words are kept.
  ///   - rarest: how often a word has to occur to be kept.
  ///   - heldOut: the fraction at the end of the text whose words are not looked at.
  package init(
    _ bytes: [UInt8]?, source: String, as kind: Vocabulary.Kind, words: Int, rarest: Int, heldOut: Double
  ) throws(RecurrentError) {
    func text(_ bytes: UnsafeBufferPointer<UInt8>) throws(RecurrentError) -> TokenizedText {
      try TokenizedText(bytes, source: source, as: kind, words: words, rarest: rarest, heldOut: heldOut)
    }
    if let bytes { self = try withBytes(of: bytes, text) } else { self = try withBytes(ofFile: source, text) }
  }

  /// A text in the symbols of a vocabulary that there is already.
  ///
  /// - Parameters:
  ///   - bytes: of the text; nil to read the file `source`.
  ///   - source: what messages call it.
  ///   - policy: what is done about characters that the vocabulary lacks.
  package init(
    _ bytes: [UInt8]?, source: String, in vocabulary: Vocabulary, _ policy: UnknownCharacters
  ) throws(RecurrentError) {
    func text(_ bytes: UnsafeBufferPointer<UInt8>) throws(RecurrentError) -> TokenizedText {
      try TokenizedText(bytes, source: source, in: vocabulary, policy)
    }
    if let bytes { self = try withBytes(of: bytes, text) } else { self = try withBytes(ofFile: source, text) }
  }

  /// A text in memory as tokens, with the vocabulary made from it.
  ///
  /// - Parameters:
  ///   - words: how many of the most frequent words are kept, 20,000 if nil.
  ///   - heldOut: the fraction at the end of the text whose words are not looked at.
  public init(
    _ text: String, as kind: Vocabulary.Kind, words: Int? = nil, heldOut: Double = 0
  ) throws(RecurrentError) {
    self = try withBytes(of: text) { (bytes) throws(RecurrentError) in
      try TokenizedText(bytes, source: "the text", as: kind, words: words ?? Self.defaultWords, heldOut: heldOut)
    }
  }

  /// Sixteen hexadecimal digits that identify the text: a digest of all that a network sees of it, its tokens and symbols.
  package var digest: String {
    var digest = tokens.digest
    digest.combine(Digest(of: vocabulary.symbols.joined(separator: "\u{0}")))
    return digest.digits
  }

  init(
    _ bytes: UnsafeBufferPointer<UInt8>, source: String, as kind: Vocabulary.Kind, words: Int, rarest: Int = 1, heldOut: Double
  ) throws(RecurrentError) {
    switch kind {
    case .characters:
      let (vocabulary, count) = try Vocabulary.characters(of: bytes, source: source)
      try self.init(vocabulary, Tokens(charactersOf: bytes, source: source, in: vocabulary, count: count), source: source)
    case .words:
      let (vocabulary, count) = try Vocabulary.words(of: bytes, source: source, most: words, rarest: rarest, heldOut: heldOut)
      try self.init(vocabulary, Tokens(wordsOf: bytes, source: source, in: vocabulary, count: count), source: source)
    case .bytes:
      try self.init(.bytes, Tokens(Array(bytes)), source: source)
    case .pieces:
      let text = try Vocabulary.text(of: bytes, source: source)
      let end = try Tokens.boundary(of: text.unicodeScalars.count, heldOut: heldOut)
      // Each line is a text of which a character is rare or not.
      let lines = text.unicodeScalars.prefix(end).split(separator: "\n").map { String($0) }
      let vocabulary = try Vocabulary(piecesOf: lines, .pieces(symbols: words))
      try self.init(vocabulary, Tokens(piecesOf: text, in: vocabulary), source: source)
    }
  }

  init(
    _ bytes: UnsafeBufferPointer<UInt8>, source: String, in vocabulary: Vocabulary,
    _ policy: UnknownCharacters = .refused(naming: nil)
  ) throws(RecurrentError) {
    var replaced = ReplacedCharacters()
    try self.init(vocabulary, Tokens(bytes, source: source, in: vocabulary, policy, &replaced), source: source)
    self.replaced = replaced
  }

  private init(_ vocabulary: Vocabulary, _ tokens: Tokens, source: String) throws(RecurrentError) {
    if tokens.count == 0 { throw RecurrentError(.data, "\(source) is empty; a text has at least one token") }
    self.vocabulary = vocabulary
    self.tokens = tokens
  }
}

extension Tokens {
  /// A text in the symbols of a vocabulary.
  init(
    _ bytes: UnsafeBufferPointer<UInt8>, source: String, in vocabulary: Vocabulary, _ policy: UnknownCharacters,
    _ replaced: inout ReplacedCharacters
  ) throws(RecurrentError) {
    switch vocabulary.kind {
    case .characters: try self.init(charactersOf: bytes, source: source, in: vocabulary, policy, &replaced)
    case .words: try self.init(wordsOf: bytes, source: source, in: vocabulary)
    case .bytes: self.init(Array(bytes))
    case .pieces: self.init(piecesOf: try Vocabulary.text(of: bytes, source: source), in: vocabulary)
    }
  }
}

/// Hands bytes in memory to `body`; they are valid inside it only.
func withBytes<Result>(
  of bytes: [UInt8], _ body: (UnsafeBufferPointer<UInt8>) throws(RecurrentError) -> Result
) throws(RecurrentError) -> Result {
  // The closure can't say which type it throws.
  let outcome = bytes.withUnsafeBufferPointer { bytes in Swift.Result { () throws(RecurrentError) in try body(bytes) } }
  return try outcome.get()
}

/// Hands the bytes of a text to `body`; they are valid inside it only.
func withBytes<Result>(
  of text: String, _ body: (UnsafeBufferPointer<UInt8>) throws(RecurrentError) -> Result
) throws(RecurrentError) -> Result {
  var text = text
  let outcome = text.withUTF8 { bytes in Swift.Result { () throws(RecurrentError) in try body(bytes) } }
  return try outcome.get()
}
