import Networks
import ONNXFiles
import Storage

extension ONNXReader {
  /// States after the last step that an operator stacks, picks out again, or merges from both directions.
  ///
  /// - Parameter known: the operator's inputs as far as their numbers are known.
  func states(_ node: ONNXNode, _ known: [ONNXArray?]) -> ONNXKnown? {
    if let flow = joined(node) { return .flow(flow) }
    switch node.operation {
    case "Identity": return node.inputs.first.flatMap(listed).map(ONNXKnown.states)
    case "Concat" where node.integer("axis") == 0:
      let lists = node.inputs.compactMap { listed($0) ?? directions($0) }
      return lists.count == node.inputs.count ? .states(lists.flatMap { $0 }) : nil
    case "Gather" where node.integer("axis") ?? 0 == 0:
      guard let states = node.inputs.first.flatMap(listed), known.count == 2, let index = known[1]?.integers,
        known[1]?.shape.isEmpty == true, let place = index.first.flatMap({ resolvedAxis($0, rank: states.count) })
      else { return nil }
      return .flow(states[place])
    default: return nil
    }
  }

  private func listed(_ name: String) -> [ONNXFlow]? {
    if case .states(let flows)? = try? value(name, of: "") { flows } else { nil }
  }

  /// The states of a layer's directions, `[directions, sequences, features]`.
  private func directions(_ name: String) -> [ONNXFlow]? {
    guard case .flow(let flow)? = try? value(name, of: ""), case .readout(.last)? = flow.path?.part, let axes = flow.axes,
      case .directions(let count)? = axes.first, flow.direction == nil
    else { return nil }
    return (0..<count).map { direction in
      var own = flow.with(Array(axes.dropFirst()))
      if count == 2 { own.direction = direction }
      return own
    }
  }

  /// The states of both directions of a layer, the forward one first, as one.
  private func joined(_ node: ONNXNode) -> ONNXFlow? {
    let flows = node.inputs.compactMap { input -> ONNXFlow? in
      if case .flow(let flow)? = try? value(input, of: "") { flow } else { nil }
    }
    guard flows.count == 2, node.inputs.count == 2, let axes = flows[0].axes, axes == flows[1].axes, axes.last == .features,
      flows[0].path === flows[1].path, !flows[0].isCellState, !flows[1].isCellState, flows.map(\.direction) == [0, 1]
    else { return nil }
    var both = flows[0]
    both.direction = nil
    switch node.operation {
    case "Concat":
      guard let axis = resolvedAxis(node.integer("axis") ?? 0, rank: axes.count), axis == axes.count - 1 else { return nil }
      return both.with(axes.dropLast() + [.allFeatures])
    case "Add", "Sum": return both.merged(.sum, axes)
    case "Mean": return both.merged(.average, axes)
    case "Mul": return both.merged(.multiply, axes)
    default: return nil
    }
  }
}
