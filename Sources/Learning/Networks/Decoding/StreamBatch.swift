import CellCompiler
import Engine
import Support

/// Streams of one network that reads symbols and steps together, each with states of its own: what a step reads of the weights it reads
/// once for all of them. A step allocates nothing.
final class StreamBatch {
  let rows: Int
  /// The numbers that a step gives for each row.
  let outputs: Int
  private let input: InputStream
  private let startNodes: [StreamNode]
  private let stepNodes: StreamNodes
  private let head: HeadStream
  private let given: FloatBuffer

  /// - Parameter longest: the most steps of a source.
  /// - Throws: ``RecurrentError`` if the network can't be run step by step.
  init(_ weights: StreamingNetwork, rows: Int, longest: Int) throws(RecurrentError) {
    let nodes = try weights.nodes(rows: rows, memoryRows: longest)
    self.rows = rows
    outputs = weights.network.architecture.outputWidth
    guard let input = nodes.first as? InputStream, let head = nodes.last as? HeadStream else {
      fatalError("a network's nodes begin with its input and end with its head")
    }
    (self.input, self.head) = (input, head)
    startNodes = nodes.filter { $0.span == .start }
    stepNodes = StreamNodes(nodes.filter { $0.span == .step && $0 !== input })
    given = FloatBuffer(count: rows * outputs)
    for node in stepNodes.nodes { node.reset() }
  }

  /// Begins again in some rows, after a source.
  func begin(_ rows: Range<Int>, after source: EncodedSource) {
    for node in startNodes + stepNodes.nodes { node.begin(rows, after: source) }
    for node in startNodes { node.step() }
    for node in stepNodes.nodes { node.reset(rows) }
  }

  /// Goes on in each row from where another one is.
  func follow(_ parents: [Int]) { for node in stepNodes.nodes { node.follow(parents) } }

  /// Runs a step.
  ///
  /// - Parameter symbols: what each row reads.
  /// - Returns: what the output's function is to be made of, `[rows, outputs]`, valid until the next step.
  func step(_ symbols: [Int]) -> UnsafeMutablePointer<Float> {
    for row in 0..<rows { input.write(symbol: symbols[row], nil, row: row) }
    stepNodes.step()
    head.give(to: given.base)
    return given.base
  }
}
