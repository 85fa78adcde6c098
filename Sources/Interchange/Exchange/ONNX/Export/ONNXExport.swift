import CellCompiler
import CellLanguage
import Engine
import Models
public import Networks
package import ONNXFiles
import Sequences
import Support

/// A network as an ONNX model.
///
/// Its inputs are `x`, `[batch, time, inputs]`, or `[batch, time]` of symbols, where features have names `names`, `[batch,
/// time]`, the symbols of these, and each state before the first step, `[batch, width]`, such as
/// `layers.0.c`, which is zero, or what the network has learned, by default. Its outputs are `y`, `[batch, time, outputs]`, and
/// each state after the last step, such as `layers.0.c_n`; `y` of a network that reads out sequences is `[batch, outputs]`. A
/// layer that ONNX's RNN, GRU and LSTM can do is one of these; each other one is a `Scan` over the steps with the cell's
/// equations as its body.
public struct ONNXExport: Sendable {
  /// The version of the set of operators: the oldest with all that is written here, so that older runtimes read it.
  package static let opset = 17
  /// How each layer is written: `LSTM`, `Scan`, or `element by element` if it multiplies no matrix.
  public let operators: [String]

  package let model: ONNXModel

  /// - Parameter takesLengths: whether `lengths`, `[batch]`, is an input, too: how many steps of each sequence count. Each layer
  ///   must be one of ONNX's operators then. After a sequence's end `y` is what a head makes of zeros.
  /// - Throws: ``RecurrentError`` if the network reads words, or a layer or the readout knows no lengths in ONNX.
  public init(_ network: Network, takesLengths: Bool = false) throws {
    try network.checkEnds(for: "ONNX", holdsNames: true, holdsShortcuts: true, holdsBranches: true)
    // The metadata describe the file, whose tensors are all 32-bit numbers.
    let network = try network.narrowed(to: .float32)
    var writer = ONNXNetworkWriter(network, takesLengths: takesLengths)
    operators = try writer.write()
    model = ONNXModel(
      irVersion: 8, producer: "recurrent", opsets: ["": Self.opset], metadata: network.metadata, graph: writer.builder.graph)
  }

  /// Writes the file at `path`, which is replaced whole or not at all.
  ///
  /// - Throws: ``RecurrentError`` if the file can't be written, or would be larger than the 2 GiB that the format allows.
  public func write(to path: String) throws { try model.write(to: path) }
}

/// Writes a network's graph from its input to its outputs.
struct ONNXNetworkWriter {
  let network: Network
  var builder = ONNXGraphBuilder("network")
  let passes: [Architecture.Pass]
  private let takesLengths: Bool
  /// What layers read, `[T, B, width]`, each made once.
  private var readings: [Architecture.Reading: String] = [:]

  /// The name of the input that says how long each sequence is.
  static let lengths = "lengths"
  /// The name of what an encoder gives at each step, and a decoder reads.
  static let memory = "memory"

  init(_ network: Network, takesLengths: Bool) {
    self.network = network
    self.takesLengths = takesLengths
    passes = network.architecture.passes
  }

  /// - Returns: each layer's operator.
  mutating func write() throws -> [String] {
    let architecture = network.architecture
    let hasSteps = architecture.readout == .everyStep
    builder.output("y", [.named("batch")] + (hasSteps ? [.named("time")] : []) + [.fixed(architecture.outputWidth)])
    let operators = try writeLayers()
    var rows = readOut(architecture.resolvedTop)
    for node in network.graph.passes where node.pass.span == .sequence {
      rows = try above(node, of: network, "", rows)
    }
    if architecture.outputReadsInput {
      rows = builder.add("Concat", [rows, value(of: .input)], ["axis": .integer(2)])
    }
    writeHead(rows)
    return operators
  }

  /// What a layer without memory that stands above a readout makes of it, `[B, width]`.
  ///
  /// - Parameters:
  ///   - owner: the network whose weights it has.
  ///   - title: what their names begin with here.
  mutating func above(
    _ node: PassNode, of owner: Network, _ title: String, _ rows: String
  ) throws(RecurrentError) -> String {
    guard !node.plan.cell.hasMemory else {
      throw RecurrentError(
        .interchange, "\(node.name) has the cell \(node.plan.cell.name), which is not written there for ONNX")
    }
    return dense(node.plan, prefix: node.pass.prefix, of: owner, title, rows)
  }

  /// Writes the input and all layers over the steps.
  mutating func writeLayers() throws -> [String] {
    let architecture = network.architecture
    let forms = network.inputForms
    for form in forms.reversed() {
      switch form {
      case .numbers(let count): builder.input("x", .float32, [.named("batch"), .named("time"), .fixed(count)])
      case .embedded, .oneHot: builder.input(forms.count == 1 ? "x" : "names", .int64, [.named("batch"), .named("time")])
      case .special(let what): preconditionFailure("an input of \(what) is refused before")
      }
    }
    if let width = network.graph.edges.first(where: { $0.span == .source })?.width {
      builder.input(Self.memory, .float32, [.named("batch"), .named("source"), .fixed(width)])
    }
    if takesLengths {
      try checkLengthsAreKnown()
      builder.input(Self.lengths, .int32, [.named("batch")])
    }
    _ = builder.add(
      "Slice", [builder.add("Shape", ["x"]), builder.integers([0]), builder.integers([1])], name: ONNXGraphBuilder.sequences)
    let read = builder.add("Transpose", [try encoded()], ["perm": .integers([1, 0, 2])])
    readings[.input] = read
    var operators: [String] = []
    for layer in architecture.layers.indices {
      var rows = value(of: architecture.resolvedReading(ofLayer: layer))
      let own = passes.indices.filter { passes[$0].layer == layer }
      if network.isMemoryless(layer) {
        rows = dense(network.plans[own[0]], prefix: passes[own[0]].prefix, of: network, "", rows)
        operators.append(network.plans[own[0]].products.isEmpty ? "element by element" : "MatMul")
      } else if let form = network.operatorForm(layer) {
        rows = write(form, layer, own, rows)
        operators.append(form.operation)
      } else {
        rows = scans(layer, own, rows)
        operators.append("Scan")
      }
      readings[.layer(architecture.key(ofLayer: layer))] = rows
    }
    return operators
  }

  /// `[T, B, width]` of what a layer, or the output, reads.
  mutating func value(of reading: Architecture.Reading) -> String {
    if let value = readings[reading] { return value }
    let parts = reading.parts.map { value(of: $0) }
    let made = combined(reading, parts, axis: 2)
    readings[reading] = made
    return made
  }

  /// What a reading makes of its parts.
  private mutating func combined(_ reading: Architecture.Reading, _ parts: [String], axis: Int) -> String {
    switch reading {
    case .sum: return parts.dropFirst().reduce(parts[0]) { builder.add("Add", [$0, $1]) }
    case .product: return parts.dropFirst().reduce(parts[0]) { builder.add("Mul", [$0, $1]) }
    case .concatenation: return builder.add("Concat", parts, ["axis": .integer(axis)])
    case .input, .layer: preconditionFailure("\(reading.text) is there before it is read")
    }
  }

  /// `[B, T, width]` of the input.
  private mutating func encoded() throws -> String {
    let forms = network.inputForms
    let symbols = forms.count == 1 ? "x" : "names"
    let parts = forms.map { form in
      switch form {
      case .special(let what): preconditionFailure("an input of \(what) is refused before")
      case .numbers: return "x"
      case .embedded(_, _, let matrix): return builder.add("Gather", [weight(matrix), symbols])
      case .oneHot(let count):
        let values = builder.constant("zero.one", ONNXArray([2], .floats([0, 1])))
        return builder.add("OneHot", [symbols, builder.integers([count]), values])
      }
    }
    return parts.count == 1 ? parts[0] : builder.add("Concat", parts, ["axis": .integer(2)])
  }

  /// A weight of the network as it is.
  private mutating func weight(_ name: String) -> String { weight(name, of: network, "") }

  /// - Parameter title: what the weight's name begins with here.
  mutating func weight(_ name: String, of owner: Network, _ title: String) -> String {
    guard let entry = owner.ends.first(where: { $0.name == name }) ?? owner.layout[name] else {
      preconditionFailure("the network has no \(name)")
    }
    return builder.constant(title + name, ONNXArray(entry.shape, .floats(Array(owner.parameters[entry.range]))))
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

  /// The name of a state after the last step, an output of the graph.
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
      weights.bias.map { builder.constant(prefix + "B", $0) } ?? "", takesLengths ? Self.lengths : "", initial(&builder, 0),
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
    return merged(outputs, merge, axis: 2)
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

  /// A layer whose cell has no memory, on all rows at once.
  mutating func dense(_ plan: Plan, prefix: String, of owner: Network, _ title: String, _ rows: String) -> String {
    for parameter in plan.cell.parameters { _ = weight(prefix + parameter.name, of: owner, title) }
    var step = ONNXStep(plan.cell, dimensions: plan.dimensions, in: builder) { title + prefix + $0 }
    defer { builder = step.outer }
    return step.output(of: rows)
  }

  /// `[B, width]` of what is `[T, B, width]` at each step, unless each step is read out.
  mutating func readOut(_ reading: Architecture.Reading) -> String {
    switch network.architecture.readout {
    case .everyStep: return value(of: reading)
    case .mean: return builder.add("ReduceMean", [value(of: reading)], ["axes": .integers([0]), "keepdims": .integer(0)])
    case .max: return builder.add("ReduceMax", [value(of: reading)], ["axes": .integers([0]), "keepdims": .integer(0)])
    case .last: return last(reading)
    }
  }

  /// `[B, width]` of what a reading ends with: each layer by itself, as those end that read in reverse.
  private mutating func last(_ reading: Architecture.Reading) -> String {
    if !reading.parts.isEmpty { return combined(reading, reading.parts.map { last($0) }, axis: 1) }
    let architecture = network.architecture
    guard let layer = architecture.layers.indices.first(where: { reading == .layer(architecture.key(ofLayer: $0)) }),
      !network.isMemoryless(layer)
    else {
      let index = builder.constant("index.last", ONNXArray([], .integers([-1])))
      return builder.add("Gather", [value(of: reading), index], ["axis": .integer(0)])
    }
    let ends = passes.filter { $0.layer == layer }.map { "\($0.prefix)\($0.cell.states[0].name)_n" }
    guard case .bidirectional(let merge, _) = architecture.layers[layer].direction else { return ends[0] }
    return merged(ends, merge, axis: 1)
  }

  /// Two values as one, concatenated along an axis.
  private mutating func merged(_ values: [String], _ merge: Architecture.Merge, axis: Int) -> String {
    switch merge {
    case .concatenate: builder.add("Concat", values, ["axis": .integer(axis)])
    case .sum: builder.add("Add", values)
    case .average: builder.add("Mean", values)
    case .multiply: builder.add("Mul", values)
    }
  }

  /// The layer on top, and the sequences' axis first again.
  private mutating func writeHead(_ rows: String) {
    var rows = rows
    if network.layout.head != nil {
      let matrix = builder.add("Transpose", [weight("output.weight")], ["perm": .integers([1, 0])])
      rows = builder.add("Add", [builder.add("MatMul", [rows, matrix]), weight("output.bias")])
    }
    if network.architecture.givesClasses { rows = builder.add("Softmax", [rows], ["axis": .integer(-1)]) }
    if network.architecture.readout == .everyStep {
      _ = builder.add("Transpose", [rows], name: "y", ["perm": .integers([1, 0, 2])])
    } else {
      _ = builder.add("Identity", [rows], name: "y")
    }
  }
}

extension Network {
  /// Whether a layer does the same at each step, whatever came before.
  func isMemoryless(_ index: Int) -> Bool {
    let layer = architecture.layers[index]
    return !layer.cell.hasMemory && layer.direction == .forward && !layer.learnsInitialStates
  }

  /// A layer as one of ONNX's operators; nil if there is none that does the same.
  func operatorForm(_ layer: Int) -> ONNXOperatorForm? {
    if architecture.layers[layer].cells.contains(where: { $0.memory != nil }) { return nil }
    return (try? recurrentLayer(layer)).flatMap { ONNXOperatorForm($0) }
  }
}
