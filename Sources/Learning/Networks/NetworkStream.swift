import CellCompiler
import CellLanguage
import Engine
import Sequences
import Support

/// Runs a network step by step, keeping its states.
///
///     let stream = try network.stream()
///     stream.read(try vocabulary.encode("to be or not "))
///     print(stream.probabilities)  // of each symbol of the vocabulary to come next
///
/// A step allocates nothing and takes no lock, unless its caller still holds the numbers that the step before gave, which are
/// then copied; `process`, the form for audio, never does. A stream belongs to one thread at a time.
/// Numbers of another shape than the network's end the program with a sentence that says which are expected.
public final class NetworkStream {
  let weights: StreamingNetwork
  let layers: [CellStream]
  private let headLayers: [CellStream]
  /// The numbers that each layer reads, and each layer above what is read out.
  let widths: [Int]
  private let widthsAbove: [Int]
  /// The numbers that a step gives.
  let count: Int
  let input: Input
  private let isClassifying: Bool
  let embedding: Range<Int>?
  private let readout: Architecture.Readout
  /// Of the last layer's outputs so far the sum or the largest, and their mean. Empty where the last output is all that counts.
  private let soFar: FloatBuffer
  private let mean: FloatBuffer
  private var steps = 0
  /// What goes on to the layers above and the head of the last step; nil before the first one.
  private var top: UnsafePointer<Float>?
  /// What the head gives, `[outputs]`, and for classes their probabilities, `[outputs]`, otherwise empty; made when they are
  /// asked for.
  private var given: [Float]
  private var fractions: [Float]
  private var isGiven = true
  private var isShared = true

  /// What a step takes.
  enum Input {
    case symbol(of: Int)
    case features(Int)
    /// A number of features, and one of a number of names, each with a learned vector.
    case namedFeatures(Int, names: Int, embedding: Int)
  }

  init(_ weights: StreamingNetwork) {
    let (network, architecture) = (weights.network, weights.network.architecture)
    self.weights = weights
    layers = weights.layers.map { CellStream($0) }
    headLayers = weights.headLayers.map { CellStream($0) }
    widths = network.plans.map(\.dimensions.inputs)
    widthsAbove = network.headPlans.map(\.dimensions.inputs)
    input =
      switch architecture.input {
      case .tokens(let vocabulary, _): .symbol(of: vocabulary.count)
      case .namedFeatures(let count, let names, let embedding): .namedFeatures(count, names: names.count, embedding: embedding)
      case .features, .words: .features(architecture.inputWidth)
      }
    embedding = network.layout.embedding
    isClassifying = if case .classes = architecture.output { true } else { false }
    count = architecture.outputWidth
    given = [Float](repeating: 0, count: count)
    fractions = isClassifying ? given : []
    readout = architecture.readout
    let accumulated = readout == .mean || readout == .max ? architecture.readWidth(network.plans) : 0
    (soFar, mean) = (FloatBuffer(count: accumulated), FloatBuffer(count: accumulated))
    reset()
  }

  /// Sets all states to zero, or to where they have learned to begin. What the stream gives is zero until the next step.
  public func reset() {
    steps = 0
    top = nil
    for place in given.indices { given[place] = 0 }
    for place in fractions.indices { fractions[place] = 0 }
    (isGiven, isShared) = (true, true)
    for (layer, ranges) in zip(layers, weights.network.layout.initialStates) {
      layer.reset()
      for (state, range) in ranges.enumerated() {
        for (place, value) in weights.network.parameters[range].enumerated() { layer.state(state)[place] = value }
      }
    }
  }

  /// A state of a layer as it is now, `[width]`: of an LSTM state 0 is the output h and state 1 the memory c.
  ///
  /// - Parameters:
  ///   - state: counted from 0, in the order in which the cell's equations name them.
  ///   - layer: counted from 0, the layer that reads the input.
  public func state(_ state: Int, ofLayer layer: Int) -> [Float] {
    ensure(layers.indices.contains(layer), "the stream has no layer \(layer); it has \(layers.count), counted from 0")
    let plan = weights.network.plans[layer]
    let count = plan.cell.states.count
    ensure((0..<count).contains(state), "layer \(layer) has no state \(state); its cell has \(count), counted from 0")
    return Array(UnsafeBufferPointer(start: layers[layer].state(state), count: plan.width(ofState: state)))
  }
}

/// What the last step gives.
extension NetworkStream {
  /// What the network gave at the last step, `[outputs]`: probabilities of classes, values, or the numbers that
  /// ``Distribution/parameters(of:)`` takes. It is what a run over all steps so far gives for the last of them; for a network
  /// that reads out sequences, what such a run gives for the sequence. Zero before the first step.
  public var outputs: [Float] { isClassifying ? classShares() : logits }

  /// The probabilities of the classes after the last step, `[classes]`; zero before the first one. The network must be one that
  /// gives classes.
  public var probabilities: [Float] {
    ensure(isClassifying, "the network gives no classes, and so no probabilities of them: ask for its outputs")
    return classShares()
  }

  /// What the last step's ``outputs`` are made of, `[outputs]`: for classes the numbers whose softmax is their probabilities,
  /// which is what ``Sampler/pick(logits:)`` draws from; otherwise the outputs themselves. Zero before the first step.
  public var logits: [Float] {
    if !isGiven {
      isGiven = true
      given.withUnsafeMutableBufferPointer { given in
        if let base = given.baseAddress { giveLogits(to: base) }
      }
    }
    return given
  }

  private func classShares() -> [Float] {
    if !isShared {
      isShared = true
      fractions.withUnsafeMutableBufferPointer { fractions in
        if let base = fractions.baseAddress { give(to: base) }
      }
    }
    return fractions
  }

  /// Writes what the last step gives.
  func give(to target: UnsafeMutablePointer<Float>) {
    if isGiven {
      for place in 0..<count { target[place] = given[place] }
    } else {
      giveLogits(to: target)
    }
    if isClassifying { weights.machine.instructionSet.softmax(target, rows: 1, width: count) }
  }

  private func giveLogits(to target: UnsafeMutablePointer<Float>) {
    guard var top else { return }
    for (index, layer) in headLayers.enumerated() {
      // What is read out is a sequence of one step.
      layer.reset()
      layer.input.update(from: top, count: widthsAbove[index])
      top = layer.step()
    }
    if let (panels, bias) = weights.head {
      panels.multiply(top, stride: panels.k, rows: 1, bias: bias.base, into: target, stride: panels.n)
    } else {
      target.update(from: top, count: count)
    }
  }
}

/// How a step goes through the layers.
extension NetworkStream {
  /// Writes a symbol's vector to where the first layer reads.
  func embed(_ symbol: Int, width: Int) {
    guard let embedding else { return }
    let start = embedding.lowerBound + symbol * width
    for place in 0..<width { layers[0].input[place] = weights.network.parameters[start + place] }
  }

  /// Runs the layers on what stands in the first one's input.
  func run() {
    var below = layers[0].step()
    for index in 1..<layers.count {
      layers[index].input.update(from: below, count: widths[index])
      below = layers[index].step()
    }
    top = readOut(below)
    (isGiven, isShared) = (false, false)
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
