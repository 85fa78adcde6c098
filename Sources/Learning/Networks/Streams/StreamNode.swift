import CellCompiler
import CellLanguage
import Engine
import Support

/// Runs one node step by step.
package protocol StreamNode: AnyObject {
  /// Whether it runs at each step, before the first one, or only when what is read out of the steps so far is asked for.
  var span: NetworkGraph.Span { get }

  /// Sets everything to what it is before the first step.
  func reset()
  /// Runs on the rows that stand at the edges.
  func step()
  /// Takes over what another stream's same node keeps from step to step.
  func adopt(_ other: any StreamNode)
  /// Takes in what is known of the sequences of some rows before they begin.
  func begin(_ rows: Range<Int>, after source: EncodedSource)
  /// Sets some of the rows that step together to what they are before the first step.
  func reset(_ rows: Range<Int>)
  /// Goes on in each row from where another one is.
  ///
  /// - Parameter parents: the other one of each row.
  func follow(_ parents: [Int])
}

extension StreamNode {
  func begin(_ rows: Range<Int>, after source: EncodedSource) {}
  func reset(_ rows: Range<Int>) {}
  func follow(_ parents: [Int]) {}
}

/// What a stream of a node is made of.
package struct StreamParts {
  /// Which node it is, and the edge that it gives.
  package let place: Int
  package let weights: StreamingNetwork
  package let edges: [StreamEdge]
  /// How many streams step together.
  package let rows: Int
  /// The most steps of a source, as far as it is known.
  let memoryRows: Int

  /// The edge that the node gives.
  package var output: StreamEdge { edges[place] }
  /// What the row belongs to that the node gives.
  var span: NetworkGraph.Span { weights.network.graph.edges[place].span }
}

/// One row on its way from a node to others, or one of each stream of those that step together.
package final class StreamEdge {
  package let width: Int
  package let rows: Int
  /// The rows, `[rows, width]`. The input's stand where a layer reads them, so that nothing is copied.
  @exclusivity(unchecked) package var row: UnsafeMutablePointer<Float>
  /// Along an edge of sources that of each stream, nil before it is known; else none.
  var sources: [EncodedSource?]
  private let own: FloatBuffer

  init(width: Int, rows: Int, isOfSources: Bool) {
    self.width = width
    self.rows = rows
    sources = Array(repeating: nil, count: isOfSources ? rows : 0)
    own = FloatBuffer(count: isOfSources ? 0 : width * rows)
    row = own.base
  }

  /// The numbers of all rows.
  var count: Int { width * rows }
}

/// Writes the parts of what a step reads.
final class InputStream: StreamNode {
  let span = NetworkGraph.Span.step
  private let output: StreamEdge
  private let parameters: [Float]
  /// How many numbers a step takes, and of how many symbols it takes one; nil of none.
  let numbers: Int
  let symbols: Int?
  private let parts: [Part]

  /// A part of the row, from some column on. Nothing in it is counted by reference, since a step goes through all of them.
  private enum Part {
    case numbers(Int, column: Int)
    /// The row of a symbol in a matrix, which begins at some place among the network's weights.
    case embedded(width: Int, matrix: Int, column: Int)
    case oneHot(Int, column: Int)
  }

  /// - Throws: ``RecurrentError`` if a part has to know whole sequences, or a step would take several symbols.
  init(_ parts: [any InputPart], _ stream: StreamParts) throws(RecurrentError) {
    output = stream.output
    let network = stream.weights.network
    parameters = network.parameters
    var column = 0
    var own: [Part] = []
    for part in parts {
      switch part.form {
      case .numbers(let count): own.append(.numbers(count, column: column))
      case .oneHot(let count): own.append(.oneHot(count, column: column))
      case .embedded(_, let width, let weight):
        guard let matrix = network.layout[weight] else { fatalError("the network has no matrix for its input's symbols") }
        own.append(.embedded(width: width, matrix: matrix.range.lowerBound, column: column))
      case .special(let what):
        throw RecurrentError(
          .network, "the network can't be run step by step: the input reads \(what); run it over whole sequences")
      }
      column += part.width
    }
    self.parts = own
    let counts = parts.compactMap(\.form.symbols)
    guard counts.count <= 1 else {
      throw RecurrentError(
        .network, "the network can't be run step by step: the input reads \(counts.count) symbols at each step")
    }
    symbols = counts.first
    numbers = parts.reduce(0) { if case .numbers(let count) = $1.form { $0 + count } else { $0 } }
  }

  /// Writes the row of a step.
  ///
  /// - Parameters:
  ///   - symbol: of the input's, 0 where it has none.
  ///   - values: ``numbers`` of them.
  ///   - row: which of the streams that step together it is.
  func write(symbol: Int, _ values: UnsafePointer<Float>?, row: Int = 0) {
    let row = output.row + row * output.width
    var values = values
    for index in parts.indices {
      switch parts[index] {
      case .numbers(let count, let column):
        guard let source = values else { fatalError("a step takes \(count) numbers, and none came") }
        for place in 0..<count { row[column + place] = source[place] }
        values = source + count
      case .embedded(let width, let matrix, let column):
        for place in 0..<width { row[column + place] = parameters[matrix + symbol * width + place] }
      case .oneHot(let count, let column):
        (row + column).update(repeating: 0, count: count)
        row[column + symbol] = 1
      }
    }
  }

  func reset() {}
  func step() {}
  func adopt(_ other: any StreamNode) {}
}

/// Steps a layer's cell.
final class PassStream: StreamNode {
  let span: NetworkGraph.Span
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
    self.span = span
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
    // A layer that reads the input has it written where it stands; of several the last one, and the others copy it.
    if reads == 0 { input.row = cell.input }
  }

  func reset() {
    cell.reset()
    reset(0..<output.rows)
  }

  func begin(_ rows: Range<Int>, after source: EncodedSource) { remember(source, rows: rows) }

  private func remember(_ source: EncodedSource, rows: Range<Int>) {
    if memory == nil { return }
    let own = source.memory(ofNode: place, weights)
    for row in rows { cell.setMemory(own, row: row) }
  }

  func reset(_ rows: Range<Int>) {
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

  func follow(_ parents: [Int]) {
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

  func adopt(_ other: any StreamNode) {
    guard let other = other as? PassStream else { fatalError("\(plan.cell.name) can't go on from another kind of node") }
    for state in plan.cell.states.indices {
      cell.state(state).update(from: other.cell.state(state), count: output.rows * plan.width(ofState: state))
    }
    for (row, source) in (other.memory?.sources ?? []).enumerated() {
      if let source { remember(source, rows: row..<row + 1) }
    }
  }

  func step() {
    // What is read out, or known before, is a sequence of one step.
    if span != .step { reset() }
    if input.row != cell.input { cell.input.update(from: input.row, count: input.count) }
    output.row = UnsafeMutablePointer(mutating: cell.step())
  }
}

/// Holds what is known of the sequence before its first step.
final class ContextStream: StreamNode {
  let span = NetworkGraph.Span.start
  private let output: StreamEdge

  init(_ stream: StreamParts) { output = stream.output }

  func begin(_ rows: Range<Int>, after source: EncodedSource) {
    let vector = source.vector
    ensure(vector.count == output.width, "the network begins with \(output.width) numbers, and not with \(vector.count)")
    for row in rows { for (place, value) in vector.enumerated() { output.row[row * output.width + place] = value } }
  }

  func reset() {}
  func step() {}

  func adopt(_ other: any StreamNode) {
    guard let other = other as? ContextStream else { fatalError("a context can't go on from another kind of node") }
    output.row.update(from: other.output.row, count: output.count)
  }
}

/// Holds the source of each sequence.
final class MemoryStream: StreamNode {
  let span = NetworkGraph.Span.start
  private let output: StreamEdge

  init(_ stream: StreamParts) { output = stream.output }

  func begin(_ rows: Range<Int>, after source: EncodedSource) { for row in rows { output.sources[row] = source } }

  func reset() {}
  func step() {}

  func adopt(_ other: any StreamNode) {
    guard let other = other as? MemoryStream else { fatalError("a memory can't go on from another kind of node") }
    output.sources = other.output.sources
  }
}

/// Passes on the row of the last step so far.
final class ForwardedRows: StreamNode {
  let span = NetworkGraph.Span.step
  private let input: StreamEdge
  private let output: StreamEdge

  init(reads: Int, _ stream: StreamParts) { (input, output) = (stream.edges[reads], stream.output) }

  func reset() {}
  func step() { output.row = input.row }
  func adopt(_ other: any StreamNode) {}
}

/// Gives the mean of the steps so far, or the largest number of each column.
final class PooledRows: StreamNode {
  let span = NetworkGraph.Span.step
  private let isMean: Bool
  private let input: StreamEdge
  private let output: StreamEdge
  /// The sum, or the largest.
  private let soFar: FloatBuffer
  private var steps = 0

  init(isMean: Bool, reads: Int, _ stream: StreamParts) {
    self.isMean = isMean
    (input, output) = (stream.edges[reads], stream.output)
    soFar = FloatBuffer(count: output.count)
  }

  func reset() { steps = 0 }

  func adopt(_ other: any StreamNode) {
    guard let other = other as? PooledRows else { fatalError("what is pooled can't go on from another kind of node") }
    steps = other.steps
    soFar.base.update(from: other.soFar.base, count: output.count)
    output.row.update(from: other.output.row, count: output.count)
  }

  func step() {
    steps += 1
    let row = input.row
    if isMean {
      for place in 0..<output.count {
        soFar.base[place] = (steps == 1 ? 0 : soFar.base[place]) + row[place]
        output.row[place] = soFar.base[place] / Float(steps)
      }
    } else {
      for place in 0..<output.count where steps == 1 || row[place] > output.row[place] || row[place].isNaN {
        output.row[place] = row[place]
      }
    }
  }
}

/// Gives what a step's output is made of.
final class HeadStream: StreamNode {
  let span = NetworkGraph.Span.sequence
  private let head: any OutputHead
  private let input: StreamEdge
  private let width: Int
  private let level: InstructionSet
  /// Keeps the matrix and the biases before the head, if there are any: a step counts no references to them.
  private let weights: StreamingNetwork
  private let panels: Unmanaged<Panels>?
  private let bias: UnsafePointer<Float>?
  /// The head's own weights.
  private let own: FloatBuffer

  init(_ head: any OutputHead, width: Int, reads: Int, _ stream: StreamParts) {
    self.head = head
    self.width = width
    input = stream.edges[reads]
    level = stream.weights.machine.instructionSet
    weights = stream.weights
    panels = weights.head.map { Unmanaged.passUnretained($0.panels) }
    bias = weights.head.map { UnsafePointer($0.bias.base) }
    let network = stream.weights.network
    let count = head.tensors.reduce(0) { $0 + $1.count }
    own = FloatBuffer(count: count)
    own.base.update(from: Array(network.parameters[network.layout.nodes[stream.place].suffix(count)]), count: count)
  }

  func reset() {}
  func step() {}
  func adopt(_ other: any StreamNode) {}

  /// Writes the outputs before the head's function, such as logits.
  func give(to target: UnsafeMutablePointer<Float>) {
    if let panels {
      panels._withUnsafeGuaranteedRef {
        $0.multiply(input.row, stride: $0.k, rows: input.rows, bias: bias, into: target, stride: $0.n)
      }
    } else {
      target.update(from: input.row, count: width * input.rows)
    }
  }

  /// Makes what the network gives of these.
  func finish(_ target: UnsafeMutablePointer<Float>) {
    head.finish(target, rows: input.rows, width: width, weights: own.base, on: level)
  }
}
