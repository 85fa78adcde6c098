import Sequences
import Support
import Testing

/// What is said when a text can't be read.
struct TextMistakeTests {
  /// Overlong forms, surrogates, numbers too large, a byte that only goes on, and characters that break off.
  @Test(
    arguments: [
      [0xFF], [0x80], [0xC0, 0x80], [0xC1, 0xBF], [0xE0, 0x80, 0x80], [0xED, 0xA0, 0x80], [0xF0, 0x80, 0x80, 0x80],
      [0xF4, 0x90, 0x80, 0x80], [0xF5, 0x80, 0x80, 0x80], [0xC3], [0xE6, 0x97], [0xC3, 0x41], [0xF0, 0x9F, 0x98, 0x41],
    ] as [[UInt8]])
  func bytesThatAreNoUTF8AreNamed(bytes: [UInt8]) throws {
    let hexadecimal = String(bytes[0], radix: 16, uppercase: true)
    for kind in [Vocabulary.Kind.characters, .words] {
      for tail in [[], Array(" and more".utf8)] {
        try withTemporaryFile(Array("é\n\nab ".utf8) + bytes + tail) { path in
          let error = #expect(throws: RecurrentError.self) { try TokenizedText(contentsOf: path, as: kind) }
          #expect(
            error?.description == "\(path) is not UTF-8: no character begins with byte 0x\(hexadecimal) at offset 7, line 3; "
              + "convert the text to UTF-8, or read it as bytes")
          let asBytes = try TokenizedText(contentsOf: path, as: .bytes)
          #expect(asBytes.tokens.count == 7 + bytes.count + tail.count)
        }
      }
    }
  }

  /// An apostrophe after which the bytes are broken must not end the text in silence.
  @Test func brokenBytesAfterAnApostropheAreSeen() throws {
    try withTemporaryFile(Array("don'".utf8) + [0xFF]) { path in
      let error = #expect(throws: RecurrentError.self) { try TokenizedText(contentsOf: path, as: .words) }
      #expect(error?.description.contains("offset 4, line 1") == true)
    }
  }

  @Test func everyScalarSurvives() throws {
    let edges: [UInt32] = [0, 0x7F, 0x80, 0x7FF, 0x800, 0xD7FF, 0xE000, 0xFFFF, 0x10000, 0x10FFFF]
    let text = String(String.UnicodeScalarView(edges.compactMap(Unicode.Scalar.init)))
    let tokens = try TokenizedText(text, as: .characters)
    #expect(tokens.vocabulary.symbols.flatMap { $0.unicodeScalars.map(\.value) } == edges)
    #expect(tokens.tokens.all == (0..<10).map { $0 })
  }

  @Test func filesThatCanNotBeRead() throws {
    let missing = #expect(throws: RecurrentError.self) { try TokenizedText(contentsOf: "/no/such.txt", as: .bytes) }
    #expect(missing?.description == "/no/such.txt can't be opened: No such file or directory")
    let folder = #expect(throws: RecurrentError.self) { try TokenizedText(contentsOf: "/", as: .bytes) }
    #expect(folder?.description == "/ is a folder; name a file in it")
    for kind in Vocabulary.Kind.allCases {
      try withTemporaryFile([]) { path in
        let empty = #expect(throws: RecurrentError.self) { try TokenizedText(contentsOf: path, as: kind) }
        #expect(empty?.description == "\(path) is empty; a text has at least one token")
      }
    }
  }

  @Test func aCharacterThatTheVocabularyLacks() throws {
    let vocabulary = try TokenizedText("ab\n", as: .characters).vocabulary
    let prompt = #expect(throws: RecurrentError.self) { try vocabulary.encode("a\né") }
    #expect(
      prompt?.description == "the prompt has the character “é” (U+00E9) in line 2, which is not among the 3 characters of the "
        + #"vocabulary: "\nab""#)
    try withTemporaryFile(Array("ab\tb".utf8)) { path in
      let file = #expect(throws: RecurrentError.self) { try TokenizedText(contentsOf: path, in: vocabulary) }
      #expect(file?.description.hasPrefix("\(path) has the character “\\u{9}” (U+0009) in line 1, which") == true)
    }
  }

  @Test(arguments: [0, -1, 65_536])
  func aVocabularyOfNoSize(words: Int) {
    let error = #expect(throws: RecurrentError.self) { try TokenizedText("a b", as: .words, words: words) }
    #expect(error?.description == "a vocabulary keeps 1 to 65535 words, not \(words)")
  }
}
