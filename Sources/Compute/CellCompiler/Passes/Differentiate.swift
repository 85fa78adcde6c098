import CellLanguage
import Support

extension Plan {
  /// The backward step, derived value by value from the adjoints in the table of primitives.
  mutating func differentiate() {
    var builder = GraphBuilder(plan: self)
    var contributions: [Graph.Value: [Graph.Value]] = [:]
    var parts: [Graph.Value: [Graph.Part]] = [:]
    for (state, value) in next.enumerated() {
      let shape = builder.graph[value].shape
      contributions[value, default: []].append(builder.graph.add(.incomingGradient(state: state), shape: shape))
      if state == 0 { contributions[value, default: []].append(builder.graph.add(.outputGradient, shape: shape)) }
    }

    let live = graph.closure(of: next)
    let readers = vectorReaders(among: live)
    for value in live.reversed() {
      let node = builder.graph[value]
      if let affines = readers[value], !isFedFromBefore(value) {
        let gradients = affines.map {
          found(self.gradients.affines[$0], orFail: "value \(value) of cell \(cell.name) enters \($0), which has no gradient yet")
        }
        let backpropagated = builder.graph.add(
          .backpropagated(vector: value, affines: affines, gradients: gradients), width: node.width)
        contributions[value, default: []].append(backpropagated)
      }
      contributions[value, default: []] += builder.placed(
        parts[value, default: []], width: node.width)
      var gradient = builder.total(contributions[value, default: []])
      if case .affine = node.operation, gradient == nil { gradient = builder.graph.add(.constant(0), width: node.width) }
      guard let gradient else { continue }
      switch node.operation {
      case .affine: gradients.affines[value] = gradient
      case .apply(let primitive, let arguments):
        ensure(
          primitive.gradients.count == arguments.count,
          "\(primitive.name) has \(primitive.gradients.count) adjoints for \(arguments.count) arguments")
        for (argument, adjoint) in zip(arguments, primitive.gradients) where adjoint != .number(0) && isLearned(argument) {
          let bindings = ["y": value, "dy": gradient]
          let shape = primitive.matrixMap == nil ? node.shape : builder.graph[argument].shape
          var part = builder.gradient(adjoint, of: primitive, arguments, bindings: bindings, shape: shape)
          // The elements of a matrix as the vector that it was.
          let own = builder.graph[argument].shape
          if primitive == .identity, own != node.shape { part = builder.graph.add(.apply(.identity, [part]), shape: own) }
          if primitive == .spread { part = builder.graph.add(.slice(part, start: 0), width: 1) }
          contributions[argument, default: []].append(part)
        }
      case .slice(let vector, let start):
        if isLearned(vector) {
          parts[vector, default: []].append(Graph.Part(value: gradient, start: start))
        }
      case .parameter(let parameter): gradients.parameters.append((parameter, gradient))
      case .input: gradients.input = gradient
      case .memory, .projection: gradients.memory.append((value, gradient))
      case .previous, .constant, .mask, .zoneout, .placed, .incomingGradient, .outputGradient,
        .backpropagated:
        break
      }
    }
    gradients.states = cell.states.indices.map { state in
      let previous = live.first { graph[$0].operation == .previous(state: state) }
      return previous.flatMap { builder.total(contributions[$0, default: []]) }
    }
    graph = builder.graph
  }

  /// The pre-activations that each vector enters.
  private func vectorReaders(among values: [Graph.Value]) -> [Graph.Value: [Graph.Value]] {
    var readers: [Graph.Value: [Graph.Value]] = [:]
    for value in values {
      guard case .affine(let terms, _) = graph[value].operation else { continue }
      for vector in Set(terms.map(\.vector)) { readers[vector, default: []].append(value) }
    }
    return readers
  }

  /// Gradients of the input, of its parts and of previous states through products are not needed within the step: they are
  /// computed after it, straight into their places.
  private func isFedFromBefore(_ value: Graph.Value) -> Bool {
    if case .previous = graph[value].operation { return true }
    return graph.inputColumns(of: value) != nil
  }

  /// Whether a gradient means something there.
  private func isLearned(_ value: Graph.Value) -> Bool {
    switch graph[value].operation {
    case .constant, .mask, .zoneout: false
    default: true
    }
  }
}
