import Sequences
import Support
import Testing

struct PieceTests {
  /// A few sentences again and again, so that there are frequent pairs.
  private static let texts = (0..<40).flatMap { number in
    ["the lower the newer, \(number)", "a newest low-er  one", "Žluťoučký kůň se v\tlese", "widest é e\u{301} 日本語の文 the end."]
  }

  private static func coder(_ cut: Vocabulary.PieceCut) throws -> PieceCoder { PieceCoder(try Vocabulary(piecesOf: texts, cut)) }

  private static let cuts: [Vocabulary.PieceCut] = [.characters, .pieces(symbols: 380), .words(symbols: 300)]

  private static func names(_ coder: PieceCoder, _ text: String) -> [String] {
    coder.encode(text).map { coder.vocabulary.symbols[Int($0)] }
  }

  /// Any text at all: of characters that are known, that are not, of ▁ itself, of white space in any number, and of combining marks.
  @Test(arguments: cuts) func everyTextComesBackExactly(cut: Vocabulary.PieceCut) throws {
    let coder = try Self.coder(cut)
    let alphabet: [Unicode.Scalar] = [
      " ", " ", " ", "a", "e", "h", "n", "t", "w", "é", "\u{301}", "\u{2581}", "\t", "\n", "\r", "\u{0}", "0", "7", ".", "-", "語",
      "😀",
      "\u{10FFFF}", "\u{FEFF}", "<", "/", "s", ">", "\u{A0}", "ß",
    ]
    var random = Random(.demonstration, seed: 3)
    for _ in 0..<2000 {
      var text = ""
      for _ in 0..<random.integer(in: 0..<12) { text.unicodeScalars.append(alphabet[random.integer(in: 0..<alphabet.count)]) }
      let pieces = coder.encode(text)
      #expect(Array(coder.vocabulary.decode(pieces).utf8) == Array(text.utf8))
      #expect(!pieces.contains(Vocabulary.boundary))
      #expect(pieces.allSatisfy { (0..<coder.vocabulary.count).contains(Int($0)) })
    }
    for text in Self.texts { #expect(Array(coder.vocabulary.decode(coder.encode(text)).utf8) == Array(text.utf8)) }
  }

  @Test func theMostFrequentPairsBecomePiecesFirst() throws {
    // ▁l, lo and ow stand 12 times each, where the older symbols come first; er 8 times and we 7 times.
    let texts = ["low low low low", "low lower lower", "lower lower lower lower", "lower er"]
    let vocabulary = try Vocabulary(piecesOf: texts, .pieces(symbols: 1000))
    let learned = vocabulary.symbols.dropFirst(257).filter { $0.unicodeScalars.count > 1 }
    #expect(Array(learned) == ["▁l", "ow", "▁low", "er", "▁lower"])
    let coder = PieceCoder(vocabulary)
    #expect(Self.names(coder, "lower slow low") == ["▁lower", "▁", "<0x73>", "l", "ow", "▁low"])
    #expect(Self.names(coder, "lowest") == ["▁low", "e", "<0x73>", "<0x74>"])
  }

  @Test func noPieceReachesAcrossWordsDigitsOrMarks() throws {
    let vocabulary = try Vocabulary(
      piecesOf: Array(repeating: "in the end, 2024 is not 2025... (x)", count: 20), .pieces(symbols: 1000))
    for symbol in vocabulary.symbols.dropFirst(257) {
      let rest = symbol.hasPrefix("▁") ? symbol.dropFirst() : symbol[...]
      #expect(!rest.contains("▁"))
      #expect(rest.allSatisfy(\.isLetter) || rest.count == 1 || rest.allSatisfy { !$0.isLetter && !$0.isNumber })
    }
    #expect(vocabulary.symbols.contains("▁end"))
    #expect(vocabulary.symbols.contains("..."))
  }

  @Test func theSymbolsThatAreAskedForAreAllThereAre() throws {
    for most in [300, 310, 340] {
      let vocabulary = try Vocabulary(piecesOf: Self.texts, .pieces(symbols: most))
      #expect(vocabulary.count <= most)
      // The pieces of a smaller vocabulary are the first ones of a larger one.
      #expect(try Vocabulary(piecesOf: Self.texts, .pieces(symbols: 380)).symbols.starts(with: vocabulary.symbols))
    }
  }

  @Test func wordsAreKnownWholeOrSpelled() throws {
    let coder = try Self.coder(.words(symbols: 400))
    #expect(Self.names(coder, "the newest end.") == ["▁the", "▁newest", "▁end", "."])
    #expect(Self.names(coder, "then") == ["▁", "t", "h", "e", "n"])
  }

  @Test func charactersOfOneTextAreSpelledInBytes() throws {
    let vocabulary = try Vocabulary(piecesOf: ["abž", "ab", "b"], .characters)
    #expect(vocabulary.symbols.dropFirst(257) == ["b", "▁", "a"])
    #expect(Self.names(PieceCoder(vocabulary), "až") == ["▁", "a", "<0xC5>", "<0xBE>"])
  }

  /// Bytes that a network gives in an order that is no UTF-8 become the replacement character.
  @Test func bytesThatAreNoTextAreReplaced() throws {
    let vocabulary = try Vocabulary(piecesOf: [], .characters)
    #expect(vocabulary.count == 257)
    #expect(vocabulary.decode([0xC5 + 1, 0x61 + 1, 0]) == "\u{FFFD}a")
  }

  /// A long word without a space takes no more than its length times a logarithm.
  @Test func longWordsAreCut() throws {
    let coder = try Self.coder(.pieces(symbols: 380))
    let text = String(repeating: "newest", count: 5000)
    #expect(coder.vocabulary.decode(coder.encode(text)) == text)
  }

  @Test func symbolsThatAreNoPieces() throws {
    var symbols = try Vocabulary(piecesOf: [], .characters).symbols
    #expect(throws: Never.self) { try Vocabulary(kind: .pieces, symbols: symbols + ["a", "▁b"]) }
    let empty = #expect(throws: RecurrentError.self) { try Vocabulary(kind: .pieces, symbols: symbols + [""]) }
    #expect(
      empty?.description == "the vocabulary of pieces has the symbol “” of 0 characters; a piece has 1 to 64")
    symbols[1] = "x"
    let beginning = #expect(throws: RecurrentError.self) { try Vocabulary(kind: .pieces, symbols: symbols) }
    #expect(
      beginning?.description == "a vocabulary of pieces begins with </s> and the bytes <0x00>, <0x01>, … <0xFF>")
  }
}
