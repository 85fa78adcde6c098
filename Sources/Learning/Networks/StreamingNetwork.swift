import CellCompiler
public import Engine
public import Support

/// A network's weights, packed for streams: made once, read by any number of streams on any threads.
///
///     let weights = try StreamingNetwork(network)
///     let voices = (0..<16).map { _ in weights.stream() }
public final class StreamingNetwork: Sendable {
  public let network: Network
  let machine: Machine
  /// The weights of each layer.
  let layers: [StreamWeights]
  /// The weights of each layer above what is read out.
  let headLayers: [StreamWeights]
  // Nothing writes to these after they are made, so that any thread may read them.
  nonisolated(unsafe) let head: (panels: Panels, bias: FloatBuffer)?

  /// - Parameter machine: whose kernels run the streams; nil for the fastest of this processor. A stream runs on its caller's
  ///   thread alone.
  /// - Throws: ``RecurrentError`` if a layer reads in reverse, or the network reads words; if `RECURRENT_CPU` names kernels that
  ///   can't run here.
  public init(_ network: Network, machine: Machine? = nil) throws(RecurrentError) {
    if let pass = network.architecture.passes.first(where: \.isReverse) {
      throw RecurrentError(
        .network,
        "the network can't be run step by step: layer \(pass.layer + 1) reads each sequence from its last step, "
          + "which a stream does not know; run it over whole sequences")
    }
    if case .words = network.architecture.input {
      throw RecurrentError(
        .network,
        "the network can't be run step by step: it reads the words of whole sentences with their spelling; run it over these")
    }
    let machine = if let machine { machine } else { try Machine(threads: 1) }
    self.network = network
    self.machine = machine
    let layout = network.layout
    func packed(_ plans: [Plan], _ ranges: [Range<Int>], _ parameters: UnsafePointer<Float>) -> [StreamWeights] {
      zip(plans, ranges).map { plan, range in
        StreamWeights(plan: plan, machine: machine, parameters: parameters + range.lowerBound)
      }
    }
    layers = packed(network.plans, layout.passes, network.parameters)
    headLayers = packed(network.headPlans, layout.headLayerWeights, network.parameters)
    head = layout.head.map { weight, bias in
      let panels = Panels(n: weight.shape[0], k: weight.shape[1], level: machine.instructionSet)
      panels.pack(Array(network.parameters[weight.range]), rowStride: panels.k, columnStride: 1)
      let biases = FloatBuffer(count: panels.n)
      biases.base.update(from: Array(network.parameters[bias.range]), count: panels.n)
      return (panels, biases)
    }
  }

  /// A stream whose states are zero, or where they have learned to begin.
  public func stream() -> NetworkStream { NetworkStream(self) }
}

extension Network {
  /// A stream whose states are zero, or where they have learned to begin, on the fastest kernels of this processor.
  ///
  /// It packs the weights, which takes longer than a step: for many streams make one ``StreamingNetwork``.
  ///
  ///     let stream = try network.stream()
  ///     for features in [[0.5, 1], [0.25, 2]] as [[Float]] { print(stream.step(features)) }
  ///
  /// - Throws: ``RecurrentError`` if a layer reads in reverse, or the network reads words; if `RECURRENT_CPU` names kernels that
  ///   can't run here.
  public func stream() throws(RecurrentError) -> NetworkStream { try StreamingNetwork(self).stream() }
}
