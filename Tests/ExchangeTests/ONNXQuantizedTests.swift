import Exchange
import Networks
import ONNXFiles
import Support
import Testing

/// LSTMs whose matrices are bytes.
struct ONNXQuantizedTests {
  private static func bytes(_ count: Int, _ start: Int) -> [Int] { (0..<count).map { (start + 37 * $0) % 251 - 120 } }

  /// A bidirectional LSTM of two inputs and three units.
  private func model(
    scale: [Int], zeros: [Int]? = nil, inputs: [String] = ["x", "W", "R", "", "", "", "", "", "ws", "wz", "rs", "rz"]
  ) -> ONNXModel {
    let count = scale.reduce(1, *)
    func floats(_ name: String, _ shape: [Int], _ values: [Float]) -> ONNXTensor {
      ONNXTensor(name, ONNXArray(shape, .floats(values)))
    }
    func whole(_ name: String, _ shape: [Int], _ values: [Int]) -> ONNXTensor {
      ONNXTensor(name, ONNXArray(shape, .integers(values)))
    }
    return ONNXModel(
      irVersion: 8, producer: "", opsets: ["": 17, "com.microsoft": 1], metadata: [:],
      graph: ONNXGraph(
        name: "",
        nodes: [
          ONNXNode(
            "DynamicQuantizeLSTM", inputs, ["y"], name: "quick", domain: "com.microsoft",
            attributes: ["hidden_size": .integer(3), "direction": .text("bidirectional")])
        ],
        initializers: [
          whole("W", [2, 2, 12], Self.bytes(48, 5)), whole("R", [2, 3, 12], Self.bytes(72, 11)),
          floats("ws", scale, (0..<count).map { 0.01 + Float($0) / 100 }),
          floats("rs", scale, (0..<count).map { 0.02 + Float($0) / 100 }),
          whole("wz", zeros ?? scale, (0..<count).map { $0 - 1 }), whole("rz", zeros ?? scale, (0..<count).map { 2 - $0 }),
        ],
        inputs: [ONNXValue("x", .float32, [.unknown, .unknown, .fixed(2)])], outputs: [ONNXValue("y", .float32, nil)]))
  }

  @Test(arguments: [[2], [2, 12]])
  func bytesAreWhatTheyStandFor(scale: [Int]) throws {
    let chain = try LayerChain(model(scale: scale), path: "a.onnx")
    let layer = try #require(chain.layers.first?.layer)
    #expect(chain.layers.count == 1)
    let order: [LayerDescription.Gate] = [.input, .output, .forget, .candidate]
    for (direction, weights) in layer.weights.enumerated() {
      for (place, gate) in layer.description.gates.enumerated() {
        let block = try #require(order.firstIndex(of: gate))
        for unit in 0..<3 {
          let row = 3 * block + unit
          let own = scale.count == 2 ? direction * 12 + row : direction
          for input in 0..<2 {
            let byte = Self.bytes(48, 5)[direction * 24 + input * 12 + row]
            #expect(weights.gates[place].input[unit * 2 + input] == Float(byte - (own - 1)) * (0.01 + Float(own) / 100))
          }
          for input in 0..<3 {
            let byte = Self.bytes(72, 11)[direction * 36 + input * 12 + row]
            #expect(weights.gates[place].recurrent[unit * 3 + input] == Float(byte - (2 - own)) * (0.02 + Float(own) / 100))
          }
        }
      }
    }
    #expect(
      chain.notes.contains {
        $0.description.hasPrefix("the matrices of quick are 8-bit numbers, which are read as what they stand for;")
      })
  }

  @Test func otherShapesAreRefused() throws {
    func reason(_ model: ONNXModel) -> String {
      #expect(throws: RecurrentError.self) { try LayerChain(model, path: "a.onnx") }?.description ?? ""
    }
    #expect(
      reason(model(scale: [1])).contains(
        "a DynamicQuantizeLSTM whose scale and zero point of W have the shapes [1] and [1]; expected [2] or [2, 12]"))
    #expect(reason(model(scale: [2], zeros: [1, 2])).contains("have the shapes [2] and [1, 2]"))
    #expect(
      reason(model(scale: [2], inputs: ["x", "W", "R"])).contains(
        "a DynamicQuantizeLSTM whose W lacks its scale or its zero point"))
  }
}
