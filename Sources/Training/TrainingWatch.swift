import CellLanguage
import Engine
import Networks
import Sequences

/// What the gates and the gradients of a network did at some point of its training.
public struct TrainingWatch: Sendable, Hashable, Codable {
  public let gates: [Gate]
  public let gradients: [Gradient]

  /// How often a gate is nearly shut or wide open: shares of all its units and steps.
  public struct Gate: Sendable, Hashable, Codable {
    /// From 1, the layer that reads the input. A bidirectional layer counts twice, once for each direction.
    public let layer: Int
    public let name: String
    /// Below 0.1.
    public let closed: Double
    /// Above 0.9.
    public let open: Double

    package init(layer: Int, name: String, closed: Double, open: Double) {
      self.layer = layer
      self.name = name
      self.closed = closed
      self.open = open
    }
  }

  /// How much of a gradient reaches back through a state, see ``Networks/GradientReach``.
  public struct Gradient: Sendable, Hashable, Codable {
    public let layer: Int
    public let state: String
    /// The gradient's norm 1, 2, 4, 8, … steps before the last one.
    public let norms: [Double]

    package init(layer: Int, state: String, norms: [Double]) {
      self.layer = layer
      self.state = state
      self.norms = norms
    }
  }

  package init(gates: [Gate], gradients: [Gradient]) {
    self.gates = gates
    self.gradients = gradients
  }
}

extension Trainer {
  /// What gates and gradients do over the first sequences of the first batch of `source`, always the same ones, with the weights
  /// as they are and no state before the first step.
  public func watch(on source: some BatchSource) -> TrainingWatch {
    let batch = source.batch(at: 0).firstSequences(16)
    let runner = NetworkRunner(network, machine: machine, trains: true)
    let reaches = runner.gradientReach(batch.inputs, lengths: batch.lengths, seed: options.seed)
    let gradients = reaches.map { reach in
      let distances = sequence(first: 1) { $0 * 2 }.prefix { $0 <= reach.norms.count }
      return TrainingWatch.Gradient(layer: reach.layer, state: reach.state, norms: distances.map { reach.norms[$0 - 1] })
    }
    let names = network.architecture.passes.map { pass in
      zip(pass.cell.equations, pass.cell.roles).filter { $0.1 == .gate }.map(\.0.name)
    }
    let selection = TraceSelection(quantities: Set(names.flatMap { $0 }))
    let traces = runner.trace(batch.inputs, lengths: batch.lengths, selection)
    let gates = zip(names, traces).enumerated().flatMap { index, layer in
      layer.0.compactMap { name in
        layer.1[name].map { gate in
          let count = Double(max(gate.values.count, 1))
          return TrainingWatch.Gate(
            layer: index + 1, name: name, closed: Double(gate.values.count { $0 < 0.1 }) / count,
            open: Double(gate.values.count { $0 > 0.9 }) / count)
        }
      }
    }
    return TrainingWatch(gates: gates, gradients: gradients)
  }
}

extension Batch {
  /// The rows of the first sequences, which are the longest, without targets.
  fileprivate func firstSequences(_ count: Int) -> (lengths: Lengths, inputs: Inputs) {
    let some = Lengths(sorted: Array(lengths.lengths.prefix(count)))
    let rows = (0..<some.steps).flatMap { step in
      some.lengths.enumerated().filter { $0.element > step }.map { lengths.row(step: step, sequence: $0.offset) }
    }
    switch inputs {
    case .tokens(let tokens): return (some, .tokens(rows.map { tokens[$0] }))
    case .features(let values):
      let width = values.count / max(lengths.rows, 1)
      return (some, .features(rows.flatMap { values[$0 * width..<($0 + 1) * width] }))
    }
  }
}
