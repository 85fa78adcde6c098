import Engine
import Exchange
import Foundation
import Models
import Networks
import ONNXFiles
import Storage
import Support
import TensorFiles
import Testing

/// ONNX files that are not what they claim to be: each is one sentence.
struct ONNXDamageTests {
  private func problem(_ model: ONNXModel) -> String {
    let error = #expect(throws: (any Error).self) { try LayerChain(model, path: "a.onnx") }
    return error.map { "\($0)" } ?? ""
  }

  private func problem(_ bytes: [UInt8]) throws -> String {
    let file = try TemporaryFile(bytes: bytes, "onnx")
    let error = #expect(throws: (any Error).self) { try LayerChain(onnx: file.path) }
    return (error.map { "\($0)" } ?? "").replacing(file.path, with: "a.onnx")
  }

  private func model(_ nodes: [ONNXNode], _ initializers: [ONNXTensor] = [], output: String = "y") -> ONNXModel {
    ONNXModel(
      irVersion: 8, producer: "", opsets: ["": 17], metadata: [:],
      graph: ONNXGraph(
        name: "", nodes: nodes, initializers: initializers,
        inputs: [ONNXValue("x", .float32, [.unknown, .unknown, .fixed(1)])], outputs: [ONNXValue(output, .float32, nil)]))
  }

  @Test func graphsThatContradictThemselvesAreRefused() {
    let circle = [ONNXNode("Add", ["x", "b"], ["a"]), ONNXNode("Add", ["x", "a"], ["b"])]
    #expect(
      problem(model(circle, output: "b"))
        == "can't read a.onnx: operator Add (\"a\") reads \"b\", which nothing before it gives")
    #expect(problem(model([], output: "y")) == "can't read a.onnx: the graph reads \"y\", which nothing before it gives")
    let twice = [ONNXNode("Relu", ["x"], ["y"]), ONNXNode("Relu", ["x"], ["y"])]
    #expect(problem(model(twice)) == "can't read a.onnx: its graph gives \"y\" twice")
    #expect(
      problem(model([ONNXNode("If", [], ["y"])]))
        == "can't read a.onnx: operator If (\"y\") lacks its condition or one of its branches")
    #expect(problem(model([ONNXNode("LSTM", [], ["y"])])) == "can't read a.onnx: operator LSTM (\"y\") has no input")
  }

  @Test func graphsWithinGraphsHaveAnEnd() throws {
    var inner = ONNXGraph(name: "")
    for _ in 0..<1000 {
      inner = ONNXGraph(name: "", nodes: [ONNXNode("If", ["x"], ["y"], attributes: ["then_branch": .graph(inner)])])
    }
    #expect(try problem(model(inner.nodes).bytes) == "can't read a.onnx: its graphs are nested more than 16 deep")
  }

  /// Each line doubles what the one before it gives: a few hundred bytes that stand for more numbers than there is memory.
  @Test func whatAGraphAsksForHasAnEnd() {
    var nodes = (0..<60).map { ONNXNode("Concat", ["w\($0)", "w\($0)"], ["w\($0 + 1)"], attributes: ["axis": .integer(0)]) }
    nodes.append(ONNXNode("RNN", ["x", "w60", "w60"], ["y"]))
    let one = ONNXTensor("w0", ONNXArray([1, 1, 1], .floats([1])))
    #expect(
      problem(model(nodes, [one]))
        == "a.onnx has no recurrent layer that can be read: y is an RNN whose W is no part of the file, but comes from w17, an operator Concat"
    )
    let shape = ONNXTensor("s", ONNXArray([3], .integers([1 << 40, 1 << 40, 1 << 40])))
    let filled = [ONNXNode("ConstantOfShape", ["s"], ["w"]), ONNXNode("RNN", ["x", "w", "w"], ["y"])]
    #expect(
      problem(model(filled, [shape]))
        == "a.onnx has no recurrent layer that can be read: y is an RNN whose W is no part of the file, but comes from w, an operator ConstantOfShape"
    )
  }

  /// States before the first step, repeated for each sequence and then again and again.
  @Test(arguments: [ONNXArray([1, 1, 1], .floats([1])), ONNXArray([1 << 40, 0], .floats([]))])
  func whatIsRepeatedHasAnEnd(first: ONNXArray) throws {
    var nodes = [ONNXNode("Expand", ["h", "shape"], ["h0"])]
    nodes += (0..<60).map { ONNXNode("Concat", ["h\($0)", "h\($0)"], ["h\($0 + 1)"], attributes: ["axis": .integer(0)]) }
    nodes.append(ONNXNode("RNN", ["x", "w", "w", "", "", "h60"], ["y"]))
    let one = ONNXTensor("w", ONNXArray([1, 1, 1], .floats([1])))
    var model = model(nodes, [one, ONNXTensor("h", first)])
    model.graph.inputs.append(ONNXValue("shape", .int64, [.fixed(3)]))
    let chain = try LayerChain(model, path: "a.onnx")
    let error = #expect(throws: RecurrentError.self) { try Network(chain) }
    #expect(
      error?.description.contains("whose initial_h is computed from the model's input") == true, "\(error?.description ?? "")")
  }

  /// A model of an `RNN` of one unit; `others` are fields of its graph.
  private func model(others: [UInt8]) -> [UInt8] {
    let weights = field(5, [0x08, 1, 0x08, 1, 0x08, 1, 0x10, 1, 0x42, 1, UInt8(ascii: "r"), 0x4A, 4, 0, 0, 0, 0])
    let inputs = ["x", "w", "r"].flatMap { field(1, Array($0.utf8)) }
    let node = field(1, inputs + field(2, Array("y".utf8)) + field(4, Array("RNN".utf8)))
    let graph = others + node + weights + field(11, field(1, Array("x".utf8))) + field(12, field(1, Array("y".utf8)))
    return [0x08, 8] + field(7, graph) + field(8, [0x10, 17])
  }

  @Test func aSparseTensorIsNamed() throws {
    let sparse = field(15, field(1, [0x10, 1, 0x42, 1, UInt8(ascii: "w")]))
    #expect(
      try problem(model(others: sparse))
        == "a.onnx has no recurrent layer that can be read: y is an RNN whose W can't be read: tensor \"w\" is sparse, which is not read here"
    )
  }

  /// Text that something else in the graph reads.
  @Test func textBesideTheWayDoesNoHarm() throws {
    let weights = field(5, [0x08, 1, 0x08, 1, 0x08, 1, 0x10, 1, 0x42, 1, UInt8(ascii: "w"), 0x4A, 4, 0, 0, 0, 0])
    let text = field(5, [0x08, 1, 0x10, 8, 0x32, 1, 0x61, 0x42, 1, UInt8(ascii: "t")])
    let node = field(1, field(1, [UInt8(ascii: "t")]) + field(2, [UInt8(ascii: "u")]) + field(4, Array("Identity".utf8)))
    let file = try TemporaryFile(bytes: model(others: weights + text + node), "onnx")
    #expect(try Network(LayerChain(onnx: file.path)).architecture.layers.count == 1)
  }

  /// A field of a message: bytes with their length before them.
  private func field(_ number: UInt8, _ bytes: [UInt8]) -> [UInt8] { [number << 3 | 2, UInt8(bytes.count)] + bytes }

  /// A model whose one tensor is made of these fields.
  private func model(tensor: [UInt8]) -> [UInt8] {
    let opset = field(8, [0x10, 17])
    return [0x08, 8] + field(7, field(5, tensor) + field(12, field(1, Array("w".utf8)))) + opset
  }

  @Test(arguments: [
    ([0x08, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x40, 0x10, 1], "tensor \"\" has the impossible shape"),
    ([0x08, 2, 0x08, 3, 0x10, 1, 0x4A, 4, 0, 0, 0, 0], "tensor \"\" has 4 bytes, which do not fit its shape [2, 3]"),
    ([0x70, 1, 0x10, 1], "tensor \"\" stands in another file, which is not named"),
  ])
  func tensorsThatLieAreRefused(tensor: [UInt8], message: String) throws {
    #expect(try problem(model(tensor: tensor)).hasPrefix("can't read a.onnx: \(message)"))
  }

  @Test(arguments: [
    ([0x08, 8, 0x3A, 0x7F], "the protocol buffer is damaged at byte 4: a field claims 127 bytes, more than there are"),
    ([0x08, 8, 0x08], "the protocol buffer is damaged at byte 3: it is cut short"),
    ([0x08, 8, 0x0B, 1], "the protocol buffer is damaged at byte 3: field 1 is of a kind that there is not"),
    ([0x08, 8, 0x02, 1], "the protocol buffer is damaged at byte 3: it has a field without a number"),
    ([0x08, 8, 0x38, 1], "the protocol buffer is damaged at byte 2: field 7 is not a range of bytes"),
    (
      [0x08, 8, 0x08] + [UInt8](repeating: 0xFF, count: 12),
      "the protocol buffer is damaged at byte 12: a number has more than 64 bits"
    ),
    ([0x08, 8, 0x12, 1, 0xFF], "the protocol buffer is damaged at byte 2: field 2 is not text in UTF-8"),
    ([0x08, 8, 0x10, 1], "the protocol buffer is damaged at byte 2: field 2 is not a range of bytes"),
    ([0x08, 8, 0x3A, 0], "it doesn't say of which version its operators are"),
    ([0x08, 8, 0x12, 0], "it is no ONNX model: it has no graph"),
  ])
  func bytesThatAreNoMessageAreRefused(bytes: [UInt8], message: String) throws {
    #expect(try problem(bytes) == "can't read a.onnx: \(message)")
  }

  /// Tensors beside the model's file: read, missing, too short, and out of the model's folder.
  @Test func tensorsInOtherFilesAreRead() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "onnx-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try Data([1, 2, 3, 0, 0, 0x80, 0x3F]).write(to: folder.appending(path: "w.bin"))
    func problem(_ entries: [String: String]) throws -> String {
      let pairs = entries.sorted { $0.key < $1.key }.flatMap { key, value in
        field(13, field(1, Array(key.utf8)) + field(2, Array(value.utf8)))
      }
      let path = folder.appending(path: "a.onnx").path
      try Data(model(tensor: [0x08, 1, 0x10, 1, 0x70, 1, 0x42, 1, UInt8(ascii: "w")] + pairs)).write(to: URL(filePath: path))
      let error = #expect(throws: (any Error).self) { try LayerChain(onnx: path) }
      return (error.map { "\($0)" } ?? "").replacing(folder.path + "/", with: "")
    }
    // It is read, and is no recurrent layer.
    #expect(try problem(["location": "w.bin", "offset": "3", "length": "4"]) == "a.onnx has no recurrent layer that can be read")
    #expect(
      try problem(["location": "w.bin"]) == "can't read a.onnx: tensor \"w\" has 7 bytes, which do not fit its shape [1]")
    #expect(
      try problem(["location": "v.bin"])
        == "can't read a.onnx: tensor \"w\" stands in another file: can't read v.bin: there is no such file")
    #expect(
      try problem(["location": "../w.bin"])
        == "can't read a.onnx: tensor \"w\" stands in the file \"../w.bin\", which is not in the model's own folder")
    #expect(
      try problem(["location": "w.bin", "offset": "9"]) == "can't read a.onnx: tensor \"w\" begins past the end of \"w.bin\"")
    #expect(
      try problem(["location": "w.bin", "length": "9"]) == "can't read a.onnx: tensor \"w\" ends past the end of \"w.bin\"")
  }

  /// Bytes of good files changed, left out, doubled or cut off: whatever comes out, it is a network or one sentence.
  @Test(arguments: [
    "folded", "typed", "chain_embedding", "LSTM_bidirectional_coupled_peepholes", "mgu", "language", "torch_both_view_dynamo",
    "torch_states_opset17", "keras_gru", "keras_embedded",
  ])
  func damagedFilesAreReadOrRefused(name: String) throws {
    let good: [UInt8]
    if let example = ONNXExample.all.first(where: { $0.name == name }) {
      good = try ONNXExport(example.network()).model.bytes
    } else {
      let files = try [ONNXTests.vectors.get(), ONNXExporterTests.vectors.get()]
      let file = try #require(files.first { $0["\(name).model"] != nil })
      good = try file.integers("\(name).model").map { UInt8($0) }
    }
    let refused = try Damage.refusals(of: good, copies: 1500) { path, _ in
      _ = try Network(onnx: path)
      _ = try Network(LayerChain(onnx: path))
    }
    #expect(refused > 300)
  }
}
