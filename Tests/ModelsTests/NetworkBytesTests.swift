import CellLanguage
import Foundation
import Models
import Networks
import Support
import Testing

/// Models in memory, and in the folders of runs.
struct NetworkBytesTests {
  private static func network(seed: UInt64 = 7) throws -> Network {
    try Network(input: .features(2), layers: [.init(.gru, units: 3)], output: .classes(2), seed: seed)
  }

  /// A file's bytes are those in memory, and load as an array, as Foundation's data and as part of something longer.
  @Test func bytesAreThoseOfTheFile() throws {
    let folder = try TemporaryFolder()
    var network = try Self.network()
    network.meaning = "of a test"
    let bytes = try network.bytes(history: ["note": "kept"])
    try network.save(to: folder("model"), history: ["note": "kept"])
    #expect(try folder.bytes("model") == bytes)
    #expect(try Network(bytes: bytes).bytes(history: ["note": "kept"]) == bytes, "what was read is written as it was")
    for loaded in [
      try Network(bytes: bytes), try Network(bytes: Data(bytes)), try Network(bytes: ([1, 2, 3] + bytes).dropFirst(3)),
    ] {
      #expect(loaded.architecture == network.architecture)
      #expect(loaded.parameters == network.parameters)
      #expect(loaded.meaning == "of a test")
    }
    #expect(try Safetensors(bytes: bytes).metadata["note"] == "kept")
  }

  @Test func messagesNameTheModel() throws {
    let empty = #expect(throws: RecurrentError.self) { try Network(bytes: [UInt8]()) }
    #expect(
      empty?.description
        == "can't read the model: its length is 0, but a safetensors file begins with 8 bytes that hold its header's length")
    let tensors = try Safetensors.bytes([.init("a", [1, 2] as [Float], shape: [2])])
    let foreign = #expect(throws: RecurrentError.self) { try Network(bytes: tensors) }
    #expect(
      foreign?.description
        == "can't read the model: it is no model of this package: its metadata has no `recurrent` and `network`")
    let short = #expect(throws: RecurrentError.self) { try Network(bytes: Self.network().bytes().dropLast(4)) }
    #expect(short?.description.hasPrefix("can't read the model: tensor ") == true)
    let twice = #expect(throws: RecurrentError.self) {
      try Safetensors.bytes([.init("a", [1] as [Float], shape: [1]), .init("a", [1] as [Float], shape: [1])])
    }
    #expect(twice?.description == "can't write the tensors: two tensors are called \"a\"")
  }

  /// A run's folder stands for its best model, and, as long as it has none, for its checkpoint.
  @Test func aRunsFolderIsAModel() throws {
    let folder = try TemporaryFolder()
    let (early, best) = (try Self.network(seed: 1), try Self.network(seed: 2))
    try early.save(to: folder("checkpoint.safetensors"))
    #expect(try Network(contentsOf: folder.path).parameters == early.parameters)
    try best.save(to: folder("model.safetensors"))
    #expect(try Network(contentsOf: folder.path).parameters == best.parameters)
    #expect(try Network(contentsOf: folder.path + "/").parameters == best.parameters)
  }
}
