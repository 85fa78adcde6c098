import Sequences
import Support
import Testing

/// From text to tokens and back.
struct TokenizedTextTests {
  @Test func charactersAreOrderedByCode() throws {
    let text = try TokenizedText("banana é\n日😀", as: .characters)
    #expect(text.vocabulary.symbols == ["\n", " ", "a", "b", "n", "é", "日", "😀"])
    #expect(text.tokens.all == [3, 2, 4, 2, 4, 2, 1, 5, 0, 6, 7])
  }

  @Test func aCombiningMarkIsACharacterOfItsOwn() throws {
    let text = try TokenizedText("e\u{301}\r\n", as: .characters)
    #expect(text.vocabulary.symbols == ["\n", "\r", "e", "\u{301}"])
    #expect(text.tokens.all == [2, 3, 1, 0])
  }

  @Test func moreThan256CharactersTakeTwoBytes() throws {
    let alphabet = String(String.UnicodeScalarView((0x4E00..<0x4E00 + 257).compactMap(Unicode.Scalar.init)))
    let text = try TokenizedText(alphabet + "一", as: .characters)
    #expect(text.tokens.all == Array(0..<257) + [0])
    #expect(text.vocabulary.decode(text.tokens.all) == alphabet + "一")
  }

  @Test func bytesAreThemselves() throws {
    let text = try TokenizedText("aé", as: .bytes)
    #expect(text.tokens.all == [0x61, 0xC3, 0xA9])
    #expect(text.vocabulary.symbols[0x0A] == "0a")
    #expect(text.vocabulary.count == 256)
  }

  @Test(arguments: [
    ("Don't stop, it's 1,234.5 km.", ["Don't", "stop", ",", "it's", "1,234.5", "km", "."]),
    ("the dogs' 3rd x_1 well-known", ["the", "dogs", "'", "3rd", "x_1", "well", "-", "known"]),
    ("a\n\nb\r\nc\td", ["a", "\n", "\n", "b", "\n", "c", "d"]),
    ("“Çà va”, l’été… 日本語!", ["“", "Çà", "va", "”", ",", "l’été", "…", "日本語", "!"]),
    ("the <unk> of <b>", ["the", "<unk>", "of", "<", "b", ">"]),
    ("e\u{301}te\u{301} 50%\u{A0}$2.", ["e\u{301}te\u{301}", "50", "%", "$", "2", "."]),
    ("'quoted' '' 5.", ["'", "quoted", "'", "'", "'", "5", "."]),
  ])
  func textFallsIntoWords(text: String, words: [String]) throws {
    let text = try TokenizedText(text, as: .words)
    #expect(text.tokens.all.map { text.vocabulary.symbols[Int($0)] } == words)
  }

  @Test func wordsAreOrderedByFrequencyThenByBytes() throws {
    let text = "b a c b a d\na b é"
    #expect(try TokenizedText(text, as: .words).vocabulary.symbols == ["<unk>", "a", "b", "\n", "c", "d", "é"])
    let short = try TokenizedText(text, as: .words, words: 3)
    #expect(short.vocabulary.symbols == ["<unk>", "a", "b", "\n"])
    #expect(short.tokens.all == [2, 1, 0, 2, 1, 0, 3, 1, 2, 0])
  }

  /// Words of the part that training does not see are not known by name, and don't count.
  @Test func whatIsHeldOutTeachesNoWords() throws {
    let text = "a b a b a c a b d c"
    let whole = try TokenizedText(text, as: .words)
    let cut = try TokenizedText(text, as: .words, heldOut: 0.2)
    #expect(whole.vocabulary.symbols == ["<unk>", "a", "b", "c", "d"])
    #expect(cut.vocabulary.symbols == ["<unk>", "a", "b", "c"])
    #expect(cut.tokens.all == [1, 2, 1, 2, 1, 3, 1, 2, 0, 3])
    #expect(try cut.tokens.split(heldOut: 0.2).training.all == [1, 2, 1, 2, 1, 3, 1, 2])
    #expect(throws: RecurrentError.self) { try TokenizedText(text, as: .words, heldOut: 1) }
  }

  /// The hash table against a dictionary, with enough words to make it grow several times.
  @Test func frequenciesAreThoseOfADictionary() throws {
    var counts: [String: Int] = [:]
    var words: [String] = []
    for number in 0..<40_000 {
      let word = "w\(number * number % 9973)"
      words.append(word)
      counts[word, default: 0] += 1
    }
    let text = try TokenizedText(words.joined(separator: " "), as: .words)
    let expected = counts.sorted { $0.value != $1.value ? $0.value > $1.value : $0.key < $1.key }.map(\.key)
    #expect(counts.count > 4096)
    #expect(text.vocabulary.symbols == ["<unk>"] + expected)
    #expect(text.tokens.all.map { text.vocabulary.symbols[Int($0)] } == words)
  }

  @Test(arguments: Vocabulary.Kind.allCases)
  func aFileIsReadLikeTheTextInIt(kind: Vocabulary.Kind) throws {
    let text = "To be, or not to be:\nthat is the question.\n"
    try withTemporaryFile(Array(text.utf8)) { path in
      let file = try TokenizedText(contentsOf: path, as: kind)
      let memory = try TokenizedText(text, as: kind)
      #expect(file.vocabulary == memory.vocabulary)
      #expect(file.tokens.all == memory.tokens.all)
      #expect(try TokenizedText(contentsOf: path, in: memory.vocabulary).tokens.all == memory.tokens.all)
      #expect(try memory.vocabulary.encode(text) == memory.tokens.all)
    }
  }

  @Test func aByteOrderMarkIsLeftOut() throws {
    try withTemporaryFile([0xEF, 0xBB, 0xBF] + Array("hi".utf8)) { path in
      let characters = try TokenizedText(contentsOf: path, as: .characters)
      let words = try TokenizedText(contentsOf: path, as: .words)
      let bytes = try TokenizedText(contentsOf: path, as: .bytes)
      #expect(characters.vocabulary.symbols == ["h", "i"])
      #expect(words.vocabulary.symbols == ["<unk>", "hi"])
      #expect(bytes.tokens.count == 5)
    }
  }

  @Test func theEndIsHeldOut() throws {
    let tokens = try TokenizedText("abcdefghij", as: .characters).tokens
    let (training, heldOut) = try tokens.split(heldOut: 0.25)
    #expect(training.all == [0, 1, 2, 3, 4, 5, 6])
    #expect(heldOut.all == [7, 8, 9])
    #expect(heldOut[1..<3].all == [8, 9])
    #expect(try tokens.split(heldOut: 0).heldOut.count == 0)
    let error = #expect(throws: RecurrentError.self) { try tokens.split(heldOut: 1) }
    #expect(error?.description == "the held-out fraction is 1.0; it must be at least 0 and below 1, such as 0.05")
  }
}
