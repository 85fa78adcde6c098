import Engine
import Exchange
import Foundation
import Models
import Networks
import Storage
import Support
import TensorFiles
import Testing

/// Real ONNX models and the test vectors of ONNX and ONNX Runtime, in the folder that RECURRENT_CASES names.
struct ONNXCaseTests {
  private struct Listing: Decodable {
    let tests: [Entry]

    struct Entry: Decodable { let test: String }
  }

  @Test(
    .enabled(if: CaseTests.folder != nil, CaseTests.isMissing),
    arguments: [
      ("onnx-op-grid", "grid", "", Float(2e-5), Float(1e-4), 36), ("onnx-node-tests", "node-tests", "/model", 1e-5, 1e-3, 9),
      ("ort-op-tests", "op-tests", "", 1e-4, 1e-3, 38),
    ])
  func operatorsGiveTheirNumbers(name: String, check: String, file: String, abs: Float, rel: Float, count: Int) throws {
    let folder = try #require(CaseTests.folder) + "/" + name
    let tests = try JSONDecoder().decode(Listing.self, from: Data(contentsOf: URL(filePath: "\(folder)/case.json"))).tests
    #expect(tests.count == count)
    let io = try TensorFile(contentsOf: "\(folder)/io.safetensors")
    for test in tests {
      let own = try ONNXCase(test.test, io, path: "\(folder)/\(test.test)\(file).onnx")
      let count = try CaseTable.$place.withValue(.init(name, check)) { try own.check(own.network(), abs: abs, rel: rel) }
      #expect(count > 0)
    }
  }

  @Test(.enabled(if: CaseTests.folder != nil, CaseTests.isMissing)) func theLayersOfADenoiserGiveTheirNumbers() throws {
    let folder = try #require(CaseTests.folder) + "/nsnet2"
    let chain = try LayerChain(onnx: "\(folder)/nsnet2-20ms-baseline.onnx")
    let io = try TensorFile(contentsOf: "\(folder)/io.safetensors")
    for (place, found) in chain.layers.enumerated() {
      let network = try Network(chain, layers: [found.layer.name])
      try check(network, io, "rec.l\(place).", order: .timeFirst, abs: 2e-5)
    }
  }

  /// In one of its files the weights are in PyTorch's order and sorted by operators within branches.
  @Test(
    .enabled(if: CaseTests.folder != nil, CaseTests.isMissing),
    arguments: ["silero_vad_16k_sequence", "silero_vad_16k_op15"])
  func theLayersOfAVoiceDetectorAreThoseOfItsOtherFile(name: String) throws {
    let folder = try #require(CaseTests.folder) + "/silero-vad"
    let chain = try LayerChain(onnx: "\(folder)/\(name).onnx")
    let other = try LayerChain(onnx: "\(folder)/silero_vad_16k_sequence.onnx")
    let expected = try Network(other, layers: [other.layers[0].layer.name]).parameters
    for found in chain.layers { #expect(try Network(chain, layers: [found.layer.name]).parameters == expected) }
    #expect(throws: RecurrentError.self) { try Network(chain) }
  }

  private func check(_ network: Network, _ io: TensorFile, _ prefix: String, order: ArrayRun.Order, abs: Float) throws {
    let file = TemporaryFile()
    let (inputs, kept) = try io.part(prefix)
    let (own, keptInputs) = try inputs.only(["x"])
    try withExtendedLifetime((kept, keptInputs)) {
      try Safetensors.write(ArrayRun(network, own, order: order)(on: Machine(threads: 1)), to: file.path)
      let results = try TensorFile(contentsOf: file.path)
      for name in ["y", "h_n"] {
        let (actual, expected) = (try results.floats(name), try inputs.floats(name))
        CaseTable.$place.withValue(.init("nsnet2", "recurrent")) {
          #expect(difference(actual, expected, abs: abs, rel: 1e-4) == nil, "\(name)")
        }
      }
    }
  }
}
