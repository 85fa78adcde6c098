import Engine
import Exchange
import Foundation
import Networks
import Storage
import TensorFiles
import Testing

/// The calls of Keras's own unit tests in the folder that RECURRENT_CASES names: each layer from its description and its weights, as a
/// file of Keras has them.
struct KerasCallCaseTests {
  private typealias Array = ChainEvaluation.Array

  @Test(.enabled(if: CaseTests.folder != nil, CaseTests.isMissing)) func layersGiveWhatKerassTestsExpect() throws {
    let folder = try #require(CaseTests.folder) + "/keras-unit-tests"
    let path = "\(folder)/case.json"
    let json = try JSONValue(parsing: Data(contentsOf: URL(filePath: path)), in: path, "the case")
    let weights = try TensorFile(contentsOf: "\(folder)/weights.safetensors")
    let io = try TensorFile(contentsOf: "\(folder)/io.safetensors")
    let calls = try #require(json["tests"]?.array)
    #expect(calls.count == 69)
    for call in calls {
      let name = try #require(call["call"]?.text)
      let chain = try chain(call, name, weights)
      let actual = try outputs(of: chain, call, name, io)
      try CaseTable.$place.withValue(.init("keras-unit-tests", "calls")) {
        for (place, values) in actual.enumerated() where io["\(name).out.\(place)"] != nil {
          let expected = try io.floats("\(name).out.\(place)")
          #expect(difference(values, expected, abs: 1e-5, rel: 1e-4) == nil, "\(name): output \(place)")
        }
      }
      #expect(actual.count >= call["outputs"]?.integer ?? 1, "\(name)")
    }
  }

  /// The layer as the only one of a model.
  private func chain(_ call: JSONValue, _ name: String, _ weights: TensorFile) throws -> LayerChain {
    let (layer, config) = (try #require(call["layer"]?.text), try #require(call["config"]))
    let arrays = try (call["weights"]?.array ?? []).map { entry in
      let tensor = try #require(entry[0]?.text)
      return (values: try weights.floats(tensor), shape: try #require(weights[tensor]?.shape))
    }
    var tree = HDF5Tree()
    let cells = config["cell"]?["config"]?["cells"]?.array?.count ?? 1
    let folders: [String] =
      switch layer {
      case "Bidirectional": ["bidirectional/forward_layer/cell", "bidirectional/backward_layer/cell"]
      case "RNN": (0..<cells).map { "rnn/cell/cells/lstm_cell" + ($0 == 0 ? "" : "_\($0)") }
      case "SimpleRNN": ["simple_rnn/cell"]
      default: ["\(layer.lowercased())/cell"]
      }
    let own = arrays.count / folders.count
    for (place, array) in arrays.enumerated() {
      tree.arrays.append(("layers/\(folders[place / own])/vars/\(place % own)", array.values, array.shape))
    }
    tree.groups.append("vars")
    let file = try TemporaryFile(bytes: tree.bytes(), "weights.h5")
    let model = JSONValue.object([
      "class_name": .text("Sequential"),
      "config": .object(["layers": .array([.object(["class_name": .text(layer), "config": config])])]),
    ])
    let description = try TemporaryFile(bytes: Swift.Array(model.json.utf8), "json")
    return try LayerChain(TensorFile(contentsOf: file.path), .init(config: description.path))
  }

  /// What the layer gives, and its states: those of each direction, h then c.
  private func outputs(of chain: LayerChain, _ call: JSONValue, _ name: String, _ io: TensorFile) throws -> [[Float]] {
    let x = Array(values: try io.floats("\(name).in.x"), shape: try #require(io["\(name).in.x"]?.shape))
    let mask = io["\(name).in.mask"] == nil ? nil : try io.integers("\(name).in.mask")
    // What no network does with the outputs is done here: to turn them round, or to leave those of both directions apart.
    var (isTurned, isApart) = (false, false)
    let parts = chain.parts.filter { part in
      guard case .other(_, let what) = part else { return true }
      isTurned = isTurned || what.contains("go_backwards")
      isApart = isApart || what.contains("merge_mode")
      return false
    }
    var evaluation = ChainEvaluation(chain: LayerChain(path: chain.path, parts: parts), mask: mask)
    let layers = chain.layers.map(\.layer.description)
    let (directions, states) = (layers[0].directions, layers[0].states.count)
    var given = (0..<directions * states).compactMap { io["\(name).in.initial_state.\($0)"] }
    if given.isEmpty { given = io["\(name).in.initial_state"].map { [$0] } ?? [] }
    if call["state_before"]?.bool == true { given = (0..<directions * states).compactMap { io["\(name).state_before.\($0)"] } }
    for (state, letter) in ["h", "c"].prefix(states).enumerated() where given.count == directions * states {
      let values = try (0..<directions).flatMap { try io.floats(given[$0 * states + state].name) }
      evaluation.states["\(letter)0"] = (values, [directions] + given[state].shape)
    }
    let (result, after) = try evaluation(x)
    var y = result
    if isTurned { y.values = turned(y) }
    // Where a step is masked, Keras repeats the last output.
    if let mask, y.shape.count == 3, call["config"]?["zero_output_for_mask"]?.bool != true { y.values = repeated(y, mask) }
    var outputs = isApart ? halves(y) : [y.values]
    let batch = x.shape[0]
    for direction in 0..<directions {
      for letter in ["h", "c"].prefix(states) {
        let all = after["\(letter)_n"] ?? []
        outputs.append(Swift.Array(all[direction * all.count / directions..<(direction + 1) * all.count / directions]))
      }
    }
    #expect(y.shape[0] == batch)
    return outputs
  }

  private func turned(_ y: Array) -> [Float] {
    let (steps, width) = (y.shape[1], y.shape[2])
    var values: [Float] = []
    for row in 0..<y.shape[0] {
      for step in (0..<steps).reversed() {
        let place = row * steps + step
        values += y.values[place * width..<(place + 1) * width]
      }
    }
    return values
  }

  private func repeated(_ y: Array, _ mask: [Int]) -> [Float] {
    let (steps, width) = (y.shape[1], y.shape[2])
    var values = y.values
    for place in mask.indices where mask[place] == 0 && place % steps > 0 {
      for column in 0..<width { values[place * width + column] = values[(place - 1) * width + column] }
    }
    return values
  }

  /// The two halves of each row.
  private func halves(_ y: Array) -> [[Float]] {
    let width = y.shape[y.shape.count - 1]
    var halves: [[Float]] = [[], []]
    for (place, value) in y.values.enumerated() { halves[place % width < width / 2 ? 0 : 1].append(value) }
    return halves
  }
}

extension JSONValue {
  /// As text.
  fileprivate var json: String {
    switch self {
    case .null: "null"
    case .bool(let bool): "\(bool)"
    case .number(let number): "\(number)"
    case .text(let text): text.debugDescription
    case .array(let elements): "[" + elements.map(\.json).joined(separator: ",") + "]"
    case .object(let members): "{" + members.map { "\($0.debugDescription):\($1.json)" }.joined(separator: ",") + "}"
    }
  }
}
