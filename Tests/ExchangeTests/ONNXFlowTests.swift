import Engine
import Exchange
import Models
import Networks
import ONNXFiles
import Support
import Testing

/// What stands round the recurrent operators of a graph, and what they are given.
struct ONNXFlowTests {
  private static func tensor(_ name: String, _ shape: [Int], _ values: [Float]? = nil) -> ONNXTensor {
    let count = shape.reduce(1, *)
    return ONNXTensor(name, ONNXArray(shape, .floats(values ?? (0..<count).map { Float($0 % 7 - 3) / 10 })))
  }

  private static func indices(_ name: String, _ values: [Int], shape: [Int]? = nil) -> ONNXTensor {
    ONNXTensor(name, ONNXArray(shape ?? [values.count], .integers(values)))
  }

  /// A model of operators over `x`, `[T, B, 2]`, and `lengths`, with the weights of layers of two inputs and units.
  private func model(
    _ nodes: [ONNXNode], _ initializers: [ONNXTensor] = [], x: [ONNXValue.Dimension] = [.unknown, .unknown, .fixed(2)]
  ) -> ONNXModel {
    let weights = [Self.tensor("w", [1, 2, 2]), Self.tensor("r", [1, 2, 2]), Self.indices("one", [1])]
    return ONNXModel(
      irVersion: 8, producer: "", opsets: ["": 17], metadata: [:],
      graph: ONNXGraph(
        name: "", nodes: nodes, initializers: weights + initializers,
        inputs: [ONNXValue("x", .float32, x), ONNXValue("lengths", .int32, [.unknown])], outputs: [ONNXValue("y", .float32, nil)])
    )
  }

  private func network(_ model: ONNXModel) throws -> Network { try Network(LayerChain(model, path: "a.onnx")) }

  private func refusal(_ model: ONNXModel) -> String {
    let error = #expect(throws: RecurrentError.self) { try network(model) }
    return error?.description ?? ""
  }

  private static let mean: [String: ONNXAttribute] = ["axes": .integers([0]), "keepdims": .integer(0)]
  private static let last = indices("last", [-1], shape: [])

  /// An operator over all steps counts the zeros after a sequence's end, which a network does not.
  @Test(arguments: [
    (ONNXNode("ReduceMean", ["steps"], ["y"], attributes: mean), Architecture.Readout.mean),
    (ONNXNode("ReduceMax", ["steps"], ["y"], attributes: mean), .max),
    (ONNXNode("Gather", ["steps", "last"], ["y"]), .last),
  ])
  func stepsAreReadOutOnlyWhereAllOfThemCount(node: ONNXNode, readout: Architecture.Readout) throws {
    func layer(_ inputs: [String]) -> [ONNXNode] {
      [ONNXNode("RNN", ["x", "w", "r"] + inputs, ["all"]), ONNXNode("Squeeze", ["all", "one"], ["steps"]), node]
    }
    #expect(try network(model(layer([]), [Self.last])).architecture.readout == readout)
    #expect(
      refusal(model(layer(["", "lengths"]), [Self.last])).contains(
        "y is an operator \(node.operation) over steps with zeros after the sequences' ends"))
  }

  @Test(arguments: [
    (["", "lengths"], [String](), "second is an RNN which lacks the sequence_lens of the layer before it"),
    ([], ["", "lengths"], "second is an RNN which has sequence_lens, and the layer before it has none"),
  ])
  func layersThatDisagreeOverLengthsAreRefused(first: [String], second: [String], reason: String) throws {
    let nodes = [
      ONNXNode("RNN", ["x", "w", "r"] + first, ["all"]), ONNXNode("Squeeze", ["all", "one"], ["steps"]),
      ONNXNode("RNN", ["steps", "w", "r"] + second, ["y"], name: "second"),
    ]
    #expect(refusal(model(nodes)).contains(reason))
  }

  /// `[B, 2, T]`, as convolutions have it.
  @Test func anInputWithItsNumbersBeforeItsStepsIsTurnedRound() throws {
    let nodes = [
      ONNXNode("Transpose", ["x"], ["rows"], attributes: ["perm": .integers([2, 0, 1])]),
      ONNXNode("RNN", ["rows", "w", "r"], ["y"]),
    ]
    #expect(try network(model(nodes, x: [.unknown, .fixed(2), .unknown])).architecture.layers.count == 1)
  }

  /// Exporters from before version 4 of the format list all tensors as inputs, too.
  @Test func weightsThatAreListedAsInputsAreWeights() throws {
    var old = model([ONNXNode("RNN", ["x", "w", "r"], ["y"])])
    let expected = try network(old).parameters
    old.graph.inputs += [ONNXValue("w", .float32, nil), ONNXValue("r", .float32, nil)]
    #expect(try network(old).parameters == expected)
  }

  @Test func weightsThatAreNoPartOfTheFileAreRefused() throws {
    var open = model([ONNXNode("RNN", ["x", "given", "r"], ["y"])])
    open.graph.inputs.append(ONNXValue("given", .float32, nil))
    #expect(
      refusal(open)
        == "a.onnx has no recurrent layer that can be read: y is an RNN whose W is no part of the file, but comes from the graph's input given"
    )
  }

  @Test(arguments: ["Scan", "Loop"]) func loopsAreNamed(operation: String) {
    let nodes = [
      ONNXNode("RNN", ["x", "w", "r"], ["all"]), ONNXNode(operation, ["all"], ["y"], name: "mine"),
    ]
    #expect(refusal(model(nodes)).contains("mine is a \(operation), a loop whose equations are not read back"))
  }

  /// Rows of one number or two, for one sequence or many; all sequences must begin alike.
  @Test func statesBeforeTheFirstStepAreOneRow() throws {
    func states(_ tensor: ONNXTensor) throws -> [[Float]] {
      let chain = try LayerChain(model([ONNXNode("RNN", ["x", "w", "r", "", "", "h"], ["y"])], [tensor]), path: "a.onnx")
      return try #require(chain.layers.first).layer.weights[0].initialStates
    }
    #expect(try states(Self.tensor("h", [1, 1, 2], [3, 4])) == [[3, 4]])
    #expect(try states(Self.tensor("h", [1, 3, 2], [3, 4, 3, 4, 3, 4])) == [[3, 4]])
    #expect(try states(Self.tensor("h", [1, 3, 1], [5, 5, 5])) == [[5, 5]])
    #expect(
      refusal(model([ONNXNode("RNN", ["x", "w", "r", "", "", "h"], ["y"])], [Self.tensor("h", [1, 2, 2], [3, 4, 3, 5])]))
        .contains("whose initial_h is fixed in the file and not the same for all sequences"))
    // Zeros are what a layer begins with, but in the right number only.
    #expect(try states(Self.tensor("h", [1, 1, 2], [0, 0])) == [])
    #expect(
      refusal(model([ONNXNode("RNN", ["x", "w", "r", "", "", "h"], ["y"])], [Self.tensor("h", [1, 1, 3], [0, 0, 0])]))
        .contains("whose initial_h has the shape [1, 1, 3]; expected [1, 1, 2]"))
  }
}
