import Storage
import Support
import Testing

/// JSON is written as Foundation writes it: files of the first generation are compared with new ones, byte by byte.
struct JSONEncodingTests {
  @Test func aRichValueIsWrittenAsFoundationWritesIt() throws {
    try #expect(json(Sample()) == Reference.json(Sample()))
    try #expect(json(["a": Optional([Sample()])]) == Reference.json(["a": Optional([Sample()])]))
  }

  @Test func aRichValueComesBack() throws {
    let text = json(Sample())
    try #expect(decodeJSON(text.utf8) == Sample())
    try #expect(Reference.decode(text, as: Sample.self) == Sample())
  }

  /// In files sentences name settings as the files do, and not as options or properties.
  @Test func aSentenceIsAText() throws {
    let sentence: Sentence = "a season is 12 steps (\(Setting("label-smoothing")))"
    #expect(json([sentence]) == #"["a season is 12 steps (label_smoothing)"]"#)
    let again: [Sentence] = try decodeJSON(json([sentence]).utf8)
    #expect(again.map(\.description) == ["a season is 12 steps (label_smoothing)"])
  }

  @Test func containersWithinContainersAreWrittenAndRead() throws {
    #expect(json(Nested()) == #"{"list":[[2,null],{"list":null}],"outer_key":{"inner_key":1}}"#)
    try #expect(json(Nested()) == Reference.json(Nested()))
    try #expect(decodeJSON(json(Nested()).utf8) == Nested())
  }

  @Test func aSuperclassHasAPlaceOfItsOwn() throws {
    let value = Derived(ownValue: 1)
    #expect(json(value) == #"{"elsewhere":{"base_value":2},"own_value":1,"super":{"base_value":2}}"#)
    try #expect(json(value) == Reference.json(value))
    let again: Derived = try decodeJSON(json(value).utf8)
    #expect(again.ownValue == 1 && again.baseValue == 2)
  }

  @Test func whatIsNoObjectCanStandAlone() throws {
    #expect(json("a/b") == #""a/b""#)
    #expect(json([Int?.none]) == "[null]")
    #expect(json(Int?.none) == "null")
    struct Empty: Codable {}
    try #expect(json(Empty()) == Reference.json(Empty()))
    #expect(json([Double.nan, .infinity]) == #"["NaN","Infinity"]"#)
  }

  @Test func everyCharacterIsWrittenAsFoundationWritesIt() throws {
    let text = String(String.UnicodeScalarView((0..<0x3000).compactMap(Unicode.Scalar.init)))
    try #expect(json(text) == Reference.json(text))
    try #expect(decodeJSON(json(text).utf8) == text)
  }

  /// Numbers of all magnitudes: random bits are random exponents.
  @Test func numbersAreWrittenAsFoundationWritesThemAndComeBack() throws {
    var random = Random(seed: 1)
    let doubles = (0..<5000).map { _ in Double(bitPattern: random.next()) }.filter { !$0.isNaN }
    let floats = (0..<5000).map { _ in Float(bitPattern: UInt32(truncatingIfNeeded: random.next())) }.filter { !$0.isNaN }
    let positive = (0..<5000).map { random.next() >> UInt64($0 % 64) } + [.max, 0]
    let signed = (0..<5000).map { Int64(bitPattern: random.next()) >> Int64($0 % 64) } + [.min, .max]
    try #expect(json(doubles) == Reference.json(doubles))
    try #expect(json(floats) == Reference.json(floats))
    try #expect(json(positive) == Reference.json(positive))
    try #expect(json(signed) == Reference.json(signed))
    try #expect(decodeJSON(json(doubles).utf8) == doubles)
    try #expect(decodeJSON(json(floats).utf8) == floats)
    try #expect(decodeJSON(json(positive).utf8) == positive)
    try #expect(decodeJSON(json(signed).utf8) == signed)
  }

  private struct Names: Codable {
    struct Name: CodingKey {
      let stringValue: String
      var intValue: Int? { nil }

      init(stringValue: String) { self.stringValue = stringValue }
      init?(intValue: Int) { nil }
    }

    let names: Set<String>

    init(names: Set<String>) { self.names = names }

    func encode(to encoder: any Encoder) throws {
      var container = encoder.container(keyedBy: Name.self)
      for name in names.sorted() { try container.encode(1, forKey: Name(stringValue: name)) }
    }

    init(from decoder: any Decoder) throws {
      names = Set(try decoder.container(keyedBy: Name.self).allKeys.map(\.stringValue))
    }
  }

  /// All names of up to four letters from a few of each kind, and some longer ones.
  @Test func namesOfPropertiesAreConvertedAsFoundationConvertsThem() throws {
    let letters = ["a", "b", "X", "Y", "_", "1"]
    let short = (0..<4).reduce([[""]]) { names, _ in names + [(names.last ?? []).flatMap { name in letters.map { name + $0 } }] }
    for name in short.joined().filter({ !$0.isEmpty }) + ["readURLNow", "learningRate", "urlOfX1", "HTML2Text", "__aB_cD__"] {
      try #expect(json(Names(names: [name])) == Reference.json(Names(names: [name])))
      let text = #"{"\#(name)":1}"#
      try #expect(decodeJSON(text.utf8, as: Names.self).names == Reference.decode(text, as: Names.self).names, "\(name)")
    }
  }
}
