import ONNXFiles
import Storage

/// Puts a graph together, operator by operator.
struct ONNXGraphBuilder {
  private(set) var graph: ONNXGraph
  private var names: Set<String> = []

  init(_ name: String) { graph = ONNXGraph(name: name) }

  /// Adds an operator with one output; returns the output's name.
  ///
  /// - Parameter name: what the output is called; one made from the operator's kind if it is nil.
  mutating func add(
    _ operation: String, _ inputs: [String], name: String? = nil, _ attributes: [String: ONNXAttribute] = [:]
  ) -> String {
    let output = name ?? fresh(operation.lowercased())
    graph.nodes.append(ONNXNode(operation, inputs, [output], name: output, attributes: attributes))
    return output
  }

  mutating func add(_ node: ONNXNode) { graph.nodes.append(node) }

  /// A tensor that the graph has from the start; one of that name is added once.
  mutating func constant(_ name: String, _ array: ONNXArray) -> String {
    if names.insert(name).inserted { graph.initializers.append(ONNXTensor(name, array)) }
    return name
  }

  mutating func integers(_ values: [Int]) -> String {
    constant("integers." + values.map(String.init).joined(separator: "."), ONNXArray([values.count], .integers(values)))
  }

  mutating func number(_ value: Double) -> String { constant("number.\(value)", ONNXArray([], .floats([Float(value)]))) }

  mutating func input(_ name: String, _ type: ONNXTensor.ElementType, _ shape: [ONNXValue.Dimension]) {
    graph.inputs.append(ONNXValue(name, type, shape))
  }

  mutating func output(_ name: String, _ shape: [ONNXValue.Dimension]) {
    graph.outputs.append(ONNXValue(name, .float32, shape))
  }

  private func fresh(_ stem: String) -> String { "\(stem).\(graph.nodes.count)" }
}

/// What steps need of the graph that they stand in.
extension ONNXGraphBuilder {
  /// The shape of one row of `width` numbers for each sequence of the input; the graph must have ``sequences``.
  mutating func shape(ofRows width: Int) -> String {
    let name = "shape.\(width)"
    if !graph.nodes.contains(where: { $0.name == name }) {
      _ = add("Concat", [Self.sequences, integers([width])], name: name, ["axis": .integer(0)])
    }
    return name
  }

  /// Some rows of a matrix.
  mutating func rows(_ rows: Range<Int>, of matrix: String) -> String {
    let name = "\(matrix).rows.\(rows.lowerBound)"
    if !graph.nodes.contains(where: { $0.name == name }) {
      _ = add("Slice", [matrix, integers([rows.lowerBound]), integers([rows.upperBound]), integers([0])], name: name)
    }
    return name
  }

  /// The rows of a memory by a matrix.
  mutating func product(of memory: String, by matrix: String) -> String {
    let name = "\(memory).\(matrix)"
    if !graph.nodes.contains(where: { $0.name == name }) {
      _ = add("MatMul", [memory, add("Transpose", [matrix], ["perm": .integers([1, 0])])], name: name)
    }
    return name
  }

  /// The name of the number of sequences.
  static let sequences = "sequences"
}
