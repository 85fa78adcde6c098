import Storage
import Testing

struct JSONDecodingTests {
  private func refusal<Value: Decodable>(_ text: String, _ type: Value.Type, strictly: Bool = false) -> String? {
    do { _ = try decodeJSON(text.utf8, as: type, refusingUnknownKeys: strictly) } catch { return describe(error) }
    return nil
  }

  private struct Run: Decodable {
    struct Layer: Decodable {
      var units: Int
      var dropout: Float?
    }

    var layers: [Layer]
    var byName: [String: Layer]?
    var seed: UInt64?
    var isOn: Bool?
    var cell: String?
  }

  @Test(arguments: [
    ("{}", "`layers` is missing"),
    (#"{"layers":3}"#, "layers: expected an array, found the number 3"),
    (#"{"layers":null}"#, "layers: expected an array, found null"),
    (#"{"layers":[{"units":1},{"units":"1"}]}"#, "layers.Index 1.units: expected a whole number, found a string"),
    (#"{"layers":[{"units":1.5}]}"#, "layers.Index 0.units: the number 1.5 is not a whole one from \(Int.min) to \(Int.max)"),
    (
      #"{"layers":[{"units":9223372036854775808}]}"#,
      "layers.Index 0.units: the number 9223372036854775808 is not a whole one from \(Int.min) to \(Int.max)"
    ),
    (#"{"layers":[],"seed":-1}"#, "seed: the number -1 is not a whole one from 0 to \(UInt64.max)"),
    (#"{"layers":[],"is_on":1}"#, "isOn: expected true or false, found the number 1"),
    (#"{"layers":[],"cell":true}"#, "cell: expected a string, found true"),
    (#"{"layers":[],"by_name":{"the_first":[]}}"#, "byName.the_first: expected an object, found an array"),
    (#"{"layers":[{"units":1,"dropout":"much"}]}"#, "layers.Index 0.dropout: expected a number, found a string"),
    (
      #"{"layers":[{"units":1,"dropout":1e39}]}"#,
      "layers.Index 0.dropout: the number 1e39 is larger than any that can be stored there"
    ),
    (#"{"layers":[],"byName":{},"by_name":{}}"#, "two of its keys are the same name, once with `_` and once without"),
    ("[]", "expected an object, found an array"),
  ])
  func whatDoesNotFitIsRefusedWithItsPlace(text: String, why: String) { #expect(refusal(text, Run.self) == why) }

  @Test(arguments: [
    ("", "expected a number at byte 0, found its end"),
    (#"{"layers":[]"#, "expected `,` or `}` at byte 12, found its end"),
    (#"{"layers":[],"layers":[]}"#, "the key \"layers\" stands there twice"),
    (#"{"layers":[]} x"#, "expected nothing more at byte 14, found `x`"),
    (#"{"layers":[NaN]}"#, "expected a number at byte 11, found `N`"),
    (#"{"layers":[01]}"#, "expected `,` or `]` at byte 12, found `1`"),
    (#"{"layers":[1.]}"#, "expected a digit at byte 13, found `]`"),
    (#"{"layers":[-]}"#, "expected a digit at byte 12, found `]`"),
    (#"{"layers":[1e+]}"#, "expected a digit at byte 14, found `]`"),
    (#"{"layers":[1e400]}"#, "the number at byte 11 is larger than any that can be stored"),
    (String(repeating: "[", count: 100), "its values are nested more than 64 deep"),
  ])
  func whatIsNotJSONIsRefused(text: String, why: String) { #expect(refusal(text, Run.self) == "it is not JSON: \(why)") }

  @Test func wholeNumbersMayBeWrittenWithAnExponent() throws {
    try #expect(decodeJSON("[1e3,2.0,-0,0.5e1]".utf8, as: [Int].self) == [1000, 2, 0, 5])
    #expect(refusal("1e19", UInt64.self) != nil, "a Double does not hold all whole numbers of that size")
  }

  @Test func onceAFloatIsReadItIsRoundedOnce() throws {
    // Above the middle of 1 and its successor by less than a Double holds: rounded to a Double first, it would become 1.
    let text = "1.00000005960464477539062500000001"
    try #expect(decodeJSON(text.utf8, as: Float.self) == Float(1).nextUp)
  }

  @Test func unknownKeysArePassedOverUnlessTheyAreToBeRefused() throws {
    let text = #"{"layers":[{"units":1,"unit":2}],"colour":1}"#
    try #expect(decodeJSON(text.utf8, as: Run.self).layers[0].units == 1)
    #expect(refusal(text, Run.self, strictly: true) != nil)
  }

  @Test(arguments: [
    (#"{"layers":[],"colour":1}"#, "the key \"colour\" is unknown; known are by_name, cell, is_on, layers, seed"),
    (
      #"{"layers":[{"units":1},{"units":1,"drop_out":0.1}]}"#,
      "layers.Index 1: the key \"drop_out\" is unknown; did you mean `dropout`?"
    ),
    (
      #"{"layers":[],"by_name":{"a_b":{"units":1,"x":{}}}}"#,
      "byName.a_b: the key \"x\" is unknown; known are dropout, units"
    ),
    (#"{"layers":[],"is_one":true}"#, "the key \"is_one\" is unknown; did you mean `is_on`?"),
  ])
  func unknownKeysAreRefusedByName(text: String, why: String) { #expect(refusal(text, Run.self, strictly: true) == why) }

  @Test func knownKeysAreNotRefused() throws {
    let text = #"{"by_name":{"any_name":{"dropout":null,"units":1}},"cell":"gru","is_on":false,"layers":[{"units":2}],"seed":1}"#
    try #expect(decodeJSON(text.utf8, as: Run.self, refusingUnknownKeys: true).seed == 1)
    try #expect(decodeJSON(json(Sample()).utf8, refusingUnknownKeys: true) == Sample())
    try #expect(decodeJSON(json(Nested()).utf8, refusingUnknownKeys: true) == Nested())
    _ = try decodeJSON(json(Derived(ownValue: 1)).utf8, as: Derived.self, refusingUnknownKeys: true)
  }

  /// A header and the rest, read by two containers from one object.
  @Test func keysForWhichAnyContainerAsksAreKnown() throws {
    struct Two: Decodable {
      enum Header: CodingKey { case kind }
      enum Rest: CodingKey { case units }

      init(from decoder: any Decoder) throws {
        _ = try decoder.container(keyedBy: Header.self).decode(String.self, forKey: .kind)
        _ = try decoder.container(keyedBy: Rest.self).decodeIfPresent(Int.self, forKey: .units)
      }
    }
    #expect(refusal(#"{"kind":"a","units":1}"#, Two.self, strictly: true) == nil)
    #expect(
      refusal(#"{"kind":"a","size":1}"#, Two.self, strictly: true) == "the key \"size\" is unknown; known are kind, units")
  }

  /// A case with a misspelt value beside it, or a value that its case does not have.
  @Test func unknownValuesOfACaseAreRefused() {
    #expect(refusal(#"{"steps":{"_0":1,"digest":"a"}}"#, Sample.Choice.self, strictly: true) == nil)
    #expect(
      refusal(#"{"steps":{"_0":1,"digest":"a","digits":2}}"#, Sample.Choice.self, strictly: true)
        == "steps: the key \"digits\" is unknown; did you mean `digest`?")
    #expect(refusal(#"{"steps":{"_0":1,"digest":"a"},"step":{}}"#, Sample.Choice.self, strictly: true) != nil)
  }
}
