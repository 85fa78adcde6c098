import Engine
import Support

/// Holds what is known of the sequence before its first step.
final class ContextStream: StreamNode {
  private let output: StreamEdge

  init(_ stream: StreamParts) {
    output = stream.output
    super.init(span: .start)
  }

  override func begin(_ rows: Range<Int>, after source: EncodedSource) {
    let vector = source.vector
    ensure(vector.count == output.width, "the network begins with \(output.width) numbers, and not with \(vector.count)")
    for row in rows { for (place, value) in vector.enumerated() { output.row[row * output.width + place] = value } }
  }

  override func adopt(_ other: StreamNode) {
    guard let other = other as? ContextStream else { fatalError("a context can't go on from another kind of node") }
    output.row.update(from: other.output.row, count: output.count)
  }
}

/// Holds the source of each sequence.
final class MemoryStream: StreamNode {
  private let output: StreamEdge

  init(_ stream: StreamParts) {
    output = stream.output
    super.init(span: .start)
  }

  override func begin(_ rows: Range<Int>, after source: EncodedSource) { for row in rows { output.sources[row] = source } }

  override func adopt(_ other: StreamNode) {
    guard let other = other as? MemoryStream else { fatalError("a memory can't go on from another kind of node") }
    output.sources = other.output.sources
  }
}

/// Passes on the row of the last step so far.
final class ForwardedRows: StreamNode {
  private let input: StreamEdge
  private let output: StreamEdge

  init(reads: Int, _ stream: StreamParts) {
    (input, output) = (stream.edges[reads], stream.output)
    super.init(span: .step)
  }

  override func step() { output.row = input.row }
}

/// Gives the mean of the steps so far, or the largest number of each column.
final class PooledRows: StreamNode {
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
    super.init(span: .step)
  }

  override func reset() { steps = 0 }

  override func adopt(_ other: StreamNode) {
    guard let other = other as? PooledRows else { fatalError("what is pooled can't go on from another kind of node") }
    steps = other.steps
    soFar.base.update(from: other.soFar.base, count: output.count)
    output.row.update(from: other.output.row, count: output.count)
  }

  override func step() {
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
