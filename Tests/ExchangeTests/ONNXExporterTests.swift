import CellLanguage
import Engine
import Exchange
import Foundation
import Models
import Networks
import ONNXFiles
import Support
import TensorFiles
import Testing

/// Models as PyTorch's two exporters and tf2onnx write them give what ONNX Runtime gives.
///
/// As in ``ONNXTests``: sums of at most 20 summands through at most 5 steps and 2 layers.
struct ONNXExporterTests {
  static let vectors = Result { try Vectors.file("onnx-exporters.safetensors") }
  static func names(_ ending: String) throws -> [String] {
    try vectors.get().tensors.filter { $0.name.hasSuffix(ending) }.map { String($0.name.dropLast(ending.count)) }
  }
  static var cases: [String] { get throws { try names(".model") } }
  static var refused: [String] { get throws { try names(".refused") } }

  @Test func thereAreVectors() throws { #expect(try (Self.cases.count, Self.refused.count) == (90, 11)) }

  private func chain(_ tensor: String) throws -> LayerChain {
    let file = try TemporaryFile(bytes: Self.vectors.get().integers(tensor).map { UInt8($0) }, "onnx")
    return try withExtendedLifetime(file) { try LayerChain(ONNXModel(contentsOf: file.path), path: "a.onnx") }
  }

  @Test(arguments: try cases) func whatIsReadGivesTheSameNumbers(name: String) throws {
    let io = try Self.vectors.get()
    let network = try Network(chain("\(name).model"))
    var inputs: [Safetensors.Entry] = []
    for tensor in io.tensors where tensor.name.hasPrefix("\(name).in.") {
      let key = String(tensor.name.dropFirst(name.count + 4))
      inputs.append(
        tensor.dataType == .int64
          ? .init(key, try io.integers(tensor.name).map(Int64.init), shape: tensor.shape)
          : .init(key, try io.floats(tensor.name), shape: tensor.shape))
    }
    let (file, results) = (TemporaryFile(), TemporaryFile())
    try Safetensors.write(inputs, to: file.path)
    let order: ArrayRun.Order = name.contains("time_first") ? .timeFirst : .batchFirst
    try Safetensors.write(
      ArrayRun(network, TensorFile(contentsOf: file.path), order: order)(on: Machine(threads: 1)), to: results.path)
    let actual = try TensorFile(contentsOf: results.path)
    for tensor in io.tensors where tensor.name.hasPrefix("\(name).out.") {
      let key = String(tensor.name.dropFirst(name.count + 5))
      var own = try actual.floats(key)
      // Notes say that these two give the same in another form.
      if name.contains("log_softmax") { own = own.map { log($0) } }
      if name.contains("turned_"), !name.contains("both") {
        let shape = tensor.shape
        own = (0..<own.count).map { place in
          let (step, rest) = (place % shape[2], place / shape[2])
          return own[(rest / shape[1] * shape[2] + step) * shape[1] + rest % shape[1]]
        }
      }
      #expect(difference(own, try io.floats(tensor.name), abs: 1e-5, rel: 1e-5) == nil, "\(name): \(key)")
    }
  }

  private static let reasons = [
    "both_last": "the last step of", "both_swapped": "something other than the forward and the reverse direction of a layer",
    "skip": "an operator", "convolved_wide": "does more than multiply each vector by itself with a matrix",
    "masked": "an operator",
    "cell_state": "which reads the cell state after the last step, which a network gives beside its output alone",
  ]

  /// What a network can't do is named.
  @Test(arguments: try refused) func whatNoNetworkDoesIsRefused(name: String) throws {
    let reason = try #require(Self.reasons.first { name.contains($0.key) }?.value)
    let error = #expect(throws: RecurrentError.self) { try Network(chain("\(name).refused")) }
    #expect(error?.description.contains(reason) == true, "\(name): \(error?.description ?? "")")
  }

  /// Loops become the cells that they are.
  @Test(arguments: [("keras_gru", ["gru", "gru"]), ("keras_gru_before", ["gru-reset-before"]), ("keras_simple", ["rnn-relu"])])
  func loopsAreReadBack(name: String, cells: [String]) throws {
    #expect(try Network(chain("\(name).model")).architecture.layers.map(\.cell.name) == cells)
  }

  /// Functions that several operators make together.
  @Test(arguments: [
    ("torch_silu_opset17", "silu"), ("torch_mish_opset17", "mish"), ("torch_mish_dynamo", "mish"), ("keras_swish", "silu"),
    ("torch_prelu_opset17", "leaky_relu(0.25)"), ("torch_hardtanh_dynamo", "clip(-0.1, 0.3)"),
    ("torch_at_least_dynamo", "at_least(0.1)"), ("torch_at_most_opset17", "at_most(0.1)"), ("torch_rectified_opset17", "relu"),
    ("torch_rectified_dynamo", "relu"),
  ])
  func functionsAreThoseOfTheDenseLayer(name: String, function: String) throws {
    let dense = try chain("\(name).model").parts.compactMap { part -> String? in
      if case .dense(let layer) = part { layer.function.description } else { nil }
    }
    #expect(dense == [function, "linear"])
  }

  /// What is told in another form or another order than the graph has it is said.
  @Test(arguments: [
    (
      "torch_last_time_first_opset17",
      [
        "the graph reads x as [steps, sequences, numbers]: run the model with timeFirst, or the first two axes would be taken for each other"
      ]
    ),
    (
      "torch_turned_dynamo",
      ["the graph gives its output as [sequences, numbers, steps], and the network as [sequences, steps, numbers]"]
    ),
    ("torch_log_softmax_opset17", ["the graph gives the logarithms of probabilities, and the network the probabilities"]),
    ("torch_steps_opset17", []), ("torch_both_view_dynamo", []), ("keras_stack", []), ("keras_fixed_gru", []),
    ("torch_embedded_dynamo", []),
  ])
  func anotherOrderOfAxesIsNoted(name: String, notes: [String]) throws {
    #expect(try chain("\(name).model").notes.map(\.description) == notes)
  }

  /// Which of the graph's inputs the states are is said.
  @Test func statesThatAreInputsAreNoted() throws {
    let notes = try chain("torch_states_gru_opset17.model").notes.map(\.description)
    #expect(notes.count == 1 && notes[0].contains("h0 and c0, in the order of the layers: initial_h of "), "\(notes)")
    #expect(notes[0].hasSuffix("is h[1]"), "\(notes)")
  }
}
