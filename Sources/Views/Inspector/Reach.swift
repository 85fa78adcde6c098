import CellCompiler
import CellLanguage
import Engine
import Networks
import Sequences
import Support

extension InspectionReport.Reach {
  /// How much each earlier input matters to the outputs of some steps, spread over the first `steps`; the last one is among them.
  /// Of a network that gives one output for the whole sequence, how much each input matters to that.
  ///
  /// Where there is a source, how much each of its steps matters to the same outputs.
  ///
  /// Each step is a sequence of a batch that ends there, so that one run back serves them all; if the network needs whole sequences, it is
  /// the whole sequence, of which that step alone is asked for. Where no target is known, the loss is
  /// that of the class that the network itself finds second most probable, or the sum of its values. Where gates are held during
  /// some steps only, each segment of steps is run back by itself, from the gradient of the states after it.
  ///
  /// - Throws: ``RecurrentError`` if the input is none that the network reads.
  static func spread(_ inspection: Inspection, over steps: Int) throws -> [Self] {
    let count = inspection.askedSteps
    let chosen =
      inspection.isOfSequence
      ? [inspection.input.count - 1] : Set((1...count).map { steps * $0 / count - 1 }.filter { $0 >= 0 }).sorted(by: >)
    let runners = inspection.segments.map { NetworkRunner($0.network, machine: inspection.machine, trains: true) }
    var found: [Self] = []
    var rest = chosen[...]
    while !rest.isEmpty {
      // As many at once as fit into a quarter of a gigabyte.
      var part: [Int] = []
      var floats = 0
      while let step = rest.first, part.isEmpty || floats + inspection.floats(upTo: step) <= 1 << 26 {
        part.append(step)
        floats += inspection.floats(upTo: step)
        rest.removeFirst()
      }
      found += try norms(of: part, inspection, runners)
    }
    return found.sorted { $0.step < $1.step }
  }

  /// - Parameter steps: the last ones first.
  private static func norms(of steps: [Int], _ inspection: Inspection, _ runners: [NetworkRunner]) throws -> [Self] {
    let width = inspection.network.architecture.inputWidth
    var norms = steps.map { [Double](repeating: 0, count: $0 + 1) }
    // Several segments may look at the source: their gradients add up.
    let (sourceSteps, sourceWidth) = (inspection.sourceSteps, inspection.network.architecture.context?.inputWidth ?? 0)
    var sources = steps.map { _ in [Double](repeating: 0, count: sourceSteps * sourceWidth) }
    var incoming: [[[Float]]] = []
    for (segment, runner) in zip(inspection.segments, runners).reversed() {
      let start = segment.steps.lowerBound
      let reaching = steps.prefix { inspection.length(upTo: $0) > start }
      if reaching.isEmpty { continue }
      let lengths = PackedLengths(sorted: reaching.map { min(inspection.length(upTo: $0), segment.steps.upperBound) - start })
      let batch = inspection.batch(asking: Array(reaching), lengths, from: start)
      runner.carriedStates = segment.states.map { states in
        states.map { state in reaching.flatMap { _ in state } }
      }
      let gradients = try runner.inputGradients(
        batch.inputs, lengths: lengths, targets: batch.targets, carriesStates: start > 0,
        finalGradients: incoming.padded(with: segment.network.plans, sequences: reaching.count))
      incoming = gradients.initialStates
      for (sequence, step) in reaching.enumerated() {
        for earlier in segment.steps.prefix(while: { $0 <= step }) {
          let row = lengths.row(step: earlier - start, sequence: sequence) * width
          norms[sequence][earlier] = norm(gradients.inputs[row..<row + width].lazy.map(Double.init))
        }
        guard let source = batch.inputs.source else { continue }
        let place = found(
          source.lengths.numbers.firstIndex(of: lengths.numbers[sequence]), orFail: "a sequence of the batch has no source")
        for (step, row) in source.lengths.rows(ofSequence: place).enumerated() {
          for column in 0..<sourceWidth {
            sources[sequence][step * sourceWidth + column] += Double(gradients.source[row * sourceWidth + column])
          }
        }
      }
    }
    let sourceNorms = sources.map { gradient in
      (0..<sourceSteps).map { norm(gradient[$0 * sourceWidth..<($0 + 1) * sourceWidth]) }
    }
    return zip(steps, zip(norms, sourceNorms)).map { step, found in
      let (norms, source) = found
      let bound = 0.01 * (norms.filter(\.isFinite).max() ?? 0)
      let oldest = norms.firstIndex { !($0 < bound) } ?? step
      func finite(_ norms: [Double]) -> [Float] { norms.map { $0.isFinite ? Float($0) : 0 } }
      return Self(
        step: step, norms: finite(norms), source: source.isEmpty ? nil : finite(source),
        reach: oldest == 0 || bound == 0 ? nil : step - oldest)
    }
  }
}

private func norm(_ vector: some Sequence<Double>) -> Double { vector.reduce(0) { $0 + $1 * $1 }.squareRoot() }

extension Inspection {
  /// How many outputs are asked what they depend on, at most: where there is a source, those of most sequences that people look at, since it is
  /// of interest which of its steps each of them comes from.
  var askedSteps: Int { sourceSteps > 0 ? 128 : 24 }

  /// The steps of the source; 0 without a source.
  var sourceSteps: Int { input.read?.source?.lengths.rows ?? 0 }

  /// Floats that a run back from one step takes, roughly.
  fileprivate func floats(upTo step: Int) -> Int {
    length(upTo: step) * network.floatsPerStep + sourceSteps * (network.graph.context?.encoder?.floatsPerStep ?? 0)
  }

  /// The steps that must be run for the output of one.
  fileprivate func length(upTo step: Int) -> Int { network.architecture.needsWholeSequences ? input.count : step + 1 }

  /// Sequences of the input's steps from `start` on, as long as `lengths` says, each with a target at one of some steps.
  fileprivate func batch(asking steps: [Int], _ lengths: PackedLengths, from start: Int) -> Batch {
    let width = network.architecture.outputWidth
    let rows = (0..<lengths.steps).flatMap { step in
      zip(steps, lengths.perSequence).prefix { $1 > step }.map { (step: start + step, isAsked: $0.0 == start + step) }
    }
    let own = input.inputs(start..<start + lengths.steps).taking(rows.map { $0.step - start }, of: lengths.steps)
    let inputs = own.source.map { own.with($0.repeated(for: lengths)) } ?? own
    // Which row of the outputs each row asks for; nil if none.
    let asked =
      isOfSequence
      ? lengths.perSequence.map { start + $0 == input.count ? 0 : nil } : rows.map { $0.isAsked ? $0.step : nil }
    let given = asked.map { row in row.map { outputs[$0 * width..<($0 + 1) * width] } }
    let targets: Batch.Targets
    if case .labels = meaning, network.architecture.output.distribution != nil {
      targets = .values(
        given.flatMap { row in row.map(unlikely) ?? [Float](repeating: .nan, count: width) }, counted: given.map { $0 != nil })
    } else {
      let classes = self.targets
      targets = network.architecture.output.head.probe(
        given, width: width, known: asked.map { row in isOfSequence ? nil : row.flatMap { classes[$0] } })
    }
    return Batch(lengths: lengths, inputs: inputs, targets: targets)
  }

  /// For labels with a probability each: the complement of the labels that are found, or else of the likeliest one; the others
  /// count nothing.
  private func unlikely(_ given: ArraySlice<Float>) -> [Float] {
    let likeliest = given.max() ?? 0
    // The network gives logarithms of odds: above 0 is more likely than not.
    return given.map { $0 >= 0 || likeliest < 0 && $0 == likeliest ? 0 : .nan }
  }
}

extension [[[Float]]] {
  /// Gradients of each pass's states, `[B, width]`, with zeros for further sequences; none stay none.
  fileprivate func padded(with plans: [Plan], sequences: Int) -> Self {
    zip(self, plans).map { states, plan in
      states.enumerated().map { state, gradient in
        gradient + [Float](repeating: 0, count: sequences * plan.width(ofState: state) - gradient.count)
      }
    }
  }
}

extension Network {
  /// Floats that a step of a training run takes, roughly.
  fileprivate var floatsPerStep: Int {
    plans.reduce(architecture.inputWidth) { $0 + 2 * $1.slotWidth + $1.keptWidth + 4 * $1.dimensions.units }
  }
}
