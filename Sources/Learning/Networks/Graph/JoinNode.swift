import Engine
import Support

/// Puts the rows of several nodes, or parts of them, side by side.
struct JoinNode: NetworkNode {
  let name: String
  private let parts: [Part]

  /// Some numbers of each row of an edge.
  struct Part {
    let edge: Int
    let columns: Range<Int>
  }

  /// - Parameter reader: what reads the joined rows, for messages.
  init(_ parts: [Part], of reader: String) { self.init(parts, named: "what \(reader) reads") }

  init(_ parts: [Part], named name: String) {
    self.name = name
    self.parts = parts
  }

  var reads: [Int] { parts.map(\.edge) }
  var width: Int { parts.reduce(0) { $0 + $1.columns.count } }

  func runner(_ runner: RunnerParts) -> any NodeRunner {
    JoinRunner(parts.map { (runner.edges[$0.edge], $0.columns) }, gives: runner.output, machine: runner.machine)
  }

  func stream(_ stream: StreamParts) throws(RecurrentError) -> StreamNode {
    JoinedRows(parts.map { (stream.edges[$0.edge], $0.columns) }, gives: stream.output, span: stream.span)
  }
}

private final class JoinRunner: NodeRunner {
  let span: NetworkGraph.Span
  private let inputs: [(edge: EdgeRows, columns: Range<Int>)]
  private let output: EdgeRows
  private let machine: Machine
  private var joined = FloatBuffer(count: 0)

  init(_ inputs: [(edge: EdgeRows, columns: Range<Int>)], gives output: EdgeRows, machine: Machine) {
    self.inputs = inputs
    self.output = output
    self.machine = machine
    span = output.span
  }

  func forward(_ segment: Segment) {
    let rows = segment.lengths(of: span).rows
    joined = joined.grown(to: rows * output.width)
    var column = 0
    for (edge, columns) in inputs {
      nonisolated(unsafe) let (target, source) = (joined.base + column, edge.values + columns.lowerBound)
      let (width, whole, own) = (output.width, edge.width, columns.count)
      machine.eachRow(of: rows, width: own) { row in
        (target + row * width).update(from: source + row * whole, count: own)
      }
      column += own
    }
    output.values = UnsafePointer(joined.base)
  }

  func backward(_ segment: Segment, _ gradients: UnsafeMutablePointer<Float>) {
    let rows = segment.lengths(of: span).rows
    nonisolated(unsafe) let gradient = output.gradient(rows: rows)
    var column = 0
    for (edge, columns) in inputs {
      defer { column += columns.count }
      if !edge.takesGradient { continue }
      let (first, width, whole) = (column, output.width, edge.width)
      edge.addGradient(rows: rows) { target in
        nonisolated(unsafe) let target = target
        machine.eachRow(of: rows, width: whole) { row in
          let own = target + row * whole
          if columns.count < whole { own.update(repeating: 0, count: whole) }
          (own + columns.lowerBound).update(from: gradient + row * width + first, count: columns.count)
        }
      }
    }
  }

  func plannedBytes(_ plan: MemoryPlan) -> Int { 4 * plan.rows(of: span) * output.width }
  var allocatedBytes: Int { 4 * joined.count }
}

/// Puts the rows of a step side by side.
private final class JoinedRows: StreamNode {
  private let inputs: [(edge: StreamEdge, columns: Range<Int>)]
  private let output: StreamEdge

  init(_ inputs: [(edge: StreamEdge, columns: Range<Int>)], gives output: StreamEdge, span: NetworkGraph.Span) {
    self.inputs = inputs
    self.output = output
    super.init(span: span)
  }

  override func step() {
    var target = output.row
    for row in 0..<output.rows {
      for (edge, columns) in inputs {
        target.update(from: edge.row + row * edge.width + columns.lowerBound, count: columns.count)
        target += columns.count
      }
    }
  }
}
