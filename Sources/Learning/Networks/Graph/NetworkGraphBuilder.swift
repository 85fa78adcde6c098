import CellCompiler
import CellLanguage
import Engine
import Support

/// Makes the nodes of a network below its head, each after those whose rows it reads.
struct NetworkGraphBuilder {
  private let architecture: Architecture
  private(set) var nodes: [any NetworkNode] = []
  private(set) var edges: [NetworkGraph.Edge] = []
  private(set) var dropoutEdges: [Int] = []
  /// The edge of the input's node, and the one of what layers read of it, which lacks the vectors that they read by name.
  private var (input, bottom) = (0, 0)
  private var inputAxis = WeightAxis.plain(0)
  /// The edge of what is known of sequences before they begin; nil if nothing is.
  private var context: Int?
  /// The edge of what an encoder gives at each step of a source; nil if no layer reads it.
  private var memory: Int?
  private var layers: [Layer] = []
  /// The edges of readings that have been made, so that each is made once.
  private var made: [Architecture.Reading: Int] = [:]

  /// What stands for a layer in the graph.
  private struct Layer {
    let key: String
    /// What its passes give, and how that becomes what it gives.
    let ends: [Int]
    let merging: (any Merging)?
    /// What it gives at each step.
    let edge: Int
  }

  /// - Parameter architecture: one that has been checked.
  init(_ architecture: Architecture) { self.architecture = architecture }

  /// - Returns: the edge of what the output is made from at each step, and that of what it reads with what this runs over.
  mutating func build() throws -> (top: Int, read: (edge: Int, axis: WeightAxis)) {
    try addInput()
    for index in architecture.layers.indices { try addLayer(index) }
    let reading = architecture.resolvedTop
    let top = row(for: reading)
    var rows = top
    switch architecture.readout {
    case .everyStep: break
    case .last: rows = lastEdge(of: reading)
    case .mean, .max:
      rows = add(
        PooledReadoutNode(isMean: architecture.readout == .mean, reads: rows, width: edges[rows].width), .sequence)
    }
    dropoutEdges = [bottom] + layersPassedOn.map(\.edge) + (architecture.readout == .everyStep ? [] : [rows])
    var axis = axis(of: reading)
    for (layer, pass) in zip(architecture.headLayers, architecture.headPasses) {
      let plan = try layer.plan(of: pass.cell, inputs: edges[rows].width)
      rows = add(
        PassNode(pass, plan, learnsInitialStates: layer.learnsInitialStates, reads: rows, of: axis), .sequence)
      axis = .plain(edges[rows].width)
    }
    if architecture.outputReadsInput {
      axis = .sequence([axis, inputAxis])
      rows = add(JoinNode([rows, input].map { JoinNode.Part(edge: $0, columns: 0..<edges[$0].width) }, of: "the output"), .step)
    }
    return (top, (rows, axis))
  }

  /// The layers whose output is dropped in part at each step: all, or where sequences are read out, those that other layers read.
  private var layersPassedOn: [Layer] {
    if architecture.readout == .everyStep { return layers }
    let read = Set(architecture.layers.indices.flatMap { architecture.resolvedReading(ofLayer: $0).names })
    return layers.filter { read.contains($0.key) }
  }

  private mutating func addInput() throws {
    let encoding = architecture.input.encoding
    let parts = try encoding.parts.map { try $0.prepared() }
    let axes = parts.dropLast(encoding.vectors.count).map(\.axis)
    inputAxis = axes.count == 1 ? axes[0] : .sequence(axes)
    input = add(InputNode(parts), .step)
    if let known = architecture.context {
      let node = try ContextNode(known)
      let edge = add(node, .start)
      context = edge
      if architecture.readsMemory { memory = add(MemoryNode(node, at: edge), .source) }
    }
    bottom = input
    if !encoding.vectors.isEmpty {
      bottom = add(JoinNode([JoinNode.Part(edge: input, columns: 0..<encoding.featureWidth)], of: "the first layer"), .step)
    }
    made[.input] = bottom
  }

  private mutating func addLayer(_ index: Int) throws {
    let layer = architecture.layers[index]
    let own = architecture.passes.filter { $0.layer == index }
    let reading = architecture.resolvedReading(ofLayer: index)
    let below = row(for: reading)
    let (width, rows) = (edges[below].width, memory.map { edges[$0].width })
    var plans = [try layer.plan(of: own[0].cell, inputs: width, memory: rows)]
    if own.count == 2 {
      plans.append(own[1].cell == own[0].cell ? plans[0] : try layer.plan(of: own[1].cell, inputs: width, memory: rows))
    }
    let ends = try zip(own, plans).map { pass, plan in
      let read = addInputs(of: pass, below: below)
      let start = try addBridge(to: pass, plan)
      return add(
        PassNode(
          pass, plan, learnsInitialStates: layer.learnsInitialStates, reads: read, of: axis(of: reading), startsFrom: start,
          remembers: plan.cell.memory == nil ? nil : memory),
        .step,
        isReversed: pass.isReverse)
    }
    let merging = layer.direction.merging(plans.map { $0.width(ofState: 0) })
    let key = architecture.key(ofLayer: index)
    let edge = merging.map { add(MergeNode($0, reads: ends, of: "layer \(index + 1)"), .step) } ?? ends[0]
    layers.append(Layer(key: key, ends: ends, merging: merging, edge: edge))
    made[.layer(key)] = edge
  }

  /// The edge that a pass reads: the one below, or that of a node that puts beside its rows the vectors that the cell reads by name.
  private mutating func addInputs(of pass: Architecture.Pass, below: Int) -> Int {
    let further = pass.cell.inputs.dropFirst()
    if further.isEmpty { return below }
    let encoding = architecture.input.encoding
    let parts = further.map { own in
      var start = encoding.featureWidth
      for vector in encoding.vectors {
        if vector.name == own.name { return JoinNode.Part(edge: input, columns: start..<start + vector.width) }
        start += vector.width
      }
      fatalError("the input has no vector \(own.name), for which the architecture was checked")
    }
    return add(JoinNode([JoinNode.Part(edge: below, columns: 0..<edges[below].width)] + parts, of: pass.name), .step)
  }

  /// Adds what makes of the context what a pass's states begin with, and gives its edge; nil without a context.
  private mutating func addBridge(to pass: Architecture.Pass, _ plan: Plan) throws -> Int? {
    guard let context, let cell = architecture.context?.bridge else { return nil }
    let bridge = pass.bridge(cell)
    let width = plan.cell.states.indices.reduce(0) { $0 + plan.width(ofState: $1) }
    let own = try Architecture.Layer(cell, units: width).plan(of: cell, inputs: edges[context].width)
    guard own.width(ofState: 0) == width else {
      throw RecurrentError(
        .network,
        "\(bridge.name), \(cell.name), gives \(own.width(ofState: 0)) numbers, and the states that begin with them have \(width)")
    }
    return add(PassNode(bridge, own, learnsInitialStates: false, reads: context, of: .plain(edges[context].width)), .start)
  }

  /// The edge along which a reading goes at each step, with the nodes that make it.
  private mutating func row(for reading: Architecture.Reading) -> Int {
    if let edge = made[reading] { return edge }
    let parts = reading.parts.map { row(for: $0) }
    let edge = add(node(for: reading, reads: parts), .step)
    made[reading] = edge
    return edge
  }

  /// The edge of what a reading ends with for each sequence: what a layer's passes end with stands at their own last steps, so that each
  /// is read out first, and merged, added and put side by side then.
  private mutating func lastEdge(of reading: Architecture.Reading) -> Int {
    switch reading {
    case .input: return add(InputReadoutNode(reads: bottom, width: edges[bottom].width), .sequence)
    case .layer(let key):
      let layer = found(layers.first { $0.key == key }, orFail: "the network has no layer \(key)")
      let finals = layer.ends.map { add(LastReadoutNode(reads: $0, width: edges[$0].width), .sequence) }
      return layer.merging.map { add(MergeNode($0, reads: finals, of: "the readout"), .sequence) } ?? finals[0]
    case .sum, .product, .concatenation:
      let parts = reading.parts.map { lastEdge(of: $0) }
      return add(node(for: reading, reads: parts), .sequence)
    }
  }

  /// The node that makes a reading of its parts.
  private func node(for reading: Architecture.Reading, reads parts: [Int]) -> any NetworkNode {
    switch reading {
    case .sum: CombinationNode(.sum, reads: parts, width: edges[parts[0]].width, of: reading.text)
    case .product: CombinationNode(.product, reads: parts, width: edges[parts[0]].width, of: reading.text)
    case .concatenation: JoinNode(parts.map { JoinNode.Part(edge: $0, columns: 0..<edges[$0].width) }, named: reading.text)
    case .input, .layer: fatalError("\(reading.text) is there before it is read")
    }
  }

  /// What the numbers of a reading run over.
  private func axis(of reading: Architecture.Reading) -> WeightAxis {
    switch reading {
    case .input: return inputAxis
    case .layer: return .plain(edges[found(made[reading], orFail: "the network has no layer \(reading.text)")].width)
    case .concatenation(let parts): return .sequence(parts.map { axis(of: $0) })
    case .sum(let parts), .product(let parts):
      let axes = parts.map { axis(of: $0) }
      return axes.allSatisfy { $0 == axes[0] } ? axes[0] : .plain(axes[0].count)
    }
  }

  /// Adds a node, which gives the edge of its own number.
  private mutating func add(_ node: any NetworkNode, _ span: NetworkGraph.Span, isReversed: Bool = false) -> Int {
    nodes.append(node)
    edges.append(NetworkGraph.Edge(width: node.width, span: span, isReversed: isReversed))
    return edges.count - 1
  }
}

extension Architecture.Layer {
  /// - Parameter memory: the numbers of a row of the memory, if there is one that a cell may read.
  fileprivate func plan(of cell: Cell, inputs: Int, memory: Int? = nil) throws -> Plan {
    Plan(
      compiling: cell,
      dimensions: try cell.dimensions(inputs: inputs, units: units, sizes: sizes, memory: cell.memory == nil ? nil : memory))
  }
}
