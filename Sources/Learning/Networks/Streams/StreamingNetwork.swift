import CellCompiler
public import Engine
public import Support

/// A network's weights, packed for streams: made once, read by any number of streams on any threads.
///
///     let weights = try StreamingNetwork(network)
///     let voices = (0..<16).map { _ in weights.stream() }
public final class StreamingNetwork: Sendable {
  /// The network whose weights these are.
  public let network: Network
  let machine: Machine
  /// The weights of each node that is a layer's pass.
  private let cells: [Int: StreamWeights]
  // Nothing writes to these after they are made, so that any thread may read them.
  nonisolated(unsafe) let head: (panels: Panels, bias: FloatBuffer)?

  /// - Parameters:
  ///   - weights: the numbers to which the weights of matrices are rounded; nil for those in which the network stores them.
  ///   - activations: the numbers to which the vectors that meet the matrices of layers are rounded at each step. Whole numbers go
  ///     with weights that are whole numbers.
  ///   - machine: whose kernels run the streams; nil for the fastest of this processor. A stream runs on its caller's thread
  ///     alone.
  /// - Throws: ``RecurrentError`` if a layer reads in reverse, the network reads words, or its sequences begin with a context; if the
  ///   weights can't be rounded so, as ``Network/narrowed(to:)`` says, or are none that rounded vectors go with; if `RECURRENT_CPU` names kernels that can't run here.
  public convenience init(
    _ network: Network, weights: WeightKind? = nil, activations: ActivationKind = .float32,
    machine: Machine? = nil
  ) throws(RecurrentError) {
    if let context = network.architecture.context {
      throw RecurrentError(
        .network,
        "the network can't be run step by step by itself: it begins with \(context.summary); make a StreamingDecoder of it")
    }
    try self.init(
      afterContext: network, weights: weights, activations: activations, machine: machine)
  }

  /// Packs a network whose streams are given what they begin with.
  init(
    afterContext network: Network, weights: WeightKind?, activations: ActivationKind = .float32,
    machine: Machine?
  ) throws(RecurrentError) {
    let machine = if let machine { machine } else { try Machine(threads: 1) }
    let network = try network.narrowed(to: weights ?? network.weightKind)
    guard activations == .float32 || network.weightKind == .int8 else {
      throw RecurrentError(
        .unsuitable,
        "vectors of \(activations.rawValue) numbers are multiplied with weights of int8 numbers, and the weights are \(network.weightKind.rawValue): round these to int8, too"
      )
    }
    self.network = network
    self.machine = machine
    let layout = network.layout
    var cells: [Int: StreamWeights] = [:]
    for (index, node) in network.graph.nodes.enumerated() {
      guard let pass = node as? PassNode else { continue }
      let count = ParameterLayout(pass.plan.cell, dimensions: pass.plan.dimensions).count
      cells[index] = StreamWeights(
        plan: pass.plan, machine: machine,
        parameters: Array(network.parameters[layout.nodes[index].prefix(count)]),
        form: network.form.ofWeights(named: pass.pass.prefix), activations: activations)
    }
    self.cells = cells
    head = layout.head.map { weight, bias in
      let form = network.form
      let panels = Panels(n: weight.shape[0], k: weight.shape[1], level: machine.instructionSet, kind: form.kind)
      panels.pack(
        Array(network.parameters[weight.range]), rowStride: panels.k, columnStride: 1, scales: form.scales[weight.name] ?? [])
      let biases = FloatBuffer(count: panels.n)
      biases.base.update(from: Array(network.parameters[bias.range]), count: panels.n)
      return (panels, biases)
    }
    // Whether each node can be run step by step, it says itself.
    _ = try nodes()
  }

  /// The packed weights of a pass.
  func cell(at node: Int) -> StreamWeights {
    guard let weights = cells[node] else { fatalError("node \(node) has no cell to be streamed") }
    return weights
  }

  /// The nodes of a stream, or of several that step together.
  ///
  /// - Parameter memoryRows: the most steps of their sources, for which there is then room at once.
  func nodes(rows: Int = 1, memoryRows: Int = 0) throws(RecurrentError) -> [StreamNode] {
    let edges = network.graph.edges.map { StreamEdge(width: $0.width, rows: rows, isOfSources: $0.span == .source) }
    var nodes: [StreamNode] = []
    for (place, node) in network.graph.nodes.enumerated() {
      nodes.append(try node.stream(StreamParts(place: place, weights: self, edges: edges, rows: rows, memoryRows: memoryRows)))
    }
    return nodes
  }

  /// A stream whose states are zero, or where they have learned to begin.
  public func stream() -> NetworkStream { NetworkStream(self) }
}

extension Network {
  /// A stream whose states are zero, or where they have learned to begin, on the fastest kernels of this processor.
  ///
  /// It packs the weights, which takes longer than a step: for many streams make one ``StreamingNetwork``.
  ///
  ///     let stream = try network.stream()
  ///     for features in [[0.5, 1], [0.25, 2]] as [[Float]] { print(stream.step(features)) }
  ///
  /// - Parameters:
  ///   - weights: the numbers to which the weights of matrices are rounded, of which a step reads fewer bytes; nil for those in which the
  ///     network stores them.
  ///   - activations: the numbers to which the vectors that meet the matrices of layers are rounded at each step: ``ActivationKind/int8``
  ///     is faster still where weights are whole numbers, and costs more.
  /// - Throws: ``RecurrentError`` if a layer reads in reverse, or the network reads words; if the weights can't be rounded so, as
  ///   ``narrowed(to:)`` says, or are none that rounded vectors go with; if `RECURRENT_CPU` names kernels that can't run here.
  public func stream(
    weights: WeightKind? = nil, activations: ActivationKind = .float32
  ) throws(RecurrentError) -> NetworkStream {
    try StreamingNetwork(self, weights: weights, activations: activations).stream()
  }
}
