import CellCompiler
import CellLanguage
public import Engine
public import Sequences

/// Runs a network over batches, forward and backward, in memory that it keeps from batch to batch.
///
/// A runner belongs to one caller at a time; it spreads each run over its machine's threads itself. Rows are packed as
/// ``Lengths`` says; with equal lengths arrays are `[T, B, …]`.
public final class NetworkRunner {
  public let machine: Machine
  public private(set) var lengths = Lengths(steps: 0, batch: 0)
  let architecture: Architecture
  let layout: NetworkLayout
  let layers: [SequenceRunner]
  private let encoder: Encoder
  private let head: Head
  private let dropout: Dropout?
  /// The gradient of each layer's output, packed rows.
  private var flowing: [FloatBuffer]
  /// The states behind the last batch, for each layer and state `[B, width]`; none before the first.
  public var carriedStates: [[[Float]]] = []

  /// - Parameters:
  ///   - trains: whether gradients will be asked for.
  ///   - dropout: the share of each layer's outputs that training sets to 0 on their way up, none if 0.
  public init(_ network: Network, machine: Machine, trains: Bool, dropout: Double = 0) {
    architecture = network.architecture
    layout = network.layout
    self.machine = machine
    layers = network.plans.map { SequenceRunner(plan: $0, machine: machine, servesBackward: trains) }
    encoder = Encoder(network)
    head = Head(network, machine: machine)
    self.dropout = dropout > 0 ? Dropout(share: dropout, layers: layers.count) : nil
    flowing = layers.map { _ in FloatBuffer(count: 0) }
    load(network.parameters)
  }

  /// Takes over weights, laid out as the network's layout says. Must be called again when they have changed.
  public func load(_ parameters: [Float]) {
    precondition(
      parameters.count == layout.count, "the network has \(layout.count) weights; it was given \(parameters.count)")
    parameters.withUnsafeBufferPointer { weights in
      guard let base = weights.baseAddress else { return }
      for (layer, range) in zip(layers, layout.layers) { layer.load(base + range.lowerBound) }
      encoder.load(base)
      head.load(base)
    }
  }

  /// Runs all steps and adds up the loss of the rows that have a target.
  ///
  /// - Parameters:
  ///   - carriesStates: whether the batch goes on where the last one ended (truncated backpropagation): it then has as many
  ///     sequences. Otherwise states start at zero.
  ///   - gradients: receives the gradient of the mean loss with respect to the weights, laid out like them; nil to
  ///     evaluate only.
  ///   - seed: of this batch's dropout masks; used only with `gradients`.
  public func run(
    _ inputs: Batch.Inputs, lengths: Lengths, targets: Batch.Targets, carriesStates: Bool = false,
    gradients: UnsafeMutablePointer<Float>? = nil, seed: UInt64 = 0
  ) -> Loss {
    check(targets, lengths)
    forward(inputs, lengths: lengths, carriesStates: carriesStates, dropoutSeed: gradients == nil ? nil : seed) {
      $0.forward($1, keeping: gradients != nil)
    }
    guard let gradients else { return head.loss(output, rows: lengths.rows, targets: targets) }
    gradients.update(repeating: 0, count: layout.count)
    let last = layers.count - 1
    flowing[last] = flowing[last].grown(to: lengths.rows * layers[last].outputWidth)
    let loss = head.loss(
      output, rows: lengths.rows, targets: targets, outputGradient: flowing[last].base, gradients: gradients)
    backward(gradients)
    return loss
  }

  /// What the network gives for each row, `[rows, outputs]`: probabilities of classes, or values.
  public func outputs(_ inputs: Batch.Inputs, lengths: Lengths, carriesStates: Bool = false) -> [Float] {
    forward(inputs, lengths: lengths, carriesStates: carriesStates, dropoutSeed: nil) { $0.forward($1, keeping: false) }
    return head.outputs(output, rows: lengths.rows)
  }

  /// Named quantities of each layer, from the first layer up.
  ///
  /// - Parameters:
  ///   - selection: which quantities, steps and sequences.
  ///   - dropoutSeed: drops as a training batch with that seed does; nil to drop nothing.
  public func trace(
    _ inputs: Batch.Inputs, lengths: Lengths, _ selection: TraceSelection = .init(), carriesStates: Bool = false,
    dropoutSeed: UInt64? = nil
  ) -> [Trace] {
    var traces: [Trace] = []
    forward(inputs, lengths: lengths, carriesStates: carriesStates, dropoutSeed: dropoutSeed) { layer, below in
      traces.append(layer.trace(below, selection))
    }
    return traces
  }

  /// What the last layer passes on, packed rows.
  private var output: UnsafePointer<Float> {
    let last = layers.count - 1
    return dropout?.dropped(last) ?? UnsafePointer(layers[last].states(0))
  }

  /// Runs the layers, from the first one up, each by `run` on what the one below passes on.
  private func forward(
    _ inputs: Batch.Inputs, lengths: Lengths, carriesStates: Bool, dropoutSeed: UInt64?,
    run: (SequenceRunner, UnsafePointer<Float>) -> Void
  ) {
    check(inputs, lengths)
    if carriesStates { checkCarriedStates(sequences: lengths.batch) }
    self.lengths = lengths
    dropout?.begin(seed: dropoutSeed)
    var below = encoder.encode(inputs, rows: lengths.rows)
    for (index, layer) in layers.enumerated() {
      layer.prepare(lengths)
      if carriesStates && index < carriedStates.count {
        for (state, values) in carriedStates[index].enumerated() {
          layer.initialState(state).update(from: values, count: values.count)
        }
      }
      run(layer, below)
      below = UnsafePointer(layer.states(0))
      if let dropout { below = dropout.drop(below, layer: index, count: lengths.rows * layer.outputWidth) }
    }
    carriedStates = layers.map { layer in
      layer.plan.cell.states.indices.map { state in
        let count = lengths.batch * layer.plan.width(ofState: state)
        return [Float](unsafeUninitializedCapacity: count) { buffer, filled in
          if let base = buffer.baseAddress { layer.copyFinalState(state, to: base) }
          filled = count
        }
      }
    }
  }

  /// From the gradient of the last layer's output down.
  private func backward(_ gradients: UnsafeMutablePointer<Float>) {
    for index in layers.indices.reversed() {
      let layer = layers[index]
      dropout?.pull(flowing[index].base, layer: index, count: lengths.rows * layer.outputWidth)
      let target = gradients + layout.layers[index].lowerBound
      let outputGradient = flowing[index].base
      if index > 0 {
        flowing[index - 1] = flowing[index - 1].grown(to: lengths.rows * layer.plan.dimensions.inputs)
        layer.backward(outputGradient: outputGradient, inputGradient: flowing[index - 1].base, parameterGradients: target)
      } else {
        encoder.withInputGradient(rows: lengths.rows, gradients: gradients) {
          layer.backward(outputGradient: outputGradient, inputGradient: $0, parameterGradients: target)
        }
      }
    }
  }
}

extension SequenceRunner {
  /// The length of the output vector.
  var outputWidth: Int { plan.width(ofState: 0) }
}
