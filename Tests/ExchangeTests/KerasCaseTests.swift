import Engine
import Exchange
import Foundation
import Models
import Networks
import Storage
import Support
import TensorFiles
import Testing

/// Keras's and RTNeural's models in the folder that RECURRENT_CASES names.
struct KerasCaseTests {
  private struct Listing: Decodable {
    let tests: [Entry]

    struct Entry: Decodable {
      let test: String
      let file: String?
      let negative: Bool?
    }
  }

  private func folder(_ name: String) throws -> String { try #require(CaseTests.folder) + "/" + name }

  private func tests(_ folder: String) throws -> [Listing.Entry] {
    try JSONDecoder().decode(Listing.self, from: Data(contentsOf: URL(filePath: "\(folder)/case.json"))).tests
  }

  private func array(_ file: TensorFile, _ name: String) throws -> ChainEvaluation.Array {
    ChainEvaluation.Array(values: try file.floats(name), shape: file[name]?.shape ?? [])
  }

  @Test(.enabled(if: CaseTests.folder != nil, CaseTests.isMissing), arguments: ["keras2-hdf5-grid", "keras3-grid"])
  func modelsOfKerasGiveTheirNumbers(name: String) throws {
    let folder = try folder(name)
    let io = try TensorFile(contentsOf: "\(folder)/io.safetensors")
    for test in try tests(folder) {
      let file = try #require(test.file)
      // A file of weights alone has its description beside it, or in the case.
      var options = ReadingOptions(recurrentActivation: "sigmoid")
      let config = "\(folder)/\(test.test).config.json"
      if FileManager.default.fileExists(atPath: config) { options.config = config }
      var chain = try LayerChain(TensorFile(contentsOf: "\(folder)/\(file)"), options)
      if test.test == "weights_only_bigru" { chain = try completed(chain) }
      let x = try array(io, "\(test.test).in.0")
      // The embeddings of these models mask symbol 0.
      let mask = test.test.contains("mask") ? x.values.map { $0 == 0 ? 0 : 1 } : nil
      var evaluation = ChainEvaluation(chain: chain, mask: mask)
      for (place, state) in ["h0", "c0"].enumerated() where io["\(test.test).in.\(place + 1)"] != nil {
        let given = try array(io, "\(test.test).in.\(place + 1)")
        evaluation.states[state] = (given.values, [1] + given.shape)
      }
      let (y, states) = try evaluation(x)
      try CaseTable.$place.withValue(.init(name, "models")) {
        var expected = try io.floats("\(test.test).out.0")
        // Where a step is masked, Keras repeats the last output, and ours is 0.
        if let mask, y.shape.count == 3 {
          for place in expected.indices where mask[place / y.shape[2]] == 0 { expected[place] = 0 }
        }
        #expect(difference(y.values, expected, abs: 2e-5, rel: 1e-4) == nil, "\(test.test)")
        for (place, state) in ["h_n", "c_n"].enumerated() where io["\(test.test).out.\(place + 1)"] != nil {
          let expected = try io.floats("\(test.test).out.\(place + 1)")
          #expect(difference(states[state] ?? [], expected, abs: 2e-5, rel: 1e-4) == nil, "\(test.test): \(state)")
        }
      }
    }
  }

  /// What weights alone don't say of the only such model: that it gives the last step, to a dense layer without a function.
  private func completed(_ chain: LayerChain) throws -> LayerChain {
    let file = try TensorFile(contentsOf: chain.path)
    let (kernel, bias) = (try array(file, "out/out/kernel:0"), try file.floats("out/out/bias:0"))
    let (inputs, outputs) = (kernel.shape[0], kernel.shape[1])
    let weight = (0..<outputs).flatMap { output in (0..<inputs).map { kernel.values[$0 * outputs + output] } }
    let head = try DenseLayer("out", inputs: inputs, outputs: outputs, weight: weight, bias: bias)
    return LayerChain(path: chain.path, parts: chain.layers.map(LayerChain.Part.recurrent) + [.readout(.last), .dense(head)])
  }

  @Test(.enabled(if: CaseTests.folder != nil, CaseTests.isMissing), arguments: ["hard_sigmoid", "sigmoid"])
  func weightsAloneGiveTheNumbersOfTheFunctionThatIsSaid(function: String) throws {
    let folder = try folder("chars2vec")
    let io = try TensorFile(contentsOf: "\(folder)/io.safetensors")
    let chain = try LayerChain(TensorFile(contentsOf: "\(folder)/weights.h5"), .init(recurrentActivation: function))
    let (y, states) = try ChainEvaluation(chain: chain)(array(io, "rec.x"))
    let expected = try io.floats("\(function).vector")
    CaseTable.$place.withValue(.init("chars2vec", "recurrent-\(function)")) {
      #expect(difference(states["h_n"] ?? [], expected, abs: 2e-5, rel: 1e-4) == nil)
    }
    #expect(y.shape == [8, 11, 50])
  }

  @Test(.enabled(if: CaseTests.folder != nil, CaseTests.isMissing)) func masksWithHolesArePassedOver() throws {
    let folder = try folder("sleepecg-wrn-gru")
    let io = try TensorFile(contentsOf: "\(folder)/io.safetensors")
    let options = ReadingOptions(config: "\(folder)/config.json")
    let chain = try LayerChain(TensorFile(contentsOf: "\(folder)/model.weights.h5"), options)
    let recurrent = LayerChain(path: chain.path, parts: chain.layers.map(LayerChain.Part.recurrent))
    let (y, _) = try ChainEvaluation(chain: recurrent, mask: io.integers("mask"))(array(io, "rec.x"))
    let expected = try io.floats("rec.y1")
    CaseTable.$place.withValue(.init("sleepecg-wrn-gru", "recurrent-masked")) {
      #expect(difference(y.values, expected, abs: 2e-5, rel: 1e-4) == nil)
    }
    #expect(throws: RecurrentError.self) { try Network(chain) }
  }

  @Test(.enabled(if: CaseTests.folder != nil, CaseTests.isMissing)) func modelsOfRTNeuralGiveTheirNumbers() throws {
    let folder = try folder("rtneural")
    let io = try TensorFile(contentsOf: "\(folder)/io.safetensors")
    for test in try tests(folder) {
      let path = try "\(folder)/\(#require(test.file))"
      if test.negative == true {
        let error = #expect(throws: RecurrentError.self) { try LayerChain(TensorFile(contentsOf: path)) }
        #expect(error?.description.contains("for 16 units") == true)
        continue
      }
      let chain = try LayerChain(TensorFile(contentsOf: path))
      let x = try array(io, "\(test.test).x")
      // Those of PyTorch's names have stacks whose order nobody says.
      let y = try (try? Network(chain))?.outputs(x) ?? ChainEvaluation(chain: chain)(x).y.values
      let expected = try io.floats("\(test.test).y")
      CaseTable.$place.withValue(.init("rtneural", "models")) {
        #expect(difference(y, expected, abs: 5e-5, rel: 1e-4) == nil, "\(test.test)")
      }
    }
  }
}
