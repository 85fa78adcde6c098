import CellCompiler
import Engine
import Support

/// Reads out what a pass ends with: the output after each sequence's last step, of a pass in reverse that of its first. Of a
/// sequence without steps it is the output before them.
struct LastReadoutNode: NetworkNode {
  private let input: Int
  let width: Int

  init(reads: Int, width: Int) {
    input = reads
    self.width = width
  }

  var name: String { "the readout of the last step" }
  var reads: [Int] { [input] }
  /// It goes to the pass's last states.
  var givesGradientBack: Bool { false }

  func runner(_ parts: RunnerParts) -> any NodeRunner {
    guard let pass = parts.passes[input] else { fatalError("the last step is read from a pass, and this is not one") }
    return LastReadoutRunner(pass, gives: parts.output)
  }

  /// A stream's last step so far is the one that it has just run.
  func stream(_ stream: StreamParts) throws(RecurrentError) -> StreamNode { ForwardedRows(reads: input, stream) }
}

private final class LastReadoutRunner: NodeRunner {
  let span = NetworkGraph.Span.step
  private let pass: PassRunner
  private let output: EdgeRows
  private var values = FloatBuffer(count: 0)

  init(_ pass: PassRunner, gives output: EdgeRows) {
    self.pass = pass
    self.output = output
  }

  func forward(_ segment: Segment) {
    if !segment.isLast { return }
    values = values.grown(to: segment.whole.batch * output.width)
    pass.runner.copyFinalState(0, to: values.base)
    output.values = UnsafePointer(values.base)
  }

  func backward(_ segment: Segment, _ gradients: UnsafeMutablePointer<Float>) {
    if segment.isLast { pass.addFinalGradient(output.gradient(rows: segment.whole.batch)) }
  }

  func plannedBytes(_ plan: MemoryPlan) -> Int { 4 * plan.sequences * output.width }
  var allocatedBytes: Int { 4 * values.count }
}
