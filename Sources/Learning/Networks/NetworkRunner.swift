import CellCompiler
import CellLanguage
public import Engine
package import Sequences
import Support

/// Runs a network over batches, forward and backward, in memory that it keeps from batch to batch.
///
/// A runner belongs to one caller at a time; it spreads each run over its machine's threads itself. Rows are packed as
/// ``PackedLengths`` says; with equal lengths arrays are `[T, B, …]`.
public final class NetworkRunner {
  package let machine: Machine
  package internal(set) var lengths = PackedLengths(steps: 0, batch: 0)
  let architecture: Architecture
  let layout: NetworkLayout
  let layers: [LayerRunner]
  /// The rows that change places where a layer reads in reverse; empty if none does.
  var reversal: [Int] = []
  let encoder: Encoder
  let readout: ReadoutRunner?
  let headLayers: HeadLayersRunner?
  let head: Head
  let dropout: Dropout?
  let recurrentDropout: RecurrentDropout?
  let weightDrop: WeightDrop?
  let zoneout: Zoneout?
  let penalty: ActivationPenalty?
  /// The gradient of each layer's output, packed rows.
  var flowing: [FloatBuffer]
  /// The states after the last batch, for each of the architecture's passes and each state `[B, width]`; none before the first.
  /// Those of a reverse pass are the ones after the first step of each sequence, where it ends.
  package var carriedStates: [[[Float]]] = []
  /// The learned states before the first step, for each pass and state; none where they are zero.
  var learnedStates: [[[Float]]] = []
  /// Whether gradients are computed a segment of about √T steps at a time.
  let checkpointsGradients: Bool
  /// Whether it was made to compute gradients.
  let trains: Bool
  /// Rows that a segment has at least, so that its products are worth their start.
  package var segmentRows = 2048

  /// - Parameters:
  ///   - trains: whether gradients will be asked for.
  ///   - checkpointsGradients: whether a run for gradients keeps the states before every k-th step only, k about √T, and runs the
  ///     steps after each of them again on the way back: it takes a third longer and gives the same bits, in memory that grows
  ///     with √T. Not for a network that reads in reverse: the layers above need what it gives at all steps.
  ///   - traces: whether traces will be asked for that hold named vectors, too, that nothing reads. Not together with `trains`.
  ///   - regularization: what runs for gradients do against overfitting. They then draw which units of states with
  ///     zoneout keep their value, too; without, as nil, each unit keeps its fraction, as in evaluation.
  public init(
    _ network: Network, machine: Machine, trains: Bool, regularization: Regularization? = nil, checkpointsGradients: Bool = false,
    traces: Bool = false
  ) {
    ensure(
      !checkpointsGradients || !network.architecture.readsInReverse,
      "a network that reads in reverse can't keep few of its steps: don't ask it for gradient checkpointing")
    self.checkpointsGradients = checkpointsGradients
    self.trains = trains
    architecture = network.architecture
    layout = network.layout
    self.machine = machine
    let drawing = Plan.Drawing(
      masks: trains && regularization?.recurrentDropout ?? 0 > 0, zoneout: trains && regularization != nil)
    let drawn = network.plans.map { traces && !trains ? $0.recompiledComputingAll() : $0.recompiled(drawing: drawing) }
    var plans = drawn[...]
    let regularization = regularization ?? .init()
    layers = architecture.layers.map { layer in
      let own = plans.prefix(layer.cells.count)
      plans = plans.dropFirst(own.count)
      return LayerRunner(layer, plans: own, machine: machine, trains: trains)
    }
    encoder = Encoder(network, machine: machine, trains: trains, dropout: regularization.embeddingDropout)
    readout = ReadoutRunner(architecture.readout, of: layers[layers.count - 1], machine: machine)
    headLayers = HeadLayersRunner(network, machine: machine, trains: trains)
    head = Head(network, machine: machine, labelSmoothing: regularization.labelSmoothing)
    dropout = Dropout(regularization, widths: [architecture.inputWidth] + layers.map(\.outputWidth))
    recurrentDropout = RecurrentDropout(regularization)
    weightDrop = WeightDrop(regularization, network)
    zoneout = Zoneout(drawn, machine: machine)
    penalty = ActivationPenalty(regularization, width: layers.last?.outputWidth ?? 0)
    flowing = layers.map { _ in FloatBuffer(count: 0) }
    load(network.parameters)
  }

  /// The runner of each pass.
  var runners: [SequenceRunner] { layers.flatMap(\.runners) }

  /// Takes over weights, laid out as the network's layout says. Must be called again when they have changed.
  package func load(_ parameters: [Float]) {
    ensure(
      parameters.count == layout.count, "the network has \(layout.count) weights; it was given \(parameters.count)")
    loadLayers(parameters)
    func load(_ weights: UnsafePointer<Float>) {
      encoder.load(weights)
      headLayers?.load(weights)
      head.load(weights)
    }
    load(parameters)
    weightDrop?.load(parameters)
    learnedStates = layout.initialStates.map { states in states.map { Array(parameters[$0]) } }
  }

  func loadLayers(_ weights: UnsafePointer<Float>) {
    for (runner, range) in zip(runners, layout.passes) { runner.load(weights + range.lowerBound) }
  }

  /// Runs all steps and adds up the loss of the rows that have a target: of the steps, or, if the network reads out sequences, of
  /// the sequences, in their order in the batch.
  ///
  /// - Parameters:
  ///   - carriesStates: whether the batch goes on where the last one ended (truncated backpropagation): it then has as many
  ///     sequences. Otherwise states start at zero, or where they have learned to.
  ///   - gradients: receives the gradient of the mean loss with respect to the weights, laid out like them; nil to
  ///     evaluate only.
  ///   - seed: of what is drawn in this batch; used only with `gradients`.
  package func run(
    _ inputs: Batch.Inputs, lengths: PackedLengths, targets: Batch.Targets, carriesStates: Bool = false,
    gradients: UnsafeMutablePointer<Float>? = nil, seed: UInt64 = 0
  ) -> Loss {
    run(
      inputs, lengths: lengths, targets: targets, carriesStates: carriesStates, gradients: gradients, inputGradient: nil,
      seed: seed)
  }

  /// - Parameters:
  ///   - inputGradient: receives the gradient of the mean loss with respect to the vectors that the first layer reads,
  ///     which then does not go on into an embedding.
  ///   - finalGradients: the gradient of each pass's states after each sequence's last step, `[B, width]`; none for zero.
  func run(
    _ inputs: Batch.Inputs, lengths: PackedLengths, targets: Batch.Targets, carriesStates: Bool = false,
    gradients: UnsafeMutablePointer<Float>?, inputGradient: UnsafeMutablePointer<Float>?, finalGradients: [[[Float]]] = [],
    seed: UInt64 = 0
  ) -> Loss {
    check(targets, lengths)
    if gradients != nil { checkTrains() }
    begin(
      inputs, lengths, carriesStates: carriesStates, dropoutSeed: gradients == nil ? nil : seed, takesGradient: gradients != nil)
    let count = head.begin(targets, rows: architecture.outputRows(lengths), sumsGradients: gradients != nil)
    let segments = segments(of: lengths, keeping: gradients != nil)
    guard let gradients else {
      let sum = segments.reduce(0) { sum, steps in
        forward(inputs, steps) { $0.forward($1, keeping: false) }
        guard let rows = readOut(steps, keeping: false) else { return sum }
        return sum + head.loss(output, rows: rows, targets: targets)
      }
      return Loss(sum: sum, count: count)
    }
    let sum = gradient(
      segments, inputs, targets, gradients, inputGradient: inputGradient, finalGradients: finalGradients)
    return Loss(sum: sum, count: count)
  }

  /// What the network gives for each row, `[rows, outputs]`, or for each sequence if it reads out sequences, `[B, outputs]`:
  /// probabilities of classes, values, or the numbers that ``Distribution/parameters(of:)`` takes.
  package func outputs(_ inputs: Batch.Inputs, lengths: PackedLengths, carriesStates: Bool = false) -> [Float] {
    begin(inputs, lengths, carriesStates: carriesStates, dropoutSeed: nil)
    return segments(of: lengths, keeping: false).flatMap { steps in
      forward(inputs, steps) { $0.forward($1, keeping: false) }
      return readOut(steps, keeping: false).map { head.outputs(output, rows: $0.count) } ?? []
    }
  }

  /// Named quantities of each of the architecture's passes, from the first layer up, in the order of the input's steps.
  ///
  /// - Parameters:
  ///   - selection: which quantities, steps and sequences.
  ///   - dropoutSeed: drops as a training batch with that seed does; nil to drop nothing.
  package func trace(
    _ inputs: Batch.Inputs, lengths: PackedLengths, _ selection: TraceSelection = .init(), carriesStates: Bool = false,
    dropoutSeed: UInt64? = nil
  ) -> [Trace] {
    var traces: [Trace] = []
    let passes = architecture.passes
    begin(inputs, lengths, carriesStates: carriesStates, dropoutSeed: dropoutSeed)
    forward(inputs, 0..<lengths.steps) { runner, below in
      guard passes[traces.count].isReverse else { return traces.append(runner.trace(below, selection)) }
      var whole = selection
      whole.steps = nil
      traces.append(runner.trace(below, whole).reversed(steps: selection.steps))
    }
    return traces
  }
}
