import Engine
import Support

/// What a layer makes of what its two directions give at the same step, or of what both end with.
struct MergeNode: NetworkNode {
  let name: String
  let reads: [Int]
  private let merging: any Merging

  init(_ merging: any Merging, reads: [Int], of name: String) {
    self.merging = merging
    self.reads = reads
    self.name = name
  }

  var width: Int { merging.width }

  func runner(_ parts: RunnerParts) -> any NodeRunner {
    MergeRunner(merging, reads: reads.map { parts.edges[$0] }, gives: parts.output, machine: parts.machine)
  }

  func stream(_ stream: StreamParts) throws(RecurrentError) -> StreamNode {
    throw RecurrentError(
      .network,
      "the network can't be run step by step: \(name) merges two directions, one of which begins at the last step; run it over whole "
        + "sequences")
  }
}

private final class MergeRunner: NodeRunner {
  let span: NetworkGraph.Span
  private let merging: any Merging
  /// The forward direction's and the reverse one's; the same of a layer that only reads in reverse.
  private let (forward, reverse): (EdgeRows, EdgeRows)
  private let output: EdgeRows
  private let machine: Machine
  private var merged = FloatBuffer(count: 0)

  init(_ merging: any Merging, reads: [EdgeRows], gives output: EdgeRows, machine: Machine) {
    self.merging = merging
    (forward, reverse) = (reads[0], reads[reads.count - 1])
    self.output = output
    self.machine = machine
    span = output.span
  }

  func forward(_ segment: Segment) {
    let rows = segment.lengths(of: span).rows
    merged = merged.grown(to: rows * output.width)
    let (width, ahead, back) = (output.width, forward.width, reverse.width)
    nonisolated(unsafe) let (target, first, second) = (merged.base, forward.values, reverse.values)
    machine.eachRow(order(segment, rows: rows), width: width) { [merging] row, other in
      merging.merge(first + row * ahead, second + other * back, into: target + row * width)
    }
    output.values = UnsafePointer(merged.base)
  }

  func backward(_ segment: Segment, _ gradients: UnsafeMutablePointer<Float>) {
    let rows = segment.lengths(of: span).rows
    let (width, ahead, back) = (output.width, forward.width, reverse.width)
    nonisolated(unsafe) let (source, first, second) = (output.gradient(rows: rows), forward.values, reverse.values)
    nonisolated(unsafe) let (ofFirst, ofSecond) = (forward.ownGradient(rows: rows), reverse.ownGradient(rows: rows))
    machine.eachRow(order(segment, rows: rows), width: width) { [merging] row, other in
      merging.split(
        source + row * width, first + row * ahead, second + other * back, intoForward: ofFirst + row * ahead,
        intoReverse: ofSecond + other * back)
    }
  }

  /// Where the reverse direction has each row: what it ended with stands in the order of the sequences.
  private func order(_ segment: Segment, rows: Int) -> [Int] { reverse.isReversed ? segment.reversal : Array(0..<rows) }

  func plannedBytes(_ plan: MemoryPlan) -> Int { 4 * plan.rows(of: span) * output.width }
  var allocatedBytes: Int { 4 * merged.count }
}
