import CellCompiler
import CellLanguage
public import Engine
import Sequences
public import Support

/// A network's weights, packed for streams: made once, read by any number of streams on any threads.
public final class StreamingNetwork: Sendable {
  public let network: Network
  fileprivate let machine: Machine
  fileprivate let layers: [StreamWeights]
  /// Those above what is read out.
  fileprivate let above: [StreamWeights]
  // Nothing writes to these after they are made, so that any thread may read them.
  fileprivate nonisolated(unsafe) let head: (panels: Panels, bias: FloatBuffer)?

  /// - Throws: ``RecurrentError`` if a layer reads in reverse, or the network reads words.
  public init(_ network: Network, machine: Machine) throws(RecurrentError) {
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
    self.network = network
    self.machine = machine
    let layout = network.layout
    func packed(_ plans: [Plan], _ ranges: [Range<Int>], _ parameters: UnsafePointer<Float>) -> [StreamWeights] {
      zip(plans, ranges).map { plan, range in
        StreamWeights(plan: plan, machine: machine, parameters: parameters + range.lowerBound)
      }
    }
    layers = packed(network.plans, layout.passes, network.parameters)
    above = packed(network.plansAbove, layout.weightsAbove, network.parameters)
    head = layout.head.map { weight, bias in
      let panels = Panels(n: weight.shape[0], k: weight.shape[1], level: machine.level)
      panels.pack(Array(network.parameters[weight.range]), rowStride: panels.k, columnStride: 1)
      let biases = FloatBuffer(count: panels.n)
      biases.base.update(from: Array(network.parameters[bias.range]), count: panels.n)
      return (panels, biases)
    }
  }

  /// A stream whose states are zero, or where they have learned to begin.
  public func stream() -> NetworkStream { NetworkStream(self) }
}

/// Runs a network step by step, keeping its states.
///
/// A step allocates nothing and takes no lock, unless its caller still holds the outputs of the step before, which are then
/// copied. A stream belongs to one thread at a time.
public final class NetworkStream {
  /// What the network gave at the last step, `[outputs]`: for classes the logits, whose softmax is their probabilities. A network that
  /// reads out sequences gives what it would give for the steps so far.
  public private(set) var outputs: [Float]
  private let weights: StreamingNetwork
  private let layers: [CellStream]
  private let above: [CellStream]
  private let width: Int
  private let symbols: Int
  private let embedding: Range<Int>?
  private let readout: Architecture.Readout
  /// Of the last layer's outputs so far the sum or the largest, and their mean. Empty where the last output is all that counts.
  private let soFar: FloatBuffer
  private let mean: FloatBuffer
  private var steps = 0

  init(_ weights: StreamingNetwork) {
    self.weights = weights
    layers = weights.layers.map { CellStream($0) }
    above = weights.above.map { CellStream($0) }
    width = weights.network.architecture.inputWidth
    symbols = weights.network.symbols
    embedding = weights.network.layout.embedding
    outputs = [Float](repeating: 0, count: weights.network.architecture.outputWidth)
    readout = weights.network.architecture.readout
    let accumulated = readout == .mean || readout == .max ? weights.network.architecture.readWidth(weights.network.plans) : 0
    (soFar, mean) = (FloatBuffer(count: accumulated), FloatBuffer(count: accumulated))
    reset()
  }

  /// Runs one step on a symbol of the vocabulary.
  ///
  /// - Returns: ``outputs``
  @discardableResult
  public func step(_ token: Int) -> [Float] {
    precondition((0..<symbols).contains(token), "the vocabulary has no symbol \(token)")
    if embedding != nil {
      embed(token, width: width)
    } else {
      layers[0].input.update(repeating: 0, count: width)
      layers[0].input[token] = 1
    }
    return run()
  }

  private func embed(_ symbol: Int, width: Int) {
    guard let embedding else { return }
    let start = embedding.lowerBound + symbol * width
    for place in 0..<width { layers[0].input[place] = weights.network.parameters[start + place] }
  }

  /// Runs one step on a vector of features.
  ///
  /// - Returns: ``outputs``
  @discardableResult
  public func step(_ features: [Float]) -> [Float] {
    if case .namedFeatures = weights.network.architecture.input { preconditionFailure("a step takes the features' name, too") }
    precondition(features.count == width, "a step takes \(width) features, not \(features.count)")
    for place in 0..<width { layers[0].input[place] = features[place] }
    return run()
  }

  /// Runs one step on a vector of features and the symbol of the name that stands beside them.
  ///
  /// - Returns: ``outputs``
  @discardableResult
  public func step(_ features: [Float], name: Int) -> [Float] {
    guard case .namedFeatures(let count, let names, let embedded) = weights.network.architecture.input else {
      preconditionFailure("the network reads no names beside its features")
    }
    precondition(features.count == count, "a step takes \(count) features, not \(features.count)")
    precondition((0..<names.count).contains(name), "the vocabulary has no name \(name); it has \(names.count)")
    embed(name, width: embedded)
    for place in 0..<count { layers[0].input[embedded + place] = features[place] }
    return run()
  }

  /// Sets all states to zero, or to where they have learned to begin.
  public func reset() {
    steps = 0
    for (layer, ranges) in zip(layers, weights.network.layout.initialStates) {
      layer.reset()
      for (state, range) in ranges.enumerated() {
        for (place, value) in weights.network.parameters[range].enumerated() { layer.state(state)[place] = value }
      }
    }
  }

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
    var top = readOut(below)
    for (index, layer) in above.enumerated() {
      // What is read out is a sequence of one step.
      layer.reset()
      layer.input.update(from: top, count: weights.network.plansAbove[index].dimensions.inputs)
      top = layer.step()
    }
    outputs.withUnsafeMutableBufferPointer { outputs in
      guard let base = outputs.baseAddress else { return }
      if let (panels, bias) = weights.head {
        panels.multiply(top, stride: panels.k, rows: 1, bias: bias.base, into: base, stride: panels.n)
      } else {
        base.update(from: top, count: outputs.count)
      }
    }
    return outputs
  }

  /// What goes on to the head of the last layer's output at this step and those before it.
  private func readOut(_ output: UnsafePointer<Float>) -> UnsafePointer<Float> {
    steps += 1
    switch readout {
    case .everyStep, .last: return output
    case .mean:
      for place in 0..<soFar.count {
        soFar.base[place] = (steps == 1 ? 0 : soFar.base[place]) + output[place]
        mean.base[place] = soFar.base[place] / Float(steps)
      }
      return UnsafePointer(mean.base)
    case .max:
      for place in 0..<soFar.count where steps == 1 || output[place] > soFar.base[place] || output[place].isNaN {
        soFar.base[place] = output[place]
      }
      return UnsafePointer(soFar.base)
    }
  }
}

extension Network {
  /// Symbols of the vocabulary, 0 if the network reads features.
  var symbols: Int {
    if case .tokens(let vocabulary, _) = architecture.input { vocabulary.count } else { 0 }
  }

  /// A stream whose states are zero, or where they have learned to begin, on the fastest kernels of this processor.
  ///
  /// - Throws: ``RecurrentError`` if a layer reads in reverse, ``RecurrentError`` if `RECURRENT_CPU` names kernels that can't run here.
  public func stream() throws -> NetworkStream { try StreamingNetwork(self, machine: try Machine(threads: 1)).stream() }
}
