import Models
import Networks
import ONNXFiles
import Storage
import Support
import TensorFiles

/// Goes through a model's graph from front to back and says of each value what is known of it.
struct ONNXReader {
  typealias Problem = TensorFile.Problem

  /// How many elements a result may have: no model that does sensible work has more constants than its files have bytes.
  let limit: Int
  /// How many elements may still be worked out: a small file could ask for far more than it holds, again and again.
  var budget: Int
  /// The values by name; those of nested graphs come after those of the outer ones.
  private var scopes: [[String: ONNXKnown]] = []
  let opset: Int
  /// All recurrent layers, those within branches that may or may not run too, with their operators' numbers.
  var layers: [(layer: FoundLayer, number: Int)] = []
  /// The recurrent operators that are no layers, and why.
  var refused: [(name: String, what: String)] = []
  /// The states before the first step that are inputs of the graph.
  var given: [ONNXGivenState] = []
  /// The operators that have been read, by the names of what they give.
  private(set) var makers: [String: ONNXNode] = [:]
  /// Which axes of an input are the steps and the sequences, as its first recurrent layer says it.
  var orders: [String: (time: ONNXFlow.Atom?, batch: ONNXFlow.Atom?)] = [:]
  /// The input of the graph that holds the sequences' lengths.
  var lengths: String?
  /// Whether numbers are of 16 bits anywhere on the way.
  private(set) var isHalf = false
  /// The recurrent operators whose matrices are bytes.
  var quantized: [String] = []
  /// The number of the operator that is read; a recurrent one has the next one for its reverse direction, too.
  private(set) var number = 0

  /// How many layers may follow each other.
  private static let greatestLength = 1000

  /// - Parameters:
  ///   - size: bytes of the model's files.
  ///   - opset: the version of the default set of operators.
  init(size: Int, opset: Int) {
    limit = max(size, 1 << 16)
    budget = 16 * limit
    self.opset = opset
  }

  /// What each output of the graph is.
  mutating func read(_ graph: ONNXGraph) throws(Problem) -> [ONNXKnown] {
    scopes.append([:])
    defer { scopes.removeLast() }
    for tensor in graph.initializers { try define(tensor.name, .stored(tensor)) }
    for input in graph.inputs where scopes[scopes.count - 1][input.name] == nil {
      try define(input.name, .flow(flow(from: input)))
    }
    for node in graph.nodes { try read(node) }
    return try graph.outputs.map { output throws(Problem) in try value(output.name, of: "the graph") }
  }

  static func axisName(_ place: Int, of input: String) -> String { "axis \(place) of \(input)" }

  private mutating func flow(from input: ONNXValue) -> ONNXFlow {
    let shape = input.shape ?? [.unknown, .unknown, .unknown]
    let axes = shape.enumerated().map { place, dimension -> ONNXFlow.Axis in
      let name = Self.axisName(place, of: input.name)
      switch dimension {
      case .fixed(let length) where (1...ONNXPlaces.greatestLength).contains(length):
        return .init([.input(name, ONNXLength(length))])
      case .named(let length) where !length.isEmpty: return .init([.input(name, ONNXLength(axis: length))])
      case .fixed, .named, .unknown: return .init([.input(name, ONNXLength(axis: name))])
      }
    }
    if input.type?.isHalf == true { isHalf = true }
    let isKnown = axes.count <= ONNXArray.greatestRank
    return ONNXFlow([.init(source: input.name)], axes: isKnown ? axes : nil, isWhole: input.type?.isWhole == true)
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
  mutating func array(_ name: String, of reader: String) throws(Problem) -> ONNXArray? {
    switch try value(name, of: reader) {
    case .array(let array): return array
    case .flow, .uniform, .repeated, .lengths: return nil
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
    number += 2
    let title = "operator \(node.kind) (\(quoted(node.title)))"
    for input in node.inputs where !input.isEmpty { _ = try value(input, of: title) }
    let values: [ONNXKnown]
    if node.domain.isEmpty && ONNXRecurrentNode.operations.contains(node.operation) || node.isQuantizedLSTM {
      values = try recurrent(node, title)
    } else if node.domain.isEmpty && node.operation == "If" {
      values = try conditional(node, title)
    } else if node.domain.isEmpty && node.operation == "Loop" {
      values = try loop(node, title)
    } else {
      values = try plain(node, title)
    }
    for case .flow(let flow) in values where flow.members.contains(where: { $0.path?.count ?? 0 > Self.greatestLength }) {
      throw Problem("its graph has more than \(Self.greatestLength) layers one after the other")
    }
    for (place, output) in node.outputs.enumerated() where !output.isEmpty {
      if node.outputs.count == 1 { makers[output] = node }
      try define(output, place < values.count ? values[place] : .flow(flow(into: node).after(node.title, Self.what(node))))
    }
  }

  /// What an operator gives that is no recurrent layer and has no graphs of its own.
  private mutating func plain(_ node: ONNXNode, _ title: String) throws(Problem) -> [ONNXKnown] {
    var reason = ""
    do throws(ONNXRefusal) {
      if let normalized = try normalized(node, title) {
        budget -= normalized.count
        return [normalized]
      }
    } catch {
      reason = " \(error.text)"
    }
    if node.domain.isEmpty, let rule = ONNXRule.all[node.operation] {
      let inputs = try node.inputs.map { name throws(Problem) in try known(name, of: title) }
      budget -= inputs.reduce(1) { $0 + ($1?.count ?? 0) }
      guard budget > 0 else { return [] }
      if node.operation == "Cast", case .flow? = inputs.first ?? nil,
        ONNXTensor.ElementType(rawValue: node.integer("to") ?? 0)?.isHalf == true
      {
        isHalf = true
      }
      do throws(ONNXRefusal) {
        try rule.check(node)
        let call = ONNXCall(node: node, inputs: inputs, opset: opset, limit: limit, number: number)
        if let outputs = try rule.outputs(call) {
          budget -= outputs.reduce(0) { $0 + $1.count }
          return outputs
        }
      } catch {
        reason = " \(error.text)"
      }
    }
    let flow = flow(into: node).after(node.title, Self.what(node) + reason)
    return node.outputs.map { _ in .flow(flow) }
  }

  /// What is known of an input, tensors of the file as their numbers; nil if it is left out.
  mutating func known(_ name: String, of title: String) throws(Problem) -> ONNXKnown? {
    if name.isEmpty { return nil }
    let value = try value(name, of: title)
    // What working with a tensor costs more than there is left, or has no numbers to work with, is left aside.
    guard case .stored(let tensor) = value, tensor.count <= budget, tensor.holdsNumbers else { return value }
    return try array(name, of: title).map { .array($0) }
  }

  private static func what(_ node: ONNXNode) -> String {
    node.domain.isEmpty && node.operation == "Scan"
      ? "a Scan, a loop whose equations are not read back" : "an operator \(node.kind)"
  }

  /// The data that an operator reads; if there are several, the one that has passed most layers.
  func flow(into node: ONNXNode) -> ONNXFlow {
    let flows = node.inputs.compactMap { input -> ONNXFlow? in
      if case .flow(let flow)? = try? value(input, of: "") { flow } else { nil }
    }
    return flows.max { $0.path?.count ?? 0 < $1.path?.count ?? 0 } ?? ONNXFlow([.init(source: "")], axes: nil)
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

extension ONNXKnown {
  /// How many elements had to be worked out, at most.
  var count: Int {
    switch self {
    case .array(let array): array.count
    case .lengths(let own): own.elements.count
    case .repeated(let own): own.base.count
    case .flow(let flow): flow.members.count + (flow.path?.cost ?? 0)
    case .uniform: 1
    case .stored: 0
    }
  }
}
