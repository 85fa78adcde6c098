import CellCompiler
import CellLanguage
import Engine
import Sequences

/// How a run goes through the steps.
extension NetworkRunner {
  func begin(
    _ inputs: Batch.Inputs, _ lengths: PackedLengths, carriesStates: Bool, dropoutSeed: UInt64?, takesGradient: Bool = false
  ) {
    check(inputs, lengths)
    if carriesStates { checkCarriedStates(sequences: lengths.batch) } else { carriedStates = [] }
    self.lengths = lengths
    if architecture.readsInReverse { reversal = lengths.reversal }
    readout?.begin(lengths, takesGradient: takesGradient)
    encoder.begin(inputs, seed: dropoutSeed)
    dropout?.begin(seed: dropoutSeed, sequences: lengths.batch)
    zoneout?.begin(seed: dropoutSeed)
    recurrentDropout?.begin(seed: dropoutSeed, runners, sequences: lengths.batch)
    if let weights = weightDrop?.begin(seed: dropoutSeed) { loadLayers(weights) }
  }

  /// The steps in segments whose memory is reused: all at once if all must be kept, or if a layer begins with the last ones.
  func segments(of lengths: PackedLengths, keeping: Bool) -> [Range<Int>] {
    let count = max(Int(Double(lengths.steps).squareRoot().rounded(.up)), segmentRows / max(1, lengths.batch))
    let takesAll = keeping && !checkpointsGradients || architecture.readsInReverse
    return lengths.segments(of: max(1, takesAll ? lengths.steps : count))
  }

  /// Runs forward to where the last segment begins, and then each segment, the last one first, forward again and back.
  ///
  /// - Parameter finalGradients: the gradient of each pass's states after each sequence's last step, `[B, width]`; none for zero.
  /// - Returns: the sum of the loss.
  func gradient(
    _ segments: [Range<Int>], _ inputs: Batch.Inputs, _ targets: Batch.Targets, _ gradients: UnsafeMutablePointer<Float>,
    inputGradient: UnsafeMutablePointer<Float>?, finalGradients: [[[Float]]]
  ) -> Double {
    gradients.update(repeating: 0, count: layout.count)
    penalty?.begin(lengths)
    var starts = [(states: carriedStates, draws: dropout?.draws)]
    for steps in segments.dropLast() {
      forward(inputs, steps) { $0.forward($1, keeping: false) }
      readout?.add(steps)
      starts.append((carriedStates, dropout?.draws))
    }
    let last = layers.count - 1
    var final: [[[Float]]] = []
    var incoming = finalGradients
    var sum = 0.0
    for (steps, start) in zip(segments, starts).reversed() {
      carriedStates = start.states
      if let draws = start.draws { dropout?.draws = draws }
      forward(inputs, steps) { $0.forward($1, keeping: true) }
      let isLast = final.isEmpty
      if isLast { final = carriedStates }
      let rows = lengths.rows(of: steps)
      flowing[last] = flowing[last].grown(to: rows.count * layers[last].outputWidth)
      if let readout {
        if isLast, let rows = readOut(steps, keeping: true) {
          sum = head.loss(
            output, rows: rows, targets: targets, outputGradient: headLayers?.gradient ?? readout.gradient.base)
          headLayers?.backward(inputGradient: readout.gradient.base, gradients)
          dropout?.backward(readout.gradient.base, at: last + 1, PackedLengths(steps: 1, batch: lengths.batch))
          incoming = readout.finalGradients(with: incoming, of: runners)
        }
        readout.spread(over: steps, into: flowing[last].base)
      } else {
        sum += head.loss(output, rows: rows, targets: targets, outputGradient: flowing[last].base)
      }
      penalty?.addActivation(readout == nil ? output : layers[last].output, rows: rows.count, to: flowing[last].base)
      let own = inputGradient.map { $0 + rows.lowerBound * architecture.inputWidth }
      backward(from: incoming, gradients, inputGradient: own, isFirst: steps.lowerBound == 0)
      incoming = runners.map(\.initialGradients)
    }
    head.addSums(to: gradients)
    if inputGradient == nil { encoder.finish(gradients: gradients) }
    // States that were carried over are not learned ones.
    if starts[0].states.isEmpty { addGradients(ofInitialStates: incoming, to: gradients) }
    weightDrop?.backward(gradients)
    carriedStates = final
    return sum
  }

  /// What goes into the head: packed rows of the last layer, or what was read out of it, or what the layers above that give.
  var output: UnsafePointer<Float> {
    let last = layers.count - 1
    return headLayers?.output ?? dropout?.dropped(at: last + 1) ?? readout?.rows ?? layers[last].output
  }

  /// Reads out some steps, which have just been run forward and follow those before, and runs the layers of the head.
  ///
  /// - Parameter keeping: whether a backward run follows.
  /// - Returns: which of the head's rows are then available: those of the steps, or after the last step those of the sequences.
  func readOut(_ steps: Range<Int>, keeping: Bool) -> Range<Int>? {
    guard let readout else { return lengths.rows(of: steps) }
    readout.add(steps)
    guard steps.upperBound == lengths.steps else { return nil }
    // A sequence's row is dropped as one step's would be.
    let rows = dropout?.drop(readout.rows, at: layers.count, PackedLengths(steps: 1, batch: lengths.batch)) ?? readout.rows
    headLayers?.forward(rows, sequences: lengths.batch, keeping: keeping)
    return 0..<lengths.batch
  }

  /// Whether what a layer gives is dropped a step at a time: that of the last one may be read out first.
  private func dropsSteps(ofLayer index: Int) -> Bool { readout == nil || index < layers.count - 1 }

  /// Runs the layers over some steps, from the first layer up, each by `run` on what the one below passes on, from the
  /// carried states, which are then those after the steps.
  func forward(_ inputs: Batch.Inputs, _ steps: Range<Int>, run: (SequenceRunner, UnsafePointer<Float>) -> Void) {
    let segment = lengths.segment(steps)
    var below = encoder.encode(inputs, rows: lengths.rows(of: steps))
    for layer in layers { layer.prepare(segment, reversal: reversal) }
    setInitialStates()
    recurrentDropout?.apply(to: runners)
    zoneout?.apply(to: runners, steps)
    if let dropout { below = dropout.drop(below, at: 0, segment) }
    for (index, layer) in layers.enumerated() {
      layer.forward(below, run: run)
      below = layer.output
      if let dropout, dropsSteps(ofLayer: index) { below = dropout.drop(below, at: index + 1, segment) }
    }
    carriedStates = runners.map(\.finalStates)
  }

  /// The carried states, or those that are learned.
  private func setInitialStates() {
    for (pass, runner) in runners.enumerated() {
      if pass < carriedStates.count {
        for (state, values) in carriedStates[pass].enumerated() {
          runner.initialState(state).update(from: values, count: values.count)
        }
      } else {
        for (state, values) in learnedStates[pass].enumerated() {
          for sequence in 0..<lengths.batch {
            (runner.initialState(state) + sequence * values.count).update(from: values, count: values.count)
          }
        }
      }
    }
  }

  /// Adds the gradient of learned initial states: of all sequences, the last one first.
  ///
  /// - Parameter arrived: that of each pass's states before the first step, `[B, width]`.
  func addGradients(ofInitialStates arrived: [[[Float]]], to gradients: UnsafeMutablePointer<Float>) {
    for (states, ranges) in zip(arrived, layout.initialStates) {
      for (gradient, range) in zip(states, ranges) {
        for (place, value) in gradient.enumerated().reversed() { gradients[range.lowerBound + place % range.count] += value }
      }
    }
  }

  /// Runs the steps that the layers have just run back, from the gradient of the last layer's output down.
  ///
  /// - Parameters:
  ///   - incoming: the gradient of each pass's states after the steps; empty for zero.
  ///   - inputGradient: receives that of what the first layer read, which then does not go on into an embedding.
  ///   - isFirst: whether no steps come before these, so that the gradients of the weights are complete.
  func backward(
    from incoming: [[[Float]]], _ gradients: UnsafeMutablePointer<Float>, inputGradient: UnsafeMutablePointer<Float>?,
    isFirst: Bool
  ) {
    for (runner, states) in zip(runners, incoming) {
      for (state, gradient) in states.enumerated() { runner.setFinalGradient(state, gradient) }
    }
    var passes = layout.passes[...]
    for index in layers.indices.reversed() {
      let layer = layers[index]
      let lengths = layer.runners[0].lengths
      if dropsSteps(ofLayer: index) { dropout?.backward(flowing[index].base, at: index + 1, lengths) }
      if index == layers.count - 1 {
        // A segment begins with the output that the one before it ends with, unless it is the first.
        let before = isFirst ? nil : UnsafePointer(layer.runners[0].initialState(0))
        penalty?.addTemporal(layer.output, lengths, before: before, to: flowing[index].base)
      }
      let own = passes.suffix(layer.runners.count)
      passes = passes.dropLast(own.count)
      let target = isFirst ? own.map { gradients + $0.lowerBound } : nil
      let outputGradient = flowing[index].base
      if index > 0 {
        flowing[index - 1] = flowing[index - 1].grown(to: lengths.rows * layer.inputWidth)
        layer.backward(outputGradient, inputGradient: flowing[index - 1].base, parameterGradients: target)
      } else if let inputGradient {
        layer.backward(outputGradient, inputGradient: inputGradient, parameterGradients: target)
        dropout?.backward(inputGradient, at: 0, lengths)
      } else {
        encoder.withInputGradient(gradients: gradients) {
          layer.backward(outputGradient, inputGradient: $0, parameterGradients: target)
          if let gradient = $0 { dropout?.backward(gradient, at: 0, lengths) }
        }
      }
    }
  }
}

extension SequenceRunner {
  /// Each state after each sequence's last step, `[B, width]`.
  fileprivate var finalStates: [[Float]] {
    plan.cell.states.indices.map { state in
      let count = lengths.batch * plan.width(ofState: state)
      return [Float](unsafeUninitializedCapacity: count) { buffer, filled in
        if let base = buffer.baseAddress { copyFinalState(state, to: base) }
        filled = count
      }
    }
  }

  /// The gradient of each state before the first step, `[B, width]`.
  var initialGradients: [[Float]] {
    plan.cell.states.indices.map { state in
      Array(UnsafeBufferPointer(start: initialGradient(state), count: lengths.batch * plan.width(ofState: state)))
    }
  }
}
