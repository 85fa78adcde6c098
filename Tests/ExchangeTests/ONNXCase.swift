import Engine
import Exchange
import Models
import Networks
import ONNXFiles
import TensorFiles
import Testing

/// An ONNX model with inputs and with what another runtime gives for them, under ONNX's names: `X`, `sequence_lens`, `initial_h`, `Y`, `Y_h` and so on.
struct ONNXCase {
  let name: String
  let io: TensorFile
  let model: ONNXModel
  /// Whether a model's own arrays have the sequences first.
  let isBatchFirst: Bool

  /// - Parameter io: with tensors such as `NAME.in.X`.
  init(_ name: String, _ io: TensorFile, path: String) throws {
    (self.name, self.io) = (name, io)
    var model = try ONNXModel(contentsOf: path)
    // Weights that are inputs of the graph become a part of it.
    for weight in ["W", "R", "B", "P"] {
      guard let tensor = io["\(name).in.\(weight)"] else { continue }
      model.graph.initializers.append(ONNXTensor(weight, ONNXArray(tensor.shape, .floats(try io.floats(tensor.name)))))
    }
    self.model = model
    isBatchFirst =
      name.hasPrefix("chain")
      || model.graph.nodes.contains { if case .integer(1)? = $0.attributes["layout"] { true } else { false } }
  }

  func network() throws -> Network { try Network(LayerChain(model, path: "\(name).onnx")) }

  /// Holds what the network gives to the outputs; returns how many there were.
  @discardableResult
  func check(_ network: Network, abs: Float, rel: Float = 0) throws -> Int {
    var inputs: [Safetensors.Entry] = []
    if let x = io["\(name).in.X"] {
      if x.dataType == .int64 {
        inputs.append(.init("x", try io.integers(x.name).map(Int64.init), shape: x.shape))
      } else {
        inputs.append(.init("x", try io.floats(x.name), shape: x.shape))
      }
    }
    if let lengths = io["\(name).in.sequence_lens"] {
      inputs.append(.init("lengths", try io.integers(lengths.name).map(Int64.init), shape: lengths.shape))
    }
    for state in ["h", "c"] where io["\(name).in.initial_\(state)"] != nil {
      let (values, shape) = try statesFirst("\(name).in.initial_\(state)")
      inputs.append(.init("\(state)0", values, shape: shape))
    }
    let (file, results) = (TemporaryFile(), TemporaryFile())
    try Safetensors.write(inputs, to: file.path)
    let run = try ArrayRun(network, TensorFile(contentsOf: file.path), order: isBatchFirst ? .batchFirst : .timeFirst)
    try Safetensors.write(run(on: Machine(threads: 1)), to: results.path)
    let actual = try TensorFile(contentsOf: results.path)
    var checked = 0
    for output in ["Y", "Y_h", "Y_c", "y"] {
      guard let tensor = io["\(name).out.\(output)"] else { continue }
      checked += 1
      let own: [Float]
      let expected: [Float]
      switch output {
      case "Y":
        own = try actual.floats("y")
        let values = try io.floats(tensor.name)
        // [T, D, B, H] becomes [T, B, D, H].
        expected = isBatchFirst ? values : permuted(values, tensor.shape, [0, 2, 1, 3])
      case "Y_h", "Y_c":
        own = try actual.floats(output == "Y_h" ? "h_n" : "c_n")
        expected = try statesFirst(tensor.name).values
      default:
        expected = try io.floats(tensor.name)
        own = try actual.floats("y", shape: tensor.shape)
      }
      #expect(difference(own, expected, abs: abs, rel: rel) == nil, "\(name): \(output)")
    }
    return checked
  }

  /// States as `[D, B, H]`.
  private func statesFirst(_ name: String) throws -> (values: [Float], shape: [Int]) {
    let (values, shape) = (try io.floats(name), io[name]?.shape ?? [])
    return isBatchFirst ? (permuted(values, shape, [1, 0, 2]), [shape[1], shape[0], shape[2]]) : (values, shape)
  }
}

/// An array with its axes in another order: for each axis of the result which axis of the array it is.
func permuted(_ values: [Float], _ shape: [Int], _ order: [Int]) -> [Float] {
  let result = order.map { shape[$0] }
  return values.indices.map { place in
    var (rest, source) = (place, [Int](repeating: 0, count: shape.count))
    for axis in order.indices.reversed() {
      source[order[axis]] = rest % result[axis]
      rest /= result[axis]
    }
    return values[zip(source, shape).reduce(0) { $0 * $1.1 + $1.0 }]
  }
}
