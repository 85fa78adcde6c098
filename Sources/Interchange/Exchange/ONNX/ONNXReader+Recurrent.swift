import Networks
import ONNXFiles
import Storage
import Support
import TensorFiles

/// A state before the first step that is an input of the graph, or a part of one.
struct ONNXGivenState {
  /// Of the operator, and as it calls the state.
  let layer: String
  let name: String
  /// The graph's input, and which part of it is read.
  let input: String
  let taken: [String: Range<Int>]
}

extension ONNXReader {
  /// A recurrent operator's outputs: all steps, the last hidden state, the last cell state.
  mutating func recurrent(_ given: ONNXNode, _ title: String) throws(Problem) -> [ONNXKnown] {
    let node = given.isQuantizedLSTM ? given.unquantized : given
    guard let name = node.inputs.first, !name.isEmpty else { throw Problem("\(title) has no input") }
    let kind = (given.operation == "LSTM" || given.operation == "RNN" ? "an " : "a ") + given.operation
    var flow = flow(into: ONNXNode("", [name], []))
    do throws(ONNXRefusal) {
      var constants = try constants(of: node, title)
      if given.isQuantizedLSTM {
        constants = try dequantized(constants, of: given, title)
        quantized.append(given.title)
      }
      let read = ONNXRecurrentNode(node: node, constants: constants)
      var issues: [String] = []
      var hasLengths = false
      let order = read.isBatchFirst ? (time: 1, batch: 0) : (time: 0, batch: 1)
      do throws(ONNXRefusal) {
        flow = try vectors(flow, read, order)
        orders[flow.member.source] = orders[flow.member.source] ?? flow.order
        hasLengths = try self.hasLengths(node, flow)
        if let before = flow.hasLengths, before != hasLengths {
          throw ONNXRefusal(
            hasLengths
              ? "which has sequence_lens, and the layer before it has none"
              : "which lacks the sequence_lens of the layer before it")
        }
      } catch {
        issues.append(error.text)
      }
      flow.hasLengths = hasLengths
      let states = try states(read, flow, title, &issues)
      let found = try layer(read, states)
      layers.append((found, number))
      for issue in issues { flow = flow.after(node.title, "\(kind) \(issue)") }
      return try outputs(of: found, flow, isBatchFirst: read.isBatchFirst).map { .flow($0) }
    } catch {
      refused.append((node.title, "\(kind) \(error.text)"))
      return node.outputs.map { _ in .flow(flow.after(node.title, "\(kind) \(error.text)")) }
    }
  }

  /// The operator's input as its steps, sequences and vectors.
  private func vectors(
    _ flow: ONNXFlow, _ read: ONNXRecurrentNode, _ order: (time: Int, batch: Int)
  ) throws(ONNXRefusal) -> ONNXFlow {
    guard let width = read.constants[1]?.shape.last, flow.axes != nil else { return flow }
    let unknown = ONNXRefusal("which reads something else than steps, sequences and vectors of \(width)")
    guard flow.axes?.count == 3, !flow.isWhole, var own = try flow.vectors(along: 2, width: width) else { throw unknown }
    guard let axes = own.axes else { return own }
    guard axes[..<2].allSatisfy({ $0.atoms.count <= 1 }) else { throw unknown }
    let (time, batch) = (axes[order.time].atoms.first, axes[order.batch].atoms.first)
    try own.setOrder(time: time, batch: batch)
    return own
  }

  /// What the operator gives, each direction by itself.
  func outputs(of found: FoundLayer, _ flow: ONNXFlow, isBatchFirst: Bool) throws(ONNXRefusal) -> [ONNXFlow] {
    let (member, count) = (flow.member, found.layer.description.directions)
    var all: [ONNXFlow.Member] = []
    for direction in 0..<count {
      let own = try found.direction(direction, isTurned: member.isTurned)
      var steps = member
      if member.path?.other == nil {
        steps.path = ONNXPath(.recurrent(own), before: member.path, source: member.source, operators: [number + direction])
      }
      all.append(steps)
    }
    let last = all.map { steps -> ONNXFlow.Member in
      guard steps.path?.other == nil else { return steps }
      return .init(source: steps.source, path: ONNXPath(.readout(.last), before: steps.path, source: steps.source))
    }
    let cell = last.map { state -> ONNXFlow.Member in
      var own = state
      own.isCellState = true
      return own
    }
    let (time, batch) = (
      ONNXFlow.Axis([flow.order?.time].compactMap { $0 }), ONNXFlow.Axis([flow.order?.batch].compactMap { $0 })
    )
    let (directions, features) = (
      ONNXFlow.Axis([.members(count, stride: 1)]), ONNXFlow.Axis([.features(found.layer.description.outputs)])
    )
    func view(_ members: [ONNXFlow.Member], _ axes: [ONNXFlow.Axis]) -> ONNXFlow {
      var own = ONNXFlow(members, axes: flow.axes == nil ? nil : axes)
      (own.order, own.hasLengths) = (flow.order, flow.hasLengths)
      return own
    }
    let states = isBatchFirst ? [batch, directions, features] : [directions, batch, features]
    return [
      view(all, isBatchFirst ? [batch, time, directions, features] : [time, directions, batch, features]),
      view(last, states), view(cell, states),
    ]
  }

  // MARK: What stands in the file

  /// The operator's inputs as far as they are arrays.
  private mutating func constants(of node: ONNXNode, _ title: String) throws(ONNXRefusal) -> [ONNXArray?] {
    var constants: [ONNXArray?] = []
    for (place, name) in ONNXRecurrentNode.inputNames.enumerated() {
      guard place < node.inputs.count, !node.inputs[place].isEmpty else {
        constants.append(nil)
        continue
      }
      let array: ONNXArray?
      do throws(Problem) {
        array = try self.array(node.inputs[place], of: title)
      } catch {
        throw ONNXRefusal("whose \(name) can't be read: \(error.text)")
      }
      guard array != nil || [0, 4, 5, 6].contains(place) else {
        throw ONNXRefusal("whose \(name) is no part of the file, but comes from \(origin(of: node.inputs[place]))")
      }
      constants.append(array)
    }
    budget -= constants.reduce(1) { $0 + ($1?.count ?? 0) }
    guard budget > 0 else { throw ONNXRefusal("whose weights, with those of all others, are more than the file holds") }
    return constants
  }

  private func origin(of name: String) -> String {
    guard case .flow(let flow)? = try? value(name, of: "") else { return "an operator" }
    return flow.path?.other ?? (flow.isInput ? "the graph's input \(flow.member.source)" : "the model's own data")
  }

  private func layer(_ read: ONNXRecurrentNode, _ states: [ONNXArray?]) throws(ONNXRefusal) -> FoundLayer {
    let node = read.node
    let layer = try read.layer(states: states.contains { $0?.isZero == false } ? states : [])
    return FoundLayer(
      layer: layer, stack: node.title, system: .onnx, gateOrder: ONNXWeights.order(of: layer.description.kind),
      tensors: [1, 2, 3, 7].filter { $0 < node.inputs.count }.map { node.inputs[$0] }.filter { !$0.isEmpty })
  }

  // MARK: Lengths and states

  /// How many states a graph may read.
  private static var greatestStates: Int { 2048 }

  /// Whether the operator is given the sequences' lengths, by the one input that all layers share.
  private mutating func hasLengths(_ node: ONNXNode, _ flow: ONNXFlow) throws(ONNXRefusal) -> Bool {
    guard node.inputs.count > 4, !node.inputs[4].isEmpty, let value = try? value(node.inputs[4], of: "") else { return false }
    guard case .flow(let own) = value else {
      if ONNXRule.everywhere(value) == flow.order?.time?.length ?? ONNXLength(1) { return false }
      throw ONNXRefusal("whose sequence_lens is fixed in the file")
    }
    guard own.isInput, own.axes != nil, own.taken.isEmpty else {
      throw ONNXRefusal("whose sequence_lens is computed from the model's input")
    }
    if let before = lengths, before != own.member.source {
      throw ONNXRefusal("whose sequence_lens is \(own.member.source), and that of the layer before it \(before)")
    }
    lengths = own.member.source
    return true
  }

  /// The states before the first step that the file has, h then c; nil for zeros and for those that are given when the model runs.
  ///
  /// - Parameter issues: why states are nothing that a network knows or is given when it runs.
  private mutating func states(
    _ read: ONNXRecurrentNode, _ flow: ONNXFlow, _ title: String, _ issues: inout [String]
  ) throws(ONNXRefusal) -> [ONNXArray?] {
    var states: [ONNXArray?] = []
    for place in 5...(read.node.operation == "LSTM" ? 6 : 5) {
      var state: ONNXArray?
      defer { states.append(state) }
      guard place < read.node.inputs.count, !read.node.inputs[place].isEmpty, let input = read.node.inputs[place...].first,
        let value = try? value(input, of: title)
      else { continue }
      let name = ONNXRecurrentNode.inputNames[place]
      switch value {
      case .flow(let own):
        guard own.isInput, own.axes != nil else {
          issues.append("whose \(name) is computed from the model's input")
          continue
        }
        if let issue = misfit(value.shape, read, flow) { issues.append("whose \(name) \(issue)") }
        if given.count >= Self.greatestStates { issues.append("whose \(name) is one of more than \(Self.greatestStates) states") }
        given.append(ONNXGivenState(layer: read.node.title, name: name, input: own.member.source, taken: own.taken))
      case .lengths, .uniform, .repeated, .array, .stored:
        let array = if case .repeated(let own) = value { Optional(own.base) } else { read.constants[place] }
        if let issue = misfit(value.shape, read, flow) { throw ONNXRefusal("whose \(name) \(issue)") }
        guard array?.isWhole == false else { throw ONNXRefusal("whose \(name) holds whole numbers") }
        state = array
      }
    }
    return states
  }

  /// Why a shape is not that of states; nil if it is.
  private func misfit(_ shape: [ONNXLength?]?, _ read: ONNXRecurrentNode, _ flow: ONNXFlow) -> String? {
    guard let recurrent = read.constants[2], recurrent.shape.count == 3 else { return nil }
    // Where what it reads is not understood, the number of sequences is not known.
    let batch = flow.axes == nil ? nil : flow.order.flatMap { $0.batch?.length ?? ONNXLength(1) }
    let (directions, units) = (ONNXLength(recurrent.shape[0]), ONNXLength(recurrent.shape[2]))
    let expected = read.isBatchFirst ? [batch, directions, units] : [directions, batch, units]
    func text(_ lengths: [ONNXLength?]) -> String {
      "[\(lengths.map { $0.map(\.description) ?? "?" }.joined(separator: ", "))]"
    }
    guard let shape, shape.count == 3 else { return "has the shape \(text(shape ?? [])); expected \(text(expected))" }
    for place in shape.indices {
      let (own, wanted) = (shape[place], expected[place])
      // States for a fixed number of sequences go with an input that leaves their number open.
      let isBatch = place == (read.isBatchFirst ? 0 : 1)
      if own == wanted && own != nil || isBatch && (wanted == nil || own?.constant != nil && wanted?.constant == nil) { continue }
      return "has the shape \(text(shape)); expected \(text(expected))"
    }
    return nil
  }
}

extension ONNXFlow {
  /// Says which atoms are steps and sequences.
  ///
  /// - Throws: ``ONNXRefusal`` if others were before.
  mutating func setOrder(time: Atom?, batch: Atom?) throws(ONNXRefusal) {
    if let order, order.time != time || order.batch != batch {
      throw ONNXRefusal("whose steps are not those of the layer before it")
    }
    if let turned, turned != time { throw ONNXRefusal("which reads something other than steps the other way round") }
    (order, turned) = ((time, batch), nil)
  }
}
