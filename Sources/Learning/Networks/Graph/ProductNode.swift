import Engine
import Support

/// Multiplies the rows of several nodes, element by element: a gate between layers.
struct ProductNode: NetworkNode {
  let name: String
  let reads: [Int]
  let width: Int

  /// - Parameter text: the product, for messages.
  init(reads: [Int], width: Int, of text: String) {
    (self.reads, self.width, name) = (reads, width, text)
  }

  func runner(_ parts: RunnerParts) -> any NodeRunner {
    ProductRunner(reads.map { parts.edges[$0] }, gives: parts.output, machine: parts.machine)
  }

  func stream(_ stream: StreamParts) throws(RecurrentError) -> any StreamNode {
    MultipliedRows(reads.map { stream.edges[$0] }, gives: stream.output, span: stream.span)
  }
}

private final class ProductRunner: NodeRunner {
  let span: NetworkGraph.Span
  private let factors: [EdgeRows]
  private let output: EdgeRows
  private let machine: Machine
  private var products = FloatBuffer(count: 0)

  init(_ factors: [EdgeRows], gives output: EdgeRows, machine: Machine) {
    (self.factors, self.output, self.machine) = (factors, output, machine)
    span = output.span
  }

  func forward(_ segment: Segment) {
    let (rows, width) = (segment.lengths(of: span).rows, output.width)
    products = products.grown(to: rows * width)
    nonisolated(unsafe) let (target, first) = (products.base, factors[0].values)
    nonisolated(unsafe) let others = factors.dropFirst().map(\.values)
    machine.eachRow(of: rows, width: width) { row in
      let product = target + row * width
      product.update(from: first + row * width, count: width)
      for other in others { for place in 0..<width { product[place] *= other[row * width + place] } }
    }
    output.values = UnsafePointer(products.base)
  }

  /// The gradient of a factor is that of the product times all other factors, which may be 0 and so can't be divided out.
  func backward(_ segment: Segment, _ gradients: UnsafeMutablePointer<Float>) {
    let (rows, width) = (segment.lengths(of: span).rows, output.width)
    nonisolated(unsafe) let gradient = output.gradient(rows: rows)
    for (own, factor) in factors.enumerated() where factor.takesGradient {
      nonisolated(unsafe) let others = factors.enumerated().filter { $0.offset != own }.map(\.element.values)
      factor.addGradient(rows: rows) { target in
        nonisolated(unsafe) let target = target
        machine.eachRow(of: rows, width: width) { row in
          let start = row * width
          (target + start).update(from: gradient + start, count: width)
          for other in others { for place in start..<start + width { target[place] *= other[place] } }
        }
      }
    }
  }

  func plannedBytes(_ plan: MemoryPlan) -> Int { 4 * plan.rows(of: span) * output.width }
  var allocatedBytes: Int { 4 * products.count }
}

/// Multiplies the rows of a step.
private final class MultipliedRows: StreamNode {
  let span: NetworkGraph.Span
  private let factors: [StreamEdge]
  private let output: StreamEdge

  init(_ factors: [StreamEdge], gives output: StreamEdge, span: NetworkGraph.Span) {
    (self.factors, self.output, self.span) = (factors, output, span)
  }

  func reset() {}
  func adopt(_ other: any StreamNode) {}

  func step() {
    let count = output.rows * output.width
    output.row.update(from: factors[0].row, count: count)
    for factor in 1..<factors.count {
      let row = factors[factor].row
      for place in 0..<count { output.row[place] *= row[place] }
    }
  }
}
