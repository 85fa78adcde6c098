import CellAnalysis
import CellLanguage
import Engine
package import Networks
import Sequences
package import Support

/// What the gates and the gradients of a network did at some point of its training.
package struct TrainingWatch: Sendable, Hashable, Codable {
  package let gates: [Gate]
  /// How much of a gradient reaches back 1, 2, 4, 8, … steps.
  package let gradients: [GradientReach]

  /// How often a gate is nearly closed or fully open: fractions of all its units and steps.
  package struct Gate: Sendable, Hashable, Codable {
    /// Counted from 1, the layer that reads the input.
    package let layer: Int
    /// `reverse`, or `forward` of a layer that reads both ways; nil of one that only reads forward.
    package let direction: String?
    package let name: String
    /// Below 0.1.
    package let closed: Double
    /// Above 0.9.
    package let open: Double

    package init(layer: Int, direction: String? = nil, name: String, closed: Double, open: Double) {
      self.layer = layer
      self.direction = direction
      self.name = name
      self.closed = closed
      self.open = open
    }

    /// `layer 1`, or `layer 1, reverse`.
    package var place: String { Architecture.Pass.name(layer: layer, direction: direction) }
  }

  package init(gates: [Gate], gradients: [GradientReach]) {
    self.gates = gates
    self.gradients = gradients
  }
}

extension Trainer {
  /// What gates and gradients do over the first sequences of the first batch of `source`, always the same ones, with the weights
  /// as they are and no state before the first step.
  ///
  /// - Throws: ``RecurrentError`` if the batch doesn't fit the network.
  package func watch(on source: some BatchSource) throws(RecurrentError) -> TrainingWatch {
    let batch = source.batch(at: 0).firstSequences(16)
    let runner = NetworkRunner(network, machine: machine, trains: true)
    let gradients = try runner.gradientReach(batch.inputs, lengths: batch.lengths, seed: options.seed).map(\.atPowersOfTwo)
    let passes = network.architecture.passes
    let names = passes.map { pass in
      zip(pass.cell.equations, pass.cell.roles).filter { $0.1 == .gate }.map(\.0.name)
    }
    let selection = TraceSelection(quantities: Set(names.flatMap { $0 }))
    let traces = try runner.trace(batch.inputs, lengths: batch.lengths, selection)
    let gates = passes.indices.flatMap { index in
      names[index].compactMap { name in
        traces[index][name].map { gate in
          let count = Double(max(gate.values.count, 1))
          return TrainingWatch.Gate(
            layer: passes[index].layer + 1, direction: passes[index].direction, name: name,
            closed: Double(gate.values.count { $0 < 0.1 }) / count, open: Double(gate.values.count { $0 > 0.9 }) / count)
        }
      }
    }
    return TrainingWatch(gates: gates, gradients: gradients)
  }
}

extension Batch {
  /// The rows of the first sequences, which are the longest, without targets.
  fileprivate func firstSequences(_ count: Int) -> (lengths: PackedLengths, inputs: Inputs) {
    let some = PackedLengths(
      sorted: Array(lengths.perSequence.prefix(count)), numbers: Array(lengths.numbers.prefix(count)), shards: lengths.shards)
    let rows = (0..<some.steps).flatMap { step in
      some.perSequence.enumerated().filter { $0.element > step }.map { lengths.row(step: step, sequence: $0.offset) }
    }
    return (some, inputs.part(rows, of: lengths.rows, sequences: some.numbers))
  }
}
