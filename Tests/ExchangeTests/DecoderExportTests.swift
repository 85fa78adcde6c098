import CellLanguage
import Engine
import Exchange
import Foundation
import Models
import Networks
import ONNXFiles
import Sequences
import Support
import Testing

/// Networks that begin after a source, as two models. That ONNX Runtime finds the same numbers is what script/check-onnx shows, which has
/// this write its examples into a folder.
struct DecoderExportTests {
  struct Example: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let layers: [Architecture.Layer]
    let encoder: [Architecture.Layer]
    var readout = Architecture.Readout.last
    var reads = Architecture.Input.features(2)

    func network() throws -> Network {
      let letters = try Vocabulary(kind: .characters, symbols: ["a", "b", "c", "d"])
      var network = try Network(
        Architecture(
          input: .tokens(letters, embedding: 3), layers: layers,
          context: .encoder(input: reads, layers: encoder, readout: readout), output: .categorical), seed: 5)
      var random = Random(seed: 6)
      for entry in network.layout.entries where entry.name.contains(".initial.") {
        for place in entry.range { network.parameters[place] = random.uniformFloat() - 0.5 }
      }
      return network
    }
  }

  static let examples: [Example] = [
    Example(
      testDescription: "both-ways", layers: [.init(.gru, units: 4), .init(.lstm, units: 3)],
      encoder: [.init(.gru, units: 3, direction: .bidirectional(.concatenate))]),
    Example(
      testDescription: "mean-and-learned", layers: [.init(.lstm, units: 4, learnsInitialStates: true)],
      encoder: [.init(.lstm, units: 3), .init(.gru, units: 2)], readout: .mean),
    Example(
      testDescription: "scans", layers: [.init(fixture { try Cell.named("lstm-peephole") }, units: 4)],
      encoder: [.init(fixture { try Cell.named("mgu") }, units: 3, direction: .bidirectional(.sum))], readout: .max),
  ]

  private static func fixture(_ make: () throws -> Cell) -> Cell {
    do { return try make() } catch { preconditionFailure("\(error)") }
  }

  @Test(arguments: examples) func theGraphsHaveWhatTheyTellEachOther(example: Example) throws {
    let network = try example.network()
    let export = try ONNXDecoderExport(network)
    let states = network.architecture.passes.flatMap { pass in pass.cell.states.map { pass.prefix + $0.name } }
    let given = export.encoder.graph.outputs.map(\.name)
    #expect(given.filter { $0 != "memory" } == states.map { "decoder.\($0)" })
    let read = export.steps.graph.inputs.map(\.name)
    #expect(states.allSatisfy { read.contains($0) })
    #expect(given.contains("memory") == read.contains("memory"))
    #expect(export.steps.graph.outputs.map(\.name) == ["y"] + states.map { "\($0)_n" })
    #expect(export.operators.count == example.encoder.count + example.layers.count)
    try write(export, network, example)
  }

  /// For script/check-onnx: a source of two sequences, what is read after it, and what the network gives then.
  private func write(_ export: ONNXDecoderExport, _ network: Network, _ example: Example) throws {
    guard let folder = ProcessInfo.processInfo.environment["RECURRENT_EXPORTS"] else { return }
    #expect(try export.write(to: "\(folder)/\(example.testDescription).onnx").count == 2)
    let (source, steps) = (PackedLengths(steps: 4, batch: 2), PackedLengths(steps: 3, batch: 2))
    var random = Random(seed: 7)
    let numbers = (0..<source.rows * 2).map { _ in 2 * random.uniformFloat() - 1 }
    let tokens = (0..<steps.rows).map { _ in Int32(random.integer(in: 0..<4)) }
    let given = try NetworkRunner(network, machine: Machine(threads: 1), trains: false).outputs(
      Batch.Inputs.tokens(tokens).with(Batch.Source(lengths: source, inputs: .features(numbers))), lengths: steps)
    /// Sequences first.
    func turned<Number>(_ rows: [Number], _ lengths: PackedLengths, _ width: Int) -> [Number] {
      (0..<lengths.batch).flatMap { sequence in
        lengths.rows(ofSequence: sequence).flatMap { rows[$0 * width..<($0 + 1) * width] }
      }
    }
    try Safetensors.write(
      [
        .init("source", turned(numbers, source, 2), shape: [2, 4, 2]),
        .init("x", turned(tokens.map(Int64.init), steps, 1), shape: [2, 3]),
        .init("y", turned(given, steps, 4), shape: [2, 3, 4]),
      ], to: "\(folder)/\(example.testDescription).decoder.safetensors")
  }

  @Test func piecesAreTranslatedByAProgram() throws {
    let pieces = try Vocabulary(piecesOf: ["one two", "two one"], .characters)
    let network = try Network(
      Architecture(
        input: .tokens(pieces, embedding: 3), layers: [.init(.gru, units: 3)],
        context: .encoder(input: .tokens(pieces, embedding: 2), layers: [.init(.gru, units: 2)]), output: .categorical))
    let file = TemporaryFile("onnx")
    let files = try ONNXDecoderExport(network).write(to: file.path)
    defer { for file in files { try? FileManager.default.removeItem(atPath: file) } }
    let stem = String(file.path.dropLast(".onnx".count))
    #expect(files == ["\(stem).encoder.onnx", "\(stem).steps.onnx", "\(stem).py"])
    let program = try String(contentsOfFile: files[2], encoding: .utf8)
    #expect(program.contains("load(\"\(stem.split(separator: "/").last ?? "").encoder.onnx\")"))
    // Each model says what the whole network is.
    for path in files.prefix(2) { #expect(try ONNXModel(contentsOf: path).metadata["network"] == network.metadata["network"]) }
  }

  @Test func whatCanNotBeWrittenIsRefused() throws {
    func message(_ network: Network) -> String? {
      #expect(throws: RecurrentError.self) { _ = try ONNXDecoderExport(network) }?.description
    }
    let layers = [Architecture.Layer(.gru, units: 2)]
    #expect(
      message(
        try Network(Architecture(input: .features(1), layers: layers, context: .vector(2), output: .values(1))))
        == "the network begins with a vector of 2 numbers, and not with an encoder, which would be written by itself")
    #expect(
      message(
        try Network(
          Architecture(
            input: .features(1), layers: layers, context: .encoder(input: .features(1), layers: layers), readout: .last,
            output: .values(1))))
        == "what follows a source must be written a step after the other, and the network needs it whole")
  }
}
