import CellCompiler
import CellLanguage
package import Engine
package import Sequences
package import Support

/// How much of a gradient reaches back through one state of one layer.
package struct GradientReach: Sendable, Hashable, Codable {
  /// Counted from 1, the layer that reads the input.
  package let layer: Int
  /// `reverse`, or `forward` of a layer that reads both ways; nil of one that only reads forward.
  package let direction: String?
  package let state: String
  /// The gradient's norm 1, 2, 3, … steps before the last one, a root mean square over the sequences.
  package let norms: [Double]

  package init(layer: Int, direction: String? = nil, state: String, norms: [Double]) {
    self.layer = layer
    self.direction = direction
    self.state = state
    self.norms = norms
  }

  /// `layer 1`, or `layer 1, reverse`.
  package var place: String { Architecture.Pass.name(layer: layer, direction: direction) }

  /// The reach with the norms 1, 2, 4, 8, … steps back only.
  package var atPowersOfTwo: GradientReach {
    let distances = sequence(first: 1) { $0 * 2 }.prefix { $0 <= norms.count }
    return GradientReach(layer: layer, direction: direction, state: state, norms: distances.map { norms[$0 - 1] })
  }
}

extension NetworkRunner {
  /// How far a gradient reaches back from each sequence's last step: that of a loss which is the top layer's last output in a
  /// random direction of length 1, with respect to every state on its way from a step to the next (Hochreiter 1991; Pascanu,
  /// Mikolov & Bengio 2013, On the difficulty of training recurrent neural networks). For a pass in reverse it is the output of
  /// the first step, with which that pass ends. The runner must be one that trains.
  ///
  /// - Parameter seed: of the directions.
  /// - Returns: for each of the architecture's passes, from the first layer up, and each of its states; sequences of one step
  ///   give nothing.
  /// - Throws: ``RecurrentError`` if the network reads something else than the batch has.
  package func gradientReach(_ inputs: Batch.Inputs, lengths: PackedLengths, seed: UInt64) throws(RecurrentError)
    -> [GradientReach]
  {
    checkTrains()
    let fromLast = try reaches(inputs, lengths, fromFirst: false, seed: seed)
    let fromFirst = architecture.readsInReverse ? try reaches(inputs, lengths, fromFirst: true, seed: seed) : fromLast
    return architecture.passes.enumerated().flatMap { $1.isReverse ? fromFirst[$0] : fromLast[$0] }
  }

  /// - Parameter fromFirst: whether the loss is at each sequence's first step, and not at its last.
  private func reaches(
    _ inputs: Batch.Inputs, _ lengths: PackedLengths, fromFirst: Bool, seed: UInt64
  ) throws(RecurrentError) -> [[GradientReach]] {
    try begin(inputs, lengths, carriesStates: false)
    let segment = segment(0..<lengths.steps, keeping: true, keepsStateGradients: true)
    forward(segment, overStepsOnly: true)
    for edge in graph.edges { edge.beginBackward() }
    graph.top.addGradient(rows: lengths.rows) { writeDirections(to: $0, lengths, atFirst: fromFirst, seed: seed) }
    let discarded = FloatBuffer(count: layout.count)
    // Of what stands between the top and the loss nothing is run back.
    let readouts = graph.readouts
    backward(segment, discarded.base) { node in node.span == .step && node !== graph.head && !readouts.contains { $0 === node } }
    return zip(architecture.passes, graph.passes).map { pass, runner in
      runner.runner.plan.cell.states.enumerated().map { state, name in
        GradientReach(
          layer: pass.layer + 1, direction: pass.direction, state: name.name, norms: runner.runner.stateGradientNorms(state))
      }
    }
  }

  /// A random direction of length 1 at each sequence's last row, or its first, zero elsewhere.
  private func writeDirections(
    to gradient: UnsafeMutablePointer<Float>, _ lengths: PackedLengths, atFirst: Bool, seed: UInt64
  ) {
    let width = graph.top.width
    gradient.update(repeating: 0, count: lengths.rows * width)
    var random = Random(.gradientDirection, seed: seed)
    for (sequence, length) in lengths.perSequence.enumerated() where length > 0 {
      let direction = (0..<width).map { _ in random.normal() }
      let norm = direction.reduce(0) { $0 + $1 * $1 }.squareRoot()
      let row = gradient + lengths.row(step: atFirst ? 0 : length - 1, sequence: sequence) * width
      for (place, value) in direction.enumerated() { row[place] = Float(value / norm) }
    }
  }
}

extension SequenceRunner {
  /// The norm of a state's gradient 1, 2, … steps before the last one, a root mean square over the sequences that are so long.
  fileprivate func stateGradientNorms(_ state: Int) -> [Double] {
    guard let gradients = stateGradients(state), lengths.steps > 1 else { return [] }
    let width = plan.width(ofState: state)
    return (1..<lengths.steps).map { distance in
      let long = lengths.perSequence.enumerated().filter { $0.element > distance }
      let squares = long.reduce(0.0) { sum, sequence in
        let row = gradients + lengths.row(step: sequence.element - 1 - distance, sequence: sequence.offset) * width
        return (0..<width).reduce(sum) { $0 + Double(row[$1]) * Double(row[$1]) }
      }
      return (squares / Double(max(long.count, 1))).squareRoot()
    }
  }
}
