import Engine
import Exchange
import Foundation
import Models
import Networks
import Storage
import TensorFiles
import Testing

/// Real models and the grids of other projects, in the folder that RECURRENT_CASES names; without it these tests are skipped.
struct CaseTests {
  static let folder = ProcessInfo.processInfo.environment["RECURRENT_CASES"]
  static var isMissing: Comment { "RECURRENT_CASES names no folder of cases" }

  struct Case: Sendable, CustomTestStringConvertible {
    let folder: String
    let weights: String
    let stack: String
    /// What the names of inputs and outputs begin with.
    let prefix: String
    let tolerance: Float
    var everyStep = 1
    /// What the case calls the check.
    var check = "recurrent"

    var testDescription: String { "\(folder), \(stack), \(prefix)" }
  }

  static let cases = [
    Case(folder: "beatnet", weights: "model_1_weights.pt", stack: "lstm", prefix: "rec.", tolerance: 2e-5),
    Case(folder: "beatnet", weights: "weights.safetensors", stack: "lstm", prefix: "rec.", tolerance: 2e-5),
    Case(folder: "resemblyzer", weights: "weights.safetensors", stack: "lstm", prefix: "rec.", tolerance: 2e-5, everyStep: 8),
    Case(
      folder: "resemblyzer", weights: "weights.safetensors", stack: "lstm", prefix: "rec2.", tolerance: 2e-5,
      check: "recurrent-initial-state"),
    Case(folder: "silero-vad", weights: "silero_vad_16k.safetensors", stack: "lstm_cell", prefix: "rec.", tolerance: 1e-4),
    Case(
      folder: "g2pM", weights: "weights.safetensors", stack: "lstm", prefix: "rec.", tolerance: 2e-5,
      check: "recurrent-variable-length"),
    Case(folder: "g2p_en", weights: "checkpoint20.npz", stack: "enc", prefix: "enc.", tolerance: 2e-5, check: "encoder"),
    Case(
      folder: "g2p_en", weights: "checkpoint20.npz", stack: "dec", prefix: "dec.", tolerance: 2e-5,
      check: "decoder-teacher-forced"),
  ]

  @Test(.enabled(if: folder != nil, isMissing), arguments: cases)
  func aRealModelGivesWhatItsOwnSoftwareGave(test: Case) throws {
    let folder = try #require(Self.folder) + "/" + test.folder
    let weights = try TensorFile(contentsOf: "\(folder)/\(test.weights)")
    let network = try Network(LayerChain(weights), layers: [test.stack])
    let (io, kept) = try TensorFile(contentsOf: "\(folder)/io.safetensors").part(test.prefix)
    let (inputs, own) = try io.only(["x", "lengths", "h0", "c0"])
    let results = try withExtendedLifetime((kept, own)) { try run(network, inputs) }
    try CaseTable.$place.withValue(.init(test.folder, test.check)) {
      for name in ["y", "h_n", "c_n"] where io[name] != nil {
        let values = try name == "y" ? results.steps(name, every: test.everyStep) : results.floats(name)
        #expect(difference(values, try io.floats(name), abs: test.tolerance, rel: 1e-4) == nil, "\(name)")
      }
    }
  }

  private struct Grid: Decodable {
    let tests: [Entry]

    struct Entry: Decodable {
      let test: String
      let kind: String
      let options: [String: Option]
      let lengths: [Int]?
    }

    /// Whatever an option's value is, as text.
    struct Option: Decodable {
      let text: String

      init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        text = (try? container.decode(String.self)) ?? (try? container.decode(Bool.self)).map { "\($0)" } ?? ""
      }
    }
  }

  @Test(.enabled(if: folder != nil, isMissing)) func theGridOfPyTorchsOptionsGivesPyTorchsNumbers() throws {
    let folder = try #require(Self.folder) + "/torch-grid"
    let grid = try JSONDecoder().decode(Grid.self, from: Data(contentsOf: URL(filePath: "\(folder)/case.json")))
    let weights = try TensorFile(contentsOf: "\(folder)/weights.safetensors")
    let io = try TensorFile(contentsOf: "\(folder)/io.safetensors")
    let relu = try LayerChain(weights, .init(activation: .relu))
    let tanh = try LayerChain(weights)
    #expect(grid.tests.count >= 20)
    for test in grid.tests {
      let layers = test.options["nonlinearity"]?.text == "relu" ? relu : tanh
      let network = try Network(layers, layers: [test.test])
      let (inputs, kept) = try io.part("\(test.test).in.")
      let order: ArrayRun.Order = test.options["batch_first"]?.text == "true" ? .batchFirst : .timeFirst
      let results = try withExtendedLifetime(kept) { try run(network, inputs, order) }
      try CaseTable.$place.withValue(.init("torch-grid", "forward")) {
        for name in ["y", "h_n", "c_n"] where io["\(test.test).out.\(name)"] != nil {
          let expected = try io.floats("\(test.test).out.\(name)", shape: results[name]?.shape)
          #expect(difference(try results.floats(name), expected, abs: 2e-5, rel: 1e-4) == nil, "\(test.test): \(name)")
        }
      }
    }
  }

  /// The gradients of inputs, states and weights. Of two biases that are added up, one is enough: theirs are equal.
  @Test(.enabled(if: folder != nil, isMissing)) func theGridOfPyTorchsOptionsGivesPyTorchsGradients() throws {
    let folder = try #require(Self.folder) + "/torch-grid"
    let grid = try JSONDecoder().decode(Grid.self, from: Data(contentsOf: URL(filePath: "\(folder)/case.json")))
    let weights = try TensorFile(contentsOf: "\(folder)/weights.safetensors")
    let io = try TensorFile(contentsOf: "\(folder)/io.safetensors")
    let (relu, tanh) = (try LayerChain(weights, .init(activation: .relu)), try LayerChain(weights))
    var checked = 0
    for test in grid.tests where io["\(test.test).grad.x"] != nil {
      let network = try Network(test.options["nonlinearity"]?.text == "relu" ? relu : tanh, layers: [test.test])
      let file = TemporaryFile()
      let (inputs, first) = try io.part("\(test.test).in.")
      let (given, second) = try io.part("\(test.test).gout.")
      try withExtendedLifetime((first, second)) {
        try Safetensors.write(inputs.entries("") + given.entries("gradient."), to: file.path)
      }
      let order: ArrayRun.Order = test.options["batch_first"]?.text == "true" ? .batchFirst : .timeFirst
      let results = TemporaryFile()
      let run = try ArrayRun(network, TensorFile(contentsOf: file.path), order: order, takesGradients: true)
      try Safetensors.write(run(on: Machine(threads: 1)), to: results.path)
      let gradients = try TensorFile(contentsOf: results.path)
      try CaseTable.$place.withValue(.init("torch-grid", "gradients")) {
        for name in ["x", "h0", "c0"] where io["\(test.test).grad.\(name)"] != nil {
          let expected = try io.floats("\(test.test).grad.\(name)")
          #expect(
            difference(try gradients.floats("gradient.\(name)"), expected, abs: 1e-4, rel: 1e-3) == nil, "\(test.test): \(name)")
          checked += 1
        }
      }
      // Gradients of weights have the weights' own shapes and places, so that an export sorts them as PyTorch does.
      var derivative = network
      derivative.parameters = try network.layout.entries.flatMap { try gradients.floats("gradient.\($0.name)") }
      let exported = TemporaryFile()
      try Safetensors.write(PyTorchExport(derivative, file: "").tensors, to: exported.path)
      let sorted = try TensorFile(contentsOf: exported.path)
      try CaseTable.$place.withValue(.init("torch-grid", "gradients")) {
        for tensor in sorted.tensors where !tensor.name.hasPrefix("bias_hh") {
          let expected = try io.floats("\(test.test).grad.\(tensor.name)", shape: tensor.shape)
          #expect(
            difference(try sorted.floats(tensor.name), expected, abs: 1e-4, rel: 1e-3) == nil, "\(test.test): \(tensor.name)")
          checked += 1
        }
      }
    }
    #expect(checked > 100)
  }

  private func run(_ network: Network, _ inputs: TensorFile, _ order: ArrayRun.Order = .batchFirst) throws -> TensorFile {
    let file = TemporaryFile()
    try Safetensors.write(ArrayRun(network, inputs, order: order)(on: Machine(threads: 1)), to: file.path)
    return try TensorFile(contentsOf: file.path)
  }
}

extension TensorFile {
  /// The steps 0, `stride`, 2 · `stride` and so on of `[B, T, width]`.
  fileprivate func steps(_ name: String, every stride: Int) throws -> [Float] {
    let (values, shape) = (try floats(name), self[name]?.shape ?? [])
    let width = shape[2]
    var kept: [Float] = []
    for row in 0..<shape[0] * shape[1] where row % shape[1] % stride == 0 { kept += values[row * width..<(row + 1) * width] }
    return kept
  }
}
