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
  let network: Network
  /// Shared with other streams.
  let weights: StreamingNetwork
  let input: InputStream
  /// What runs at each step, and what runs when the output is asked for.
  let stepNodes: StreamNodes
  /// What runs before the first step.
  let startNodes: [StreamNode]
  private let outputNodes: StreamNodes
  let layers: [PassStream]
  private let head: HeadStream
  /// The numbers that a step gives.
  let count: Int
  private let givesClasses: Bool
  /// Whether what a step gives is made of the head's outputs, and not these themselves.
  let hasFunction: Bool
  @exclusivity(unchecked) var hasStepped = false
  /// What the head gives, `[outputs]`, and what is made of that, such as probabilities, `[outputs]`, otherwise empty; made when they
  /// are asked for.
  var given: [Float]
  var made: [Float]
  @exclusivity(unchecked) var isGiven = true
  @exclusivity(unchecked) var isMade = true

  init(_ weights: StreamingNetwork) {
    self.weights = weights
    network = weights.network
    let nodes: [StreamNode]
    do throws(RecurrentError) { nodes = try weights.nodes() } catch { fatalError("\(error)") }
    guard let input = nodes.first as? InputStream, let head = nodes.last as? HeadStream else {
      fatalError("a network's nodes begin with its input and end with its head")
    }
    (self.input, self.head) = (input, head)
    stepNodes = StreamNodes(nodes.filter { $0.span == .step && $0 !== input })
    startNodes = nodes.filter { $0.span == .start }
    outputNodes = StreamNodes(nodes.filter { $0.span == .sequence && $0 !== head })
    layers = nodes.compactMap { $0 as? PassStream }.filter { $0.span == .step }
    givesClasses = network.architecture.givesClasses
    hasFunction = network.architecture.output.head.function != .identity
    count = network.architecture.outputWidth
    given = [Float](repeating: 0, count: count)
    made = hasFunction ? given : []
    reset()
  }

  /// Sets all states to zero, to where they have learned to begin, or to what follows from the source after which the stream runs
  /// (``StreamingDecoder``). What the stream gives is zero until the next step.
  public func reset() {
    hasStepped = false
    for place in given.indices { given[place] = 0 }
    for place in made.indices { made[place] = 0 }
    (isGiven, isMade) = (true, true)
    for node in startNodes { node.step() }
    for node in stepNodes.nodes { node.reset() }
  }

  /// A state of a layer as it is now, `[width]`: of an LSTM state 0 is the output h and state 1 the memory c.
  ///
  /// - Parameters:
  ///   - state: counted from 0, in the order in which the cell's equations name them.
  ///   - layer: counted from 0, the layer that reads the input.
  public func state(_ state: Int, ofLayer layer: Int) -> [Float] {
    let width = width(ofState: state, ofLayer: layer)
    return Array(UnsafeBufferPointer(start: layers[layer].cell.state(state), count: width))
  }

  /// Puts a vector in the place of a state of a layer, from which the next step goes on: what another network has ended with, or what
  /// it gives of a picture that this one is to describe (Vinyals et al. 2015, Show and tell).
  ///
  ///     stream.reset()
  ///     stream.setState(0, ofLayer: 0, to: reader.state(0, ofLayer: 0))
  ///
  /// - Parameters:
  ///   - state: counted from 0, in the order in which the cell's equations name them.
  ///   - layer: counted from 0, the layer that reads the input.
  ///   - values: `[width]`; another number of numbers ends the program with a sentence that says how many are expected.
  public func setState(_ state: Int, ofLayer layer: Int, to values: [Float]) {
    let width = width(ofState: state, ofLayer: layer)
    ensure(values.count == width, "state \(state) of layer \(layer) has \(width) numbers, not \(values.count)")
    for (place, value) in values.enumerated() { layers[layer].cell.state(state)[place] = value }
  }

  private func width(ofState state: Int, ofLayer layer: Int) -> Int {
    ensure(layers.indices.contains(layer), "the stream has no layer \(layer); it has \(layers.count), counted from 0")
    let plan = layers[layer].plan
    let count = plan.cell.states.count
    ensure((0..<count).contains(state), "layer \(layer) has no state \(state); its cell has \(count), counted from 0")
    return plan.width(ofState: state)
  }
}

/// What the last step gives.
extension NetworkStream {
  /// What the network gave at the last step, `[outputs]`: probabilities of classes, values, or the numbers of which
  /// the parameters of a ``Distribution`` are made. It is what a run over all steps so far gives for the last of them; for a network
  /// that reads out sequences, what such a run gives for the sequence. Zero before the first step.
  public var outputs: [Float] { hasFunction ? function() : logits }

  /// The probabilities of the classes after the last step, `[classes]`; zero before the first one. The network must be one that
  /// gives classes.
  public var probabilities: [Float] {
    ensure(givesClasses, "the network gives no classes, and so no probabilities of them: ask for its outputs")
    return function()
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

  private func function() -> [Float] {
    if !isMade {
      isMade = true
      made.withUnsafeMutableBufferPointer { made in
        if let base = made.baseAddress { give(to: base) }
      }
    }
    return made
  }

  /// Writes what the last step gives.
  func give(to target: UnsafeMutablePointer<Float>) {
    if isGiven {
      for place in 0..<count { target[place] = given[place] }
    } else {
      giveLogits(to: target)
    }
    if hasFunction { head.finish(target) }
  }

  private func giveLogits(to target: UnsafeMutablePointer<Float>) {
    if !hasStepped { return }
    outputNodes.step()
    head.give(to: target)
  }

  /// Runs the layers on what the input has written.
  func run() {
    stepNodes.step()
    hasStepped = true
    (isGiven, isMade) = (false, false)
  }
}
