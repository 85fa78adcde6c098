import CellCompiler
import CellLanguage
public import Engine
import Sequences

/// A network's weights, packed for streams: made once, read by any number of streams on any threads.
public final class StreamingNetwork: Sendable {
  public let network: Network
  fileprivate let machine: Machine
  fileprivate let layers: [StreamWeights]
  // Nothing writes to these after they are made, so that any thread may read them.
  fileprivate nonisolated(unsafe) let head: Panels
  fileprivate nonisolated(unsafe) let bias: FloatBuffer

  public init(_ network: Network, machine: Machine) {
    self.network = network
    self.machine = machine
    let layout = network.layout
    layers = zip(network.plans, layout.layers).map { plan, range in
      StreamWeights(plan: plan, machine: machine, parameters: Array(network.parameters[range]))
    }
    let outputs = layout.outputBias.count
    head = Panels(n: outputs, k: layout.outputWeight.count / outputs, level: machine.level)
    head.pack(Array(network.parameters[layout.outputWeight]), rowStride: head.k, columnStride: 1)
    bias = FloatBuffer(count: outputs)
    bias.base.update(from: Array(network.parameters[layout.outputBias]), count: outputs)
  }

  /// A stream whose states are zero.
  public func stream() -> NetworkStream { NetworkStream(self) }
}

/// Runs a network step by step, keeping its states.
///
/// A step allocates nothing and takes no lock, unless its caller still holds the outputs of the step before, which are then
/// copied. A stream belongs to one thread at a time.
public final class NetworkStream {
  /// What the network gave at the last step, `[outputs]`: for classes the logits, whose softmax is their probabilities.
  public private(set) var outputs: [Float]
  private let weights: StreamingNetwork
  private let layers: [CellStream]
  private let width: Int
  private let symbols: Int
  private let embedding: Range<Int>?

  init(_ weights: StreamingNetwork) {
    self.weights = weights
    layers = weights.layers.map { CellStream($0) }
    width = weights.network.architecture.inputWidth
    symbols = weights.network.symbols
    embedding = weights.network.layout.embedding
    outputs = [Float](repeating: 0, count: weights.network.architecture.outputWidth)
  }

  /// Runs one step on a symbol of the vocabulary.
  ///
  /// - Returns: ``outputs``
  @discardableResult
  public func step(_ token: Int) -> [Float] {
    precondition((0..<symbols).contains(token), "the vocabulary has no symbol \(token)")
    let input = layers[0].input
    if let embedding {
      for place in 0..<width { input[place] = weights.network.parameters[embedding.lowerBound + token * width + place] }
    } else {
      input.update(repeating: 0, count: width)
      input[token] = 1
    }
    return run()
  }

  /// Runs one step on a vector of features.
  ///
  /// - Returns: ``outputs``
  @discardableResult
  public func step(_ features: [Float]) -> [Float] {
    precondition(features.count == width, "a step takes \(width) features, not \(features.count)")
    for place in 0..<width { layers[0].input[place] = features[place] }
    return run()
  }

  /// Sets all states to zero.
  public func reset() { for layer in layers { layer.reset() } }

  /// A state of a layer as it is now, `[width]`.
  public func state(_ state: Int, ofLayer layer: Int) -> [Float] {
    let count = weights.network.plans[layer].width(ofState: state)
    return Array(UnsafeBufferPointer(start: layers[layer].state(state), count: count))
  }

  private func run() -> [Float] {
    var below = layers[0].step()
    for (index, layer) in layers.enumerated().dropFirst() {
      layer.input.update(from: below, count: weights.network.plans[index].dimensions.inputs)
      below = layer.step()
    }
    outputs.withUnsafeMutableBufferPointer { outputs in
      guard let base = outputs.baseAddress else { return }
      weights.head.multiply(
        below, stride: weights.head.k, rows: 1, bias: weights.bias.base, into: base, stride: weights.head.n)
    }
    return outputs
  }
}

extension Network {
  /// Symbols of the vocabulary, 0 if the network reads features.
  var symbols: Int {
    if case .tokens(let vocabulary, _) = architecture.input { vocabulary.count } else { 0 }
  }

  /// A stream whose states are zero, on the fastest kernels of this processor.
  ///
  /// - Throws: ``MachineError`` if `RECURRENT_CPU` names kernels that can't run here.
  public func stream() throws -> NetworkStream { StreamingNetwork(self, machine: try Machine(threads: 1)).stream() }
}
