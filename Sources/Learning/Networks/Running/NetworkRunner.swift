import CellCompiler
import CellLanguage
package import Engine
package import Sequences
package import Support

/// Runs a network over batches, forward and backward, in memory that it keeps from batch to batch.
///
/// A runner belongs to one caller at a time; it spreads each run over its machine's threads itself. Rows are packed as
/// ``PackedLengths`` says; with equal lengths arrays are `[T, B, …]`.
package final class NetworkRunner {
  package let machine: Machine
  /// Whose weights are run; those of ``load(_:)`` may have taken their place.
  package let network: Network
  package private(set) var lengths = PackedLengths(steps: 0, batch: 0)
  let graph: RunnerGraph
  /// The rows that change places where a layer reads in reverse; empty if none does.
  private(set) var reversal: [Int] = []
  /// Whether gradients are computed a segment of about √T steps at a time.
  private let checkpointsGradients: Bool
  /// Whether it was made to compute gradients.
  private let trains: Bool
  /// Rows that a segment has at least, so that its products are worth their start.
  package var segmentRows = 2048 { didSet { graph.context?.setSegmentRows(segmentRows) } }
  /// The states from which the segments began that are run again on the way back.
  private(set) var starts: [[[[Float]]]] = []

  /// - Parameters:
  ///   - trains: whether gradients will be asked for.
  ///   - checkpointsGradients: whether a run for gradients keeps the states before every k-th step only, k about √T, and runs the
  ///     steps after each of them again on the way back: it takes a third longer and gives the same bits, in memory that grows
  ///     with √T. Not for a network that needs whole sequences, because a layer reads in reverse or their steps are scored together.
  ///   - traces: whether traces will be asked for that hold named vectors, too, that nothing reads. Not together with `trains`.
  ///   - regularization: what runs for gradients do against overfitting. They then draw which units of states with
  ///     zoneout keep their value, too; without, as nil, each unit keeps its fraction, as in evaluation.
  package init(
    _ network: Network, machine: Machine, trains: Bool, regularization: Regularization? = nil, checkpointsGradients: Bool = false,
    traces: Bool = false
  ) {
    ensure(
      !checkpointsGradients || !network.architecture.needsWholeSequences,
      "a network that needs whole sequences can't keep few of its steps: don't ask it for gradient checkpointing")
    self.network = network
    self.machine = machine
    self.trains = trains
    self.checkpointsGradients = checkpointsGradients
    graph = RunnerGraph(network, machine: machine, trains: trains, traces: traces, regularization: regularization) { nested in
      NetworkRunner(
        nested, machine: machine, trains: trains, regularization: regularization?.ofNested,
        checkpointsGradients: checkpointsGradients && !nested.architecture.needsWholeSequences)
    }
    load(network.parameters)
  }

  var architecture: Architecture { network.architecture }
  var layout: NetworkLayout { network.layout }

  /// Takes over weights, laid out as the network's layout says. Must be called again when they have changed.
  package func load(_ parameters: [Float]) {
    ensure(
      parameters.count == layout.count, "the network has \(layout.count) weights; it was given \(parameters.count)")
    parameters.withUnsafeBufferPointer { weights in
      guard let base = weights.baseAddress else { return }
      for node in graph.nodes { node.load(base) }
    }
  }

  /// The states after the last batch, for each of the architecture's passes and each state `[B, width]`; none before the first.
  /// Those of a reverse pass are the ones after the first step of each sequence, where it ends.
  package var carriedStates: [[[Float]]] {
    get { graph.passes.allSatisfy(\.carried.isEmpty) ? [] : graph.passes.map(\.carried) }
    set {
      ensure(
        newValue.isEmpty || newValue.count == graph.passes.count,
        "the network has \(graph.passes.count) passes; it was given states of \(newValue.count)")
      for (pass, runner) in graph.passes.enumerated() { runner.carried = newValue.isEmpty ? [] : newValue[pass] }
    }
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
  ///   - whole: of the batch of which the sequences are a part, all of some shards; nil if they are all of it. The loss is then that
  ///     of the part, and the gradient what the part adds to that of the whole batch's mean loss, but for what
  ///     ``addSums(to:)`` gives.
  /// - Throws: ``RecurrentError`` if the network reads or gives something else than the batch has.
  package func run(
    _ inputs: Batch.Inputs, lengths: PackedLengths, targets: Batch.Targets, carriesStates: Bool = false,
    gradients: UnsafeMutablePointer<Float>? = nil, seed: UInt64 = 0, whole: BatchTotals? = nil
  ) throws(RecurrentError) -> Loss {
    try run(
      inputs, lengths: lengths, targets: targets, carriesStates: carriesStates, gradients: gradients, inputGradient: nil,
      seed: seed, whole: whole)
  }

  /// - Parameters:
  ///   - inputGradient: receives the gradient of the mean loss with respect to the vectors that the first layer reads,
  ///     which then does not go on into an embedding.
  ///   - finalGradients: the gradient of each pass's states after each sequence's last step, `[B, width]`; none for zero.
  func run(
    _ inputs: Batch.Inputs, lengths: PackedLengths, targets: Batch.Targets, carriesStates: Bool = false,
    gradients: UnsafeMutablePointer<Float>?, inputGradient: UnsafeMutablePointer<Float>?, finalGradients: [[[Float]]] = [],
    seed: UInt64 = 0, whole: BatchTotals? = nil
  ) throws(RecurrentError) -> Loss {
    try network.check(targets, lengths)
    if gradients != nil { checkTrains() }
    try begin(
      inputs, lengths, targets: targets, carriesStates: carriesStates, seed: gradients == nil ? nil : seed,
      takesGradient: gradients != nil, whole: whole)
    let steps = segments(of: lengths, keeping: gradients != nil, whole: whole)
    if let gradients {
      runForGradients(steps, gradients, inputGradient: inputGradient, finalGradients: finalGradients)
    } else {
      for segment in steps.map({ segment($0) }) {
        forward(segment)
        if graph.head.span == .step || segment.isLast { graph.head.score(segment) }
      }
    }
    return graph.head.loss
  }

  /// What the network gives for each row, `[rows, outputs]`, or for each sequence if it reads out sequences, `[B, outputs]`:
  /// probabilities of classes, values, or the numbers that ``Distribution/parameters(of:)`` takes.
  ///
  /// - Throws: ``RecurrentError`` if the network reads something else than the batch has.
  package func outputs(
    _ inputs: Batch.Inputs, lengths: PackedLengths, carriesStates: Bool = false
  ) throws(RecurrentError) -> [Float] {
    try begin(inputs, lengths, carriesStates: carriesStates)
    return givenOutputs()
  }

  /// The most probable class of each row, of a head that scores sequences in the most probable ones, and what the network gives for
  /// each row, `[rows, outputs]`, for a network that gives classes.
  ///
  /// - Throws: ``RecurrentError`` if the network reads something else than the batch has.
  package func choices(
    _ inputs: Batch.Inputs, lengths: PackedLengths
  ) throws(RecurrentError) -> (classes: [Int32], outputs: [Float]) {
    ensure(architecture.givesClasses, "the network gives no classes to choose from")
    try begin(inputs, lengths, carriesStates: false)
    var (classes, outputs): ([Int32], [Float]) = ([], [])
    for steps in segments(of: lengths, keeping: false) {
      let segment = segment(steps)
      forward(segment)
      if graph.head.span == .sequence, !segment.isLast { continue }
      let part = graph.head.chosen(segment)
      classes += part.classes
      outputs += part.outputs
    }
    return (classes, outputs)
  }

  /// What the network gives for the batch that has begun.
  private func givenOutputs() -> [Float] {
    segments(of: lengths, keeping: false).flatMap { steps in
      let segment = segment(steps)
      forward(segment)
      return graph.head.span == .step || segment.isLast ? graph.head.given(segment) : []
    }
  }

  /// Named quantities of each of the architecture's passes, from the first layer up, in the order of the input's steps.
  ///
  /// - Parameters:
  ///   - selection: which quantities, steps and sequences.
  ///   - dropoutSeed: drops as a training batch with that seed does; nil to drop nothing.
  /// - Throws: ``RecurrentError`` if the network reads something else than the batch has.
  package func trace(
    _ inputs: Batch.Inputs, lengths: PackedLengths, _ selection: TraceSelection = .init(), carriesStates: Bool = false,
    dropoutSeed: UInt64? = nil
  ) throws(RecurrentError) -> [Trace] {
    var traces: [Trace] = []
    let passes = architecture.passes
    try begin(inputs, lengths, carriesStates: carriesStates, seed: dropoutSeed)
    let whole = segment(0..<lengths.steps) { runner, below in
      guard passes[traces.count].isReverse else { return traces.append(runner.trace(below, selection)) }
      var all = selection
      all.steps = nil
      traces.append(runner.trace(below, all).reversed(steps: selection.steps))
    }
    forward(whole, overStepsOnly: true)
    return traces
  }

  func checkTrains() {
    ensure(trains, "a runner that was not made to train computes no gradients: make it with trains: true")
  }

  // MARK: How a run goes through the nodes

  /// - Throws: ``RecurrentError`` if the network reads something else than the batch has.
  func begin(
    _ inputs: Batch.Inputs, _ lengths: PackedLengths, targets: Batch.Targets? = nil, carriesStates: Bool, seed: UInt64? = nil,
    takesGradient: Bool = false, whole: BatchTotals? = nil
  ) throws(RecurrentError) {
    try network.check(inputs, lengths)
    if carriesStates { try network.check(carried: carriedStates, sequences: lengths.batch) }
    self.lengths = lengths
    if architecture.readsInReverse { reversal = lengths.reversal }
    let run = BatchRun(
      inputs: inputs, lengths: lengths, targets: targets, carriesStates: carriesStates, seed: seed, takesGradient: takesGradient,
      whole: whole)
    for node in graph.nodes { node.begin(run) }
  }

  /// The steps in segments whose memory is reused: all at once if all must be kept, or sequences must be there whole. Those of a part
  /// of a batch begin where those of the whole batch do.
  func segments(of lengths: PackedLengths, keeping: Bool, whole: BatchTotals? = nil) -> [Range<Int>] {
    let (steps, batch) = (whole?.steps ?? lengths.steps, whole?.batch ?? lengths.batch)
    let count = max(Int(Double(steps).squareRoot().rounded(.up)), segmentRows / max(1, batch))
    let takesAll = keeping && !checkpointsGradients || architecture.needsWholeSequences
    return lengths.segments(of: max(1, takesAll ? lengths.steps : count))
  }

  /// Some steps of the batch that has begun.
  ///
  /// - Parameter run: how a pass runs on what it reads; nil for plainly forward.
  func segment(
    _ steps: Range<Int>, keeping: Bool = false, keepsStateGradients: Bool = false,
    run: ((SequenceRunner, UnsafePointer<Float>) -> Void)? = nil
  ) -> Segment {
    Segment(steps, of: lengths, reversal: reversal, keeping: keeping, keepsStateGradients: keepsStateGradients, run: run)
  }

  /// Runs the nodes over some steps, before the first of them those that give what sequences begin with, and those that read what is read
  /// out of sequences when all steps are done.
  func forward(_ segment: Segment, overStepsOnly: Bool = false) {
    for node in graph.nodes where node.span.isDue(in: segment) && !(overStepsOnly && node.span == .sequence) {
      node.forward(segment)
    }
  }

  /// Runs back the steps that the nodes have just run.
  ///
  /// - Parameter isWanted: which nodes are run.
  func backward(
    _ segment: Segment, _ gradients: UnsafeMutablePointer<Float>, where isWanted: (any NodeRunner) -> Bool = { _ in true }
  ) {
    for node in graph.nodes.reversed() where node.span.isDue(in: segment) && isWanted(node) {
      node.backward(segment, gradients)
    }
  }

  /// Ends a batch that has been run back.
  func finish(_ gradients: UnsafeMutablePointer<Float>) { for node in graph.nodes.reversed() { node.finish(gradients) } }

  /// Runs forward to where the last segment begins, keeping the states from which each begins.
  func runToTheLast(of segments: [Range<Int>]) {
    starts = [carriedStates]
    for steps in segments.dropLast() {
      forward(segment(steps))
      starts.append(carriedStates)
    }
  }

  /// Runs forward to where the last segment begins, and then each segment, the last one first, forward again and back.
  ///
  /// - Parameter finalGradients: the gradient of each pass's states after each sequence's last step, `[B, width]`; none for zero.
  private func runForGradients(
    _ segments: [Range<Int>], _ gradients: UnsafeMutablePointer<Float>, inputGradient: UnsafeMutablePointer<Float>?,
    finalGradients: [[[Float]]]
  ) {
    gradients.update(repeating: 0, count: layout.count)
    graph.input.gradient = inputGradient
    defer { graph.input.gradient = nil }
    runToTheLast(of: segments)
    for (pass, incoming) in zip(graph.passes, finalGradients) { pass.incoming = incoming }
    var final: [[[Float]]] = []
    for (steps, start) in zip(segments, starts).reversed() {
      carriedStates = start
      let segment = segment(steps, keeping: true)
      forward(segment)
      if segment.isLast { final = carriedStates }
      for edge in graph.edges { edge.beginBackward() }
      backward(segment, gradients)
    }
    finish(gradients)
    carriedStates = final
    starts = []
  }
}
