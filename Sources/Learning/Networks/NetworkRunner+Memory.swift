import CellCompiler
import CellLanguage
package import Engine
package import Sequences

/// What a batch of a training keeps for its backward run.
package struct BatchMemory: Sendable, Hashable {
  package let bytes: Int
  /// How many steps are kept at a time, of all.
  package let stepsAtOnce: Int
  package let steps: Int
  package let sequences: Int
}

extension NetworkRunner {
  /// What a run for gradients over such sequences keeps for its way back, as the plans of the layers say.
  ///
  /// - Parameter inputs: what the sequences read; where it is words, their spelling takes memory, too.
  package func plannedMemory(_ lengths: PackedLengths, reading inputs: Batch.Inputs? = nil) -> BatchMemory {
    let steps = segments(of: lengths, keeping: true)
    let segments = steps.map { lengths.segment($0) }
    let rows = segments.map(\.rows).max() ?? 0
    let inLayers = layers.enumerated().reduce(0) { sum, layer in
      sum + layer.element.plannedBytes(segments, takesInputGradient: layer.offset > 0 || encoder.isLearned)
    }
    // Each layer's output has a gradient.
    let outputs = layers.reduce(0) { $0 + $1.outputWidth }
    let dropped = dropout?.planned(rows: rows, topRows: readout == nil ? rows : lengths.batch, sequences: lengths.batch) ?? 0
    let readOut = readout?.plannedBytes(sequences: lengths.batch) ?? 0
    let headLayers = headLayers?.plannedBytes(sequences: lengths.batch) ?? 0
    let spelled = inputs.map { encoder.spelledBytes(planned: $0) } ?? 0
    let encoded = architecture.inputWidth * (encoder.isLearned ? 2 : 1)
    return BatchMemory(
      bytes: inLayers + 4 * rows * (outputs + encoded) + 4 * dropped + readOut + headLayers + spelled
        + segments.count * startBytes(sequences: lengths.batch),
      stepsAtOnce: steps[0].count, steps: lengths.steps, sequences: lengths.batch)
  }

  /// What the states take from which a segment starts.
  package func startBytes(sequences: Int) -> Int {
    runners.reduce(0) { sum, runner in
      sum + runner.plan.cell.states.indices.reduce(0) { $0 + 4 * sequences * runner.plan.width(ofState: $1) }
    }
  }

  /// What is allocated for steps now.
  package var allocatedBytes: Int {
    let buffers = flowing + encoder.buffers + (dropout?.buffers ?? [])
    let others = (readout?.allocatedBytes ?? 0) + (headLayers?.allocatedBytes ?? 0) + encoder.spelledBytes
    return layers.reduce(others) { $0 + $1.allocatedBytes } + 4 * buffers.reduce(0) { $0 + $1.count }
  }
}
