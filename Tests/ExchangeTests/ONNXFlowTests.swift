import CellLanguage
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

  /// What makes numbers that are none is refused, wherever in the graph it stands.
  @Test(arguments: [
    (
      ONNXNode("LayerNormalization", ["steps", "gain"], ["y"], attributes: ["epsilon": .float(.infinity)]), "has the epsilon inf"
    ),
    (ONNXNode("LayerNormalization", ["steps", "gain"], ["y"], attributes: ["epsilon": .float(.nan)]), "has the epsilon nan"),
    (
      ONNXNode(
        "BatchNormalization", ["turned", "gain", "gain", "gain", "gain"], ["y"], attributes: ["epsilon": .float(.nan)]),
      "not finite, such as nan"
    ),
    (ONNXNode("Add", ["steps", "endless"], ["y"]), "not finite, such as inf"),
    (ONNXNode("Mul", ["steps", "endless"], ["y"]), "not finite, such as inf"),
    (ONNXNode("Div", ["steps", "nothing"], ["y"]), "not finite, such as inf"),
    (
      ONNXNode("PRelu", ["steps", "endless"], ["y"]),
      "can't represent the activation function leaky_relu with the parameters [inf]"
    ),
    (ONNXNode("Clip", ["steps", "", "none"], ["y"]), "is an operator Clip"),
  ])
  func numbersThatAreNoneAreRefused(node: ONNXNode, reason: String) {
    let nodes = [
      ONNXNode("RNN", ["x", "w", "r"], ["all"]), ONNXNode("Squeeze", ["all", "one"], ["steps"]),
      ONNXNode("Transpose", ["steps"], ["turned"], attributes: ["perm": .integers([0, 2, 1])]), node,
    ]
    let numbers = [
      Self.tensor("gain", [2], [1, 2]), Self.tensor("endless", [1], [.infinity]), Self.tensor("nothing", [1], [0]),
      Self.tensor("none", [], [.nan]),
    ]
    #expect(refusal(model(nodes, numbers)).contains(reason), "\(refusal(model(nodes, numbers)))")
  }

  /// Layer normalisation in single operators is one layer, if it is that.
  @Test(
    arguments: [
      ([2], 2, "variance", true), ([-1], 2, "variance", true), ([1], 2, "variance", false), ([2], 3, "variance", false),
      ([2], 2, "mean", false),
    ] as [([Int], Float, String, Bool)])
  func aQuotientIsANormIfItIsOne(axes: [Int], exponent: Float, second: String, isNorm: Bool) throws {
    let along: [String: ONNXAttribute] = ["axes": .integers(axes), "keepdims": .integer(1)]
    let nodes = [
      ONNXNode("RNN", ["x", "w", "r"], ["all"]), ONNXNode("Squeeze", ["all", "one"], ["steps"]),
      ONNXNode("ReduceMean", ["steps"], ["mean"], attributes: along), ONNXNode("Sub", ["steps", "mean"], ["difference"]),
      ONNXNode("Pow", ["difference", "exponent"], ["square"]),
      ONNXNode("ReduceMean", ["square"], ["variance"], attributes: along), ONNXNode("Add", [second, "epsilon"], ["sum"]),
      ONNXNode("Sqrt", ["sum"], ["root"]), ONNXNode("Div", ["difference", "root"], ["y"], name: "quotient"),
    ]
    let read = model(nodes, [Self.tensor("exponent", [], [exponent]), Self.tensor("epsilon", [], [0.01])])
    guard isNorm else {
      #expect(refusal(read).contains("is an operator"))
      return
    }
    let network = try network(read)
    #expect(network.architecture.layers.map(\.cell.name).last == "layer-norm")
    #expect(network.architecture.layers.last?.cell.description.contains("+ 0.01") == true)
  }

  /// A model that gives an LSTM's cell state and nothing else.
  @Test func aCellStateAloneIsRefused() {
    let weights = [Self.tensor("w4", [1, 8, 2]), Self.tensor("r4", [1, 8, 2])]
    #expect(
      refusal(model([ONNXNode("LSTM", ["x", "w4", "r4"], ["", "", "y"])], weights)).contains(
        "the output y is the cell state after the last step, which a network gives beside its output alone"))
  }

  /// Where what stands before the layer is not understood, that is named, and not the shape of its states.
  @Test func whatALayerReadsIsNamedRatherThanItsStates() {
    let nodes = [
      ONNXNode("Shape", ["x"], ["shape"]), ONNXNode("Slice", ["shape", "one", "two"], ["batch"]),
      ONNXNode("Concat", ["one", "batch", "two"], ["states"], attributes: ["axis": .integer(0)]),
      ONNXNode("ConstantOfShape", ["states"], ["h"]),
      ONNXNode("Slice", ["x", "zero", "two", "axis"], ["some"], name: "part"),
      ONNXNode("RNN", ["some", "w", "r", "", "", "h"], ["y"], name: "mine"),
    ]
    let numbers = [Self.indices("zero", [0]), Self.indices("two", [2]), Self.indices("axis", [2])]
    let reason = refusal(model(nodes, numbers, x: [.unknown, .named("batch"), .fixed(3)]))
    #expect(!reason.contains("initial_h") && reason.contains("mine is an RNN which reads"), "\(reason)")
  }

  /// Both directions side by side are the numbers of one vector; as the operator gives them they have an axis of their own.
  @Test func directionsHaveAnAxisOrNone() throws {
    let weights = [Self.tensor("w2", [2, 2, 2]), Self.tensor("r2", [2, 2, 2]), Self.indices("whole", [0, 0, -1])]
    let layer = ONNXNode("RNN", ["x", "w2", "r2"], ["all"], attributes: ["direction": .text("bidirectional")])
    func outputs(_ nodes: [ONNXNode]) throws -> [String] {
      try LayerChain(model([layer] + nodes, weights, x: [.unknown, .unknown, .fixed(2)]), path: "a.onnx").notes.map(\.description)
        .filter { $0.contains("its output") }
    }
    let turned = ONNXNode("Transpose", ["all"], ["turned"], attributes: ["perm": .integers([0, 2, 1, 3])])
    #expect(try outputs([turned, ONNXNode("Reshape", ["turned", "whole"], ["y"])]) == [])
    #expect(
      try outputs([ONNXNode("Identity", ["all"], ["y"])]) == [
        "the graph gives its output as [steps, directions, sequences, numbers], and the network as [steps, sequences, numbers]"
      ])
  }

  /// `[B, 2, T]`, as convolutions have it.
  @Test func anInputWithItsNumbersBeforeItsStepsIsTurnedRound() throws {
    let nodes = [
      ONNXNode("Transpose", ["x"], ["rows"], attributes: ["perm": .integers([2, 0, 1])]),
      ONNXNode("RNN", ["rows", "w", "r"], ["y"]),
    ]
    let turned = model(nodes, x: [.unknown, .fixed(2), .unknown])
    #expect(try network(turned).architecture.layers.count == 1)
    #expect(
      try LayerChain(turned, path: "a.onnx").notes.map(\.description).first
        == "the graph reads x as [sequences, numbers, steps], and the network as [sequences, steps, numbers]")
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

  @Test(arguments: [("Scan", "a Scan, a loop whose equations are not read back"), ("Loop", "a Loop without a body")])
  func loopsAreNamed(operation: String, reason: String) {
    let nodes = [
      ONNXNode("RNN", ["x", "w", "r"], ["all"]), ONNXNode(operation, ["all"], ["y"], name: "mine"),
    ]
    #expect(refusal(model(nodes)).contains("mine is \(reason)"))
  }

  /// Rows for one sequence or many; all sequences must begin alike.
  @Test func statesBeforeTheFirstStepAreOneRow() throws {
    func states(_ tensor: ONNXTensor) throws -> [[Float]] {
      let chain = try LayerChain(model([ONNXNode("RNN", ["x", "w", "r", "", "", "h"], ["y"])], [tensor]), path: "a.onnx")
      return try #require(chain.layers.first).layer.weights[0].initialStates
    }
    #expect(try states(Self.tensor("h", [1, 1, 2], [3, 4])) == [[3, 4]])
    #expect(try states(Self.tensor("h", [1, 3, 2], [3, 4, 3, 4, 3, 4])) == [[3, 4]])
    #expect(
      refusal(model([ONNXNode("RNN", ["x", "w", "r", "", "", "h"], ["y"])], [Self.tensor("h", [1, 2, 2], [3, 4, 3, 5])]))
        .contains("whose initial_h is fixed in the file and not the same for all sequences"))
    // Zeros are what a layer begins with, but in the right number only.
    #expect(try states(Self.tensor("h", [1, 1, 2], [0, 0])) == [])
    #expect(
      refusal(model([ONNXNode("RNN", ["x", "w", "r", "", "", "h"], ["y"])], [Self.tensor("h", [1, 1, 3], [0, 0, 0])]))
        .contains("whose initial_h has the shape [1, 1, 3]; expected [1, axis 1 of x, 2]"))
  }

  /// Zeros of another shape than states have are no states: they may be meant for something else.
  @Test(arguments: [[1, 1, 3], [2, 1, 2], [1, 2], [2]]) func zeroStatesOfAnotherShapeAreRefused(shape: [Int]) {
    let zeros = Self.tensor("h", shape, [Float](repeating: 0, count: shape.reduce(1, *)))
    let text = refusal(model([ONNXNode("RNN", ["x", "w", "r", "", "", "h"], ["y"])], [zeros]))
    #expect(text.contains("y is an RNN whose initial_h has the shape \(shape); expected [1, axis 1 of x, 2]"), "\(text)")
  }

  /// Zeros for as many sequences as there are steps, which is a mistake that nothing shows where both are equally many.
  @Test(arguments: [(1, true), (0, false)]) func zeroStatesAreForEachSequence(axis: Int, isRight: Bool) throws {
    let nodes = [
      ONNXNode("Shape", ["x"], ["shape"]), ONNXNode("Gather", ["shape", "axis"], ["count"]),
      ONNXNode("Concat", ["one", "count", "two"], ["sizes"], attributes: ["axis": .integer(0)]),
      ONNXNode("ConstantOfShape", ["sizes"], ["h"]), ONNXNode("RNN", ["x", "w", "r", "", "", "h"], ["y"]),
    ]
    let model = model(nodes, [Self.indices("axis", [axis]), Self.indices("two", [2])])
    if isRight {
      #expect(try network(model).architecture.layers.count == 1)
    } else {
      #expect(refusal(model).contains("whose initial_h has the shape [1, axis 0 of x, 2]; expected [1, axis 1 of x, 2]"))
    }
  }

  /// What an attribute says is done or refused, on whatever operator it stands.
  @Test(
    arguments: [
      (
        "Squeeze", ["all", "one"], ["mine": .integer(1)],
        "an operator Squeeze with the attribute \"mine\", which is not known here"
      ),
      ("Gemm", ["last", "w2"], ["transB": .float(1)], "an operator Gemm whose attribute \"transB\" is not a whole number"),
      ("Gemm", ["last", "w2"], ["transA": .integer(1)], "an operator Gemm"),
      ("Concat", ["all", "all"], [:], "an operator Concat"),
      (
        "BatchNormalization", ["last", "v", "v", "v", "v"], ["training_mode": .integer(1)],
        "that takes mean and variance of its input, as in training"
      ),
      ("LayerNormalization", ["last", "v"], ["axis": .integer(0)], "an operator LayerNormalization"),
      ("Dropout", ["last", "", "v"], [:], "that drops numbers as in training"),
      ("Softmax", ["last"], ["axis": .integer(0)], "an operator Softmax"),
    ] as [(String, [String], [String: ONNXAttribute], String)])
  func attributesAreHonouredOrRefused(
    operation: String, inputs: [String], attributes: [String: ONNXAttribute], reason: String
  ) {
    let nodes = [
      ONNXNode("RNN", ["x", "w", "r"], ["all", "states"]), ONNXNode("Squeeze", ["states", "zero"], ["last"]),
      ONNXNode(operation, inputs, ["y"], attributes: attributes),
    ]
    let tensors = [Self.indices("zero", [0]), Self.tensor("w2", [2, 2]), Self.tensor("v", [2], [1, 2])]
    let text = refusal(model(nodes, tensors))
    #expect(text.contains("y is \(reason)") || text.contains("y is an operator \(operation) \(reason)"), "\(text)")
  }

  /// A product and a sum with numbers of the file become a part of the matrix before them, alpha and beta of Gemm too.
  @Test func factorsBecomePartsOfAMatrix() throws {
    let nodes = [
      ONNXNode("RNN", ["x", "w", "r"], ["all", "states"]), ONNXNode("Squeeze", ["states", "zero"], ["last"]),
      ONNXNode("Gemm", ["last", "w2", "v"], ["g"], attributes: ["alpha": .float(2), "beta": .float(3)]),
      ONNXNode("Mul", ["g", "v"], ["m"]), ONNXNode("Sub", ["v", "m"], ["y"]),
    ]
    let tensors = [Self.indices("zero", [0]), Self.tensor("w2", [2, 2], [1, 2, 3, 4]), Self.tensor("v", [2], [5, 6])]
    let chain = try LayerChain(model(nodes, tensors), path: "a.onnx")
    guard case .dense(let dense)? = chain.parts.last else { return #expect(Bool(false), "there is no matrix") }
    // v - v · (2 · W^T h + 3 · v)
    #expect(dense.weight == [-10, -30, -24, -48])
    #expect(dense.bias == [5 - 75, 6 - 108])
  }

  /// Reshapes with other groups than steps, sequences and numbers are not taken for them.
  @Test(arguments: [[-1, 4], [2, -1], [-1, 1, 2]]) func reshapesAreFollowedByTheirLengths(shape: [Int]) {
    let nodes = [
      ONNXNode("RNN", ["x", "w", "r"], ["all"]), ONNXNode("Squeeze", ["all", "one"], ["steps"]),
      ONNXNode("Reshape", ["steps", "shape"], ["other"]), ONNXNode("RNN", ["other", "w", "r"], ["y"], name: "second"),
    ]
    let text = refusal(model(nodes, [Self.indices("shape", shape)]))
    #expect(
      text.contains("other is an operator Reshape") || text.contains("second is an RNN which reads something else")
        || text.contains("second is an RNN whose steps are not those"), "\(text)")
  }

  /// A state that is read twice, or is a part of the data, is no state of a network.
  @Test(arguments: [
    ("h", "whose initial_h is also that of another one, the input h"), ("x", "whose initial_h is a part of the model's input, x"),
  ])
  func statesOfTheirOwn(state: String, reason: String) throws {
    let nodes = [
      ONNXNode("Slice", [state, "zero", "one", "zero"], ["part"]),
      ONNXNode("RNN", ["x", "w", "r", "", "", "part"], ["all"]), ONNXNode("Squeeze", ["all", "one"], ["steps"]),
      ONNXNode("RNN", ["steps", "w", "r", "", "", "part"], ["y"]),
    ]
    var given = model(nodes, [Self.indices("zero", [0])], x: [.fixed(2), .named("b"), .fixed(2)])
    given.graph.inputs.append(ONNXValue("h", .float32, [.fixed(2), .named("b"), .fixed(2)]))
    #expect(refusal(given).contains(reason))
  }

  /// Numbers of 16 bits are run with 32, which is said.
  @Test func halfNumbersAreNoted() throws {
    let nodes = [
      ONNXNode("Cast", ["x"], ["half"], attributes: ["to": .integer(10)]),
      ONNXNode("Cast", ["half"], ["float"], attributes: ["to": .integer(1)]), ONNXNode("RNN", ["float", "w", "r"], ["y"]),
    ]
    let chain = try LayerChain(model(nodes), path: "a.onnx")
    #expect(
      chain.notes.map(\.description) == [
        "the graph reads x as [steps, sequences, numbers]: run the model with timeFirst, or the first two axes would be taken for each other",
        "the graph computes with numbers of 16 bits, and the network with 32: results differ by what that rounds",
      ])
    #expect(try Network(chain).architecture.layers.count == 1)
  }

  /// The lengths of all layers are one input.
  @Test func lengthsAreOneInput() {
    let nodes = [
      ONNXNode("RNN", ["x", "w", "r", "", "lengths"], ["all"]), ONNXNode("Squeeze", ["all", "one"], ["steps"]),
      ONNXNode("RNN", ["steps", "w", "r", "", "others"], ["y"]),
    ]
    var two = model(nodes)
    two.graph.inputs.append(ONNXValue("others", .int32, [.unknown]))
    #expect(refusal(two).contains("y is an RNN whose sequence_lens is others, and that of the layer before it lengths"))
  }

  /// Steps that are turned round before a layer and after it are those of a layer that reads in reverse; the axis must be theirs.
  @Test(arguments: [(0, true), (1, false)]) func stepsMayBeTurnedRound(axis: Int, isRight: Bool) throws {
    func turned(_ input: String, _ output: String) -> ONNXNode {
      ONNXNode("Slice", [input, "start", "end", "axis", "start"], [output])
    }
    let nodes = [
      turned("x", "back"), ONNXNode("RNN", ["back", "w", "r"], ["all"]), ONNXNode("Squeeze", ["all", "one"], ["steps"]),
      turned("steps", "y"),
    ]
    let model = model(nodes, [Self.indices("start", [-1]), Self.indices("end", [Int(Int32.min)]), Self.indices("axis", [axis])])
    if isRight {
      #expect(try network(model).architecture.layers.map(\.direction) == [.reverse])
    } else {
      #expect(refusal(model).contains("which reads something other than steps the other way round"))
    }
  }
}
