extension Plan {
  /// What the matrix products of a step of one sequence multiply and add up.
  public var multiplyAdds: Int { products.reduce(0) { $0 + $1.n * $1.k } }

  /// Functions and operators that a step of one sequence applies to numbers.
  public var pointwiseOperations: Int {
    graph.nodes[..<forwardCount].reduce(0) { sum, node in
      if case .apply = node.operation { sum + node.width } else { sum }
    }
  }
}
