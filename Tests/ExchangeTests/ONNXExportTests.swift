import CellLanguage
import Exchange
import Foundation
import Models
import Networks
import ONNXFiles
import Support
import Testing

/// Models that are written for other runtimes. That these give the same numbers is what script/check-onnx shows, which has this write
/// its examples into a folder.
struct ONNXExportTests {
  @Test func everyPrimitiveHasOperators() {
    for primitive in Primitive.all {
      #expect((primitive.operators == nil) == (primitive.composition != nil), "\(primitive.name)")
    }
  }

  @Test func thereAreExamplesOfAll() {
    #expect(ONNXExample.all.count >= ONNXExample.library.count + 60)
    #expect(Set(ONNXExample.all.map(\.name)).count == ONNXExample.all.count)
  }

  @Test(arguments: ONNXExample.all) func ourOwnFileIsReadAsTheSameNetwork(example: ONNXExample) throws {
    let network = try example.network()
    let file = TemporaryFile("onnx")
    try ONNXExport(network).write(to: file.path)
    let again = try #require(try Network(onnx: file.path))
    #expect(again.architecture == network.architecture)
    #expect(again.parameters == network.parameters)
    if let folder = ProcessInfo.processInfo.environment["RECURRENT_EXPORTS"] {
      try ONNXExport(network).write(to: "\(folder)/\(example.name).onnx")
      try Safetensors.write(try example.arrays(network), to: "\(folder)/\(example.name).safetensors")
    }
  }

  /// The library's cells that ONNX has an operator for: those that are read as a plain network, an LSTM or a GRU, but for the projection.
  /// Those without memory need none.
  @Test func cellsAreOperatorsWhereTheyCanBe() throws {
    for example in ONNXExample.library {
      let isOperator = try ONNXExport(example.network()).operators != ["Scan"]
      #expect(
        isOperator
          == (DescriptionTests.known.subtracting(["lstm-projected"]).contains(example.name)
            || !example.architecture.layers[0].cell.hasMemory),
        "\(example.name)")
    }
  }

  /// Other systems than ONNX have layers one above the other.
  @Test func branchesAreRefusedElsewhere() throws {
    let page = try NetworkPage(parsing: "a = gru(x, units: 3); y = x + a")
    let network = try Network(Architecture(input: .features(3), page: page, output: .values(1)))
    func message(_ system: String) -> RecurrentError {
      RecurrentError(
        .interchange,
        "the output reads x + a, and not just what is below it, which \(system) can't hold as it is written here: convert it to ONNX"
      )
    }
    #expect(throws: message("Keras")) { _ = try KerasExport(network, file: "a") }
    #expect(throws: message("PyTorch")) { _ = try PyTorchExport(network, file: "a") }
    #expect(throws: message("RTNeural")) { _ = try RTNeuralExport(network) }
    let lengths = RecurrentError(
      .interchange, "the output reads x + a, and not just what is below it, which is not written with lengths")
    #expect(throws: lengths) { _ = try ONNXExport(network, takesLengths: true) }
  }

  /// Which axis an operator means that does not say it depends on the version of the operators.
  @Test(arguments: [(12, false), (13, true), (17, true)]) func softmaxWithoutAnAxis(opset: Int, isLast: Bool) throws {
    let network = try Network(input: .features(3), layers: [.init(.gru, units: 4)], output: .classes(2))
    var model = try ONNXExport(network).model
    model.opsets[""] = opset
    let place = try #require(model.graph.nodes.firstIndex { $0.operation == "Softmax" })
    model.graph.nodes[place].attributes = [:]
    let chain = try LayerChain(model, path: "a.onnx")
    if isLast {
      #expect(try Network(chain).architecture.output == .classes(2))
    } else {
      let error = #expect(throws: RecurrentError.self) { try Network(chain) }
      #expect(error?.description.contains("is an operator Softmax") == true)
    }
  }

  /// Another runtime takes a length for each sequence; a file with them is ours, too.
  @Test func lengthsAreAnInputIfAskedFor() throws {
    let layers: [Architecture.Layer] = [
      .init(.lstm, units: 4, direction: .bidirectional(.sum)), .init(.gru, units: 3), .init(.rnn, units: 2, direction: .reverse),
    ]
    for readout in [Architecture.Readout.everyStep, .last] {
      let example = ONNXExample(
        name: "lengths-\(readout.rawValue)",
        architecture: .init(input: .features(3), layers: layers, readout: readout, output: .lastLayer))
      let network = try example.network()
      let export = try ONNXExport(network, takesLengths: true)
      #expect(export.model.graph.inputs.map(\.name).prefix(2) == ["x", "lengths"])
      let again = try read(export.model)
      #expect(again?.parameters == network.parameters && again?.architecture == network.architecture)
      #expect(try LayerChain(export.model, path: "a.onnx").layers.count == 3)
      if let folder = ProcessInfo.processInfo.environment["RECURRENT_EXPORTS"] {
        try export.write(to: "\(folder)/\(example.name).onnx")
        try Safetensors.write(try example.arrays(network, lengths: [5, 2]), to: "\(folder)/\(example.name).safetensors")
      }
    }
  }

  @Test func whereLengthsAreUnknownIsSaid() throws {
    let mgu = try Network(
      input: .features(3), layers: [.init(.gru, units: 4), .init(.named("mgu"), units: 4)], output: .lastLayer)
    let loop = #expect(throws: RecurrentError.self) { try ONNXExport(mgu, takesLengths: true) }
    #expect(
      loop?.description
        == "layer l1 has the cell mgu, which ONNX has as a loop over all steps: lengths are for layers that are LSTM, GRU or RNN there"
    )
    let mean = try Network(input: .features(3), layers: [.init(.gru, units: 4)], readout: .mean, output: .lastLayer)
    let readout = #expect(throws: RecurrentError.self) { try ONNXExport(mean, takesLengths: true) }
    #expect(readout?.description == "the network reads out the mean of all steps, which is not written with lengths")
  }

  /// Metadata outlive changes to a graph, so that they alone are not believed.
  @Test func aFileThatWasChangedIsNotTakenForOurs() throws {
    let example = try #require(ONNXExample.all.first { $0.name == "mgu" })
    let export = try ONNXExport(example.network())
    var weights = export.model
    let place = try #require(weights.graph.initializers.firstIndex { $0.name == "layers.0.W_f" })
    let array = try weights.graph.initializers[place].array()
    weights.graph.initializers[place] = ONNXTensor("layers.0.W_f", ONNXArray([array.count], array.elements))
    #expect(try read(export.model) != nil)
    #expect(try read(weights) == nil, "its weights have another shape")
    var operators = export.model
    operators.graph.nodes[0].operation = "Identity"
    #expect(try read(operators) == nil, "its operators are others")
    let error = #expect(throws: RecurrentError.self) { try LayerChain(operators, path: "mine.onnx") }
    #expect(
      error?.description
        == "mine.onnx has no recurrent layer that can be read: sequences is an operator Slice")
  }

  /// The network of a model in a file, nil if it is not ours.
  private func read(_ model: ONNXModel) throws -> Network? {
    let file = TemporaryFile("onnx")
    try model.write(to: file.path)
    return try Network(onnx: file.path)
  }
}
