import Engine
import Exchange
import Foundation
import Models
import Networks
import Storage
import TensorFiles
import Testing

/// Whole models in the folder that RECURRENT_CASES names: what stands round their recurrent layers is written here plainly.
struct WholeModelCaseTests {
  private typealias Array = ChainEvaluation.Array

  private func folder(_ name: String) throws -> String { try #require(CaseTests.folder) + "/" + name }

  /// A case's description, weights, inputs and outputs.
  private func files(_ name: String, _ weights: String) throws -> (json: JSONValue, weights: TensorFile, io: TensorFile) {
    let folder = try folder(name)
    let path = "\(folder)/case.json"
    let json = try JSONValue(parsing: Data(contentsOf: URL(filePath: path)), in: path, "the case")
    return (json, try TensorFile(contentsOf: "\(folder)/\(weights)"), try TensorFile(contentsOf: "\(folder)/io.safetensors"))
  }

  private func array(_ file: TensorFile, _ name: String) throws -> Array {
    Array(values: try file.floats(name), shape: try #require(file[name]?.shape))
  }

  /// A linear layer of PyTorch.
  private func dense(
    _ file: TensorFile, _ name: String, _ bias: String? = nil, _ function: DenseLayer.Function = .elementwise(.linear)
  ) throws -> LayerChain.Part {
    let weight = try array(file, bias == nil ? "\(name).weight" : name)
    return .dense(
      try DenseLayer(
        name, inputs: weight.shape[1], outputs: weight.shape[0], weight: weight.values,
        bias: file.floats(bias ?? "\(name).bias"), function: function))
  }

  private func embedding(_ file: TensorFile, _ name: String) throws -> LayerChain.Part {
    let table = try array(file, name)
    return .embedding(try EmbeddingLayer(name, symbols: table.shape[0], width: table.shape[1], weight: table.values))
  }

  /// The layers of a stack.
  private func layers(_ file: TensorFile, _ stack: String) throws -> [LayerChain.Part] {
    try LayerChain(file).layers.filter { $0.stack == stack }.map(LayerChain.Part.recurrent)
  }

  private func run(_ parts: [LayerChain.Part], _ x: Array, states: [String: Array] = [:]) throws -> (
    y: Array, states: [String: [Float]]
  ) {
    var evaluation = ChainEvaluation(chain: LayerChain(path: "", parts: parts))
    evaluation.states = states.mapValues { ($0.values, $0.shape) }
    return try evaluation(x)
  }

  private func note(_ name: String, _ check: String, _ actual: [Float], _ expected: [Float], abs: Float, rel: Float) {
    CaseTable.$place.withValue(.init(name, check)) { #expect(difference(actual, expected, abs: abs, rel: rel) == nil, "\(name)") }
  }

  @Test(.enabled(if: CaseTests.folder != nil, CaseTests.isMissing)) func beats() throws {
    let (_, weights, io) = try files("beatnet", "weights.safetensors")
    let frames = try array(io, "features")
    // Each frame: two channels, the larger one of two neighbours, channel by channel.
    let (kernel, bias) = (try array(weights, "conv1.weight"), try weights.floats("conv1.bias"))
    let width = frames.shape[2] - kernel.shape[2] + 1
    let x = (0..<frames.shape[1]).flatMap { frame in
      let own = Swift.Array(frames.values[frame * frames.shape[2]..<(frame + 1) * frames.shape[2]])
      let rows = convolved(own, kernel, bias).map { max(0, $0) }
      return (0..<2).flatMap { channel in
        (0..<width / 2).map { max(rows[channel * width + 2 * $0], rows[channel * width + 2 * $0 + 1]) }
      }
    }
    let parts = try [dense(weights, "linear0")] + layers(weights, "lstm") + [dense(weights, "linear")]
    let y = try run(parts, Array(values: x, shape: [1, frames.shape[1], width / 2 * 2])).y
    let logits = permuted(y.values, y.shape, [0, 2, 1])
    note("beatnet", "end-to-end", logits, try io.floats("e2e.logits"), abs: 2e-4, rel: 1e-4)
    let likely = permuted(y.values.softmaxed(rows: y.shape[1]), y.shape, [0, 2, 1])
    note("beatnet", "end-to-end", likely, try io.floats("e2e.prob"), abs: 2e-4, rel: 1e-4)
  }

  /// In runs of 64 steps, each of which goes on from the states of the one before, and step by step.
  @Test(.enabled(if: CaseTests.folder != nil, CaseTests.isMissing)) func beatsAsTheyCome() throws {
    let (_, weights, io) = try files("beatnet", "weights.safetensors")
    let x = try array(io, "rec.x")
    let network = try Network(LayerChain(weights), layers: ["lstm"])
    let stream = try StreamingNetwork(network, machine: Machine(threads: 1)).stream()
    let steps = x.values.count / x.shape[2]
    let single = (0..<steps).flatMap { stream.step(Swift.Array(x.values[$0 * x.shape[2]..<($0 + 1) * x.shape[2]])) }
    note("beatnet", "streaming", single, try io.floats("rec.y"), abs: 2e-5, rel: 1e-4)
    note("beatnet", "streaming", (0..<2).flatMap { stream.state(0, ofLayer: $0) }, try io.floats("rec.h_n"), abs: 2e-5, rel: 1e-4)
    note("beatnet", "streaming", (0..<2).flatMap { stream.state(1, ofLayer: $0) }, try io.floats("rec.c_n"), abs: 2e-5, rel: 1e-4)

    var (joined, states): ([Float], [Safetensors.Entry]) = ([], [])
    for first in stride(from: 0, to: steps, by: 64) {
      let (input, output) = (TemporaryFile(), TemporaryFile())
      let part = Swift.Array(x.values[first * x.shape[2]..<min(steps, first + 64) * x.shape[2]])
      try Safetensors.write([.init("x", part, shape: [1, part.count / x.shape[2], x.shape[2]])] + states, to: input.path)
      try Safetensors.write(ArrayRun(network, TensorFile(contentsOf: input.path))(on: Machine(threads: 1)), to: output.path)
      let results = try TensorFile(contentsOf: output.path)
      joined += try results.floats("y")
      states = try ["h", "c"].map { .init("\($0)0", try results.floats("\($0)_n"), shape: [2, 1, x.shape[2]]) }
    }
    note("beatnet", "streaming", joined, try io.floats("rec.y"), abs: 2e-5, rel: 1e-4)
  }

  @Test(.enabled(if: CaseTests.folder != nil, CaseTests.isMissing)) func soundsOfChineseCharacters() throws {
    let (json, weights, io) = try files("g2pM", "weights.safetensors")
    let below = try [embedding(weights, "embedding.weight")] + layers(weights, "lstm")
    let headLayers = try [dense(weights, "logit_layer.0", nil, .elementwise(.relu)), dense(weights, "logit_layer.2")]
    let texts = try #require(json["checks"]?.array?.first { $0["id"]?.text == "end-to-end" }?["texts"]?.array)
    #expect(texts.count == 4)
    for (number, text) in texts.enumerated() {
      let ids = try #require(io["e2e.\(number).ids"])
      let x = Array(values: try io.integers(ids.name).map(Float.init), shape: ids.shape)
      let y = try run(below, x).y
      let places = (text["target_positions_with_BOS"]?.array ?? []).compactMap(\.integer)
      let hidden = places.flatMap { y.values[$0 * y.shape[2]..<($0 + 1) * y.shape[2]] }
      note("g2pM", "end-to-end", hidden, try io.floats("e2e.\(number).hidden"), abs: 5e-4, rel: 1e-4)
      // Layers without steps are run by hand, through a layer that changes nothing of their input.
      var evaluation = Array(values: hidden, shape: [1, places.count, y.shape[2]])
      for part in headLayers { evaluation = try ChainEvaluation(chain: LayerChain(path: "", parts: [part]))(evaluation).y }
      note("g2pM", "end-to-end", evaluation.values, try io.floats("e2e.\(number).logits"), abs: 5e-4, rel: 1e-4)
    }
  }

  @Test(.enabled(if: CaseTests.folder != nil, CaseTests.isMissing)) func soundsOfEnglishWords() throws {
    let (json, _, _) = try files("g2p_en", "weights.safetensors")
    let weights = try TensorFile(contentsOf: folder("g2p_en") + "/checkpoint20.npz")
    let vocabulary = try #require(json["vocabulary"])
    let (letters, phonemes) = (vocabulary["graphemes"]?.array ?? [], (vocabulary["phonemes"]?.array ?? []).compactMap(\.text))
    let encoder = try [embedding(weights, "enc_emb")] + layers(weights, "enc")
    let decoder = try [embedding(weights, "dec_emb")] + layers(weights, "dec") + [dense(weights, "fc_w", "fc_b")]
    let words = try #require(json["checks"]?.array?.first { $0["id"]?.text == "end-to-end" }?["words"]?.array)
    #expect(words.count == 10)
    for entry in words {
      let word = try #require(entry["word"]?.text)
      let ids = (word.map(String.init) + ["</s>"]).map { letter in letters.firstIndex { $0.text == letter } ?? 1 }
      var hidden = try #require(run(encoder, Array(values: ids.map(Float.init), shape: [1, ids.count])).states["h_n"])
      var (now, said): (Int, [Int]) = (2, [])
      while said.count < 20 {
        let states = ["h0": Array(values: hidden, shape: [1, 1, hidden.count])]
        let (y, after) = try run(decoder, Array(values: [Float(now)], shape: [1, 1]), states: states)
        now = y.values.indices.max { y.values[$0] < y.values[$1] } ?? 0
        if phonemes[now] == "</s>" { break }
        said.append(now)
        hidden = try #require(after["h_n"])
      }
      let expected = (entry["phonemes"]?.array ?? []).map { sound in phonemes.firstIndex { $0 == sound.text } ?? -1 }
      note("g2p_en", "end-to-end", said.map(Float.init), expected.map(Float.init), abs: 0, rel: 0)
    }
  }

  @Test(.enabled(if: CaseTests.folder != nil, CaseTests.isMissing)) func voices() throws {
    let (_, weights, io) = try files("resemblyzer", "weights.safetensors")
    let parts = try layers(weights, "lstm") + [.readout(.last), dense(weights, "linear", nil, .elementwise(.relu))]
    let y = try run(parts, array(io, "rec.x")).y
    let embedded = stride(from: 0, to: y.values.count, by: y.shape[1]).flatMap { row in
      let own = y.values[row..<row + y.shape[1]]
      let length = own.reduce(0) { $0 + $1 * $1 }.squareRoot()
      return own.map { $0 / length }
    }
    note("resemblyzer", "end-to-end", embedded, try io.floats("e2e.embedding"), abs: 2e-5, rel: 1e-4)
  }

  @Test(.enabled(if: CaseTests.folder != nil, CaseTests.isMissing)) func noiseIsSuppressed() throws {
    let folder = try folder("nsnet2")
    let io = try TensorFile(contentsOf: "\(folder)/io.safetensors")
    let chain = try LayerChain(onnx: "\(folder)/nsnet2-20ms-baseline.onnx")
    note("nsnet2", "end-to-end", try Network(chain).outputs(array(io, "input")), try io.floats("output"), abs: 5e-5, rel: 1e-3)
  }

  @Test(.enabled(if: CaseTests.folder != nil, CaseTests.isMissing)) func stagesOfSleep() throws {
    let folder = try folder("sleepecg-wrn-gru")
    let io = try TensorFile(contentsOf: "\(folder)/io.safetensors")
    let file = try TensorFile(contentsOf: "\(folder)/model.weights.h5")
    let chain = try LayerChain(file, .init(config: "\(folder)/config.json"))
    let known = chain.parts.filter { if case .other = $0 { false } else { true } }
    #expect(known.count == chain.parts.count - 1)
    var x = try array(io, "e2e.x")
    let width = x.shape[2]
    let mask = stride(from: 0, to: x.values.count, by: width).map { row in
      x.values[row..<row + width].allSatisfy { $0 == -1 } ? 0 : 1
    }
    let (scale, offset, mean, variance) = (
      try file.floats("layers/batch_normalization/vars/0"), try file.floats("layers/batch_normalization/vars/1"),
      try file.floats("layers/batch_normalization/vars/2"), try file.floats("layers/batch_normalization/vars/3")
    )
    for place in x.values.indices {
      let column = place % width
      x.values[place] = (x.values[place] - mean[column]) / (variance[column] + 1e-3).squareRoot() * scale[column] + offset[column]
    }
    let y = try ChainEvaluation(chain: LayerChain(path: "", parts: known), mask: mask)(x).y
    note("sleepecg-wrn-gru", "end-to-end", y.values, try io.floats("e2e.prob"), abs: 2e-5, rel: 1e-3)
  }
}

extension [Float] {
  /// exp(a) over the sum of all exp(a), row by row.
  fileprivate func softmaxed(rows: Int) -> [Float] {
    let width = count / rows
    return stride(from: 0, to: count, by: width).flatMap { row in
      let powers = self[row..<row + width].map { Foundation.exp($0) }
      return powers.map { $0 / powers.reduce(0, +) }
    }
  }
}

/// A convolution of `[channels, T]` with a kernel `[outputs, channels, width]`; nothing stands beyond the ends but `padding` zeros.
func convolved(
  _ x: [Float], _ kernel: ChainEvaluation.Array, _ bias: [Float]?, stride: Int = 1, padding: Int = 0
) -> [Float] {
  let (outputs, channels, width) = (kernel.shape[0], kernel.shape[1], kernel.shape[2])
  let steps = x.count / channels
  return (0..<outputs).flatMap { output in
    Swift.stride(from: -padding, through: steps + padding - width, by: stride).map { start in
      var sum = bias?[output] ?? 0
      for channel in 0..<channels {
        for place in max(0, -start)..<min(width, steps - start) {
          sum += x[channel * steps + start + place] * kernel.values[(output * channels + channel) * width + place]
        }
      }
      return sum
    }
  }
}
