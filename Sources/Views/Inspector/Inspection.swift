import CellCompiler
import CellLanguage
package import Engine
package import Networks
import Platform
import Sequences
import Support

/// A network that has run over an input, with all that happened inside.
package struct Inspection: Sendable {
  /// What the network is called, such as its file.
  package let name: String
  package let network: Network
  package let input: InspectedInput
  /// What was held while it ran.
  package let clamps: [Clamp]
  /// Every quantity of each of the architecture's passes, pre-activations included; `[steps, width]`.
  package let traces: [Trace]
  /// What the network gave after each step, `[steps, outputs]`, or for the whole sequence, `[1, outputs]`: probabilities of
  /// classes, or values.
  package let outputs: [Float]
  /// What these stand for.
  let meaning: OutputMeaning
  let machine: Machine
  /// Ranges of steps during which the same clamps hold, in their order.
  let segments: [Segment]

  struct Segment: Sendable {
    let steps: Range<Int>
    /// The network with what is held during these steps.
    let network: Network
    /// The states from which it goes on, for each pass and state; none before the first step.
    let states: [[[Float]]]
  }

  /// Runs `network` over `input`, which must be of the kind that it reads.
  ///
  /// - Parameter meaning: what the network's outputs stand for.
  /// - Throws: ``RecurrentError`` if a clamp names what the network has not, or steps of a network that reads in reverse, or of
  ///   which something of all steps is read out.
  package init(
    _ network: Network, name: String, on input: InspectedInput, meaning: OutputMeaning = .plain, clamps: [Clamp] = [],
    machine: Machine
  ) throws {
    self.name = name
    self.network = network
    self.input = input
    self.meaning = meaning
    self.clamps = clamps
    self.machine = machine
    if clamps.contains(where: { $0.steps != nil }) {
      if network.architecture.readsInReverse {
        throw RecurrentError(
          .network, "the network reads in reverse, so that nothing in it can be held at some steps only: leave out the steps")
      }
      if network.architecture.needsWholeSequences {
        throw RecurrentError(
          .network,
          "the network scores whole sequences, so that nothing in it can be held at some steps only: leave out the steps")
      }
      if [.mean, .max].contains(network.architecture.readout) {
        throw RecurrentError(
          .network,
          "the network's output is read out of all steps together, so that nothing in it can be held at some steps only: leave out "
            + "the steps")
      }
    }
    var parts: [(traces: [Trace], outputs: [Float])] = []
    var segments: [Segment] = []
    var states: [[[Float]]] = []
    for steps in clamps.boundaries(upTo: input.count) {
      let held = try network.clamping(clamps.filter { ($0.steps ?? steps).contains(steps.lowerBound) })
      segments.append(Segment(steps: steps, network: held, states: states))
      let runner = NetworkRunner(held, machine: machine, trains: false, traces: true)
      runner.carriedStates = states
      let lengths = PackedLengths(steps: steps.count, batch: 1)
      let (inputs, goesOn) = (input.inputs(steps), steps.lowerBound > 0)
      let outputs = try runner.outputs(inputs, lengths: lengths, carriesStates: goesOn)
      runner.carriedStates = states
      let traces = try runner.trace(inputs, lengths: lengths, TraceSelection(preactivations: true), carriesStates: goesOn)
      parts.append((traces, outputs))
      states = runner.carriedStates
    }
    self.segments = segments
    // What is read out last is that of the last segment.
    outputs = network.architecture.readout == .everyStep ? parts.flatMap(\.outputs) : parts.last?.outputs ?? []
    traces = network.plans.indices.map { pass in
      Trace(joining: parts.map { $0.traces[pass] }, of: network.plans[pass].cell, steps: input.count)
    }
  }

  /// Whether the network gives one row for the whole sequence.
  package var isOfSequence: Bool { network.architecture.readout != .everyStep }

  /// The class that each step should give: of a model of the symbols that it reads, the next one.
  var targets: [Int32?] {
    guard let tokens = input.steps.tokens, predictsSymbols else { return Array(repeating: nil, count: input.count) }
    return tokens.dropFirst().map { $0 } + [input.following]
  }

  /// The class that a step should give, as text; nil if that is no symbol, or not known.
  package func targetText(ofStep step: Int) -> String? {
    guard let target = targets[step], let vocabulary = network.architecture.vocabulary else { return nil }
    return vocabulary.text(of: target)
  }

  /// Whether the network gives the symbol that follows each step.
  var predictsSymbols: Bool {
    guard let vocabulary = network.architecture.vocabulary, case .plain = meaning else { return false }
    return !isOfSequence && network.architecture.output == .classes(vocabulary.count)
  }

  /// The loss of each step, nil where no target is known: in nats, or as training has it.
  var losses: [Float?] {
    if case .columns(let read) = meaning { return read(outputs).losses }
    if isOfSequence { return [nil] }
    let width = network.architecture.outputWidth
    return targets.enumerated().map { step, target in
      // A probability too small for a Float counts as the smallest one.
      target.map { -log(max(outputs[step * width + Int($0)], .leastNonzeroMagnitude)) }
    }
  }
}

extension [Clamp] {
  /// Ranges of steps during which the same clamps hold.
  fileprivate func boundaries(upTo count: Int) -> [Range<Int>] {
    let ends = flatMap { $0.steps.map { [$0.lowerBound, $0.upperBound] } ?? [] }.filter { $0 > 0 && $0 < count }
    let bounds = [0] + Set(ends).sorted() + [count]
    return zip(bounds, bounds.dropFirst()).map { $0..<$1 }
  }
}

extension Trace {
  /// Traces of one sequence, part by part, described as the cell has it when nothing is held.
  fileprivate init(joining parts: [Trace], of cell: Cell, steps: Int) {
    let quantities = cell.traceable.compactMap { quantity -> Quantity? in
      let found = parts.compactMap { $0[quantity.name] }
      guard let first = found.first, found.count == parts.count else { return nil }
      return Quantity(
        name: quantity.name, label: first.label, role: quantity.role, width: first.width, values: found.flatMap(\.values))
    }
    self.init(quantities: quantities, lengths: PackedLengths(steps: steps, batch: 1))
  }
}
