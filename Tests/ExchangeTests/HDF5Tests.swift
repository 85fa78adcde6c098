import Foundation
import Models
import Support
import TensorFiles
import Testing

/// HDF5 in all forms that h5py writes, and files that lie.
struct HDF5Tests {
  private static let readable = [
    "oldest", "oldest_packed", "ordered", "default", "v110_packed", "newest", "newest_chunks", "newest_packed", "newest_whole",
    "newest_limited", "newest_rows", "newest_columns", "newest_growing", "newest_growing_packed",
  ]

  private static func bytes(_ name: String) throws -> [UInt8] {
    try [UInt8](Data(contentsOf: URL(filePath: "\(Vectors.folder)/hdf5/\(name).h5")))
  }

  @Test(arguments: readable) func allFormsOfAFileGiveTheSame(name: String) throws {
    let file = try Vectors.file("hdf5/\(name).h5")
    let table = (0..<35).map(Float.init)
    for type in ["f2", "f4", ">f4", "f8", "i1", "u1", ">i2", "i8"] {
      #expect(try file.floats("arrays/\(type)", shape: [5, 7]) == table)
    }
    #expect(try file.floats("arrays/one", shape: []) == [3.5])
    #expect(try file.floats("arrays/none", shape: [0, 4]) == [])
    #expect(file.tensors.map(\.name) == file.tensors.map(\.name).sorted() && file.tensors.count == 10)

    var texts = [
      "@fixed": ["one text"], "@any": [String(repeating: "more than a header holds ", count: 30)], "@names": ["one", "three"],
      "@any names": ["ä", "", "ccc"],
    ]
    for place in 0..<20 { texts["many@text \(place)"] = ["\(place)"] }
    #expect(file.texts == texts)
  }

  /// What a file says instead of what is good, and the sentence that refuses it.
  private func refusal(_ bytes: [UInt8]) throws -> String {
    let file = try TemporaryFile(bytes: bytes, "h5")
    let error = #expect(throws: RecurrentError.self) { try TensorFile(contentsOf: file.path) }
    return error?.description.replacing("can't read \(file.path): ", with: "") ?? ""
  }

  /// Lists with pages, lists of lists, and a tree of several levels.
  @Test(arguments: [("fixed", [1030]), ("growing", [1030]), ("growing_packed", [300]), ("tree", [40, 30])])
  func arraysOfManyChunksAreRead(name: String, shape: [Int]) throws {
    let values = try Vectors.file("hdf5/newest_long.h5").floats(name, shape: shape)
    #expect(values == (0..<shape.reduce(1, *)).map { Float($0 % 256) })
  }

  /// Bytes of a good file replaced at the first place where others stand.
  @Test(arguments: [
    // The size of addresses.
    ("oldest", [0, 8, 8, 0], [0, 4, 8, 0], "its HDF5 addresses or lengths are not 8 bytes long, which is not read here"),
    // A heap whose first object claims more than the heap.
    (
      "oldest", [1, 0, 0, 0, 0, 0, 0, 0, 3, 0, 0, 0, 0, 0, 0, 0, 0x6F], [1, 0, 0, 0, 0, 0, 0, 0, 3, 32, 0, 0, 0, 0, 0, 0, 0x6F],
      "its root group: attribute \"any\": it is cut short"
    ),
    // Chunks of 2²⁷ × 7 elements.
    (
      "default", [5, 0, 0, 0, 7, 0, 0, 0, 4, 0, 0, 0], [0, 0, 0, 8, 7, 0, 0, 0, 4, 0, 0, 0],
      "its object \"arrays/f4\": its packed arrays would unfold from the 51472 bytes of the file to more than 268435456, which no weights do"
    ),
    (
      "newest", Array("fixed".utf8), Array("mixed".utf8), "its root group: an object's header is damaged: its checksum is another"
    ),
    // The filter that shuffles called the one that deflates.
    (
      "oldest_packed", [2, 0, 8, 0, 1, 0, 1, 0] + Array("shuffle".utf8), [1, 0, 8, 0, 1, 0, 1, 0] + Array("shuffle".utf8),
      "its object \"arrays/f2\": its numbers are packed by filter 1 twice, which is not read here"
    ),
    // 7 elements that may become 6.
    (
      "oldest_packed", [7, 0, 0, 0, 0, 0, 0, 0] + [UInt8](repeating: 0xFF, count: 8) + [7],
      [7, 0, 0, 0, 0, 0, 0, 0] + [UInt8](repeating: 0xFF, count: 8) + [6],
      "its object \"arrays/f2\": its shape [5, 7] is larger than it says that it may become"
    ),
    ("newest_long", Array("EADB".utf8), Array("EADC".utf8), "its object \"growing\": a list of chunks at byte 1113 is damaged"),
    ("newest_long", Array("FADB".utf8), Array("FADC".utf8), "its object \"fixed\": a list of chunks at byte 4096 is damaged"),
    (
      "newest_long", Array("BTIN".utf8), Array("BTIM".utf8),
      "its object \"tree\": a node of a tree of chunks at byte 34499 is damaged"
    ),
    ("oldest", Array("SNOD".utf8), Array("SNOW".utf8), "its root group: a group's list at byte 1504 is damaged"),
    ("ordered", Array("FRHP".utf8), Array("FRHQ".utf8), "its object \"arrays\": a heap at byte 26115 is damaged"),
  ])
  func filesThatLieAreRefused(name: String, good: [UInt8], bad: [UInt8], message: String) throws {
    var bytes = try Self.bytes(name)
    let place = try #require(bytes.firstRange(of: good))
    bytes.replaceSubrange(place, with: bad)
    #expect(try refusal(bytes) == message)
  }

  @Test func aFileThatIsCutShortIsRefused() throws {
    let bytes = try Self.bytes("default")
    #expect(try refusal(Array(bytes.dropLast())) == "it is cut short: of \(bytes.count) bytes it has \(bytes.count - 1)")
  }

  /// A file of our own: any number of members, arrays of any shape.
  @Test func whatIsWrittenIsRead() throws {
    var tree = HDF5Tree()
    tree.groups = ["vars", "layers/lstm/vars"]
    for place in 0..<200 { tree.arrays.append(("many/\(place)", [Float(place), -1], [1, 2])) }
    tree.arrays += [("layers/é", [], [0, 3]), ("one", [0.5], [])]
    let bytes = try tree.bytes()
    let written = try TemporaryFile(bytes: bytes, "h5")
    let file = try TensorFile(contentsOf: written.path)
    #expect(file.tensors.count == 202)
    #expect(try file.floats("many/117", shape: [1, 2]) == [117, -1])
    #expect(try file.floats("layers/é", shape: [0, 3]) == [])
    #expect(try file.floats("one", shape: []) == [0.5])
    #expect(try tree.bytes() == bytes)
  }

  @Test func aGroupOfTooManyMembersIsRefused() {
    var tree = HDF5Tree()
    tree.groups = (0..<70000).map(String.init)
    let error = #expect(throws: RecurrentError.self) { try tree.bytes() }
    #expect(error?.description == "can't write an HDF5 file: a group of it has 70000 members; the most are 65535")
  }
}
