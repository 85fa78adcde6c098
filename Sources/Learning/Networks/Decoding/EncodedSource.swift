import Engine
import Support

/// What a network's encoder has read of a source, or the vector that takes its place.
public struct EncodedSource: Sendable {
  /// What is read out of the source, from which the states of the network's layers begin.
  public let vector: [Float]
  /// The steps of the source; 1 of a vector.
  package let steps: Int
  /// What the encoder's last layer gives at each step, `[steps, width]`; none if no layer reads it.
  private let rows: [Float]
  /// The same with what depends on it alone, for each pass of a cell that reads it, by its place among the nodes: made once, and read by
  /// all streams after the source.
  private let memories: [Int: Memory]

  struct Memory: Sendable {
    let weights: StreamWeights
    let memory: StreamMemory

    init(_ weights: StreamWeights, rows: [Float], steps: Int) {
      self.weights = weights
      memory = rows.withUnsafeBufferPointer { rows in
        StreamMemory(weights, rows: found(rows.baseAddress, orFail: "a source has no steps to remember"), count: steps)
      }
    }
  }

  init(vector: [Float], rows: [Float], steps: Int, memories: [Int: Memory]) {
    (self.vector, self.rows, self.steps, self.memories) = (vector, rows, steps, memories)
  }

  /// What the cell of a node reads, packed with its weights.
  func memory(ofNode node: Int, _ weights: StreamWeights) -> StreamMemory {
    if let known = memories[node], known.weights === weights { return known.memory }
    // The source was read by another decoder of the same network.
    return Memory(weights, rows: rows, steps: steps).memory
  }
}

extension EncodedSource: Hashable {
  /// Whether both are the same numbers.
  public static func == (first: EncodedSource, second: EncodedSource) -> Bool {
    first.vector == second.vector && first.rows == second.rows
  }

  /// Hashes the numbers.
  public func hash(into hasher: inout Hasher) { hasher.combine(vector) }
}

extension StreamingNetwork {
  /// What the passes whose cells have a memory read of a source.
  ///
  /// - Parameter rows: what the encoder gives at each of its steps; none if no pass reads it.
  func memories(of rows: [Float], _ steps: Int) -> [Int: EncodedSource.Memory] {
    let places = network.graph.nodes.indices.filter { (network.graph.nodes[$0] as? PassNode)?.memory != nil }
    return Dictionary(uniqueKeysWithValues: places.map { ($0, EncodedSource.Memory(cell(at: $0), rows: rows, steps: steps)) })
  }
}

extension NetworkRunner {
  /// What the last layer gave at each step of one of the sequences of the last run, `[steps, width]`; none if not all steps are kept.
  func steps(ofSequence sequence: Int) -> [Float] {
    if !keepsAllSteps { return [] }
    let (values, width) = (graph.top.values, graph.top.width)
    return lengths.rows(ofSequence: sequence).flatMap { UnsafeBufferPointer(start: values + $0 * width, count: width) }
  }
}
