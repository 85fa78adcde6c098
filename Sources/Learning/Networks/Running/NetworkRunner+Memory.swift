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
  /// What a run for gradients over such sequences keeps for its way back, as the nodes say.
  ///
  /// - Parameter inputs: what the sequences read; where it is words, their spelling takes memory, too.
  package func plannedMemory(_ lengths: PackedLengths, reading inputs: Batch.Inputs? = nil) -> BatchMemory {
    let steps = segments(of: lengths, keeping: true)
    let plan = MemoryPlan(segments: steps.map { lengths.segment($0) }, sequences: lengths.batch, inputs: inputs)
    let inNodes = graph.nodes.reduce(0) { $0 + $1.plannedBytes(plan) } + graph.edges.reduce(0) { $0 + $1.plannedBytes(plan) }
    return BatchMemory(
      bytes: inNodes + steps.count * startBytes(sequences: lengths.batch), stepsAtOnce: steps[0].count, steps: lengths.steps,
      sequences: lengths.batch)
  }

  /// What the states take from which a segment starts.
  package func startBytes(sequences: Int) -> Int { graph.passes.reduce(0) { $0 + $1.startBytes(sequences: sequences) } }

  /// What is allocated for steps now.
  package var allocatedBytes: Int {
    graph.nodes.reduce(0) { $0 + $1.allocatedBytes } + graph.edges.reduce(0) { $0 + $1.allocatedBytes }
  }
}
