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
    /// Rows of all steps of the sequences' sources, packed by their own lengths, which are there before the first step.
    case source
    /// Rows of all steps, packed as `PackedLengths` says.
    case step
    /// One row for each sequence, which is there after its last step.
    case sequence

    /// Whether there is a row for each step, and not one for each sequence.
    var isOfSteps: Bool { self == .step || self == .source }
  }

  /// The edge along which goes what the output is made from at each step, where penalties act.
  package private(set) var top = 0
  /// The edges along which dropout acts: the input, what each layer passes on, and what is read out.
  private(set) var dropoutEdges: [Int] = []

  /// - Throws: ``RecurrentError`` if the architecture can't be run; it says why.
  package init(_ architecture: Architecture) throws {
    try architecture.check()
    var builder = NetworkGraphBuilder(architecture)
    let (top, read) = try builder.build()
    (self.top, dropoutEdges, edges) = (top, builder.dropoutEdges, builder.edges)
    let head = try architecture.output.head.resolved(reading: architecture.input.encoding)
    nodes = builder.nodes + [HeadNode(head, reads: read.edge, of: read.axis, isTied: architecture.tiesEmbedding)]
  }

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
  func stream(_ parts: StreamParts) throws(RecurrentError) -> StreamNode
}

extension NetworkNode {
  package var part: String? { nil }
  package var givesGradientBack: Bool { true }
  package var tensors: [WeightTensor] { [] }
  package func initialWeights(isTied: Bool, using random: inout Random) -> [Float] { [] }
}
