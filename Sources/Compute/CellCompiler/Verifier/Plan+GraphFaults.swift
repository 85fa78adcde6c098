import CellLanguage

// What is wrong with the values of a step.
extension Plan {
  var orderFaults: [String] {
    graph.nodes.indices.flatMap { value in
      graph.operands(of: value).filter { !(0..<value).contains($0) }.map { "value \(value) reads value \($0), which comes later" }
    }
  }

  var argumentFaults: [String] {
    graph.nodes.flatMap { node -> [String] in
      if case .slice(let vector, let start) = node.operation {
        let isWithin =
          start >= 0 && start + node.width <= graph[vector].width
          && node.width < graph[vector].width
        return isWithin
          ? []
          : [
            "\(node.width) elements from \(start) on are no part of a vector of \(graph[vector].width)"
          ]
      }
      if case .placed(let parts) = node.operation { return faults(of: parts, width: node.width) }
      guard case .apply(let primitive, let arguments) = node.operation else { return [] }
      let wrong = arguments.filter { !fits(graph[$0].shape, primitive, node.shape) }
      return wrong.map { "\(primitive.name) of width \(node.width) reads a value of width \(graph[$0].width)" }
        + (arguments.count == primitive.arity ? [] : ["\(primitive.name) has \(arguments.count) arguments"])
    }
  }

  /// Whether a primitive can make a value of one shape of one of another.
  private func fits(_ argument: Graph.Shape, _ primitive: Primitive, _ value: Graph.Shape) -> Bool {
    guard let map = primitive.matrixMap else {
      if primitive == .spread { return argument == Graph.Shape(1) }
      // A vector's elements may be a matrix's, and the other way round.
      return argument == value || primitive == .identity && argument.width == value.width && argument.isMatrix != value.isMatrix
    }
    let (matrix, vector) = map.spreads ? (value, argument) : (argument, value)
    guard let columns = matrix.columns else {
      if matrix.followsMemory { return (map == .asMatrix || map == .sumOfAll) && vector == Graph.Shape(1) }
      // The heads of a vector as rows.
      return (map == .asColumns || map == .sumOfColumns) && !vector.isMatrix && matrix.width % vector.width == 0
    }
    guard columns > 0, matrix.width % (columns * matrix.heads) == 0 else { return false }
    let rows = matrix.width / columns / matrix.heads
    let isOfRows = map == .asColumns || map == .sumOfColumns
    return vector
      == Graph.Shape(map.length(rows: rows, columns: columns) * matrix.heads, followsMemory: matrix.followsMemory && isOfRows)
  }

  private func faults(of parts: [Graph.Part], width: Int) -> [String] {
    var end = 0
    for part in parts {
      if part.start < end {
        return ["a part at \(part.start) overlaps the one before it, which ends at \(end)"]
      }
      end = part.start + graph[part.value].width
    }
    return end <= width ? [] : ["parts end at \(end) in a vector of \(width)"]
  }

  var leafFaults: [String] {
    graph.nodes.indices.compactMap { value in
      let what = "value \(value)"
      func mustBe(_ width: Int) -> String? {
        graph[value].width == width ? nil : "\(what) is \(graph[value].width) long; what it stands for is \(width)"
      }
      func mustBe(likeState state: Int) -> String? {
        cell.states.indices.contains(state) ? mustBe(width(ofState: state)) : "\(what) is of state \(state), which there is not"
      }
      switch graph[value].operation {
      case .input: return mustBe(inputWidth)
      case .previous(let state), .incomingGradient(let state): return mustBe(likeState: state)
      case .outputGradient: return mustBe(likeState: 0)
      case .mask(let state): return drawing.masks ? mustBe(likeState: state) : "\(what) is a mask, and none is drawn"
      case .zoneout(let state): return drawing.zoneout ? mustBe(likeState: state) : "\(what) is zoneout, and none is drawn"
      case .parameter(let index):
        guard cell.parameters.indices.contains(index) else { return "\(what) is of parameter \(index), which there is not" }
        switch cell.parameters[index].kind {
        case .vector(let size), .bias(let size): return mustBe(dimensions[size])
        case .scalar: return nil
        case .matrix, .blockDiagonal: return "\(what) is the matrix \(cell.parameters[index].name), which only products read"
        }
      case .memory:
        return memoryWidth.map { graph[value].shape == .rowsOfMemory($0) } == true
          ? nil : "\(what) is the memory, and has not a row of its length for each of its rows"
      case .projection(let index): return fault(ofProjection: index, what, graph[value].shape)
      case .constant, .affine, .apply, .slice, .placed, .backpropagated: return nil
      }
    }
  }

  private func fault(ofProjection index: Int, _ what: String, _ shape: Graph.Shape) -> String? {
    guard let memoryWidth, cell.parameters.indices.contains(index),
      case .matrix(let rows, let columns) = cell.parameters[index].kind
    else { return "\(what) is made of a memory and of the parameter \(index), of which there is one at most" }
    return shape == .rowsOfMemory(dimensions[rows]) && columns.reduce(0) { $0 + dimensions[$1] } == memoryWidth
      ? nil : "\(what) is made of a memory whose rows \(cell.parameters[index].name) can't multiply to that length"
  }

  var termFaults: [String] {
    graph.nodes.indices.flatMap { value -> [String] in
      guard case .affine(let terms, let biases) = graph[value].operation else { return [] }
      var filled = StartedSlots()
      for term in terms { filled.start(value, term.results) }
      let gap = filled.hasStarted(value, 0..<graph[value].width) ? [] : ["no term gives all elements of value \(value)"]
      return terms.compactMap { fault(of: $0, in: value) } + gap + biases.compactMap { fault(ofBias: $0, in: value) }
    }
  }

  private func fault(of term: Graph.Term, in value: Graph.Value) -> String? {
    guard cell.parameters.indices.contains(term.matrix), let sizes = cell.parameters[term.matrix].kind.matrixSizes
    else { return "value \(value) has a term of parameter \(term.matrix), which is no matrix" }
    let name = cell.parameters[term.matrix].name
    let blocks = cell.parameters[term.matrix].kind.isBlockDiagonal ? heads : 1
    if !(0..<blocks).contains(term.block) { return "\(name) has no block \(term.block) for value \(value): it has \(blocks)" }
    let (height, width) = (dimensions[sizes.rows] / blocks, sizes.columns.reduce(0) { $0 + dimensions[$1] } / blocks)
    let (results, sources) = term.isTransposed ? (width, height) : (height, width)
    if results * blocks != graph[value].width {
      return "\(name) gives \(results * blocks) numbers to value \(value), which has \(graph[value].width)"
    }
    if term.results != term.block * results..<(term.block + 1) * results {
      return "block \(term.block) of \(name) gives the elements \(term.results) of value \(value)"
    }
    let columns = term.offset..<term.offset + graph[term.vector].width
    return columns.lowerBound >= 0 && columns.upperBound <= sources
      ? nil : "\(name) has no columns \(columns) for value \(value): it multiplies \(sources) numbers"
  }

  private func fault(ofBias index: Int, in value: Graph.Value) -> String? {
    guard cell.parameters.indices.contains(index) else { return "value \(value) has the bias \(index), which there is not" }
    switch cell.parameters[index].kind {
    case .vector(let size), .bias(let size):
      if dimensions[size] == graph[value].width { return nil }
      return
        "\(cell.parameters[index].name) of length \(dimensions[size]) is a bias of value \(value), of width \(graph[value].width)"
    case .matrix, .blockDiagonal, .scalar: return "\(cell.parameters[index].name), a bias of value \(value), is no vector"
    }
  }

  var forwardFaults: [String] {
    if !(0...graph.nodes.count).contains(forwardCount) {
      return ["the forward step has \(forwardCount) values, more than there are"]
    }
    let late = graph.nodes[..<forwardCount].indices.compactMap { value -> String? in
      switch graph[value].operation {
      case .placed, .incomingGradient, .outputGradient, .backpropagated:
        "value \(value) of the forward step is a gradient"
      case .input, .previous, .memory, .projection, .parameter, .constant, .mask, .zoneout, .affine, .apply, .slice: nil
      }
    }
    let named = locals + preactivations
    return late
      + named.filter { !(0..<forwardCount).contains($0.value) }.map {
        "\($0.name) is value \($0.value), not one of the forward step"
      }
  }

  var stateFaults: [String] {
    if next.count != cell.states.count { return ["there are \(next.count) next values for \(cell.states.count) states"] }
    return zip(cell.states.indices, next).compactMap { state, value in
      let name = cell.states[state].name
      if !(0..<forwardCount).contains(value) { return "\(name)' is value \(value), not one of the forward step" }
      return graph[value].width == width(ofState: state)
        ? nil : "\(name)' is \(graph[value].width) long, \(name) \(width(ofState: state))"
    }
  }

  var gradientFaults: [String] {
    let affines = graph.closure(of: next).filter(isAffine)
    let missing = affines.filter { gradients.affines[$0] == nil }.map { "the pre-activation \($0) has no gradient" }
    let others = gradients.affines.keys.sorted().filter { !affines.contains($0) }
    if gradients.states.count != cell.states.count {
      return ["there are \(gradients.states.count) gradients of states for \(cell.states.count) states"]
    }
    var expected = gradients.affines.sorted { $0.key < $1.key }.filter { affines.contains($0.key) }.map {
      ("value \($0.key)", $0.value, graph[$0.key].width)
    }
    expected += gradients.states.enumerated().compactMap { state, value in
      value.map { (cell.states[state].name, $0, width(ofState: state)) }
    }
    if let input = gradients.input { expected.append((inputName, input, inputWidth)) }
    expected += gradients.memory.filter { graph.nodes.indices.contains($0.memory) }.map {
      ("value \($0.memory)", $0.value, graph[$0.memory].width)
    }
    let wrong = expected.compactMap { what, value, width -> String? in
      if !graph.nodes.indices.contains(value) { return "the gradient of \(what) is value \(value), which there is not" }
      return graph[value].width == width ? nil : "the gradient of \(what) is \(graph[value].width) long, not \(width)"
    }
    let lost = gradients.parameters.filter { parameter, value in
      !graph.nodes.indices.contains(value)
        || !graph.nodes.contains(Graph.Node(operation: .parameter(parameter), width: graph[value].width))
    }
    return missing + others.map { "value \($0) has a gradient, and is no pre-activation that a state depends on" } + wrong
      + lost.map { "value \($0.value) is the gradient of parameter \($0.parameter), which no value reads at that length" }
  }

  var backpropagationFaults: [String] {
    let affines = graph.closure(of: next).filter(isAffine)
    return graph.nodes.indices.compactMap { value in
      guard case .backpropagated(let vector, let entered, let carried) = graph[value].operation else { return nil }
      let all = affines.filter { graph.operands(of: $0).contains(vector) }
      if entered != all { return "value \(value) comes back from \(entered), and value \(vector) enters \(all)" }
      if carried != all.map({ gradients.affines[$0] }) {
        return "value \(value) comes back from other gradients than those of \(all)"
      }
      return graph[vector].width == graph[value].width
        ? nil : "value \(value) of width \(graph[value].width) comes back to one of width \(graph[vector].width)"
    }
  }

  var invariantFaults: [String] {
    var fixed: Set<Graph.Value> = []
    let multiplied = Set(graph.nodes.indices.filter(isAffine).flatMap { graph.operands(of: $0) })
    return invariants.compactMap { value in
      guard graph.nodes.indices.contains(value), case .apply(_, let arguments) = graph[value].operation else {
        return "value \(value) is taken out of the step, and computes nothing"
      }
      if !fixed.insert(value).inserted { return "value \(value) is taken out of the step twice" }
      if multiplied.contains(value) { return "value \(value) is taken out of the step, and a matrix multiplies it" }
      let changing = arguments.first { argument in
        switch graph[argument].operation {
        case .parameter, .constant: false
        default: !fixed.contains(argument)
        }
      }
      return changing.map { "value \(value) is taken out of the step, and reads value \($0), which is not" }
    }
  }

  func isAffine(_ value: Graph.Value) -> Bool {
    if case .affine = graph[value].operation { true } else { false }
  }
}
