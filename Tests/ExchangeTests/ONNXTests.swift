import CellLanguage
import Exchange
import Foundation
import Models
import Networks
import ONNXFiles
import TensorFiles
import Testing

/// ONNX models give what ONNX Runtime gives.
///
/// As with PyTorch's vectors: sums of at most 20 summands through at most 5 steps and 2 layers, so that 1e-5 is some hundred roundings of a
/// Float. Gates whose functions have no bounds let numbers grow to 10⁵, whose roundings grow with them: hence 1e-5 of a number, too.
struct ONNXTests {
  static let vectors = Result { try Vectors.file("onnx.safetensors") }
  static var cases: [String] {
    get throws { try vectors.get().tensors.filter { $0.name.hasSuffix(".model") }.map { String($0.name.dropLast(6)) } }
  }

  @Test func thereAreVectors() throws { #expect(try Self.cases.count == 114) }

  static func open(_ name: String) throws -> ONNXCase {
    let io = try Self.vectors.get()
    let bytes = try io.integers("\(name).model").map { UInt8($0) }
    let file = try TemporaryFile(bytes: bytes, "onnx")
    return try withExtendedLifetime(file) { try ONNXCase(name, io, path: file.path) }
  }

  @Test(arguments: try cases) func whatIsReadGivesTheSameNumbers(name: String) throws {
    let test = try Self.open(name)
    #expect(try test.check(test.network(), abs: 1e-5, rel: 1e-5) > 0)
  }

  /// A network that was read is written again as the same operators, and what is read from them is the same network.
  @Test(arguments: try cases) func exportAndImportIsTheIdentity(name: String) throws {
    let network = try Self.open(name).network()
    let export = try ONNXExport(network)
    #expect(!export.operators.contains("Scan"))
    let file = TemporaryFile("onnx")
    try export.write(to: file.path)
    let again = try #require(try Network(onnx: file.path))
    #expect(again.architecture == network.architecture)
    #expect(again.parameters == network.parameters)
    // Without what the file says of itself, its operators say the same.
    var foreign = try ONNXModel(contentsOf: file.path)
    foreign.metadata = [:]
    let read = try Network(LayerChain(foreign, path: "foreign.onnx"))
    #expect(read.architecture.layers.map(\.cell) == network.architecture.layers.map(\.cell))
    #expect(read.architecture.layers.map(\.direction) == network.architecture.layers.map(\.direction))
    #expect(read.parameters == network.parameters)
  }
}
