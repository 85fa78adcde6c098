public import Engine
package import Sequences
public import Support

/// A network with a context, packed to read sources and to run step by step after them.
///
///     let decoder = try StreamingDecoder(network)
///     let source = try decoder.encode(tokens: [english.encode("good morning")])[0]
///     let stream = decoder.stream(after: source)
///     stream.step(begin)
///     print(stream.probabilities)  // of each symbol to come first
///
/// A source is read once, whatever follows from it. A decoder belongs to one thread at a time, its streams each to one.
public final class StreamingDecoder {
  /// The network whose weights these are.
  public let network: Network
  let weights: StreamingNetwork
  package let machine: Machine
  private let context: ContextNode
  /// What runs the encoder; nil where vectors are given.
  private let encoder: NetworkRunner?

  /// - Parameters:
  ///   - weights: the numbers to which the weights of the layers' matrices are rounded for streams; nil for those in which the network
  ///     stores them.
  ///   - machine: whose kernels run, and whose threads share what the encoder reads; nil for the fastest kernels and all processors. A
  ///     stream runs on its caller's thread alone.
  /// - Throws: ``RecurrentError`` if the network has no context, or can't be run step by step; if the weights can't be rounded so, as
  ///   ``Network/narrowed(to:)`` says; if `RECURRENT_CPU` names kernels that can't run here.
  public init(_ network: Network, weights: WeightKind? = nil, machine: Machine? = nil) throws(RecurrentError) {
    guard let context = network.graph.context else {
      throw RecurrentError(
        .network,
        "the network knows nothing of a sequence before its first step, so that there is nothing to decode: make a stream of it")
    }
    let machine = if let machine { machine } else { try Machine() }
    self.machine = machine
    self.weights = try StreamingNetwork(afterContext: network, weights: weights, machine: machine)
    self.network = self.weights.network
    self.context = context
    encoder = self.network.encoder.map { NetworkRunner($0, machine: machine, trains: false) }
    encoder?.keepsAllSteps = network.architecture.readsMemory
  }

  /// Reads sources.
  ///
  /// - Returns: what is known of each, in the order of their numbers.
  /// - Throws: ``RecurrentError`` if the network begins with something else, or a source has no steps.
  package func encode(_ source: Batch.Source) throws(RecurrentError) -> [EncodedSource] {
    if source.lengths.batch == 0 { return [] }
    let sources = PackedLengths(
      sorted: source.lengths.perSequence.map { _ in 1 }, numbers: source.lengths.numbers.sorted(), shards: source.lengths.shards)
    try context.check(source, of: sources)
    let vectors: [Float]
    if let encoder {
      vectors = try encoder.outputs(source.inputs, lengths: source.lengths)
    } else {
      vectors = source.inputs.numbers ?? []
    }
    let order = source.lengths.numbers.indices.sorted { source.lengths.numbers[$0] < source.lengths.numbers[$1] }
    return order.map { place in
      let steps = encoder.map { $0.steps(ofSequence: place) } ?? []
      return EncodedSource(
        vector: Array(vectors[place * context.width..<(place + 1) * context.width]), rows: steps,
        steps: source.lengths.perSequence[place], memories: weights.memories(of: steps, source.lengths.perSequence[place]))
    }
  }

  /// Reads sources that are symbols of the encoder's vocabulary.
  ///
  /// - Parameter tokens: of each source, `[B][S]`, at least one.
  /// - Returns: what is known of each, in their order.
  /// - Throws: ``RecurrentError`` if the encoder reads something else, its vocabulary has no such symbol, or a source is empty.
  public func encode(tokens: [[Int32]]) throws(RecurrentError) -> [EncodedSource] {
    try encode(Batch.Source(tokens: tokens, of: PackedLengths(steps: 1, batch: tokens.count)))
  }

  /// Reads sources that are vectors of features at each step.
  ///
  /// - Parameter features: of each source, `[B][S][features]`, at least one step each.
  /// - Returns: what is known of each, in their order.
  /// - Throws: ``RecurrentError`` if the encoder reads something else, or a source has no steps.
  public func encode(features: [[[Float]]]) throws(RecurrentError) -> [EncodedSource] {
    try encode(Batch.Source(features: features, of: PackedLengths(steps: 1, batch: features.count)))
  }

  /// Takes vectors that are all that is known of what is to come.
  ///
  /// - Parameter vectors: `[B][numbers]`.
  /// - Throws: ``RecurrentError`` if the network begins with something else, or with another number of numbers.
  public func encode(vectors: [[Float]]) throws(RecurrentError) -> [EncodedSource] {
    try encode(features: vectors.map { [$0] })
  }

  /// A stream that begins with what follows from a source; ``NetworkStream/reset()`` brings it back to there.
  ///
  /// - Parameter source: what this decoder, or another one of the same network, has read.
  public func stream(after source: EncodedSource) -> NetworkStream {
    let stream = weights.stream()
    stream.begin(after: source)
    return stream
  }
}

extension NetworkStream {
  /// Begins again, after a source.
  ///
  /// - Parameter source: what a ``StreamingDecoder`` of the same network has read; the network must be one that begins with a context.
  public func begin(after source: EncodedSource) {
    ensure(
      network.graph.context != nil, "the network knows nothing of a sequence before its first step: reset its stream")
    for node in startNodes + stepNodes.nodes { node.begin(0..<1, after: source) }
    reset()
  }
}
