import CellCompiler
import CellLanguage
import Engine
package import ModelFiles
public import Networks
import Sequences

/// A network as an ONNX model.
///
/// Its inputs are `x`, `[batch, time, inputs]`, or `[batch, time]` of symbols, and each state before the first step, `[batch, width]`, such as
/// `layers.0.c`, which is zero, or what the network has learned, if nobody gives it. Its outputs are `y`, `[batch, time, outputs]`, and
/// each state behind the last step, such as `layers.0.c_n`. A layer that ONNX's RNN, GRU and LSTM can do is one of these; each
/// other one is a `Scan` over the steps with the cell's equations as its body.
public struct ONNXExport: Sendable {
  /// The version of the set of operators: the oldest with all that is written here, so that older runtimes read it.
  public static let opset = 17
  /// How each layer is written: `LSTM`, `Scan`.
  public let operators: [String]

  package let model: ONNXModel

  /// - Throws: ``Networks/NetworkError`` never for a network that exists.
  public init(_ network: Network) throws {
    var writer = ONNXNetworkWriter(network)
    operators = try writer.write()
    model = ONNXModel(
      irVersion: 8, producer: "recurrent", opsets: ["": Self.opset], metadata: network.metadata, graph: writer.builder.graph)
  }

  /// Writes the file at `path`, which is replaced whole or not at all.
  ///
  /// - Throws: ``ModelFiles/FileError`` if the file can't be written, or would be larger than the 2 GiB that the format allows.
  public func write(to path: String) throws { try model.write(to: path) }
}

/// Writes a network's graph from its input to its outputs.
struct ONNXNetworkWriter {
  private let network: Network
  private(set) var builder = ONNXGraphBuilder("network")
  private let passes: [Architecture.Pass]

  init(_ network: Network) {
    self.network = network
    passes = network.architecture.passes
  }

  /// - Returns: each layer's operator.
  mutating func write() throws -> [String] {
    let architecture = network.architecture
    switch architecture.input {
    case .tokens: builder.input("x", .int64, [.named("batch"), .named("time")])
    case .features(let count): builder.input("x", .float32, [.named("batch"), .named("time"), .fixed(count)])
    }
    builder.output("y", [.named("batch"), .named("time"), .fixed(architecture.outputWidth)])
    _ = builder.add(
      "Slice", [builder.add("Shape", ["x"]), builder.integers([0]), builder.integers([1])], name: ONNXGraphBuilder.sequences)
    var rows = builder.add("Transpose", [try encoded()], ["perm": .integers([1, 0, 2])])
    var operators: [String] = []
    for layer in architecture.layers.indices {
      let own = passes.indices.filter { passes[$0].layer == layer }
      if let form = network.operatorForm(layer) {
        rows = write(form, layer, own, rows)
        operators.append(form.operation)
      } else {
        rows = scans(layer, own, rows)
        operators.append("Scan")
      }
    }
    writeHead(rows)
    return operators
  }

  /// `[B, T, width]` of the input.
  private mutating func encoded() throws -> String {
    switch network.architecture.input {
    case .features: return "x"
    case .tokens(_, .some): return builder.add("Gather", [weight("embedding.weight"), "x"])
    case .tokens(let vocabulary, nil):
      let values = builder.constant("zero.one", ONNXArray([2], .floats([0, 1])))
      return builder.add("OneHot", ["x", builder.integers([vocabulary.count]), values])
    }
  }

  /// A weight of the network as it is.
  private mutating func weight(_ name: String) -> String {
    guard let entry = network.ends.first(where: { $0.name == name }) ?? network.layout[name] else {
      preconditionFailure("the network has no \(name)")
    }
    return builder.constant(name, ONNXArray(entry.shape, .floats(Array(network.parameters[entry.range]))))
  }

  /// What a pass starts from, `[B, width]`: given by the user, or a row that the file has.
  ///
  /// - Parameter hasDirections: whether it is to have an axis of the directions before the others.
  private mutating func initialStates(_ pass: Int, hasDirections: Bool = false) -> [String] {
    let plan = network.plans[pass]
    let own = network.initialStates(ofPass: pass)
    return plan.cell.states.enumerated().map { index, state in
      let (name, width) = (passes[pass].prefix + state.name, plan.width(ofState: index))
      builder.input(name, .float32, [.unknown, .fixed(width)])
      let row = builder.constant(name, ONNXArray([1, width], .floats(own[state.name] ?? [])))
      let rows = hasDirections ? builder.add("Unsqueeze", [row, builder.integers([0])]) : row
      let shape = builder.shape(ofRows: width)
      return builder.add("Expand", [rows, shape], name: "\(name).first")
    }
  }

  /// The name of a state behind the last step, an output of the graph.
  private mutating func finalState(_ pass: Int, _ index: Int) -> String {
    let plan = network.plans[pass]
    let name = passes[pass].prefix + plan.cell.states[index].name + "_n"
    builder.output(name, [.named("batch"), .fixed(plan.width(ofState: index))])
    return name
  }

  /// A layer as one operator, its directions together.
  private mutating func write(_ form: ONNXOperatorForm, _ layer: Int, _ own: [Int], _ rows: String) -> String {
    let prefix = own.count == 2 ? "layers.\(layer)." : passes[own[0]].prefix
    let weights = form.weights
    let states = own.map { initialStates($0, hasDirections: true) }
    func initial(_ builder: inout ONNXGraphBuilder, _ index: Int) -> String {
      let parts = states.map { $0[index] }
      return parts.count == 1 ? parts[0] : builder.add("Concat", parts, ["axis": .integer(0)])
    }
    var inputs = [
      rows, builder.constant(prefix + "W", weights.input), builder.constant(prefix + "R", weights.recurrent),
      weights.bias.map { builder.constant(prefix + "B", $0) } ?? "", "", initial(&builder, 0),
    ]
    if states[0].count == 2 {
      inputs.append(initial(&builder, 1))
      if let peepholes = weights.peepholes { inputs.append(builder.constant(prefix + "P", peepholes)) }
    }
    let outputs = ["Y", "Y_h", "Y_c"].prefix(1 + states[0].count).map { prefix + $0 }
    builder.add(
      ONNXNode(form.operation, inputs, Array(outputs), name: prefix + form.operation, attributes: form.attributes))
    for index in states[0].indices {
      for (direction, pass) in own.enumerated() {
        // Not a split, which older and newer versions of operators write in different ways.
        let place = builder.constant("index.\(direction)", ONNXArray([], .integers([direction])))
        _ = builder.add("Gather", [outputs[1 + index], place], name: finalState(pass, index))
      }
    }
    return merged(outputs[0], form.layer.description)
  }

  /// `[T, B, width]` of an operator's `[T, D, B, H]`.
  private mutating func merged(_ outputs: String, _ description: LayerDescription) -> String {
    guard case .bidirectional(let merge) = description.direction else {
      return builder.add("Squeeze", [outputs, builder.integers([1])])
    }
    let axis: [String: ONNXAttribute] = ["axes": .integers([1]), "keepdims": .integer(0)]
    switch merge {
    case .concatenate:
      let sorted = builder.add("Transpose", [outputs], ["perm": .integers([0, 2, 1, 3])])
      return builder.add("Reshape", [sorted, builder.integers([0, 0, -1])])
    case .sum: return builder.add("ReduceSum", [outputs, builder.integers([1])], ["keepdims": .integer(0)])
    case .average: return builder.add("ReduceMean", [outputs], axis)
    case .multiply: return builder.add("ReduceProd", [outputs], axis)
    }
  }

  /// A layer as a loop over the steps, one for each of its directions.
  private mutating func scans(_ layer: Int, _ own: [Int], _ rows: String) -> String {
    let outputs = own.map { scan($0, rows) }
    guard case .bidirectional(let merge, _) = network.architecture.layers[layer].direction else { return outputs[0] }
    switch merge {
    case .concatenate: return builder.add("Concat", outputs, ["axis": .integer(2)])
    case .sum: return builder.add("Add", outputs)
    case .average: return builder.add("Mean", outputs)
    case .multiply: return builder.add("Mul", outputs)
    }
  }

  private mutating func scan(_ pass: Int, _ rows: String) -> String {
    let (plan, prefix) = (network.plans[pass], passes[pass].prefix)
    let states = initialStates(pass)
    for parameter in plan.cell.parameters { _ = weight(prefix + parameter.name) }
    var step = ONNXStep(plan.cell, dimensions: plan.dimensions, in: builder) { prefix + $0 }
    let body = step.body()
    builder = step.outer
    let output = prefix + "output"
    var attributes: [String: ONNXAttribute] = ["body": .graph(body), "num_scan_inputs": .integer(1)]
    if passes[pass].isReverse {
      attributes["scan_input_directions"] = .integers([1])
      attributes["scan_output_directions"] = .integers([1])
    }
    let finals = states.indices.map { finalState(pass, $0) }
    builder.add(ONNXNode("Scan", states + [rows], finals + [output], name: prefix + "Scan", attributes: attributes))
    return output
  }

  /// The layer on top, and the sequences' axis first again.
  private mutating func writeHead(_ rows: String) {
    var rows = rows
    if network.layout.head != nil {
      let matrix = builder.add("Transpose", [weight("output.weight")], ["perm": .integers([1, 0])])
      rows = builder.add("Add", [builder.add("MatMul", [rows, matrix]), weight("output.bias")])
    }
    if case .classes = network.architecture.output { rows = builder.add("Softmax", [rows], ["axis": .integer(-1)]) }
    _ = builder.add("Transpose", [rows], name: "y", ["perm": .integers([1, 0, 2])])
  }
}

extension Network {
  /// A layer as one of ONNX's operators; nil if there is none that does the same.
  func operatorForm(_ layer: Int) -> ONNXOperatorForm? {
    (try? recurrentLayer(layer)).flatMap { ONNXOperatorForm($0) }
  }
}
