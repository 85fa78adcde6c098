import Models
import Networks
import ONNXFiles
import Storage
import Support
import TensorFiles

/// Goes through a model's graph from front to back and says of each value what is known of it.
struct ONNXReader {
  typealias Problem = TensorFile.Problem

  private let folding: ONNXFolding
  /// How many elements may still be worked out: a small file could ask for far more than it holds, again and again.
  private var budget: Int
  /// The values by name; those of nested graphs come after those of the outer ones.
  private var scopes: [[String: ONNXKnown]] = []
  /// All recurrent layers, those within branches that may or may not run too.
  private(set) var layers: [FoundLayer] = []
  private let opset: Int
  /// The recurrent operators that are no layers, and why.
  private(set) var refused: [(name: String, what: String)] = []

  /// How many layers may follow each other.
  private static let greatestLength = 1000

  /// - Parameters:
  ///   - size: bytes of the model's files.
  ///   - opset: the version of the default set of operators.
  init(size: Int, opset: Int) {
    let limit = max(size, 1 << 16)
    (folding, budget) = (ONNXFolding(limit: limit), 16 * limit)
    self.opset = opset
  }

  /// What each output of the graph is.
  mutating func read(_ graph: ONNXGraph) throws(Problem) -> [ONNXKnown] {
    scopes.append([:])
    defer { scopes.removeLast() }
    for tensor in graph.initializers { try define(tensor.name, .stored(tensor)) }
    for input in graph.inputs where scopes[scopes.count - 1][input.name] == nil {
      let rank = input.shape?.count ?? 3
      let isWhole = input.type == .int64 || input.type == .int32
      let axes = (0..<rank).map { $0 == rank - 1 && !isWhole ? ONNXFlow.Axis.features : .input($0) }
      try define(input.name, .flow(ONNXFlow(axes: axes, isWhole: isWhole)))
    }
    for node in graph.nodes { try read(node) }
    return try graph.outputs.map { output throws(Problem) in try value(output.name, of: "the graph") }
  }

  private mutating func define(_ name: String, _ value: ONNXKnown) throws(Problem) {
    guard scopes[scopes.count - 1].updateValue(value, forKey: name) == nil else {
      throw Problem("its graph gives \(quoted(name)) twice")
    }
  }

  func value(_ name: String, of reader: String) throws(Problem) -> ONNXKnown {
    for scope in scopes.reversed() {
      if let value = scope[name] { return value }
    }
    throw Problem("\(reader) reads \(quoted(name)), which nothing before it gives")
  }

  /// A value's numbers, nil if they are not known.
  private mutating func array(_ name: String, of reader: String) throws(Problem) -> ONNXArray? {
    switch try value(name, of: reader) {
    case .array(let array): return array
    case .flow, .spread, .states: return nil
    case .stored(let tensor):
      let array = try tensor.array()
      for place in scopes.indices.reversed() where scopes[place][name] != nil {
        scopes[place][name] = .array(array)
        break
      }
      return array
    }
  }

  private mutating func read(_ node: ONNXNode) throws(Problem) {
    let title = "operator \(node.kind) (\(quoted(node.title)))"
    for input in node.inputs where !input.isEmpty { _ = try value(input, of: title) }
    let values: [ONNXKnown]
    if node.domain.isEmpty && ONNXRecurrentNode.operations.contains(node.operation) {
      values = try recurrent(node, title)
    } else if node.domain.isEmpty && node.operation == "If" {
      values = try conditional(node, title)
    } else {
      values = try plain(node, title)
    }
    for case .flow(let flow) in values where flow.path?.count ?? 0 > Self.greatestLength {
      throw Problem("its graph has more than \(Self.greatestLength) layers one after the other")
    }
    for (place, output) in node.outputs.enumerated() where !output.isEmpty {
      try define(output, place < values.count ? values[place] : .flow(flow(into: node).after(node.title, what(of: node))))
    }
  }

  /// What an operator gives that is no recurrent layer and has no graphs of its own.
  private mutating func plain(_ node: ONNXNode, _ title: String) throws(Problem) -> [ONNXKnown] {
    var known: [ONNXArray?] = []
    var spread: ONNXArray?
    for input in node.inputs {
      if input.isEmpty {
        known.append(nil)
        continue
      }
      known.append(try isLeftAside(input) ? nil : try array(input, of: title))
      if spread == nil, case .spread(let array) = try value(input, of: title) { spread = array }
    }
    budget -= known.reduce(1) { $0 + ($1?.count ?? 0) }
    guard budget > 0 else { return [] }
    let isComplete = zip(node.inputs, known).allSatisfy { $0.isEmpty || $1 != nil }
    if isComplete, let outputs = folding.outputs(of: node, known) {
      budget -= outputs.reduce(0) { $0 + $1.count }
      return outputs.map { .array($0) }
    }
    if node.domain.isEmpty, let own = self.spread(node, known, spread) {
      budget -= own.count
      return [.spread(own)]
    }
    if node.domain.isEmpty, let own = states(node, known) { return [own] }
    if let own = try embedding(node, title) { return [.flow(own)] }
    let flow = flow(into: node)
    if let passed = flow.passing(node, known, opset: opset) { return [.flow(passed)] }
    return [.flow(flow.after(node.title, what(of: node)))]
  }

  private func what(of node: ONNXNode) -> String {
    guard node.domain.isEmpty else { return "an operator \(node.kind)" }
    switch node.operation {
    case "Scan", "Loop": return "a \(node.operation), a loop whose equations are not read back"
    case "ReduceMean", "ReduceMax", "Gather":
      // Their like without lengths are understood.
      return "an operator \(node.kind)"
        + (flow(into: node).hasLengths == true ? " over steps with zeros after the sequences' ends" : "")
    default: return "an operator \(node.kind)"
    }
  }

  /// Whether working with a tensor would cost more than there is left, or it has no numbers to work with.
  private func isLeftAside(_ name: String) throws(Problem) -> Bool {
    if case .stored(let tensor) = try value(name, of: "") { return tensor.count > budget || !tensor.holdsNumbers }
    return false
  }

  /// One number or array that is repeated to a shape which is not known.
  private func spread(_ node: ONNXNode, _ known: [ONNXArray?], _ spread: ONNXArray?) -> ONNXArray? {
    switch node.operation {
    case "ConstantOfShape": return ONNXFolding.filling(of: node)
    case "Expand": return known.first ?? nil ?? spread
    case "Identity", "Cast", "Dropout": return spread
    case "Slice", "Squeeze", "Unsqueeze", "Transpose", "Reshape", "Flatten", "Gather":
      return spread?.count == 1 ? spread?.reshaped([]) : nil
    case "Concat":
      // The states of two directions, each the same for all sequences.
      let arrays = node.inputs.compactMap { input -> ONNXArray? in
        if case .spread(let array)? = try? value(input, of: "") { array } else { nil }
      }
      return arrays.count == node.inputs.count ? folding.joined(arrays, axis: node.integer("axis") ?? 0) : nil
    default: return nil
    }
  }

  /// The data that an operator reads: that of its first input that is not stored in the file.
  private func flow(into node: ONNXNode) -> ONNXFlow {
    let flows = node.inputs.flatMap { input -> [ONNXFlow] in
      switch try? value(input, of: "") {
      case .flow(let flow): [flow]
      case .states(let flows): flows
      case .stored, .array, .spread, nil: []
      }
    }
    // If there are several, the one that has passed most layers.
    return flows.max { $0.path?.count ?? 0 < $1.path?.count ?? 0 } ?? ONNXFlow()
  }

  /// Vectors of symbols, which the operator picks out of a matrix or makes of a 1 and zeros.
  private mutating func embedding(_ node: ONNXNode, _ title: String) throws(Problem) -> ONNXFlow? {
    guard node.domain.isEmpty, ["Gather", "OneHot"].contains(node.operation), node.inputs.count >= 2 else { return nil }
    let symbols = node.inputs[node.operation == "Gather" ? 1 : 0]
    guard case .flow(let flow) = try value(symbols, of: title), flow.isWhole, flow.path == nil, let axes = flow.axes else {
      return nil
    }
    var layer: EmbeddingLayer?
    if node.operation == "Gather" {
      guard node.integer("axis") ?? 0 == 0, let matrix = try array(node.inputs[0], of: title), matrix.shape.count == 2,
        !matrix.isWhole
      else { return nil }
      layer = try? EmbeddingLayer(node.title, symbols: matrix.shape[0], width: matrix.shape[1], weight: matrix.floats)
    } else {
      guard node.inputs.count == 3, node.integer("axis") ?? -1 == -1, let depth = try array(node.inputs[1], of: title),
        let values = try array(node.inputs[2], of: title), depth.count == 1, values.floats == [0, 1],
        let count = depth.floats.first.flatMap({ Int(exactly: $0) }), count > 0, count <= 4096, count * count <= budget
      else { return nil }
      budget -= count * count
      let identity = (0..<count * count).map { $0 % (count + 1) == 0 ? Float(1) : 0 }
      layer = try? EmbeddingLayer(node.title, symbols: count, width: count, weight: identity)
    }
    return layer.map { flow.adding(.embedding($0), axes + [.features]) }
  }

  private mutating func conditional(_ node: ONNXNode, _ title: String) throws(Problem) -> [ONNXKnown] {
    guard let condition = node.inputs.first, let yes = node.graph("then_branch"), let no = node.graph("else_branch") else {
      throw Problem("\(title) lacks its condition or one of its branches")
    }
    if let known = try array(condition, of: title), known.count == 1 { return try read(known.isZero ? no : yes) }
    _ = try read(yes)
    _ = try read(no)
    let flow = flow(into: node).after(node.title, "an If whose condition is known only when the model runs")
    return node.outputs.map { _ in .flow(flow) }
  }
}

extension ONNXReader {
  /// A recurrent operator's outputs: all steps, the last hidden state, the last cell state.
  private mutating func recurrent(_ node: ONNXNode, _ title: String) throws(Problem) -> [ONNXKnown] {
    guard let name = node.inputs.first, !name.isEmpty else { throw Problem("\(title) has no input") }
    let kind = (node.operation == "LSTM" || node.operation == "RNN" ? "an " : "a ") + node.operation
    var flow = flow(into: ONNXNode("", [name], []))
    let found: FoundLayer
    do throws(ONNXRefusal) {
      found = try layer(node, title)
    } catch {
      refused.append((node.title, "\(kind) \(error.text)"))
      return node.outputs.map { _ in .flow(flow.after(node.title, "\(kind) \(error.text)")) }
    }
    layers.append(found)
    let isBatchFirst = node.integer("layout") == 1
    let (time, batch) = isBatchFirst ? (1, 0) : (0, 1)
    var issues: [String] = []
    let hasLengths = node.inputs.count > 4 && !node.inputs[4].isEmpty
    if let before = flow.hasLengths, before != hasLengths {
      issues.append(
        hasLengths
          ? "which has sequence_lens, and the layer before it has none" : "which lacks the sequence_lens of the layer before it")
    }
    flow.hasLengths = hasLengths
    flow.nameNumbersOfInput()
    if let axes = flow.axes {
      if axes.count == 3, axes[2] == .features || axes[2] == .allFeatures, !axes.dropLast().contains(where: \.isOfLayer) {
        let order = (time: axes[time], batch: axes[batch])
        if let known = flow.order, known.time != order.time || known.batch != order.batch {
          issues.append("whose steps are not those of the layer before it")
        }
        flow.order = order
      } else {
        issues.append("which reads something else than steps, sequences and numbers")
      }
    }
    for place in [4, 5, 6] {
      if let issue = try issue(node, place, title) { issues.append(issue) }
    }
    for issue in issues { flow = flow.after(node.title, "\(kind) \(issue)") }
    let directions = ONNXFlow.Axis.directions(found.layer.description.directions)
    let order = flow.order ?? (.input(0), .input(1))
    let axes: [ONNXFlow.Axis] =
      isBatchFirst ? [order.batch, order.time, directions, .features] : [order.time, directions, order.batch, .features]
    var all = flow.adding(.recurrent(found), axes)
    if !issues.isEmpty || flow.axes == nil { all.axes = nil }
    let last = all.adding(
      .readout(.last), isBatchFirst ? [order.batch, directions, .features] : [directions, order.batch, .features])
    var cell = last
    cell.isCellState = true
    return [.flow(all), .flow(last), .flow(cell)]
  }

  /// Why the lengths or a state before the first step are nothing that a network is given when it runs.
  private func issue(_ node: ONNXNode, _ place: Int, _ title: String) throws(Problem) -> String? {
    guard place < node.inputs.count, !node.inputs[place].isEmpty else { return nil }
    let name = ONNXRecurrentNode.inputNames[place]
    switch try value(node.inputs[place], of: title) {
    case .flow(let flow): return flow.path == nil ? nil : "whose \(name) is computed from the model's input"
    case .states: return "whose \(name) is computed from the model's input"
    case .stored, .array, .spread: return place == 4 ? "whose \(name) is fixed in the file" : nil
    }
  }

  private mutating func layer(_ node: ONNXNode, _ title: String) throws(ONNXRefusal) -> FoundLayer {
    var constants: [ONNXArray?] = []
    for (place, name) in ONNXRecurrentNode.inputNames.enumerated() {
      guard place < node.inputs.count, !node.inputs[place].isEmpty else {
        constants.append(nil)
        continue
      }
      let array: ONNXArray?
      do throws(Problem) {
        array = try self.array(node.inputs[place], of: title)
        if array == nil, place > 4, case .spread(let own) = try value(node.inputs[place], of: title) {
          constants.append(own)
          continue
        }
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
    let states = constants[5...6].prefix(node.operation == "LSTM" ? 2 : 1)
    let layer = try ONNXRecurrentNode(node: node, constants: constants).layer(states: Array(states))
    let order = ONNXWeights.order(of: layer.description.kind)
    return FoundLayer(
      layer: layer, stack: node.title, system: .onnx, gateOrder: order,
      tensors: [1, 2, 3, 7].filter { $0 < node.inputs.count }.map { node.inputs[$0] }.filter { !$0.isEmpty })
  }

  private func origin(of name: String) -> String {
    guard case .flow(let flow)? = try? value(name, of: "") else { return "an operator" }
    if case .other(let name, let what)? = flow.path?.part { return "\(name), \(what)" }
    return flow.path == nil ? "the graph's input \(name)" : "the model's own data"
  }
}

extension ONNXFlow.Axis {
  fileprivate var isOfLayer: Bool {
    switch self {
    case .directions, .features, .allFeatures: true
    case .input, .added: false
    }
  }
}
