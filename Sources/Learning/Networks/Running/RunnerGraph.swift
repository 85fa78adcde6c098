import CellCompiler
import Engine
import Support

/// What runs a network over batches: the runners of its nodes, and between them those of what a training does against
/// overfitting, in one list that is run forward and back.
struct RunnerGraph {
  private(set) var nodes: [any NodeRunner] = []
  let edges: [EdgeRows]
  let input: InputRunner
  /// The passes over the steps, in the order of the architecture's.
  let passes: [PassRunner]
  let head: HeadRunner
  /// What gives that with which sequences begin; nil if nothing is known of them before.
  let context: ContextRunner?
  /// What reads out sequences.
  private(set) var readouts: [any NodeRunner] = []
  /// The edge along which goes what the output is made from at each step.
  let top: EdgeRows

  /// - Parameters:
  ///   - regularization: nil to draw nothing within cells either.
  ///   - nested: what runs a network that a node has of its own.
  init(
    _ network: Network, machine: Machine, trains: Bool, traces: Bool, regularization: Regularization?,
    nested: @escaping (Network) -> NetworkRunner
  ) {
    let graph = network.graph
    edges = EdgeRows.edges(of: graph)
    top = edges[graph.top]
    let drawing = Plan.Drawing(
      masks: trains && regularization?.recurrentDropout ?? 0 > 0, zoneout: trains && regularization != nil)
    let regularization = regularization ?? .init()
    let tied = network.architecture.tiesEmbedding ? network.layout[EmbeddingPart.weight]?.range : nil
    var (input, head): (InputRunner?, HeadRunner?) = (nil, nil)
    var context: ContextRunner?
    var passes: [Int: PassRunner] = [:]
    for (index, node) in graph.nodes.enumerated() {
      let runner = node.runner(
        RunnerParts(
          machine: machine, trains: trains, regularization: regularization, drawing: drawing, traces: traces, edges: edges,
          gives: index < edges.count ? edges[index] : nil, weights: network.layout.nodes[index], passes: passes,
          context: context, tied: tied, nested: nested))
      nodes.append(runner)
      switch runner {
      case let runner as InputRunner: input = runner
      case let runner as HeadRunner: head = runner
      case let runner as ContextRunner: context = runner
      case let runner as PassRunner: passes[index] = runner
      default: break
      }
      if node.reads.contains(where: { graph.edges[$0].span == .step }), index < edges.count, edges[index].span == .sequence {
        readouts.append(runner)
      }
      nodes += regularization.runners(after: index, of: graph, edges, machine)
    }
    guard let input, let head else { fatalError("a network has an input and an output") }
    (self.input, self.head, self.context) = (input, head, context)
    let stepPasses = passes.filter { $0.value.span == .step }.sorted { $0.key < $1.key }
    self.passes = stepPasses.map(\.value)
    let drop = WeightDrop(regularization.weightDrop, network, passes: self.passes)
    nodes.insert(contentsOf: [drop].compactMap { $0 }, at: 0)
  }
}

extension Regularization {
  /// What acts along the edge of a node that has just been added.
  fileprivate func runners(
    after node: Int, of graph: NetworkGraph, _ edges: [EdgeRows], _ machine: Machine
  ) -> [any NodeRunner] {
    var runners: [(any NodeRunner)?] = []
    let isTop = node == graph.top
    if isTop { runners.append(TemporalPenalty(temporalPenalty, on: edges[node])) }
    if let place = graph.dropoutEdges.firstIndex(of: node) {
      runners.append(
        Dropout(
          place == 0 ? inputDropout : dropout, on: edges[node], place: place, isVariational: isVariational, machine: machine))
    }
    if isTop { runners.append(ActivationPenalty(activationPenalty, on: edges[node])) }
    return runners.compactMap { $0 }
  }
}

extension EdgeRows {
  fileprivate static func edges(of graph: NetworkGraph) -> [EdgeRows] {
    graph.edges.enumerated().map { index, edge in
      let readers = graph.nodes.filter { $0.reads.contains(index) && $0.givesGradientBack }
      let reads = readers.reduce(0) { $0 + $1.reads.count { $0 == index } }
      let isReadInReverse = edge.span == .step && readers.contains { ($0 as? PassNode)?.pass.isReverse ?? false }
      return EdgeRows(
        width: edge.width, span: edge.span, isReversed: edge.isReversed, writers: reads, isReadInReverse: isReadInReverse)
    }
  }
}
