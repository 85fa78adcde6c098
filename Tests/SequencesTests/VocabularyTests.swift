import Foundation
import Sequences
import Support
import Testing

struct VocabularyTests {
  @Test(arguments: [
    "He said, \"it is (nearly) done\"; then left.\n\nWell-known: 50% of $3.5!\n", "“Who?” – ‘me’…\nl’été",
    "a 'b c' d\n'e'",
  ])
  func wordsAreJoinedAsAWriterWould(text: String) throws {
    let vocabulary = try TokenizedText(text, as: .words).vocabulary
    // Dashes stand close on both sides, because hyphens do.
    #expect(vocabulary.decode(try vocabulary.encode(text)) == text.replacingOccurrences(of: " – ", with: "–"))
  }

  @Test func aQuoteLeftOpenEndsWithTheLine() throws {
    let vocabulary = try TokenizedText("\"a\n\"b\" c", as: .words).vocabulary
    #expect(vocabulary.decode(try vocabulary.encode("\"a\n\"b\" c")) == "\"a\n\"b\" c")
  }

  @Test func unknownWordsBecomeOneSymbol() throws {
    let vocabulary = try TokenizedText("the cat sat", as: .words).vocabulary
    #expect(vocabulary.decode(try vocabulary.encode("the dog sat")) == "the <unk> sat")
  }

  @Test func charactersAndBytesComeBackAsTheyWere() throws {
    let text = "Zoë\r\n\t😀 e\u{301}"
    for kind in [Vocabulary.Kind.characters, .bytes] {
      let vocabulary = try TokenizedText(text, as: kind).vocabulary
      #expect(Array(vocabulary.decode(try vocabulary.encode(text)).unicodeScalars) == Array(text.unicodeScalars))
      #expect(try vocabulary.encode("") == [])
    }
    #expect(Vocabulary.bytes.decode([0x61, 0xFF]) == "a\u{FFFD}")
  }

  @Test(arguments: Vocabulary.Kind.allCases)
  func textThatComesUpTokenByTokenIsTheSame(kind: Vocabulary.Kind) throws {
    let vocabulary = try TokenizedText("Zoë said: \"no\", 日本 😀!\n", as: kind).vocabulary
    let tokens = try vocabulary.encode("\"Zoë\" said 日本:\n😀 \"no\"!")
    var decoder = TextDecoder(vocabulary)
    let pieces = tokens.map { decoder.text(of: [$0]) }
    #expect(pieces.joined() + decoder.rest() == vocabulary.decode(tokens))
    #expect(!pieces.contains { $0.contains("\u{FFFD}") })
  }

  @Test(arguments: Vocabulary.Kind.allCases)
  func aVocabularyIsStoredAsItsSymbols(kind: Vocabulary.Kind) throws {
    let vocabulary = try TokenizedText("To be,\nor not", as: kind).vocabulary
    #expect(try Vocabulary(kind: kind, symbols: vocabulary.symbols) == vocabulary)
    #expect(try JSONDecoder().decode(Vocabulary.self, from: JSONEncoder().encode(vocabulary)) == vocabulary)
  }

  @Test(
    arguments: [
      (.characters, [], "a vocabulary has 1 to 65536 symbols, not 0"),
      (.characters, ["a", "b", "a"], "the vocabulary has the symbol “a” (U+0061) twice"),
      (.characters, ["a", "bc"], "the vocabulary of characters has the symbol “bc”, which is not one Unicode scalar"),
      (.words, ["the", "<unk>"], "a vocabulary of words begins with <unk>, not with “the”"),
      (.bytes, ["00"], "a vocabulary of bytes has the symbols 00, 01, … ff in this order"),
    ] as [(Vocabulary.Kind, [String], String)])
  func symbolsThatAreNoVocabulary(kind: Vocabulary.Kind, symbols: [String], message: String) {
    let error = #expect(throws: RecurrentError.self) { try Vocabulary(kind: kind, symbols: symbols) }
    #expect(error?.description == message)
  }

  /// `é` and `e` with an accent are equal strings, but two words.
  @Test func wordsWithTheSameLookAreDifferent() throws {
    let text = try TokenizedText("\u{E9}t e\u{301}t \u{E9}t", as: .words)
    #expect(text.tokens.all == [1, 2, 1])
    #expect(
      text.vocabulary.symbols.map { Array($0.unicodeScalars) } == [
        Array("<unk>".unicodeScalars), ["\u{E9}", "t"], ["e", "\u{301}", "t"],
      ])
    #expect(try Vocabulary(kind: .words, symbols: text.vocabulary.symbols).count == 3)
  }
}
