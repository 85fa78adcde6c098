import Models
import Storage
import Support
import Testing

/// Files that break one rule of the format each, and the sentence that says which.
struct SafetensorsRefusalTests {
  struct Malformed: Sendable, CustomTestStringConvertible {
    let bytes: [UInt8]
    let cause: String

    /// A file whose header is `header` and whose tensors take `count` bytes.
    init(_ header: String, _ count: Int, _ cause: String) {
      bytes =
        withUnsafeBytes(of: UInt64(header.utf8.count).littleEndian) { [UInt8]($0) } + [UInt8](header.utf8)
        + [UInt8](repeating: 0, count: count)
      self.cause = cause
    }

    /// A file that ends with its header.
    init(_ header: String, _ cause: String) { self.init(header, 0, cause) }

    init(bytes: [UInt8], _ cause: String) {
      self.bytes = bytes
      self.cause = cause
    }

    var testDescription: String { cause }
  }

  static let lengths: [Malformed] = [
    .init(bytes: [], "its length is 0, but a safetensors file begins with 8 bytes that hold its header's length"),
    .init(bytes: [1, 2, 3], "its length is 3, but a safetensors file begins with 8 bytes that hold its header's length"),
    .init(bytes: [9, 0, 0, 0, 0, 0, 0, 0, 0x7B, 0x7D], "its header should have 9 bytes, but only 2 follow"),
    .init(
      bytes: [0x01, 0xE1, 0xF5, 0x05, 0, 0, 0, 0],
      "it is no safetensors file: its first 8 bytes claim a header of 100000001 bytes, more than the 100000000 that the format allows"
    ),
    .init(
      bytes: [UInt8](repeating: 0xFF, count: 8),
      "it is no safetensors file: its first 8 bytes claim a header of 18446744073709551615 bytes, more than the 100000000 that the format allows"
    ),
  ]

  static let json: [Malformed] = [
    .init("", "in its header, expected an object at byte 0, found its end"),
    .init("[]", "in its header, it does not begin with `{`"),
    .init(" {}", "in its header, it does not begin with `{`"),
    .init("{} x", "in its header, expected nothing more at byte 3, found `x`"),
    .init("{}\0", "in its header, expected nothing more at byte 2, found byte 0"),
    .init("{", "in its header, expected a string at byte 1, found its end"),
    .init(#"{"a""#, "in its header, expected `:` at byte 4, found its end"),
    .init(#"{"a":1}"#, #"in its header, tensor "a": expected an object at byte 5, found `1`"#),
    .init(#"{"__metadata__":{},}"#, "in its header, expected a string at byte 19, found `}`"),
    .init(#"{"__metadata__":{"a":"b" "c":"d"}}"#, "in its header, expected `,` or `}` at byte 25, found `\"`"),
    .init(#"{"__metadata__":{"a":1}}"#, "in its header, expected a string at byte 21, found `1`"),
    .init(#"{"__metadata__":"a"}"#, "in its header, expected an object at byte 16, found `\"`"),
    .init(#"{"__metadata__":{"a":"b","a":"c"}}"#, #"in its header, the key "a" stands there twice"#),
    .init(#"{"__metadata__":{"a":"b"},"__metadata__":{}}"#, #"in its header, the key "__metadata__" stands there twice"#),
    .init(
      "{\"__metadata__\":{\"a\":\"\n\"}}",
      "in its header, expected a string without bare control characters at byte 22, found byte 10"),
    .init(#"{"__metadata__":{"a":"\x"}}"#, #"in its header, expected an escape such as `\n` at byte 24, found `"`"#),
    .init(#"{"__metadata__":{"a":"\u12G4"}}"#, "in its header, expected four hexadecimal digits at byte 24, found `1`"),
    .init(#"{"__metadata__":{"a":"\ud83d"}}"#, #"in its header, expected the second half of a character at byte 28, found `"`"#),
    .init(#"{"__metadata__":{"a":"\ude00"}}"#, #"in its header, expected the second half of a character at byte 28, found `"`"#),
    .init(#"{"__metadata__":{"a":"#, "in its header, expected a string at byte 21, found its end"),
    .init(#"{"__metadata__":{"a":"b"#, "in its header, expected the end of a string at byte 23, found its end"),
    .init(
      bytes: [5, 0, 0, 0, 0, 0, 0, 0, 0x7B, 0x22, 0xC3, 0x28, 0x22], "in its header, the string that ends at byte 5 is not UTF-8"),
  ]

  static let entries: [Malformed] = [
    .init(entry(dataType: "F4"), 8, #"the dtype "F4" is unknown; expected one of \#(dataTypes)"#),
    .init(entry(dataType: "f32"), 8, #"the dtype "f32" is unknown; expected one of \#(dataTypes)"#),
    .init(entry(shape: "[2,-1]"), 8, "shape holds the negative number -1"),
    .init(entry(shape: "[2,1.0]"), 8, "expected a whole number at byte 31, found `1`"),
    .init(entry(shape: "[02]"), 8, "expected a whole number at byte 29, found `0`"),
    .init(entry(shape: "[2e0]"), 8, "expected a whole number at byte 29, found `2`"),
    .init(entry(shape: "2"), 8, "expected an array at byte 28, found `2`"),
    .init(entry(shape: "[9223372036854775808]"), 8, "shape holds a number that does not fit in 64 bits"),
    .init(
      entry(shape: "[4294967296,4294967296]"), 8,
      "the shape [4294967296, 4294967296] has more elements than can be counted"),
    .init(entry(shape: "[3]"), 8, "data_offsets spans 8 bytes, but F32 of the shape [3] takes 12"),
    .init(entry(shape: "[]"), 8, "data_offsets spans 8 bytes, but F32 of the shape [] takes 4"),
    .init(entry(shape: "[0,9]"), 8, "data_offsets spans 8 bytes, but F32 of the shape [0, 9] takes 0"),
    .init(
      entry(shape: "[1,1,1,1,1,1,1,1,1]"), 8,
      "data_offsets spans 8 bytes, but F32 of the shape [1, 1, 1, 1, 1, 1, 1, 1, …] takes 4"),
    .init(entry(offsets: "[0]"), 8, "data_offsets is [0]; expected a begin and an end"),
    .init(entry(offsets: "[0,8,8]"), 8, "data_offsets is [0, 8, 8]; expected a begin and an end"),
    .init(entry(offsets: "[8,0]"), 8, "data_offsets ends at 0, before its begin at 8"),
    .init(entry(offsets: "[-8,0]"), 8, "data_offsets holds the negative number -8"),
    .init(entry(more: #","shape":[2]"#), 8, #"the key "shape" stands there twice"#),
    .init(entry(more: #","strides":[1]"#), 8, #"the key "strides" is unknown; expected dtype, shape and data_offsets"#),
    .init(#"{"w":{}}"#, "the key dtype is missing"),
    .init(#"{"w":{"dtype":"F32"}}"#, "the key shape is missing"),
    .init(#"{"w":{"dtype":"F32","shape":[2]}}"#, "the key data_offsets is missing"),
  ]

  static let places: [Malformed] = [
    .init(
      two("[0,4]", "[2,6]"), 6, #"tensor "b" begins at byte 2, inside of tensor "a", which ends at 4"#),
    .init(two("[0,4]", "[0,4]"), 4, #"tensor "b" begins at byte 0, inside of tensor "a", which ends at 4"#),
    .init(two("[0,4]", "[6,10]"), 10, #"tensor "b" begins at byte 6, but the bytes from 4 on belong to none"#),
    .init(two("[5,9]", "[1,5]"), 9, #"tensor "b" begins at byte 1, but the bytes from 0 on belong to none"#),
    .init(two("[0,4]", "[4,8]"), 7, #"tensor "b" ends at byte 8, but only 7 bytes follow the header"#),
    .init(two("[0,4]", "[4,8]"), 9, "its tensors end at byte 8 after the header, but 9 bytes are there"),
    .init("{}", 3, "its tensors end at byte 0 after the header, but 3 bytes are there"),
    .init(
      #"{"w":{"dtype":"U8","shape":[9223372036854775807],"data_offsets":[0,9223372036854775807]}}"#, 4,
      #"tensor "w" ends at byte 9223372036854775807, but only 4 bytes follow the header"#),
    .init(#"{"w":1,"w":2}"#, #"in its header, tensor "w": expected an object at byte 5, found `1`"#),
    .init(
      #"{"w":{"dtype":"U8","shape":[0],"data_offsets":[0,0]},"w":{"dtype":"U8","shape":[0],"data_offsets":[0,0]}}"#,
      #"in its header, the key "w" stands there twice"#),
    .init(
      #"{"w":{"dtype":"U8","shape":[0],"data_offsets":[3,3]}}"#, 3,
      #"tensor "w" begins at byte 3, but the bytes from 0 on belong to none"#),
  ]

  @Test(arguments: lengths + json + places)
  func aMalformedFileIsRefused(file: Malformed) throws { try expectRefusal(file.bytes, file.cause) }

  @Test(arguments: entries)
  func aMalformedTensorIsRefused(file: Malformed) throws {
    try expectRefusal(file.bytes, #"in its header, tensor "w": \#(file.cause)"#)
  }

  /// Nothing that a cut makes of a sound file is read, and nothing of it traps.
  @Test func aTruncatedFileIsRefused() throws {
    let folder = try TemporaryFolder()
    try Safetensors.write([.init("w", [Float(1), 2], shape: [2])], metadata: ["k": "\u{1F600}"], to: folder("whole"))
    let whole = try folder.bytes("whole")
    for count in 0..<whole.count {
      try folder.put(Array(whole[..<count]), "cut")
      #expect(throws: RecurrentError.self, "\(count) of \(whole.count) bytes") { try Safetensors(contentsOf: folder("cut")) }
    }
  }

  /// Whatever a changed byte makes of a file, it is read or refused, and never traps.
  @Test func anyChangedByteIsReadOrRefused() throws {
    let folder = try TemporaryFolder()
    try Safetensors.write([.init("w", [Float(1), 2], shape: [2])], metadata: ["k": "\n"], to: folder("whole"))
    let whole = try folder.bytes("whole")
    for position in 0..<whole.count {
      for value in [0, 0x22, 0x2C, 0x30, 0x39, 0x5B, 0x5C, 0x7B, 0x7D, 0x80, 0xFF] as [UInt8] {
        var changed = whole
        changed[position] = value
        try folder.put(changed, "changed")
        if let file = try? Safetensors(contentsOf: folder("changed")) {
          #expect(file.tensors.allSatisfy { $0.shape.reduce(1, *) * $0.dataType.size == file.withBytes(of: $0, \.count) })
        }
      }
    }
  }

  @Test func escapesAreRead() throws {
    let folder = try TemporaryFolder()
    try folder.put(Malformed(#"{"__metadata__":{"\u00e9\ud83d\ude00":"\"\\\/\b\f\n\r\t"}}"#, "").bytes, "a")
    #expect(try Safetensors(contentsOf: folder("a")).metadata == ["é😀": "\"\\/\u{8}\u{c}\n\r\t"])
  }

  @Test func whatIsNoFileIsRefused() throws {
    let folder = try TemporaryFolder()
    #expect(message { _ = try Safetensors(contentsOf: folder("a")) } == "can't read \(folder("a")): there is no such file")
    #expect(message { _ = try Safetensors(contentsOf: folder.path) } == "can't read \(folder.path): it is a folder")
    #expect(message { _ = try Safetensors(contentsOf: "/dev/null") } == "can't read /dev/null: it is not a plain file")
  }

  private func expectRefusal(_ bytes: [UInt8], _ cause: String) throws {
    let folder = try TemporaryFolder()
    try folder.put(bytes, "a")
    #expect(message { _ = try Safetensors(contentsOf: folder("a")) } == "can't read \(folder("a")): \(cause)")
  }

  private static let dataTypes = "BOOL, U8, I8, F8_E5M2, F8_E4M3, I16, U16, F16, BF16, I32, U32, F32, I64, U64, F64"

  private static func entry(
    dataType: String = "F32", shape: String = "[2]", offsets: String = "[0,8]", more: String = ""
  ) -> String {
    #"{"w":{"dtype":"\#(dataType)","shape":\#(shape),"data_offsets":\#(offsets)\#(more)}}"#
  }

  private static func two(_ first: String, _ second: String) -> String {
    #"{"a":{"dtype":"F32","shape":[1],"data_offsets":\#(first)},"b":{"dtype":"F32","shape":[1],"data_offsets":\#(second)}}"#
  }
}
