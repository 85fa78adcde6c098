import CellCompiler
import CellLanguage
import Engine
package import Support

/// A network as a list of nodes, each after those whose rows it reads. Runs go through the list forward and back, streams a step
/// at a time; weights lie in its order.
package struct NetworkGraph: Sendable {
  package private(set) var nodes: [any NetworkNode] = []
  /// What goes from node to node: each is given by one node and read by any number.
  package private(set) var edges: [Edge] = []

  /// Rows that a node gives.
  package struct Edge: Sendable, Hashable {
    /// The numbers of a row.
    package let width: Int
    package let span: Span
    /// Whether the rows stand in the order in which a pass in reverse reads them.
    var isReversed = false
  }

  /// What a row belongs to. Only a readout makes rows of sequences of rows of steps.
  package enum Span: Sendable, Hashable {
    /// One row for each sequence, which is there before its first step.
    case start
    /// Rows of all steps, packed as `PackedLengths` says.
    case step
    /// One row for each sequence, which is there after its last step.
    case sequence
  }

  /// The edges along which goes what the layers give at each step, from the first layer up.
  private(set) var layerEdges: [Int] = []
  /// The edges along which dropout acts: what the first layer reads, what each layer passes on, and what is read out of the last.
  private(set) var dropoutEdges: [Int] = []

  /// - Throws: ``RecurrentError`` if the architecture can't be run; it says why.
  package init(_ architecture: Architecture) throws {
    try architecture.check()
    let passes = architecture.passes
    let parts = try architecture.input.encoding.parts.map { try $0.prepared() }
    let encoding = architecture.input.encoding
    let axes = parts.dropLast(encoding.vectors.count).map(\.axis)
    let inputAxis = axes.count == 1 ? axes[0] : .sequence(axes)
    let input = add(InputNode(parts), .step)
    let context = try architecture.context.map { (node: try add(ContextNode($0), .start), bridge: $0.bridge) }
    var rows = input
    if !encoding.vectors.isEmpty {
      rows = add(JoinNode([JoinNode.Part(edge: input, columns: 0..<encoding.featureWidth)], of: "the first layer"), .step)
    }
    // Of the last layer, what its passes give, and how that is merged.
    var ends: [Int] = []
    var merging: (any Merging)?
    for (index, layer) in architecture.layers.enumerated() {
      dropoutEdges.append(rows)
      let own = passes.filter { $0.layer == index }
      var plans = [try layer.plan(of: own[0].cell, inputs: edges[rows].width)]
      if own.count == 2 {
        plans.append(own[1].cell == own[0].cell ? plans[0] : try layer.plan(of: own[1].cell, inputs: edges[rows].width))
      }
      let below = rows
      ends = try zip(own, plans).map { pass, plan in
        let read = addInputs(of: pass, below: below, encoding, at: input)
        let start = try context.map { try addBridge($0.bridge, to: pass, plan, reading: $0.node) }
        return add(
          PassNode(
            pass, plan, learnsInitialStates: layer.learnsInitialStates, reads: read,
            of: index == 0 ? inputAxis : .plain(edges[below].width), startsFrom: start), .step, isReversed: pass.isReverse)
      }
      merging = layer.direction.merging(plans.map { $0.width(ofState: 0) })
      rows = ends[0]
      if let merging { rows = add(MergeNode(merging, reads: ends, of: "layer \(index + 1)"), .step) }
      layerEdges.append(rows)
    }
    switch architecture.readout {
    case .everyStep: break
    case .last:
      // What a pass ends with stands at its own last step, so that ends are read out first and merged then.
      let finals = ends.map { add(LastReadoutNode(reads: $0, width: edges[$0].width), .sequence) }
      rows = finals[0]
      if let merging { rows = add(MergeNode(merging, reads: finals, of: "the readout"), .sequence) }
    case .mean, .max:
      rows = add(
        PooledReadoutNode(isMean: architecture.readout == .mean, reads: rows, width: edges[rows].width), .sequence)
    }
    dropoutEdges.append(rows)
    for (layer, pass) in zip(architecture.headLayers, architecture.headPasses) {
      let plan = try layer.plan(of: pass.cell, inputs: edges[rows].width)
      rows = add(
        PassNode(
          pass, plan, learnsInitialStates: layer.learnsInitialStates, reads: rows, of: .plain(edges[rows].width)), .sequence)
    }
    var headAxis = WeightAxis.plain(edges[rows].width)
    if architecture.outputReadsInput {
      headAxis = .sequence([headAxis, inputAxis])
      rows = add(JoinNode([rows, input].map { JoinNode.Part(edge: $0, columns: 0..<edges[$0].width) }, of: "the output"), .step)
    }
    let head = try architecture.output.head.resolved(reading: architecture.input.encoding)
    nodes.append(HeadNode(head, reads: rows, of: headAxis, isTied: architecture.tiesEmbedding))
  }

  /// The edge that a pass reads: the one below, or that of a node that puts beside its rows the vectors that the cell reads by name.
  private mutating func addInputs(of pass: Architecture.Pass, below: Int, _ encoding: any InputEncoding, at input: Int) -> Int {
    let further = pass.cell.inputs.dropFirst()
    if further.isEmpty { return below }
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

  /// Adds what makes of a context what a pass's states begin with, and gives its edge.
  private mutating func addBridge(_ cell: Cell, to pass: Architecture.Pass, _ plan: Plan, reading context: Int) throws -> Int {
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

  /// Adds a node, which gives the edge of its own number.
  private mutating func add(_ node: some NetworkNode, _ span: Span, isReversed: Bool = false) -> Int {
    nodes.append(node)
    edges.append(Edge(width: node.width, span: span, isReversed: isReversed))
    return edges.count - 1
  }

  /// The edge along which what the last layer gives at each step goes, where penalties act.
  var top: Int { layerEdges[layerEdges.count - 1] }
  /// The last layer's passes.
  var topPasses: [Int] { nodes[top] is PassNode ? [top] : nodes[top].reads }

  /// The passes of layers, those over the steps first, without the bridges to them.
  package var passes: [PassNode] { nodes.compactMap { $0 as? PassNode }.filter { $0.pass.span != .start } }

  /// What is known of sequences before they begin; nil if nothing is.
  package var context: ContextNode? { nodes.lazy.compactMap { $0 as? ContextNode }.first }

  /// All weights, in the order in which they lie.
  package var tensors: [WeightTensor] { nodes.flatMap(\.tensors) }

  /// The parts of the vector that the first layer reads.
  package var inputParts: [any InputPart] { nodes.lazy.compactMap { $0 as? InputNode }.first.map(\.parts) ?? [] }
}

/// A node of a network: it reads rows and gives others, forward and back. A kind of node is this description and the runner and
/// the stream that it makes.
package protocol NetworkNode: Sendable {
  /// As messages name it: `layer 1, forward`.
  var name: String { get }
  /// The part of the network that its weights are of (``NetworkLayout/parts``); nil if their names begin with it.
  var part: String? { get }
  /// The edges whose rows it reads.
  var reads: [Int] { get }
  /// Whether it gives their gradient back along them.
  var givesGradientBack: Bool { get }
  /// The numbers of a row that it gives.
  var width: Int { get }
  /// Its weights, in the order in which they lie in the network's.
  var tensors: [WeightTensor] { get }

  /// Fresh weights, as many as the tensors have.
  ///
  /// - Parameter isTied: whether the embedding's matrix is the output's, too.
  func initialWeights(isTied: Bool, using random: inout Random) -> [Float]
  /// What runs it over batches.
  func runner(_ parts: RunnerParts) -> any NodeRunner
  /// What runs it step by step.
  ///
  /// - Throws: ``RecurrentError`` if it has to know sequences whole; it names the node.
  func stream(_ parts: StreamParts) throws(RecurrentError) -> any StreamNode
}

extension NetworkNode {
  package var part: String? { nil }
  package var givesGradientBack: Bool { true }
  package var tensors: [WeightTensor] { [] }
  package func initialWeights(isTied: Bool, using random: inout Random) -> [Float] { [] }
}

extension Architecture.Layer {
  fileprivate func plan(of cell: Cell, inputs: Int) throws -> Plan {
    Plan(compiling: cell, dimensions: try cell.dimensions(inputs: inputs, units: units, sizes: sizes))
  }
}
