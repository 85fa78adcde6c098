public import Engine
import Sequences
public import Support

/// What a network gives for whole sequences in memory: the short way to a few of them. To run many batches make one
/// ``NetworkRunner``, which packs the weights once and keeps its memory.
extension Network {
  /// What the network gives for a sequence of vectors of features: probabilities of classes, values, or the numbers of which
  /// the parameters of a ``Distribution`` are made.
  ///
  ///     let outputs = try network.outputs(for: [[0.5, 1], [0.25, 2], [0, 3]])  // three steps of two features
  ///     print(outputs[2])  // after the last one
  ///
  /// - Parameters:
  ///   - sequence: `[T][features]`
  ///   - machine: nil for the fastest kernels and all processors.
  /// - Returns: `[T][outputs]`, or `[1][outputs]` of a network that reads out sequences.
  /// - Throws: ``RecurrentError`` if a step has another number of features than the network reads, or it reads something else.
  public func outputs(for sequence: [[Float]], machine: Machine? = nil) throws(RecurrentError) -> [[Float]] {
    try outputs(for: [sequence], machine: machine)[0]
  }

  /// What the network gives for sequences of vectors of features, which may have different lengths.
  ///
  /// - Parameters:
  ///   - sequences: `[B][T][features]`
  ///   - machine: nil for the fastest kernels and all processors.
  /// - Returns: in the order of the sequences `[B][T][outputs]`, or `[B][1][outputs]` of a network that reads out sequences.
  /// - Throws: ``RecurrentError`` if a step has another number of features than the network reads, or it reads something else.
  public func outputs(for sequences: [[[Float]]], machine: Machine? = nil) throws(RecurrentError) -> [[[Float]]] {
    guard let width = architecture.features else { throw refusal(of: "vectors of features") }
    for (number, sequence) in sequences.enumerated() {
      guard let step = sequence.firstIndex(where: { $0.count != width }) else { continue }
      throw RecurrentError(
        .shape,
        "step \(step) of sequence \(number), counted from 0, has \(sequence[step].count) features; "
          + "the network reads \(width) at each step"
      )
    }
    return try outputs(lengths: sequences.map(\.count), machine) { rows in
      .features(rows.flatMap { sequences[$0.sequence][$0.step] })
    }
  }

  /// What the network gives for a sequence of symbols of its vocabulary.
  ///
  ///     let outputs = try network.outputs(forTokens: vocabulary.encode("to be"))
  ///     print(outputs[4])  // what comes after the last symbol
  ///
  /// - Parameters:
  ///   - tokens: `[T]`, as ``Vocabulary/encode(_:)`` gives them.
  ///   - machine: nil for the fastest kernels and all processors.
  /// - Returns: `[T][outputs]`, or `[1][outputs]` of a network that reads out sequences.
  /// - Throws: ``RecurrentError`` if the vocabulary has no such symbol, or the network reads something else.
  public func outputs(forTokens tokens: [Int32], machine: Machine? = nil) throws(RecurrentError) -> [[Float]] {
    try outputs(forTokens: [tokens], machine: machine)[0]
  }

  /// What the network gives for sequences of symbols of its vocabulary, which may have different lengths.
  ///
  /// - Parameters:
  ///   - sequences: `[B][T]`
  ///   - machine: nil for the fastest kernels and all processors.
  /// - Returns: in the order of the sequences `[B][T][outputs]`, or `[B][1][outputs]` of a network that reads out sequences.
  /// - Throws: ``RecurrentError`` if the vocabulary has no such symbol, or the network reads something else.
  public func outputs(forTokens sequences: [[Int32]], machine: Machine? = nil) throws(RecurrentError) -> [[[Float]]] {
    guard let vocabulary = architecture.vocabulary else { throw refusal(of: "symbols") }
    for (number, sequence) in sequences.enumerated() {
      guard let step = sequence.firstIndex(where: { $0 < 0 || Int($0) >= vocabulary.count }) else { continue }
      throw RecurrentError(
        .shape,
        "step \(step) of sequence \(number), counted from 0, is the symbol \(sequence[step]); "
          + "the vocabulary has \(vocabulary.count), counted from 0")
    }
    return try outputs(lengths: sequences.map(\.count), machine) { rows in
      .tokens(rows.map { sequences[$0.sequence][$0.step] })
    }
  }

  /// - Parameters:
  ///   - lengths: of the sequences, in any order.
  ///   - inputs: what some steps of some sequences read.
  private func outputs(
    lengths: [Int], _ machine: Machine?, reading inputs: ([(sequence: Int, step: Int)]) -> Batch.Inputs
  ) throws(RecurrentError) -> [[[Float]]] {
    if lengths.isEmpty { return [] }
    let machine = if let machine { machine } else { try Machine() }
    let order = lengths.indices.sorted { (lengths[$1], $0) < (lengths[$0], $1) }
    let packed = PackedLengths(sorted: order.map { lengths[$0] })
    let rows = (0..<packed.steps).flatMap { step in
      order.prefix { lengths[$0] > step }.map { (sequence: $0, step: step) }
    }
    let given = try NetworkRunner(self, machine: machine, trains: false).outputs(inputs(rows), lengths: packed)
    let width = architecture.outputWidth
    var outputs = [[[Float]]](repeating: [], count: lengths.count)
    for (row, sequence) in (architecture.readout == .everyStep ? rows.map(\.sequence) : order).enumerated() {
      outputs[sequence].append(Array(given[row * width..<(row + 1) * width]))
    }
    return outputs
  }

  private func refusal(of given: String) -> RecurrentError {
    let input = architecture.input.encoding
    return RecurrentError(.shape, "the network can't read \(given); it reads \(input.summary): \(input.advice)")
  }
}
