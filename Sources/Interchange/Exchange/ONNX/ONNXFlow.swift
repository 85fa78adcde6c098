import Models
import Networks
import ONNXFiles
import Storage

/// What is known of a value of a graph when its file is read.
enum ONNXKnown {
  /// A tensor of the file.
  case stored(ONNXTensor)
  case array(ONNXArray)
  /// An array repeated to a shape that is known only when the graph runs, such as zeros for each sequence.
  case spread(ONNXArray)
  /// What data passes on its way from the graph's input.
  case flow(ONNXFlow)
  /// States after the last step, each of one direction of a layer, stacked along the first axis.
  case states([ONNXFlow])
}

/// Data on its way through the layers of a graph.
struct ONNXFlow {
  /// What it has passed; nil if it is an input of the graph as it is.
  private(set) var path: ONNXPath?
  /// What its axes are; nil after something that is not understood.
  var axes: [Axis]?
  /// The axis of the steps and that of the sequences, once a recurrent layer has said.
  var order: (time: Axis, batch: Axis)?
  /// Whether its steps end where the model's input of lengths says that each sequence does, followed by zeros; nil before any
  /// recurrent layer.
  var hasLengths: Bool?
  /// Whether it holds whole numbers.
  var isWhole = false
  /// Whether it is an LSTM's cell state after the last step.
  var isCellState = false
  /// The direction, one of two, of which it is the state after the last step; nil if it is no such state.
  var direction: Int?
  /// Whether it is a state that no layer of a network reads.
  var isAside: Bool { isCellState || direction != nil }

  enum Axis: Hashable {
    /// An axis of the graph's input.
    case input(Int)
    /// An axis of length 1 that an operator has added.
    case added(String)
    /// The directions of the layer before, and how many these are.
    case directions(Int)
    case features
    /// The concatenated features of the directions.
    case allFeatures
  }

  init(axes: [Axis]? = nil, isWhole: Bool = false) { (self.axes, self.isWhole) = (axes, isWhole) }

  /// Behind something that no network here can do; of several in a row the first is kept.
  func after(_ name: String, _ what: String) -> ONNXFlow {
    var flow = self
    flow.axes = nil
    if case .other? = path?.part { return flow }
    flow.path = ONNXPath(.other(name: name, what: what), before: path)
    return flow
  }

  /// Takes the last axis of a graph's input that was turned round, such as `[B, inputs, T]`, for that of each vector's numbers.
  mutating func nameNumbersOfInput() {
    guard path == nil, !isWhole, let axes, axes.count == 3, case .input = axes[2], let other = axes.firstIndex(of: .features)
    else {
      return
    }
    self.axes?.swapAt(2, other)
  }

  func with(_ axes: [Axis]) -> ONNXFlow {
    var flow = self
    flow.axes = axes
    return flow
  }

  /// The flow with the last part replaced.
  func replacingLast(_ part: LayerChain.Part) -> ONNXFlow {
    var flow = self
    flow.path = ONNXPath(part, before: path?.before)
    return flow
  }

  func adding(_ part: LayerChain.Part, _ axes: [Axis]) -> ONNXFlow {
    var flow = self
    flow.path = ONNXPath(part, before: path)
    (flow.axes, flow.isWhole) = (axes, false)
    return flow
  }

  /// The layer that it has just passed, or whose steps have just been read out.
  var lastLayer: FoundLayer? {
    switch path?.part {
    case .recurrent(let found): return found
    case .readout:
      guard case .recurrent(let found)? = path?.before?.part else { return nil }
      return found
    default: return nil
    }
  }
  /// The last recurrent layer, whatever dense layers follow it.
  var lastRecurrent: FoundLayer? {
    path?.parts.last { if case .dense = $0 { false } else { true } }.flatMap {
      if case .recurrent(let found) = $0 { found } else { nil }
    }
  }
  var lastDense: DenseLayer? { if case .dense(let dense)? = path?.part { dense } else { nil } }
}

/// Parts of a chain, linked from the last to the first, which many values of a graph share.
final class ONNXPath: Sendable {
  let part: LayerChain.Part
  let before: ONNXPath?
  /// How many parts there are.
  let count: Int

  init(_ part: LayerChain.Part, before: ONNXPath?) {
    self.part = part
    self.before = before
    count = (before?.count ?? 0) + 1
  }

  /// In order.
  var parts: [LayerChain.Part] { Array(sequence(first: self, next: \.before).map(\.part).reversed()) }
}

extension ONNXFlow {
  /// Behind an operator that only moves data, or that is a layer of a network; nil if it is neither.
  ///
  /// - Parameters:
  ///   - node: which reads the flow first.
  ///   - inputs: its inputs that are known, the flow itself among the unknown ones.
  ///   - opset: the version of the set of operators.
  func passing(_ node: ONNXNode, _ inputs: [ONNXArray?], opset: Int) -> ONNXFlow? {
    guard let axes, node.domain.isEmpty else { return nil }
    let second = inputs.count > 1 ? inputs[1] : nil
    switch node.operation {
    case "Identity": return self
    // A third input would have it drop numbers as in training.
    case "Dropout": return inputs.count < 3 ? self : nil
    case "Cast":
      let type = node.integer("to").flatMap(ONNXTensor.ElementType.init(rawValue:))
      return type == .float32 && !isWhole || isWhole && (type == .int64 || type == .int32) ? self : nil
    case "Transpose":
      let permutation = node.integers("perm") ?? axes.indices.reversed()
      return permutation.sorted() == Array(axes.indices) ? with(permutation.map { axes[$0] }) : nil
    case "Squeeze": return squeezing(axes, second?.integers ?? node.integers("axes"))
    case "Unsqueeze": return unsqueezing(axes, second?.integers ?? node.integers("axes"), node.title)
    case "Reshape": return reshaping(axes, second?.integers)
    case "ReduceSum", "ReduceMean", "ReduceProd", "ReduceMax":
      let reduced = second?.integers ?? node.integers("axes")
      return pooling(axes, reduced, node) ?? merging(axes, reduced, node)
    case "Gather": return choosing(axes, second, axis: node.integer("axis") ?? 0)
    case "MatMul", "Gemm": return multiplying(axes, node, inputs)
    case "Add": return biased(second ?? inputs[0])
    case "Softmax":
      // Without the attribute old versions mean the second axis, and those since 13 the last one.
      guard let dense = lastDense, dense.function == .elementwise(.linear),
        resolvedAxis(node.integer("axis") ?? (opset < 13 ? 1 : -1), rank: axes.count) == axes.count - 1
      else { return nil }
      return replacing(dense, function: .softmax)
    default:
      guard let dense = lastDense, dense.function == .elementwise(.linear),
        let activation = ONNXFunctions.activation(ofOperator: node)
      else { return nil }
      return replacing(dense, function: .elementwise(activation))
    }
  }

  private func squeezing(_ axes: [Axis], _ dropped: [Int]?) -> ONNXFlow? {
    guard let dropped else { return nil }
    let places = dropped.compactMap { resolvedAxis($0, rank: axes.count) }
    let removable = places.allSatisfy { place in
      switch axes[place] {
      case .directions(let count): count == 1
      case .added: true
      case .input, .features, .allFeatures: false
      }
    }
    guard places.count == dropped.count, removable else { return nil }
    return with(axes.indices.filter { !places.contains($0) }.map { axes[$0] })
  }

  private func unsqueezing(_ axes: [Axis], _ added: [Int]?, _ title: String) -> ONNXFlow? {
    guard let added else { return nil }
    let rank = axes.count + added.count
    let places = Set(added.compactMap { resolvedAxis($0, rank: rank) })
    guard rank <= ONNXArray.greatestRank, places.count == added.count else { return nil }
    var rest = axes[...]
    return with((0..<rank).map { places.contains($0) ? .added("\(title) \($0)") : rest.removeFirst() })
  }

  /// A reshape that changes nothing, or concatenates the directions' features.
  private func reshaping(_ axes: [Axis], _ shape: [Int]?) -> ONNXFlow? {
    guard let shape, let last = shape.last else { return nil }
    if shape.count == axes.count && shape.dropLast().allSatisfy({ $0 == 0 }) && (last == 0 || last == -1) { return self }
    guard shape.count == axes.count - 1, axes.last == .features, case .directions(let count) = axes[axes.count - 2],
      let layer = lastLayer?.layer, last == -1 || last == count * layer.description.outputs
    else { return nil }
    return with(axes.dropLast(2) + [.allFeatures])
  }

  /// The mean of all steps, or the largest number.
  private func pooling(_ axes: [Axis], _ reduced: [Int]?, _ node: ONNXNode) -> ONNXFlow? {
    // With lengths the operators count zeros, which a network does not.
    guard let reduced, reduced.count == 1, node.integer("keepdims") == 0, hasLengths == false, case .recurrent? = path?.part,
      let place = resolvedAxis(reduced[0], rank: axes.count), axes[place] == order?.time
    else { return nil }
    let rest = axes.indices.filter { $0 != place }.map { axes[$0] }
    switch node.operation {
    case "ReduceMean": return adding(.readout(.mean), rest)
    case "ReduceMax": return adding(.readout(.max), rest)
    default: return nil
    }
  }

  /// The outputs of both directions made one.
  private func merging(_ axes: [Axis], _ reduced: [Int]?, _ node: ONNXNode) -> ONNXFlow? {
    guard let reduced, reduced.count == 1, node.integer("keepdims") == 0,
      let place = resolvedAxis(reduced[0], rank: axes.count), axes[place] == .directions(2)
    else { return nil }
    let rest = axes.indices.filter { $0 != place }.map { axes[$0] }
    switch node.operation {
    case "ReduceSum": return merged(.sum, rest)
    case "ReduceMean": return merged(.average, rest)
    case "ReduceProd": return merged(.multiply, rest)
    default: return nil
    }
  }

  /// The flow with the two directions of the layer before merged.
  func merged(_ merge: Architecture.Merge, _ axes: [Axis]) -> ONNXFlow? {
    guard let found = lastLayer else { return nil }
    var description = found.layer.description
    description.direction = .bidirectional(merge)
    guard let layer = try? RecurrentLayer(found.layer.name, description, weights: found.layer.weights) else { return nil }
    guard case .readout(let readout)? = path?.part else { return replacingLast(.recurrent(found.with(layer))).with(axes) }
    var flow = self
    flow.path = ONNXPath(.recurrent(found.with(layer)), before: path?.before?.before)
    return flow.adding(.readout(readout), axes)
  }

  /// The last of all steps, or the state of one direction.
  private func choosing(_ axes: [Axis], _ indices: ONNXArray?, axis: Int) -> ONNXFlow? {
    guard let index = indices?.integers, index.count == 1, indices?.shape.isEmpty == true,
      let place = resolvedAxis(axis, rank: axes.count)
    else { return nil }
    let rest = axes.indices.filter { $0 != place }.map { axes[$0] }
    if case .readout(.last)? = path?.part, case .directions(let count) = axes[place],
      let direction = resolvedAxis(index[0], rank: count)
    {
      var flow = with(rest)
      if count == 2 { flow.direction = direction }
      return flow
    }
    guard index == [-1], axes[place] == order?.time, hasLengths == false, lastRecurrent?.layer.description.direction == .forward
    else { return nil }
    return adding(.readout(.last), rest)
  }

  /// A product with a matrix of the file, and a bias if `Gemm` has one.
  private func multiplying(_ axes: [Axis], _ node: ONNXNode, _ inputs: [ONNXArray?]) -> ONNXFlow? {
    let isWhole = axes.last == .allFeatures || axes.last == .features && !axes.contains(.directions(2))
    guard isWhole, !isAside, inputs.first.map({ $0 == nil }) == true, inputs.count > 1, let matrix = inputs[1],
      matrix.shape.count == 2,
      !matrix.isWhole
    else { return nil }
    var isTransposed = false
    var bias: [Float]?
    if node.operation == "Gemm" {
      guard axes.count == 2, node.integer("transA") ?? 0 == 0 else { return nil }
      for factor in ["alpha", "beta"] {
        if case .float(let value)? = node.attributes[factor], value != 1 { return nil }
      }
      isTransposed = node.integer("transB") == 1
      if inputs.count > 2, let third = inputs[2] {
        guard
          let spread = third.spread(to: [1, matrix.shape[isTransposed ? 0 : 1]])
            ?? third.spread(to: [matrix.shape[isTransposed ? 0 : 1]])
        else { return nil }
        bias = spread.floats
      } else if inputs.count > 2 {
        return nil
      }
    }
    let weight = isTransposed ? matrix : matrix.transposed([1, 0])
    guard
      let dense = try? DenseLayer(
        node.title, inputs: weight.shape[1], outputs: weight.shape[0], weight: weight.floats, bias: bias)
    else { return nil }
    return adding(.dense(dense), axes.dropLast() + [.features])
  }

  private func biased(_ bias: ONNXArray?) -> ONNXFlow? {
    guard let dense = lastDense, dense.bias == nil, dense.function == .elementwise(.linear), let bias, !bias.isWhole,
      let spread = bias.shape.count > 1
        ? bias.reshaped([bias.count]).spread(to: [dense.outputs]) : bias.spread(to: [dense.outputs]),
      bias.shape.dropLast().allSatisfy({ $0 == 1 })
    else { return nil }
    return replacing(dense, bias: spread.floats, function: dense.function)
  }

  private func replacing(_ dense: DenseLayer, bias: [Float]? = nil, function: DenseLayer.Function) -> ONNXFlow? {
    let changed = try? DenseLayer(
      dense.name, inputs: dense.inputs, outputs: dense.outputs, weight: dense.weight, bias: bias ?? dense.bias,
      function: function)
    return changed.map { replacingLast(.dense($0)) }
  }
}

extension FoundLayer {
  /// What was found, with another layer.
  func with(_ layer: RecurrentLayer) -> FoundLayer {
    FoundLayer(layer: layer, stack: stack, system: system, gateOrder: gateOrder, tensors: tensors)
  }
}
