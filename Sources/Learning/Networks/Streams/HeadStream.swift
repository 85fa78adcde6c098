import CellCompiler
import Engine
import Support

/// Gives what a step's output is made of.
final class HeadStream: StreamNode {
  private let head: any OutputHead
  private let input: StreamEdge
  private let width: Int
  private let level: InstructionSet
  /// Keeps the matrix and the biases before the head, if there are any: a step counts no references to them.
  private let weights: StreamingNetwork
  private let panels: Unmanaged<Panels>?
  private let bias: UnsafePointer<Float>?
  /// The head's own weights.
  private let own: FloatBuffer

  init(_ head: any OutputHead, width: Int, reads: Int, _ stream: StreamParts) {
    self.head = head
    self.width = width
    input = stream.edges[reads]
    level = stream.weights.machine.instructionSet
    weights = stream.weights
    panels = weights.head.map { Unmanaged.passUnretained($0.panels) }
    bias = weights.head.map { UnsafePointer($0.bias.base) }
    let network = stream.weights.network
    let count = head.tensors.reduce(0) { $0 + $1.count }
    own = FloatBuffer(count: count)
    own.base.update(from: Array(network.parameters[network.layout.nodes[stream.place].suffix(count)]), count: count)
    super.init(span: .sequence)
  }

  /// Writes the outputs before the head's function, such as logits.
  func give(to target: UnsafeMutablePointer<Float>) {
    if let panels {
      panels._withUnsafeGuaranteedRef {
        $0.multiply(input.row, stride: $0.k, rows: input.rows, bias: bias, into: target, stride: $0.n)
      }
    } else {
      target.update(from: input.row, count: width * input.rows)
    }
  }

  /// Makes what the network gives of these.
  func finish(_ target: UnsafeMutablePointer<Float>) {
    head.finish(target, rows: input.rows, width: width, weights: own.base, on: level)
  }
}
