import CellLanguage
import CommandKit
import Engine
import Networks
import Sequences
import Support

/// How far gradients reach back in several networks, each on sequences of the same length.
struct GradientStudy {
  struct Run {
    let steps: Int
    let batch: Int
    let seed: UInt64
    let machine: Machine

    var lengths: PackedLengths { PackedLengths(steps: steps, batch: batch) }
  }

  /// A state of a layer of one of the networks.
  struct Curve: Encodable {
    /// The name that the user gave the cell or the model.
    let name: String
    let cell: String
    let layer: Int
    /// `reverse`, or `forward` for a layer that reads both ways; nil for one that only reads forward.
    let direction: String?
    let state: String
    /// The gradient's norm 1, 2, … steps back.
    let norms: [Double]
    /// Whether the network has more than one layer.
    let isOneOfSeveral: Bool

    private enum CodingKeys: String, CodingKey { case name, cell, layer, direction, state, norms }

    /// `lstm c`, with the layer's number where there are several: `lstm c 2`, `lstm c 2 reverse`.
    var title: String { "\(name) \(state)\(isOneOfSeveral ? " \(layer)" : "")\(direction.map { " \($0)" } ?? "")" }
  }

  let run: Run
  private(set) var curves: [Curve] = []

  init(_ run: Run) { self.run = run }

  /// A network of fresh layers that reads normally distributed numbers.
  mutating func add(_ layers: [Architecture.Layer], name: String, inputs: Int) throws {
    let network = try Network(input: .features(inputs), layers: layers, output: .values(1), seed: run.seed)
    try add(network, name: name, randomInputs(of: network))
  }

  /// A trained network, on a text or on symbols or numbers drawn at random.
  ///
  /// - Throws: ``RecurrentError`` if it reads no text, or the text is shorter than the sequences.
  mutating func add(_ network: Network, name: String, reading file: String?) throws {
    guard let file else { return try add(network, name: name, randomInputs(of: network)) }
    guard let vocabulary = network.architecture.vocabulary else {
      throw RecurrentError(.unsuitable, "\(name) reads numbers, not text: leave out --text")
    }
    let tokens = try TokenizedText(contentsOf: file, in: vocabulary).tokens
    guard tokens.count >= run.steps else {
      throw RecurrentError(
        .unsuitable,
        "\(file) has \(tokens.count.grouped) \(vocabulary.kind.rawValue); sequences of \(run.steps.grouped) steps need at least as many"
      )
    }
    // The sequences are taken from all over the text.
    let starts = (0..<run.batch).map { (tokens.count - run.steps) * $0 / max(1, run.batch - 1) }
    try add(network, name: name, .tokens((0..<run.steps).flatMap { step in starts.map { tokens[$0 + step] } }))
  }

  private mutating func add(_ network: Network, name: String, _ inputs: Batch.Inputs) throws {
    let runner = NetworkRunner(network, machine: run.machine, trains: true)
    let reaches = try runner.gradientReach(inputs, lengths: run.lengths, seed: run.seed)
    let cells = network.architecture.passes.flatMap { pass in pass.cell.states.map { _ in pass.cell.name } }
    curves += zip(reaches, cells).map { reach, cell in
      Curve(
        name: name, cell: cell, layer: reach.layer, direction: reach.direction, state: reach.state, norms: reach.norms,
        isOneOfSeveral: network.architecture.layers.count > 1)
    }
  }

  private func randomInputs(of network: Network) -> Batch.Inputs {
    var random = Random(.studiedInputs, seed: run.seed)
    return network.architecture.input.encoding.randomRows(run.lengths, using: &random)
  }
}
