import Engine
import Exchange
import Models
import Networks
import ONNXFiles
import Support
import TensorFiles
import Testing

/// A model that hears voices, in three files, in the folder that RECURRENT_CASES names: its recurrent layer is read from each
/// file, and the convolutions before it, which are no network's, are written here plainly.
struct SileroCaseTests {
  private typealias Array = ChainEvaluation.Array

  /// The tensors round the recurrent layer: a Fourier transform as a convolution, four convolutions, and the last layer.
  private struct Surroundings {
    let transform: Array
    let convolutions: [(kernel: Array, bias: [Float])]
    let head: (weight: [Float], bias: Float)

    /// - Parameter names: of the transform, the four convolutions and the last layer.
    init(_ names: [String], _ tensor: (String) throws -> Array) throws {
      transform = try tensor(names[0])
      convolutions = try names[1...4].map { (try tensor("\($0).weight"), try tensor("\($0).bias").values) }
      head = (try tensor("\(names[5]).weight").values, try tensor("\(names[5]).bias").values[0])
    }

    /// 128 numbers of 576 samples.
    func features(_ samples: [Float]) -> [Float] {
      // The last 64 samples but one come once more after the end, the other way round.
      let mirrored = samples + samples.dropLast().suffix(64).reversed()
      let spectrum = convolved(mirrored, transform, nil, stride: 128)
      let half = spectrum.count / 2
      var x = (0..<half).map { (spectrum[$0] * spectrum[$0] + spectrum[half + $0] * spectrum[half + $0]).squareRoot() }
      for ((kernel, bias), stride) in zip(convolutions, [1, 2, 2, 1]) {
        x = convolved(x, kernel, bias, stride: stride, padding: 1).map { max(0, $0) }
      }
      return x
    }

    func probability(_ hidden: some Sequence<Float>) -> Float {
      let sum = zip(hidden, head.weight).reduce(head.bias) { $0 + max(0, $1.0) * $1.1 }
      return ChainEvaluation.sigmoid(sum)
    }
  }

  private let width = 128

  private func folder() throws -> String { try #require(CaseTests.folder) + "/silero-vad" }

  private func samples(_ io: TensorFile) throws -> [[Float]] {
    let (all, shape) = (try io.floats("chunks"), try #require(io["chunks"]?.shape))
    return (0..<shape[0]).map { Swift.Array(all[$0 * shape[1]..<($0 + 1) * shape[1]]) }
  }

  private func note(_ check: String, _ actual: [Float], _ expected: [Float]) {
    CaseTable.$place.withValue(.init("silero-vad", check)) { #expect(difference(actual, expected, abs: 1e-4, rel: 1e-3) == nil) }
  }

  @Test(.enabled(if: CaseTests.folder != nil, CaseTests.isMissing)) func voicesByTensors() throws {
    let (folder, io) = (try folder(), try TensorFile(contentsOf: folder() + "/io.safetensors"))
    let file = try TensorFile(contentsOf: "\(folder)/silero_vad_16k.safetensors")
    let round = try Surroundings(["stft_conv.weight", "conv1", "conv2", "conv3", "conv4", "final_conv"]) {
      Array(values: try file.floats($0), shape: try #require(file[$0]?.shape))
    }
    let network = try Network(LayerChain(file), layers: ["lstm_cell"])
    let stream = try StreamingNetwork(network, machine: Machine(threads: 1)).stream()
    let heard = try samples(io).map { round.probability(stream.step(round.features($0))) }
    note("end-to-end-safetensors", heard, try io.floats("st.prob"))
  }

  /// All chunks in one run.
  @Test(.enabled(if: CaseTests.folder != nil, CaseTests.isMissing)) func voicesByOneOperator() throws {
    let (folder, io) = (try folder(), try TensorFile(contentsOf: folder() + "/io.safetensors"))
    let (round, network) = try model("\(folder)/silero_vad_16k_sequence.onnx") {
      $0 == 0 ? "stft.forward_basis_buffer" : $0 == 5 ? "output" : "encoder.\($0 - 1)"
    }
    let chunks = try samples(io)
    let (input, output) = (TemporaryFile(), TemporaryFile())
    try Safetensors.write([.init("x", chunks.flatMap(round.features), shape: [1, chunks.count, width])], to: input.path)
    try Safetensors.write(ArrayRun(network, TensorFile(contentsOf: input.path))(on: Machine(threads: 1)), to: output.path)
    let results = try TensorFile(contentsOf: output.path)
    let y = try results.floats("y")
    let heard = chunks.indices.map { round.probability(y[$0 * width..<($0 + 1) * width]) }
    note("sequence-onnx", heard, try io.floats("seq.prob"))
    note("sequence-onnx", try results.floats("h_n"), try io.floats("seq.hn"))
    note("sequence-onnx", try results.floats("c_n"), try io.floats("seq.cn"))
  }

  /// Chunk by chunk, with the weights that the graph works out within a branch.
  @Test(.enabled(if: CaseTests.folder != nil, CaseTests.isMissing)) func voicesAsTheyCome() throws {
    let (folder, io) = (try folder(), try TensorFile(contentsOf: folder() + "/io.safetensors"))
    let (round, network) = try model("\(folder)/silero_vad_16k_op15.onnx") {
      $0 == 0 ? "model.stft.forward_basis_buffer" : $0 == 5 ? "model.decoder.decoder.2" : "model.encoder.\($0 - 1).reparam_conv"
    }
    let stream = try StreamingNetwork(network, machine: Machine(threads: 1)).stream()
    var (heard, states): ([Float], [Float]) = ([], [])
    for chunk in try samples(io) {
      heard.append(round.probability(stream.step(round.features(chunk))))
      states += stream.state(0, ofLayer: 0) + stream.state(1, ofLayer: 0)
    }
    note("streaming-onnx-with-If", heard, try io.floats("stream.prob"))
    note("streaming-onnx-with-If", states, try io.floats("stream.state"))
  }

  /// - Parameter name: of the transform, the four convolutions and the last layer, by their numbers.
  private func model(_ path: String, _ name: (Int) -> String) throws -> (Surroundings, Network) {
    let model = try ONNXModel(contentsOf: path)
    let round = try Surroundings((0..<6).map(name)) { name in
      let tensor = try #require(model.graph.initializers.first { $0.name == name })
      let array = try tensor.array()
      guard case .floats(let values) = array.elements else { throw RecurrentError(.interchange, "\(name) holds whole numbers") }
      return Array(values: values, shape: array.shape)
    }
    let chain = try LayerChain(onnx: path)
    return (round, try Network([#require(chain.layers.first).layer]))
  }
}
