/// An ONNX model: a graph of operators, with its weights.
///
/// Only what a graph computes is kept; documentation and hints for other tools are left aside.
package struct ONNXModel: Sendable {
  /// The version of the file's own structure.
  package var irVersion: Int
  /// Who wrote it.
  package var producer: String
  /// The version of each set of operators, by its domain; the default one's is empty.
  package var opsets: [String: Int]
  package var metadata: [String: String]
  package var graph: ONNXGraph
  /// Bytes of the file that it was read from.
  var fileSize = 0

  package init(irVersion: Int, producer: String, opsets: [String: Int], metadata: [String: String], graph: ONNXGraph) {
    self.irVersion = irVersion
    self.producer = producer
    self.opsets = opsets
    self.metadata = metadata
    self.graph = graph
  }
}

/// Operators in an order in which each follows those whose outputs it reads.
package struct ONNXGraph: Sendable {
  package var name: String
  package var nodes: [ONNXNode]
  /// Tensors that the graph has from the start. One that has an input's name is that input's default.
  package var initializers: [ONNXTensor]
  package var inputs: [ONNXValue]
  package var outputs: [ONNXValue]

  package init(
    name: String, nodes: [ONNXNode] = [], initializers: [ONNXTensor] = [], inputs: [ONNXValue] = [], outputs: [ONNXValue] = []
  ) {
    self.name = name
    self.nodes = nodes
    self.initializers = initializers
    self.inputs = inputs
    self.outputs = outputs
  }
}

/// An operator applied to named values. An empty name is an optional value that is left out.
package struct ONNXNode: Sendable {
  package var name: String
  /// The set of operators that it is from; empty for the default one.
  package var domain: String
  package var operation: String
  package var inputs: [String]
  package var outputs: [String]
  package var attributes: [String: ONNXAttribute]

  package init(
    _ operation: String, _ inputs: [String], _ outputs: [String], name: String = "", domain: String = "",
    attributes: [String: ONNXAttribute] = [:]
  ) {
    self.name = name
    self.domain = domain
    self.operation = operation
    self.inputs = inputs
    self.outputs = outputs
    self.attributes = attributes
  }
}

/// What an operator's attribute is.
package enum ONNXAttribute: Sendable {
  case float(Float)
  case integer(Int)
  case text(String)
  case tensor(ONNXTensor)
  case graph(ONNXGraph)
  case floats([Float])
  case integers([Int])
  case texts([String])
  /// One of a kind that no operator read here has.
  case other
}

/// A graph's input or output.
package struct ONNXValue: Sendable {
  package var name: String
  package var type: ONNXTensor.ElementType?
  /// Nil if the file doesn't say how many axes there are.
  package var shape: [Dimension]?

  package init(_ name: String, _ type: ONNXTensor.ElementType?, _ shape: [Dimension]?) {
    self.name = name
    self.type = type
    self.shape = shape
  }

  package enum Dimension: Sendable, Hashable {
    case fixed(Int)
    /// Any length, the same wherever the name stands.
    case named(String)
    case unknown
  }
}
