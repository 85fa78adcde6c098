import CellCompiler
import CellLanguage
package import Engine
import Sequences

/// How a network's weights lie one after the other, in the order of its nodes, and what they are called.
///
/// `embedding.weight` is `[symbols, embedding]`; what stands for words by their spelling is a network of its own, whose weights
/// are `spelling.embedding.weight`, `spelling.layers.0.W_f` and so on; the parameters of layer 0 are `layers.0.W_f` and so on, as
/// the cell's equations name them; `output.weight` is `[outputs, width of the last layer]`, `output.bias` is `[outputs]`; where the output
/// reads the input, too, the matrix's last columns are for that. A
/// bidirectional layer has `layers.0.forward.W_f` and `layers.0.reverse.W_f`, one that reads in reverse only the latter. Where
/// initial states are learned, that of `c` is `layers.0.initial.c`, `[its width]`, or `layers.0.forward.initial.c` and so on.
/// Where the embedding is also the matrix on top, there is no `output.weight`. Layers that read what is read out have `above.0.W`
/// and so on. A network with a context has `encoder.embedding.weight`, `encoder.layers.0.W_f` and so on, and for each pass
/// `layers.0.bridge.W` and `layers.0.bridge.b`.
package struct NetworkLayout: Sendable {
  package typealias Entry = ParameterLayout.Entry

  package let entries: [Entry]
  /// The weights of each node of the graph.
  let nodes: [Range<Int>]
  /// The parts that a training can leave as they are, by the names that people give them, in the order of the weights:
  /// `embedding`, `spelling`, `encoder`, `layer1`, both directions of a layer together with the bridges to them, `above1` for a layer
  /// that reads what is read out, and `head` for the matrix and the bias on top. All weights belong to one.
  package let parts: [(name: String, weights: [Range<Int>])]
  /// The weights that training leaves as they start, whatever else it is told, in ranges of a tensor each.
  package let fixed: [Range<Int>]
  /// The weights of each of the architecture's passes, learned initial states after the parameters of the cell.
  package let passes: [Range<Int>]
  /// The weights of each layer that reads what is read out.
  package let headPasses: [Range<Int>]
  /// Each pass's learned initial states, in the order of the cell's states; none if they are zero.
  package let initialStates: [[Range<Int>]]
  /// The matrix and the bias of the layer on top; nil if the network has no such layer.
  package let head: (weight: Entry, bias: Entry)?
  /// Floats of all weights.
  package var count: Int { entries.last?.range.upperBound ?? 0 }

  /// - Parameter isTied: whether the embedding is the matrix on top.
  init(_ graph: NetworkGraph, isTied: Bool) {
    var entries: [Entry] = []
    var nodes: [Range<Int>] = []
    var parts: [(name: String, weights: [Range<Int>])] = []
    var fixed: [Range<Int>] = []
    var passes: [(span: NetworkGraph.Span, weights: Range<Int>, initial: [Range<Int>])] = []
    for node in graph.nodes {
      let first = entries.count
      let start = entries.last?.range.upperBound ?? 0
      for tensor in node.tensors {
        let place = entries.last?.range.upperBound ?? 0
        entries.append(Entry(name: tensor.name, shape: tensor.shape, range: place..<place + tensor.count))
        let name = node.part ?? String(tensor.name.prefix { $0 != "." })
        if parts.last?.name != name { parts.append((name, [])) }
        parts[parts.count - 1].weights.append(place..<place + tensor.count)
        if tensor.isFixed { fixed.append(place..<place + tensor.count) }
      }
      nodes.append(start..<(entries.last?.range.upperBound ?? 0))
      if let node = node as? PassNode {
        passes.append((node.pass.span, nodes[nodes.count - 1], entries[first...].suffix(node.initialStateCount).map(\.range)))
      }
    }
    self.entries = entries
    self.nodes = nodes
    self.parts = parts
    self.fixed = fixed
    self.passes = passes.filter { $0.span == .step }.map(\.weights)
    headPasses = passes.filter { $0.span == .sequence }.map(\.weights)
    initialStates = passes.filter { $0.span == .step }.map(\.initial)
    let matrix = isTied ? EmbeddingPart.weight : HeadNode.weight
    head = entries.first { $0.name == matrix }.flatMap { weight in
      entries.first { $0.name == HeadNode.bias }.map { (weight, $0) }
    }
  }

  /// Where the tensors of a node stand.
  func tensors(ofNode index: Int, of graph: NetworkGraph) -> [Range<Int>] {
    graph.nodes[index].tensors.compactMap { self[$0.name]?.range }
  }

  /// The tensor of that name.
  package subscript(name: String) -> Entry? { entries.first { $0.name == name } }

  /// The matrices: what weight decay acts on. Vectors, such as biases, and learned initial states are left alone.
  package var matrices: [Range<Int>] { entries.filter { $0.shape.count == 2 }.map(\.range) }
}
