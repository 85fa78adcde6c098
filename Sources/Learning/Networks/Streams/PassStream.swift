import CellCompiler
import CellLanguage
import Engine
import Support

/// Steps a layer's cell.
final class PassStream: StreamNode {
  let cell: CellStream
  let plan: Plan
  private let input: StreamEdge
  private let output: StreamEdge
  /// What the states begin with where that is learned, and what the bridge adds to it.
  private let initial: [[Float]]
  private let start: StreamEdge?
  /// The sources whose steps its cell reads, and which of the network's nodes it is.
  private let memory: StreamEdge?
  private let place: Int
  private let weights: StreamWeights
  /// Room for a state of all rows, where several step together.
  private let scratch: FloatBuffer

  init(
    _ plan: Plan, span: NetworkGraph.Span, reads: Int, startsFrom start: Int?, remembers memory: Int?, initialStateCount: Int,
    _ stream: StreamParts
  ) {
    self.start = start.map { stream.edges[$0] }
    self.memory = memory.map { stream.edges[$0] }
    place = stream.place
    self.plan = plan
    weights = stream.weights.cell(at: stream.place)
    cell = CellStream(weights, batch: stream.rows, memoryRows: stream.memoryRows)
    (input, output) = (stream.edges[reads], stream.output)
    let widest = plan.cell.states.indices.map { plan.width(ofState: $0) }.max() ?? 0
    scratch = FloatBuffer(count: stream.rows == 1 ? 0 : stream.rows * widest)
    let network = stream.weights.network
    initial = network.layout.tensors(ofNode: stream.place, of: network.graph).suffix(initialStateCount).map {
      Array(network.parameters[$0])
    }
    super.init(span: span)
    // A layer that reads the input has it written where it stands; of several the last one, and the others copy it.
    if reads == 0 { input.row = cell.input }
  }

  override func reset() {
    cell.reset()
    reset(0..<output.rows)
  }

  override func begin(_ rows: Range<Int>, after source: EncodedSource) { remember(source, rows: rows) }

  private func remember(_ source: EncodedSource, rows: Range<Int>) {
    if memory == nil { return }
    let own = source.memory(ofNode: place, weights)
    for row in rows { cell.setMemory(own, row: row) }
  }

  override func reset(_ rows: Range<Int>) {
    for row in rows {
      var column = 0
      for state in plan.cell.states.indices {
        let width = plan.width(ofState: state)
        let target = cell.state(state) + row * width
        for place in 0..<width {
          var value: Float = 0
          if !initial.isEmpty { value = initial[state][place] }
          if let start { value += start.row[row * start.width + column + place] }
          target[place] = value
        }
        column += width
      }
    }
  }

  override func follow(_ parents: [Int]) {
    // A row by itself can only go on from where it is.
    if output.rows == 1 { return }
    for state in plan.cell.states.indices {
      let (width, own) = (plan.width(ofState: state), cell.state(state))
      scratch.base.update(from: own, count: width * parents.count)
      for (row, parent) in parents.enumerated() where row != parent {
        (own + row * width).update(from: scratch.base + parent * width, count: width)
      }
    }
  }

  override func adopt(_ other: StreamNode) {
    guard let other = other as? PassStream else { fatalError("\(plan.cell.name) can't go on from another kind of node") }
    for state in plan.cell.states.indices {
      cell.state(state).update(from: other.cell.state(state), count: output.rows * plan.width(ofState: state))
    }
    for (row, source) in (other.memory?.sources ?? []).enumerated() {
      if let source { remember(source, rows: row..<row + 1) }
    }
  }

  override func step() {
    // What is read out, or known before, is a sequence of one step.
    if span != .step { reset() }
    if input.row != cell.input { cell.input.update(from: input.row, count: input.count) }
    output.row = UnsafeMutablePointer(mutating: cell.step())
  }
}
