import Engine
import Support

/// Adds or multiplies the rows of several nodes, element by element; a product is a gate between layers. An edge that stands there more than
/// once counts as often.
struct CombinationNode: NetworkNode {
  enum Operation {
    case sum, product

    /// Adds to, or multiplies, each element of a row.
    func take(_ other: UnsafePointer<Float>, into row: UnsafeMutablePointer<Float>, count: Int) {
      switch self {
      case .sum: for place in 0..<count { row[place] += other[place] }
      case .product: for place in 0..<count { row[place] *= other[place] }
      }
    }
  }

  let name: String
  let reads: [Int]
  let width: Int
  private let operation: Operation

  /// - Parameter text: the sum or product, for messages.
  init(_ operation: Operation, reads: [Int], width: Int, of text: String) {
    (self.operation, self.reads, self.width, name) = (operation, reads, width, text)
  }

  func runner(_ parts: RunnerParts) -> any NodeRunner {
    CombinationRunner(operation, reads.map { parts.edges[$0] }, gives: parts.output, machine: parts.machine)
  }

  func stream(_ stream: StreamParts) throws(RecurrentError) -> StreamNode {
    CombinedRows(operation, reads.map { stream.edges[$0] }, gives: stream.output, span: stream.span)
  }
}

private final class CombinationRunner: NodeRunner {
  let span: NetworkGraph.Span
  private let operation: CombinationNode.Operation
  private let operands: [EdgeRows]
  private let output: EdgeRows
  private let machine: Machine
  private var values = FloatBuffer(count: 0)

  init(_ operation: CombinationNode.Operation, _ operands: [EdgeRows], gives output: EdgeRows, machine: Machine) {
    (self.operation, self.operands, self.output, self.machine) = (operation, operands, output, machine)
    span = output.span
  }

  func forward(_ segment: Segment) {
    let rows = segment.lengths(of: span).rows
    values = values.grown(to: rows * output.width)
    combine(operands[0].values, operands.dropFirst(), in: values.base, rows: rows)
    output.values = UnsafePointer(values.base)
  }

  /// The gradient of a term is that of the sum; that of a factor is that of the product times all other factors, which may be 0 and so can't be
  /// divided out.
  func backward(_ segment: Segment, _ gradients: UnsafeMutablePointer<Float>) {
    let rows = segment.lengths(of: span).rows
    let gradient = UnsafePointer(output.gradient(rows: rows))
    for (own, operand) in operands.enumerated() where operand.takesGradient {
      var others: [EdgeRows] = []
      if operation == .product { others = operands.enumerated().filter { $0.offset != own }.map(\.element) }
      operand.addGradient(rows: rows) { combine(gradient, others[...], in: $0, rows: rows) }
    }
  }

  /// Copies rows, and adds others to them or multiplies them by those.
  private func combine(
    _ first: UnsafePointer<Float>, _ others: ArraySlice<EdgeRows>, in target: UnsafeMutablePointer<Float>, rows: Int
  ) {
    nonisolated(unsafe) let (target, first, others) = (target, first, others.map(\.values))
    let (operation, width) = (operation, output.width)
    machine.eachRow(of: rows, width: width) { row in
      let start = row * width
      (target + start).update(from: first + start, count: width)
      for other in others { operation.take(other + start, into: target + start, count: width) }
    }
  }

  func plannedBytes(_ plan: MemoryPlan) -> Int { 4 * plan.rows(of: span) * output.width }
  var allocatedBytes: Int { 4 * values.count }
}

/// Adds or multiplies the rows of a step.
private final class CombinedRows: StreamNode {
  private let operation: CombinationNode.Operation
  private let operands: [StreamEdge]
  private let output: StreamEdge

  init(
    _ operation: CombinationNode.Operation, _ operands: [StreamEdge], gives output: StreamEdge, span: NetworkGraph.Span
  ) {
    (self.operation, self.operands, self.output) = (operation, operands, output)
    super.init(span: span)
  }

  override func step() {
    let count = output.rows * output.width
    output.row.update(from: operands[0].row, count: count)
    for operand in 1..<operands.count { operation.take(operands[operand].row, into: output.row, count: count) }
  }
}
