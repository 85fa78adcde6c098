import Exchange
import Foundation
import Models
import Storage
import Support
import TensorFiles
import Testing

/// Tensors in all formats, and files that are not what they claim to be.
struct TensorFileTests {
  @Test func aCheckpointsTensorsAreReadWhateverTheirTypeIs() throws {
    let file = try Vectors.file("checkpoint.pt")
    let table = (0..<12).map(Float.init)
    for name in ["half", "bfloat16", "double", "long", "tied", "parameter"] {
      #expect(try file.floats("model.\(name)", shape: [3, 4]) == table)
    }
    #expect(try file.floats("model.transposed", shape: [4, 3]) == [0, 4, 8, 1, 5, 9, 2, 6, 10, 3, 7, 11])
    #expect(try file.floats("model.row", shape: [4]) == [4, 5, 6, 7])
    #expect(try file.floats("model.scalar", shape: []) == [2.5])
    #expect(try file.floats("model.empty", shape: [0, 4]) == [])
    #expect(try file.floats("optimizer.state.0.step") == [7])
    #expect(try file.integers("model.long") == Array(0..<12))
    #expect(file.tensors.count == 11)
  }

  @Test func anArrayInFortransOrderAndBigEndianIsReadRowByRow() throws {
    let file = try Vectors.file("fortran.npy")
    #expect(try file.floats(TensorFile.arrayName, shape: [2, 3]) == [0, 1, 2, 3, 4, 5])
  }

  @Test(arguments: [
    (UInt16(0x3C00), Float(1)), (0xC000, -2), (0x3555, 0.33325195), (0x0001, 0x1p-24), (0x7BFF, 65504), (0x7C00, .infinity),
  ])
  func halvesAreReadExactly(bits: UInt16, value: Float) throws {
    let file = TemporaryFile()
    let bytes = [UInt8(bits & 255), UInt8(bits >> 8)]
    try Safetensors.write([.init("a", dataType: .float16, shape: [1], bytes: bytes)], to: file.path)
    #expect(try TensorFile(contentsOf: file.path).floats("a") == [value])
  }

  /// The format begins with the length of its header, whose bytes may look like the beginning of other formats.
  @Test(arguments: [0x7B, 0x1_0280]) func aHeadersLengthIsNotTakenForAnotherFormat(length: Int) throws {
    let tensor = #""a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}"#
    let header = "{" + tensor + String(repeating: " ", count: length - tensor.utf8.count - 2) + "}"
    let bytes = withUnsafeBytes(of: UInt64(length).littleEndian) { Array($0) } + Array(header.utf8) + [0, 0, 0x80, 0x3F]
    let file = try TemporaryFile(bytes: bytes)
    #expect(try TensorFile(contentsOf: file.path).floats("a") == [1])
  }

  /// A pickle within an archive as PyTorch makes them.
  private func refusal(of pickle: [UInt8]) throws -> String {
    let file = try TemporaryFile(bytes: stored([("archive/data.pkl", pickle)]))
    let error = #expect(throws: RecurrentError.self) { try TensorFile(contentsOf: file.path) }
    return error?.description.replacing("can't read \(file.path): ", with: "") ?? ""
  }

  @Test(arguments: [
    (
      "cos\nsystem\n(S'ls'\ntR.",
      "the pickle can't be read at byte 46 of the file: it names \"os.system\", which is no part of a tensor: save a state dict alone, "
        + "as torch.save(model.state_dict(), …)"
    ),
    (
      "(dp0\n.",
      "the pickle can't be read at byte 47 of the file: it uses the operation d, which tensors don't need and which is refused"
    ),
    (
      "ctorch.nn.modules.rnn\nLSTM\n.",
      "the pickle can't be read at byte 46 of the file: it names \"torch.nn.modules.rnn.LSTM\", a class: it holds a whole model, which is a "
        + "program, rather than its tensors; load it in PyTorch and save a state dict alone, as torch.save(model.state_dict(), …)"
    ),
    (
      "ctorch\nScriptObject\n.",
      "the pickle can't be read at byte 46 of the file: it names \"torch.ScriptObject\", which a quantized model has in the place of its "
        + "weights: save the state dict of the model in floating point, as it was before it was quantized"
    ),
    (
      "ccollections\nCounter\nN\u{5}R.",
      "the pickle can't be read at byte 68 of the file: it uses the operation 0x5, which tensors don't need and which is refused"
    ),
    (
      "ccollections\nCounter\n(NtR.",
      "the pickle can't be read at byte 70 of the file: it makes \"collections.Counter\" of something that is no dictionary"
    ),
    ("N", "the pickle has no end"),
    (
      "0.",
      "the pickle can't be read at byte 46 of the file: it uses the operation 0, which tensors don't need and which is refused"
    ),
    ("t.", "the pickle can't be read at byte 46 of the file: it looks for a mark that is not there"),
    ("h\u{1}.", "the pickle can't be read at byte 46 of the file: it recalls value 1, which it has not remembered"),
    ("NNNs.", "the pickle can't be read at byte 49 of the file: it sets keys of something that is no dictionary"),
    ("NNR.", "the pickle can't be read at byte 48 of the file: it calls something that is no function"),
    ("NNb.", "the pickle can't be read at byte 48 of the file: it changes the state of an object, which is refused"),
    ("X\u{7F}\u{7F}\u{7F}\u{7F}a", "the pickle can't be read at byte 46 of the file: it is cut short"),
  ])
  func aPickleThatDoesMoreThanDescribeTensorsIsRefused(pickle: String, message: String) throws {
    #expect(try refusal(of: Array(pickle.utf8)) == message)
  }

  @Test func deepAndEndlessValuesDoNoHarm() throws {
    // A hundred thousand tuples in one another, and a list that holds itself.
    let deep = try TemporaryFile(
      bytes: stored([("a/data.pkl", Array("N".utf8) + [UInt8](repeating: 0x85, count: 100_000) + [0x2E])]))
    let error = #expect(throws: RecurrentError.self) { try TensorFile(contentsOf: deep.path) }
    #expect(error?.description.contains("nested more than 16 deep") == true)
    let endless = try TemporaryFile(bytes: stored([("a/data.pkl", Array("]q\u{0}h\u{0}a.".utf8))]))
    #expect(throws: RecurrentError.self) { try TensorFile(contentsOf: endless.path) }
  }

  /// A dictionary under a long name, which is recalled many times: each path to it is as long.
  @Test func pathsMuchLongerThanTheFileAreRefused() throws {
    let key = [0x58] + withUnsafeBytes(of: UInt32(100_000).littleEndian) { Array($0) } + [UInt8](repeating: 0x6B, count: 100_000)
    let once = Array("](}q\u{1}".utf8) + key + Array("Ns".utf8)
    let often = (0..<30_000).flatMap { _ in Array("h\u{1}".utf8) }
    let file = try TemporaryFile(bytes: stored([("a/data.pkl", once + often + Array("e.".utf8))]))
    let error = #expect(throws: RecurrentError.self) { try TensorFile(contentsOf: file.path) }
    #expect(error?.description.hasSuffix("its values' names together are much longer than the file") == true)
  }

  /// A tensor without elements that begins 2⁶² numbers into its storage.
  @Test func aTensorThatBeginsAfterItsStorageIsRefused() throws {
    func text(_ text: String) -> [UInt8] { [0x58, UInt8(text.utf8.count), 0, 0, 0] + Array(text.utf8) }
    let storage = text("storage") + Array("ctorch\nFloatStorage\n".utf8) + text("0") + text("cpu") + Array("K\u{0}tQ".utf8)
    let offset: [UInt8] = [0x8A, 8, 0, 0, 0, 0, 0, 0, 0, 0x40]
    let rest =
      Array("K\u{0}".utf8) + [0x85] + Array("K\u{1}".utf8) + [0x85, 0x89] + Array("ccollections\nOrderedDict\n)RtRs.".utf8)
    let pickle = Array("}".utf8) + text("a") + Array("ctorch._utils\n_rebuild_tensor_v2\n((".utf8) + storage + offset + rest
    let file = try TemporaryFile(bytes: stored([("a/data.pkl", pickle), ("a/data/0", [])]))
    let error = #expect(throws: RecurrentError.self) { try TensorFile(contentsOf: file.path) }
    #expect(error?.description == "can't read \(file.path): tensor \"a\": it begins past the 0 of its storage")
  }

  @Test func finiteNumbersDoNotBecomeInfinite() throws {
    let file = try TemporaryFile(bytes: Array(#"{"a": [1, -1e300]}"#.utf8))
    let error = #expect(throws: RecurrentError.self) { try TensorFile(contentsOf: file.path).floats("a") }
    #expect(
      error?.description
        == "can't read \(file.path): tensor \"a\" holds -1e+300, which is larger than any number of 32 bits, 3.4028235e+38")
    let largest = try TemporaryFile(bytes: Array(#"{"a": [3.4028234e38]}"#.utf8))
    #expect(try TensorFile(contentsOf: largest.path).floats("a") == [.greatestFiniteMagnitude])
  }

  @Test(arguments: ["code/__torch__.py", "constants.pkl"]) func programsOfTorchScriptAreNamed(member: String) throws {
    let file = try TemporaryFile(bytes: stored([("a/data.pkl", []), ("a/\(member)", [])]))
    let error = #expect(throws: RecurrentError.self) { try TensorFile(contentsOf: file.path) }
    #expect(
      error?.description
        == "can't read \(file.path): it is a TorchScript program, as torch.jit.save writes it: load it in PyTorch with torch.jit.load and save "
        + "its tensors with torch.save(model.state_dict(), …)")
  }

  @Test func numbersAboveAllIntegersAreRefused() throws {
    let file = TemporaryFile()
    try Safetensors.write([.init("a", [UInt64(5), 1 << 63], shape: [2])], to: file.path)
    let error = #expect(throws: RecurrentError.self) { try TensorFile(contentsOf: file.path).integers("a") }
    #expect(error?.description == "can't read \(file.path): tensor \"a\" has the data type U64; expected numbers below 2⁶³")
  }

  /// Three members, each of which alone might be real.
  @Test func anArchiveThatWouldFillTheMemoryIsRefused() throws {
    let bytes = stored((0..<3).map { ("\($0).npy", [0]) }, unfolded: 200_000_000)
    let file = try TemporaryFile(bytes: bytes, "npz")
    let error = #expect(throws: RecurrentError.self) { try TensorFile(contentsOf: file.path) }
    #expect(
      error?.description
        == "can't read \(file.path): its members would unfold from the \(bytes.count) bytes of the archive to 600000000, which no weights do"
    )
  }

  @Test func aCompressedArchiveIsUnpacked() throws {
    #expect(try Vectors.file("compressed.npz").floats("x") == [Float](repeating: 0, count: 100))
  }

  /// The same archive with other sizes in its directory, and with other packed bytes.
  @Test(arguments: [
    (0xFFFF_FFF0 as UInt32, "its members would unfold from the "), (10, "it unfolds to more than the 10 bytes that it declares"),
    (1000, "it unfolds to 528 bytes, but declares 1000"),
  ])
  func anArchiveThatLiesAboutItsSizesIsRefused(size: UInt32, reason: String) throws {
    var bytes = try [UInt8](Data(contentsOf: URL(filePath: "\(Vectors.folder)/compressed.npz")))
    let directory = try #require(bytes.indices.last { bytes[$0...].starts(with: [0x50, 0x4B, 1, 2]) })
    for place in 0..<4 { bytes[directory + 24 + place] = UInt8(truncatingIfNeeded: size >> (8 * UInt32(place))) }
    let file = try TemporaryFile(bytes: bytes, "npz")
    let error = #expect(throws: RecurrentError.self) { try TensorFile(contentsOf: file.path) }
    #expect(error?.description.contains(reason) == true, "\(error?.description ?? "")")
  }

  @Test(arguments: [
    ("{\"a\": [[1, 2], [3]]}", "tensor \"a\": one of its arrays has 1 elements, another one at the same depth 2"),
    ("{\"a\": [[1], 2]}", "tensor \"a\": a number stands where an array was expected"),
    ("{\"a\": [1, [2]]}", "tensor \"a\": an array stands where a number was expected"),
    ("{\"a\": [[[[[[[[[1]]]]]]]]]}", "tensor \"a\": its arrays are nested more than 8 deep"),
    ("{\"a\": [1, \"b\"]}", "tensor \"a\": expected a number at byte 10, found `\"`"),
    ("{\"a\": [1e999]}", "tensor \"a\": the number at byte 7 is larger than any that can be stored"),
  ])
  func jsonThatIsNoTensorsIsRefused(text: String, message: String) throws {
    let file = try TemporaryFile(bytes: Array(text.utf8))
    let error = #expect(throws: RecurrentError.self) { try TensorFile(contentsOf: file.path) }
    #expect(error?.description == "can't read \(file.path): \(message)")
  }

  /// Whatever comes out, it is tensors or one sentence.
  @Test(arguments: [
    "lstm_stack.pt", "checkpoint.pt", "training.pt", "computed_weights.pt", "lstm_stack.npz", "fortran.npy", "lstm_stack.json",
    "pytorch.safetensors",
    "hdf5/oldest_packed.h5", "hdf5/ordered.h5", "keras/both_concat.h5", "keras/rnn.keras",
  ])
  func damagedFilesAreReadOrRefused(name: String) throws {
    let good = [UInt8](try Data(contentsOf: URL(filePath: "\(Vectors.folder)/\(name)")))
    let refused = try Damage.refusals(of: good, copies: 3000) { path, count in
      let opened = try TensorFile(contentsOf: path)
      // A tensor can't have more numbers than its file has bytes, unless these were packed.
      #expect(opened.tensors.allSatisfy { $0.count <= 1032 * count })
      for tensor in opened.tensors { _ = try? opened.floats(tensor.name) }
      _ = try? LayerChain(opened)
    }
    #expect(refused > 300)
  }
}

/// A zip archive of stored members.
///
/// - Parameter unfolded: to how many bytes each member claims to unfold, if its bytes are to be deflated ones.
func stored(_ members: [(name: String, bytes: [UInt8])], unfolded: Int? = nil) -> [UInt8] {
  func little<Value: FixedWidthInteger>(_ value: Value) -> [UInt8] { withUnsafeBytes(of: value.littleEndian) { Array($0) } }
  var archive: [UInt8] = []
  var directory: [UInt8] = []
  for (name, bytes) in members {
    let size = little(UInt32(unfolded ?? bytes.count))
    let sizes = little(UInt32(0)) + little(UInt32(bytes.count)) + size + little(UInt16(name.utf8.count))
    directory +=
      [0x50, 0x4B, 1, 2, 20, 0, 20, 0, 0, 0, unfolded == nil ? 0 : 8, 0, 0, 0, 0, 0] + sizes + [UInt8](repeating: 0, count: 12)
    directory += little(UInt32(archive.count)) + Array(name.utf8)
    archive += [0x50, 0x4B, 3, 4, 20, 0, 0, 0, 0, 0, 0, 0, 0, 0] + sizes + [0, 0] + Array(name.utf8) + bytes
  }
  let count = little(UInt16(members.count))
  let end = count + count + little(UInt32(directory.count)) + little(UInt32(archive.count)) + [0, 0]
  return archive + directory + [0x50, 0x4B, 5, 6, 0, 0, 0, 0] + end
}
