import CellLanguage
import Networks
import ONNXFiles
import Support
import TensorFiles

extension ONNXReader {
  /// What a `Loop` over the steps gives: what it carries after the last step, and what it gives at each one.
  mutating func loop(_ node: ONNXNode, _ title: String) throws(Problem) -> [ONNXKnown] {
    var flow = flow(into: node)
    do throws(ONNXRefusal) {
      let (found, loop, rows) = try layer(of: node, title)
      layers.append((found, number))
      return try outputs(of: found, loop, rows)
    } catch {
      flow = flow.after(node.title, "a Loop \(error.text)")
    }
    return node.outputs.map { _ in .flow(flow) }
  }

  private mutating func layer(
    of node: ONNXNode, _ title: String
  ) throws(ONNXRefusal) -> (found: FoundLayer, loop: ONNXLoop, rows: ONNXFlow) {
    guard let body = node.graph("body"), node.attributes.count == 1, node.inputs.count >= 2 else {
      throw ONNXRefusal("without a body")
    }
    var initial: [ONNXKnown] = []
    for name in node.inputs.dropFirst(2) {
      guard let value = known(name) else { throw ONNXRefusal("that carries a value which is left out") }
      initial.append(value)
    }
    var loop = try ONNXLoop(node, body, initial: initial, opset: opset, limit: limit)
    let (cell, dimensions, parameters) = try loop.read { known($0) }
    guard let (rows, axis) = loop.rows, let axes = rows.axes, rows.axes?.count == 3 else {
      throw ONNXRefusal("that reads no rows")
    }
    let (steps, batch) = (axes[axis], axes[1 - axis])
    // It runs once for each row: as often as is said before, and its own condition does not end it before.
    guard let count = known(node.inputs[0])?.lengths?.elements, count == [steps.length],
      node.inputs[1].isEmpty || known(node.inputs[1])?.lengths?.elements == [ONNXLength(1)], loop.goesOn(for: steps.length)
    else { throw ONNXRefusal("that may end before the last step") }
    guard steps.atoms.count <= 1, batch.atoms.count <= 1, !rows.isWhole else {
      throw ONNXRefusal("that reads no rows of vectors")
    }
    var own = rows
    try own.setOrder(time: steps.atoms.first, batch: batch.atoms.first)
    orders[own.member.source] = orders[own.member.source] ?? own.order
    for state in loop.states {
      let value = initial[state.place]
      let isZero =
        switch value {
        case .repeated(let own): own.base.isZero && !own.isOfSymbols
        case .array(let array): array.isZero
        case .stored, .lengths, .uniform, .flow: false
        }
      guard isZero, let shape = value.shape, shape[0] == batch.length, batch.length != nil else {
        throw ONNXRefusal("whose states before the first step are something other than zeros for each sequence")
      }
    }
    let layer = try unwrapping { () throws(RecurrentError) in
      try RecurrentLayer(node.title, cell, dimensions: dimensions, parameters: parameters)
    }
    budget -= parameters.count
    guard budget > 0 else { throw ONNXRefusal("whose weights, with those of all others, are more than the file holds") }
    let found = FoundLayer(
      layer: layer, stack: node.title, system: .onnx, gateOrder: layer.description.gates,
      tensors: node.inputs.filter { !$0.isEmpty })
    own.hasLengths = rows.hasLengths ?? false
    guard own.hasLengths == false else { throw ONNXRefusal("over steps with zeros after the sequences' ends") }
    return (found, loop, own)
  }

  private mutating func known(_ name: String) -> ONNXKnown? { (try? known(name, of: "")) ?? nil }

  private func outputs(of found: FoundLayer, _ loop: ONNXLoop, _ rows: ONNXFlow) throws(ONNXRefusal) -> [ONNXKnown] {
    // As an operator gives them, without the axis of its one direction.
    let views = try outputs(of: found, rows, isBatchFirst: false).map { view -> ONNXFlow in
      var own = view
      own.axes?.remove(at: view.axes?.count == 4 ? 1 : 0)
      return own
    }
    let hidden = loop.state(of: loop.initial.count + 1)
    return loop.node.outputs.indices.map { place in
      guard let state = loop.state(of: place + 1) else {
        return .flow(rows.after(loop.node.title, "a Loop, of which something other than a state is read"))
      }
      if place >= loop.initial.count {
        return state == hidden
          ? .flow(views[0]) : .flow(rows.after(loop.node.title, "a Loop that gives its cell state at each step"))
      }
      return .flow(views[state == hidden ? 1 : 2])
    }
  }
}

extension ONNXLoop {
  /// Whether the body's condition holds after each of these steps but the last.
  fileprivate func goesOn(for steps: ONNXLength?) -> Bool {
    switch values[body.outputs[0].name] {
    case .goesOn(let number, let length)?: number <= 1 && length == steps
    case .known(.array(let array))?: array.count == 1 && !array.isZero
    case .step?, .vector?, .known?, nil: false
    }
  }
}
