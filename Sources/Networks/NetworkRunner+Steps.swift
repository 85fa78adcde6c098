import CellCompiler
import CellLanguage
import Engine
import Sequences

/// How a run goes through the steps.
extension NetworkRunner {
  func begin(_ inputs: Batch.Inputs, _ lengths: Lengths, carriesStates: Bool, dropoutSeed: UInt64?) {
    check(inputs, lengths)
    if carriesStates { checkCarriedStates(sequences: lengths.batch) } else { carriedStates = [] }
    self.lengths = lengths
    dropout?.begin(seed: dropoutSeed)
  }

  /// The steps in stretches whose memory is reused: all at once if all must be kept.
  func stretches(of lengths: Lengths, keeping: Bool) -> [Range<Int>] {
    let count = max(Int(Double(lengths.steps).squareRoot().rounded(.up)), stretchRows / max(1, lengths.batch))
    return lengths.stretches(of: keeping && !recomputes ? max(1, lengths.steps) : max(1, count))
  }

  /// Runs forward to where the last stretch begins, and then each stretch, the last one first, forward again and back.
  ///
  /// - Returns: the sum of the loss.
  func gradient(
    _ stretches: [Range<Int>], _ inputs: Batch.Inputs, _ targets: Batch.Targets, _ gradients: UnsafeMutablePointer<Float>,
    inputGradient: UnsafeMutablePointer<Float>?
  ) -> Double {
    gradients.update(repeating: 0, count: layout.count)
    var starts = [(states: carriedStates, draws: dropout?.draws)]
    for steps in stretches.dropLast() {
      forward(inputs, steps) { $0.forward($1, keeping: false) }
      starts.append((carriedStates, dropout?.draws))
    }
    let last = layers.count - 1
    var final: [[[Float]]] = []
    var arriving: [[[Float]]] = []
    var sum = 0.0
    for (steps, start) in zip(stretches, starts).reversed() {
      carriedStates = start.states
      if let draws = start.draws { dropout?.draws = draws }
      forward(inputs, steps) { $0.forward($1, keeping: true) }
      if final.isEmpty { final = carriedStates }
      let rows = lengths.rows(of: steps)
      flowing[last] = flowing[last].grown(to: rows.count * layers[last].outputWidth)
      sum += head.loss(output, rows: rows, targets: targets, outputGradient: flowing[last].base)
      let own = inputGradient.map { $0 + rows.lowerBound * architecture.inputWidth }
      backward(from: arriving, gradients, inputGradient: own, isFirst: steps.lowerBound == 0)
      arriving = layers.map(\.initialGradients)
    }
    head.addSums(to: gradients)
    carriedStates = final
    return sum
  }

  /// What the last layer passes on, packed rows.
  var output: UnsafePointer<Float> {
    let last = layers.count - 1
    return dropout?.dropped(last) ?? UnsafePointer(layers[last].states(0))
  }

  /// Runs the layers over some steps, from the first layer up, each by `run` on what the one below passes on, from the
  /// carried states, which are then those behind the steps.
  func forward(_ inputs: Batch.Inputs, _ steps: Range<Int>, run: (SequenceRunner, UnsafePointer<Float>) -> Void) {
    let stretch = lengths.stretch(steps)
    var below = encoder.encode(inputs, rows: lengths.rows(of: steps))
    for (index, layer) in layers.enumerated() {
      layer.prepare(stretch)
      if index < carriedStates.count {
        for (state, values) in carriedStates[index].enumerated() {
          layer.initialState(state).update(from: values, count: values.count)
        }
      }
      run(layer, below)
      below = UnsafePointer(layer.states(0))
      if let dropout { below = dropout.drop(below, layer: index, count: stretch.rows * layer.outputWidth) }
    }
    carriedStates = layers.map(\.finalStates)
  }

  /// Runs the steps that the layers have just run back, from the gradient of the last layer's output down.
  ///
  /// - Parameters:
  ///   - arriving: the gradient of each layer's states behind the steps; none for zero.
  ///   - inputGradient: receives that of what the first layer read, which then does not go on into an embedding.
  ///   - isFirst: whether no steps come before these, so that the gradients of the weights are complete.
  private func backward(
    from arriving: [[[Float]]], _ gradients: UnsafeMutablePointer<Float>, inputGradient: UnsafeMutablePointer<Float>?,
    isFirst: Bool
  ) {
    for index in layers.indices.reversed() {
      let layer = layers[index]
      let rows = layer.lengths.rows
      if index < arriving.count {
        for (state, gradient) in arriving[index].enumerated() { layer.setFinalGradient(state, gradient) }
      }
      dropout?.pull(flowing[index].base, layer: index, count: rows * layer.outputWidth)
      let target = isFirst ? gradients + layout.layers[index].lowerBound : nil
      let outputGradient = flowing[index].base
      if index > 0 {
        flowing[index - 1] = flowing[index - 1].grown(to: rows * layer.plan.dimensions.inputs)
        layer.backward(outputGradient: outputGradient, inputGradient: flowing[index - 1].base, parameterGradients: target)
      } else if let inputGradient {
        layer.backward(outputGradient: outputGradient, inputGradient: inputGradient, parameterGradients: target)
      } else {
        encoder.withInputGradient(gradients: gradients) {
          layer.backward(outputGradient: outputGradient, inputGradient: $0, parameterGradients: target)
        }
      }
    }
  }
}

extension SequenceRunner {
  /// The length of the output vector.
  var outputWidth: Int { plan.width(ofState: 0) }

  /// Each state behind each sequence's last step, `[B, width]`.
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
  fileprivate var initialGradients: [[Float]] {
    plan.cell.states.indices.map { state in
      Array(UnsafeBufferPointer(start: initialGradient(state), count: lengths.batch * plan.width(ofState: state)))
    }
  }
}
