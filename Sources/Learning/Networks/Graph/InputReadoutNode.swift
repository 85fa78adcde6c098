import Engine
import Support

/// Reads out what the network reads at each sequence's last step, for an output that is made from the input, too. Of a sequence without
/// steps it is 0.
struct InputReadoutNode: NetworkNode {
  private let input: Int
  let width: Int

  init(reads: Int, width: Int) { (input, self.width) = (reads, width) }

  var name: String { "the readout of the last step's input" }
  var reads: [Int] { [input] }

  func runner(_ parts: RunnerParts) -> any NodeRunner { InputReadoutRunner(reads: parts.edges[input], gives: parts.output) }

  /// A stream's last step so far is the one that it has just run.
  func stream(_ stream: StreamParts) throws(RecurrentError) -> StreamNode { ForwardedRows(reads: input, stream) }
}

/// Steps may come a segment at a time: each brings the rows of the sequences that end in it.
private final class InputReadoutRunner: NodeRunner {
  let span = NetworkGraph.Span.step
  private let input: EdgeRows
  private let output: EdgeRows
  /// `[B, width]`
  private var values = FloatBuffer(count: 0)

  init(reads input: EdgeRows, gives output: EdgeRows) { (self.input, self.output) = (input, output) }

  func begin(_ run: BatchRun) {
    let count = run.lengths.batch * output.width
    values = values.grown(to: count)
    values.clear(0..<count)
  }

  func forward(_ segment: Segment) {
    output.values = UnsafePointer(values.base)
    eachEnd(in: segment) { row, sequence in
      (values.base + sequence).update(from: input.values + row, count: output.width)
    }
  }

  func backward(_ segment: Segment, _ gradients: UnsafeMutablePointer<Float>) {
    if !input.takesGradient { return }
    let source = segment.isLast ? output.gradient(rows: segment.whole.batch) : output.keptGradient(rows: segment.whole.batch)
    let rows = segment.lengths.rows
    input.addGradient(rows: rows) { target in
      target.update(repeating: 0, count: rows * output.width)
      eachEnd(in: segment) { row, sequence in (target + row).update(from: source + sequence, count: output.width) }
    }
  }

  /// Runs `body` with where the row of a sequence's last step begins among those of the segment, and where its own begins in `[B, width]`.
  private func eachEnd(in segment: Segment, _ body: (_ row: Int, _ sequence: Int) -> Void) {
    let (lengths, width) = (segment.whole, output.width)
    let start = lengths.rows(of: segment.steps).lowerBound
    for (sequence, length) in lengths.perSequence.enumerated() where length > 0 && segment.steps.contains(length - 1) {
      body((lengths.row(step: length - 1, sequence: sequence) - start) * width, sequence * width)
    }
  }

  func plannedBytes(_ plan: MemoryPlan) -> Int { 4 * plan.sequences * output.width }
  var allocatedBytes: Int { 4 * values.count }
}
