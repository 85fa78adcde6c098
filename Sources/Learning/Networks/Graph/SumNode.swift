import Engine
import Support

/// Adds the rows of several nodes, element by element. An edge that stands in the sum more than once counts as often.
struct SumNode: NetworkNode {
  let name: String
  let reads: [Int]
  let width: Int

  /// - Parameter text: the sum, for messages.
  init(reads: [Int], width: Int, of text: String) {
    (self.reads, self.width, name) = (reads, width, text)
  }

  func runner(_ parts: RunnerParts) -> any NodeRunner {
    SumRunner(reads.map { parts.edges[$0] }, gives: parts.output, machine: parts.machine)
  }

  func stream(_ stream: StreamParts) throws(RecurrentError) -> any StreamNode {
    AddedRows(reads.map { stream.edges[$0] }, gives: stream.output, span: stream.span)
  }
}

private final class SumRunner: NodeRunner {
  let span: NetworkGraph.Span
  private let terms: [EdgeRows]
  private let output: EdgeRows
  private let machine: Machine
  private var sums = FloatBuffer(count: 0)

  init(_ terms: [EdgeRows], gives output: EdgeRows, machine: Machine) {
    (self.terms, self.output, self.machine) = (terms, output, machine)
    span = output.span
  }

  func forward(_ segment: Segment) {
    let (rows, width) = (segment.lengths(of: span).rows, output.width)
    sums = sums.grown(to: rows * width)
    nonisolated(unsafe) let (target, first) = (sums.base, terms[0].values)
    nonisolated(unsafe) let others = terms.dropFirst().map(\.values)
    machine.eachRow(of: rows, width: width) { row in
      let sum = target + row * width
      sum.update(from: first + row * width, count: width)
      for other in others { for place in 0..<width { sum[place] += other[row * width + place] } }
    }
    output.values = UnsafePointer(sums.base)
  }

  func backward(_ segment: Segment, _ gradients: UnsafeMutablePointer<Float>) {
    let rows = segment.lengths(of: span).rows
    let gradient = output.gradient(rows: rows)
    for term in terms where term.takesGradient {
      term.addGradient(rows: rows) { $0.update(from: gradient, count: rows * output.width) }
    }
  }

  func plannedBytes(_ plan: MemoryPlan) -> Int { 4 * plan.rows(of: span) * output.width }
  var allocatedBytes: Int { 4 * sums.count }
}

/// Adds the rows of a step.
private final class AddedRows: StreamNode {
  let span: NetworkGraph.Span
  private let terms: [StreamEdge]
  private let output: StreamEdge

  init(_ terms: [StreamEdge], gives output: StreamEdge, span: NetworkGraph.Span) {
    (self.terms, self.output, self.span) = (terms, output, span)
  }

  func reset() {}
  func adopt(_ other: any StreamNode) {}

  func step() {
    let count = output.rows * output.width
    output.row.update(from: terms[0].row, count: count)
    for term in 1..<terms.count {
      let row = terms[term].row
      for place in 0..<count { output.row[place] += row[place] }
    }
  }
}
