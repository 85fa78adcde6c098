import Engine
import Support

/// Puts the rows of several nodes side by side.
struct JoinNode: NetworkNode {
  let name: String
  let reads: [Int]
  /// The numbers of a row of each.
  private let widths: [Int]

  /// - Parameter reader: what reads the joined rows, for messages.
  init(reads: [Int], widths: [Int], of reader: String) {
    name = "what \(reader) reads"
    self.reads = reads
    self.widths = widths
  }

  var width: Int { widths.reduce(0, +) }

  func runner(_ parts: RunnerParts) -> any NodeRunner {
    JoinRunner(reads: reads.map { parts.edges[$0] }, gives: parts.output, machine: parts.machine)
  }

  func stream(_ stream: StreamParts) throws(RecurrentError) -> any StreamNode {
    JoinedRows(reads: reads.map { stream.edges[$0] }, gives: stream.output)
  }
}

private final class JoinRunner: NodeRunner {
  let span: NetworkGraph.Span
  private let inputs: [EdgeRows]
  private let output: EdgeRows
  private let machine: Machine
  private var joined = FloatBuffer(count: 0)

  init(reads inputs: [EdgeRows], gives output: EdgeRows, machine: Machine) {
    self.inputs = inputs
    self.output = output
    self.machine = machine
    span = output.span
  }

  func forward(_ segment: Segment) {
    let rows = segment.lengths(of: span).rows
    joined = joined.grown(to: rows * output.width)
    var column = 0
    for input in inputs {
      nonisolated(unsafe) let (target, source) = (joined.base + column, input.values)
      let (width, own) = (output.width, input.width)
      machine.eachRow(of: rows, width: own) { row in
        (target + row * width).update(from: source + row * own, count: own)
      }
      column += own
    }
    output.values = UnsafePointer(joined.base)
  }

  func backward(_ segment: Segment, _ gradients: UnsafeMutablePointer<Float>) {
    let rows = segment.lengths(of: span).rows
    nonisolated(unsafe) let gradient = output.gradient(rows: rows)
    var column = 0
    for input in inputs {
      defer { column += input.width }
      if !input.takesGradient { continue }
      let (first, width, own) = (column, output.width, input.width)
      input.addGradient(rows: rows) { target in
        nonisolated(unsafe) let target = target
        machine.eachRow(of: rows, width: own) { row in
          (target + row * own).update(from: gradient + row * width + first, count: own)
        }
      }
    }
  }

  func plannedBytes(_ plan: MemoryPlan) -> Int { 4 * plan.rows(of: span) * output.width }
  var allocatedBytes: Int { 4 * joined.count }
}

/// Puts the rows of a step side by side.
private final class JoinedRows: StreamNode {
  let span = NetworkGraph.Span.step
  private let inputs: [StreamEdge]
  private let output: StreamEdge

  init(reads inputs: [StreamEdge], gives output: StreamEdge) {
    self.inputs = inputs
    self.output = output
  }

  func reset() {}
  func adopt(_ other: any StreamNode) {}

  func step() {
    var target = output.row
    for input in inputs {
      target.update(from: input.row, count: input.width)
      target += input.width
    }
  }
}
