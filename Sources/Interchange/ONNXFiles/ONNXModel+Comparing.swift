extension ONNXModel {
  /// Whether both compute the same from the same weights, and say the same of themselves.
  package func isSame(as other: ONNXModel) -> Bool {
    irVersion == other.irVersion && opsets == other.opsets && metadata == other.metadata && graph.isSame(as: other.graph)
  }
}

extension ONNXGraph {
  fileprivate func isSame(as other: ONNXGraph) -> Bool {
    nodes.count == other.nodes.count && zip(nodes, other.nodes).allSatisfy { $0.isSame(as: $1) }
      && initializers.count == other.initializers.count
      && zip(initializers, other.initializers).allSatisfy { $0.isSame(as: $1) }
      && inputs.map(\.name) == other.inputs.map(\.name) && outputs.map(\.name) == other.outputs.map(\.name)
  }
}

extension ONNXNode {
  fileprivate func isSame(as other: ONNXNode) -> Bool {
    (operation, domain) == (other.operation, other.domain) && inputs == other.inputs && outputs == other.outputs
      && attributes.count == other.attributes.count
      && attributes.allSatisfy { name, own in other.attributes[name].map { own.isSame(as: $0) } ?? false }
  }
}

extension ONNXAttribute {
  fileprivate func isSame(as other: ONNXAttribute) -> Bool {
    switch (self, other) {
    case (.float(let own), .float(let other)): own == other
    case (.integer(let own), .integer(let other)): own == other
    case (.text(let own), .text(let other)): own == other
    case (.floats(let own), .floats(let other)): own == other
    case (.integers(let own), .integers(let other)): own == other
    case (.texts(let own), .texts(let other)): own == other
    case (.tensor(let own), .tensor(let other)): own.isSame(as: other)
    case (.graph(let own), .graph(let other)): own.isSame(as: other)
    default: false
    }
  }
}

extension ONNXTensor {
  /// Whether two tensors have the same name, type and numbers, where NaN is equal to itself.
  fileprivate func isSame(as other: ONNXTensor) -> Bool {
    guard name == other.name, type == other.type, shape == other.shape, let own = try? array(), let others = try? other.array()
    else {
      return false
    }
    switch (own.elements, others.elements) {
    case (.floats(let own), .floats(let others)): return zip(own, others).allSatisfy { $0 == $1 || $0.isNaN && $1.isNaN }
    case (.integers(let own), .integers(let others)): return own == others
    default: return false
    }
  }
}
