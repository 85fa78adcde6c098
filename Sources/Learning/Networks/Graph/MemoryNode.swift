import Engine
import Sequences
import Support

/// What the encoder's last layer gives at each step of a source, which cells with a memory read at each of their own steps.
struct MemoryNode: NetworkNode {
  /// The edge of the context.
  private let context: Int
  let width: Int
  /// The place of its dropout among those of the encoder.
  private let place: Int

  init(_ context: ContextNode, at edge: Int) {
    self.context = edge
    width = found(context.stepWidth, orFail: "a memory is read of a vector, which has no steps")
    place = context.encoder?.graph.dropoutEdges.count ?? 0
  }

  var name: String { "the memory" }
  var reads: [Int] { [context] }
  /// The context fetches it.
  var givesGradientBack: Bool { false }

  func runner(_ parts: RunnerParts) -> any NodeRunner {
    MemoryRunner(found(parts.context, orFail: "a memory comes before the context that it is made of"), place: place, parts)
  }

  func stream(_ stream: StreamParts) throws(RecurrentError) -> StreamNode { MemoryStream(stream) }
}

/// Passes on the rows of a batch's sources, with the dropout of what layers pass on.
final class MemoryRunner: NodeRunner {
  let span = NetworkGraph.Span.source
  private let context: ContextRunner
  private let output: EdgeRows
  private let dropout: Dropout?

  init(_ context: ContextRunner, place: Int, _ parts: RunnerParts) {
    self.context = context
    output = parts.output
    dropout = Dropout(
      parts.regularization.dropout, on: output, place: place, isVariational: parts.regularization.isVariational,
      machine: parts.machine)
    context.keepSteps(gradientOf: output)
  }

  func begin(_ run: BatchRun) {
    let source = context.source
    dropout?.begin(
      BatchRun(
        inputs: source.inputs, lengths: source.lengths, targets: nil, carriesStates: false, seed: context.seed,
        takesGradient: run.takesGradient))
  }

  func forward(_ segment: Segment) {
    output.values = context.steps
    dropout?.forward(ofSources(segment))
  }

  func backward(_ segment: Segment, _ gradients: UnsafeMutablePointer<Float>) {
    dropout?.backward(ofSources(segment), gradients)
  }

  /// All steps of the sources.
  private func ofSources(_ segment: Segment) -> Segment {
    let lengths = context.source.lengths
    return Segment(0..<lengths.steps, of: lengths, reversal: [], keeping: segment.keeping)
  }

  func plannedBytes(_ plan: MemoryPlan) -> Int { dropout?.plannedBytes(plan) ?? 0 }
  var allocatedBytes: Int { dropout?.allocatedBytes ?? 0 }
}
