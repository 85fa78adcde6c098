import Foundation
import Models
import Testing

struct SafetensorsRoundTripTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  @Test func whatIsWrittenIsRead() throws {
    let weights: [Float] = [1, -0.0, .infinity, .nan, .leastNonzeroMagnitude, 6]
    try Safetensors.write(
      [
        .init("layer.W", weights, shape: [2, 3]),
        .init("step", [Int64.min], shape: []),
        .init("random", [UInt64.max, 1], shape: [2]),
        .init("text", [UInt8]("naïve".utf8), shape: [6]),
        .init("nothing", [Double](), shape: [0, 7]),
        .init("moments", [0.1, 0.2], shape: [2, 1]),
        .init("ids", [Int32(7)], shape: [1]),
        .init("half", dataType: .float16, shape: [2], bytes: [0, 0x3C, 0, 0xC0]),
      ],
      metadata: ["cell": "cell lstm\ninput x\t# \"σ\" \\ \u{1}", "seed": "7"], to: folder("a"))

    let file = try Safetensors(contentsOf: folder("a"))
    #expect(file.metadata == ["cell": "cell lstm\ninput x\t# \"σ\" \\ \u{1}", "seed": "7"])
    #expect(file.tensors.map(\.name) == ["layer.W", "step", "random", "text", "nothing", "moments", "ids", "half"])
    #expect(file["layer.W"]?.shape == [2, 3])
    #expect(file["absent"] == nil)
    let read: [Float] = try file.values("layer.W", shape: [2, 3])
    #expect(read.map(\.bitPattern) == weights.map(\.bitPattern))
    #expect(try file.values("step", shape: []) == [Int64.min])
    #expect(try file.values("random") == [UInt64.max, 1])
    #expect(try file.values("text") == [UInt8]("naïve".utf8))
    #expect(try file.values("nothing") == [Double]())
    #expect(try file.values("moments") == [0.1, 0.2])
    #expect(try file.values("ids") == [Int32(7)])
    let half = try #require(file["half"])
    #expect(half.dataType == .float16)
    #expect(file.withBytes(of: half) { [UInt8]($0) } == [0, 0x3C, 0, 0xC0])
  }

  /// The bytes are those that the format's description asks for, so that other readers find them too.
  @Test func theBytesAreTheFormats() throws {
    try Safetensors.write([.init("w", [Float(1), 2], shape: [2])], metadata: ["k": "v"], to: folder("a"))
    let header = #"{"__metadata__":{"k":"v"},"w":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}"#
    let padding = (8 - header.utf8.count % 8) % 8
    let expected =
      [UInt8(header.utf8.count + padding), 0, 0, 0, 0, 0, 0, 0] + [UInt8](header.utf8) + [UInt8](repeating: 0x20, count: padding)
      + [0, 0, 0x80, 0x3F, 0, 0, 0, 0x40]
    #expect(try folder.bytes("a") == expected)
  }

  @Test func aFileWithoutTensorsIsOne() throws {
    try Safetensors.write([], to: folder("a"))
    let file = try Safetensors(contentsOf: folder("a"))
    #expect(file.tensors.isEmpty)
    #expect(file.metadata.isEmpty)
    #expect(try folder.bytes("a").count == 16)
  }

  /// Other writers align the header as they like, and order its members as they like.
  @Test(arguments: 0..<8)
  func unalignedTensorsAreRead(spaces: Int) throws {
    let header =
      #"{"b":{"data_offsets":[1,9],"shape":[2],"dtype":"F32"},"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}}"#
      + String(repeating: " ", count: spaces)
    let bytes = [UInt8(header.utf8.count), 0, 0, 0, 0, 0, 0, 0] + [UInt8](header.utf8) + [9, 0, 0, 0x80, 0x3F, 0, 0, 0, 0x40]
    try folder.put(bytes, "a")
    let file = try Safetensors(contentsOf: folder("a"))
    #expect(file.tensors.map(\.name) == ["a", "b"])
    #expect(try file.values("a") == [UInt8(9)])
    #expect(try file.values("b") == [Float(1), 2])
  }

  @Test func anOpenFileStaysWhenItIsReplaced() throws {
    try Safetensors.write([.init("w", [Float](repeating: 1, count: 10_000), shape: [10_000])], to: folder("a"))
    let old = try Safetensors(contentsOf: folder("a"))
    try Safetensors.write([.init("w", [Float(2)], shape: [1])], to: folder("a"))
    #expect(try old.values("w") == [Float](repeating: 1, count: 10_000))
    #expect(try Safetensors(contentsOf: folder("a")).values("w") == [Float(2)])
  }

  @Test func whatIsAskedForMustBeThere() throws {
    let path = folder("a")
    try Safetensors.write([.init("w", [Float(1), 2], shape: [2, 1])], to: path)
    let file = try Safetensors(contentsOf: path)
    #expect(message { _ = try file.values("v", as: Float.self) } == #"can't read \#(path): it has no tensor "v""#)
    #expect(
      message { _ = try file.values("w", as: Double.self) }
        == #"can't read \#(path): tensor "w" has the data type F32; expected F64"#)
    #expect(
      message { _ = try file.values("w", as: Float.self, shape: [1, 2]) }
        == #"can't read \#(path): tensor "w" has the shape [2, 1]; expected [1, 2]"#)
  }

  @Test(arguments: [
    (
      [Safetensors.Entry("w", [Float(1)], shape: [1]), .init("w", [Float(1)], shape: [1])],
      #"two tensors are called "w""#
    ),
    ([.init("__metadata__", [Float(1)], shape: [1])], #"two tensors are called "__metadata__""#),
    ([.init("w", [Float(1)], shape: [2])], #"the shape [2] of tensor "w" does not fit its F32 elements, which take 4 bytes"#),
    (
      [.init("w", [Float(1)], shape: [-1, -1])],
      #"the shape [-1, -1] of tensor "w" does not fit its F32 elements, which take 4 bytes"#
    ),
    (
      [.init("w", [Float(1)], shape: [.max, .max])],
      #"the shape [9223372036854775807, 9223372036854775807] of tensor "w" does not fit its F32 elements, which take 4 bytes"#
    ),
    (
      [.init("w", dataType: .int16, shape: [1], bytes: [1, 2, 3])],
      #"the shape [1] of tensor "w" does not fit its I16 elements, which take 3 bytes"#
    ),
  ])
  func whatIsNoFileIsNotWritten(entries: [Safetensors.Entry], cause: String) throws {
    let path = folder("a")
    #expect(message { try Safetensors.write(entries, to: path) } == "can't write \(path): \(cause)")
    #expect(try folder.contents() == [])
  }
}

/// What the error that `body` throws says; nil if it throws none.
func message(_ body: () throws -> Void) -> String? {
  do {
    try body()
    return nil
  } catch {
    return "\(error)"
  }
}
