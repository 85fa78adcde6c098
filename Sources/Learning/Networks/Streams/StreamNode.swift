import CellCompiler
import CellLanguage
import Engine
import Support

/// Runs one node step by step.
///
/// A class and no protocol: a step calls each node without counting a reference to it (``StreamNodes``).
package class StreamNode {
  /// Whether it runs at each step, before the first one, or only when what is read out of the steps so far is asked for.
  package let span: NetworkGraph.Span

  init(span: NetworkGraph.Span) { self.span = span }

  /// Sets everything to what it is before the first step.
  func reset() {}
  /// Runs on the rows that stand at the edges.
  func step() {}
  /// Takes over what another stream's same node keeps from step to step.
  func adopt(_ other: StreamNode) {}
  /// Takes in what is known of the sequences of some rows before they begin.
  func begin(_ rows: Range<Int>, after source: EncodedSource) {}
  /// Sets some of the rows that step together to what they are before the first step.
  func reset(_ rows: Range<Int>) {}
  /// Goes on in each row from where another one is.
  ///
  /// - Parameter parents: the other one of each row.
  func follow(_ parents: [Int]) {}
}

/// Nodes that run one after the other.
struct StreamNodes {
  let nodes: [StreamNode]
  /// The same: a call by way of these counts no reference, which would take longer than the call.
  private let uncounted: [Unmanaged<StreamNode>]

  init(_ nodes: [StreamNode]) {
    self.nodes = nodes
    uncounted = nodes.map(Unmanaged.passUnretained)
  }

  func step() { for index in uncounted.indices { uncounted[index]._withUnsafeGuaranteedRef { $0.step() } } }
}

/// What a stream of a node is made of.
package struct StreamParts {
  /// Which node it is, and the edge that it gives.
  package let place: Int
  package let weights: StreamingNetwork
  package let edges: [StreamEdge]
  /// How many streams step together.
  package let rows: Int
  /// The most steps of a source, as far as it is known.
  let memoryRows: Int

  /// The edge that the node gives.
  package var output: StreamEdge { edges[place] }
  /// What the row belongs to that the node gives.
  var span: NetworkGraph.Span { weights.network.graph.edges[place].span }
}

/// One row on its way from a node to others, or one of each stream of those that step together.
package final class StreamEdge {
  package let width: Int
  package let rows: Int
  /// The rows, `[rows, width]`. The input's stand where a layer reads them, so that nothing is copied.
  @exclusivity(unchecked) package var row: UnsafeMutablePointer<Float>
  /// Along an edge of sources that of each stream, nil before it is known; else none.
  var sources: [EncodedSource?]
  private let own: FloatBuffer

  init(width: Int, rows: Int, isOfSources: Bool) {
    self.width = width
    self.rows = rows
    sources = Array(repeating: nil, count: isOfSources ? rows : 0)
    own = FloatBuffer(count: isOfSources ? 0 : width * rows)
    row = own.base
  }

  /// The numbers of all rows.
  var count: Int { width * rows }
}
