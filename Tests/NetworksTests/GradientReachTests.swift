import CellCompiler
import CellLanguage
import Engine
import EngineLaws
import Networks
import Sequences
import Support
import Testing

struct GradientReachTests {
  /// Two layers, sequences of several lengths, against the reference in Double.
  @Test(arguments: [(Cell.lstm, Cell.gru), (.rnn, .lstm), (.gru, .gru)])
  func normsAreTheReferences(cells: (Cell, Cell)) throws {
    let layers: [Architecture.Layer] = [.init(cells.0, units: 6), .init(cells.1, units: 5)]
    let network = try Network(input: .features(4), layers: layers, output: .values(1), seed: 3)
    let lengths = try PackedLengths([7, 7, 4, 1])
    var random = Random(seed: 5)
    let inputs = (0..<lengths.rows * 4).map { _ in Float(random.normal()) }
    let runner = NetworkRunner(network, machine: try Machine(threads: 2), trains: true)
    let reaches = try runner.gradientReach(.features(inputs), lengths: lengths, seed: 9)
    #expect(reaches.map(\.layer) == cells.0.states.map { _ in 1 } + cells.1.states.map { _ in 2 })
    #expect(reaches.map(\.state) == cells.0.states.map(\.name) + cells.1.states.map(\.name))

    let batch = Batch(lengths: lengths, inputs: .features(inputs), targets: .values([]))
    let tolerance = ReferenceNetwork(network: network, batch: batch).roundings * 0x1p-24
    for (reach, expected) in zip(reaches, try reference(network, inputs, lengths, seed: 9)) {
      #expect(reach.norms.count == 6)
      for (norm, expected) in zip(reach.norms, expected) { #expect(abs(norm - expected) <= tolerance, "\(reach)") }
    }
  }

  /// A pass in reverse reaches as far as a layer with its weights does that reads the turned sequences forward.
  @Test func aReversePassReachesAsAForwardOneOverTurnedSequences() throws {
    func runner(_ direction: Architecture.Direction, _ parameters: [Float]) throws -> NetworkRunner {
      let architecture = Architecture(
        input: .features(1), layers: [.init(.lstm, units: 5, direction: direction)], output: .lastLayer)
      return NetworkRunner(
        try Network(architecture) { _ in parameters }, machine: try Machine(threads: 1), trains: true)
    }
    let fresh = try Network(input: .features(1), layers: [.init(.lstm, units: 5)], output: .lastLayer, seed: 3)
    let lengths = try PackedLengths([6, 3])
    let inputs = (0..<9).map { Float($0 % 4) - 1.5 }
    let other = fresh.parameters.map { $0 / 2 }
    let both = try runner(.bidirectional(.sum), other + fresh.parameters)
      .gradientReach(.features(inputs), lengths: lengths, seed: 9)
    let turned = try runner(.forward, fresh.parameters).gradientReach(
      .features(lengths.reversal.map { inputs[$0] }), lengths: lengths, seed: 9)
    let ahead = try runner(.forward, other).gradientReach(.features(inputs), lengths: lengths, seed: 9)
    #expect(both.map(\.norms) == (ahead + turned).map(\.norms))
    #expect(both.map(\.layer) == [1, 1, 1, 1])
    #expect(both.map(\.direction) == ["forward", "forward", "reverse", "reverse"] && turned.allSatisfy { $0.direction == nil })
    #expect(
      turned.allSatisfy { $0.norms.count == 5 && $0.norms.allSatisfy { $0 > 0 } } && ahead.map(\.norms) != turned.map(\.norms))
  }

  /// For each layer and state the norms 1, 2, … steps back.
  private func reference(_ network: Network, _ inputs: [Float], _ lengths: PackedLengths, seed: UInt64) throws -> [[Double]] {
    var rows = inputs.map(Double.init)
    var cells: [ReferenceCell] = []
    var runs: [ReferenceCell.PackedRun] = []
    for (layer, plan) in network.plans.enumerated() {
      let cell = ReferenceCell(plan.cell, dimensions: plan.dimensions)
      let weights = plan.cell.parameters.map { ($0.name, (network["layers.\(layer).\($0.name)"] ?? []).map(Double.init)) }
      runs.append(try cell.run(packed: rows, lengths: lengths, parameters: Dictionary(uniqueKeysWithValues: weights)))
      cells.append(cell)
      rows = runs[layer].quantities[plan.cell.states[0].name] ?? []
    }
    let width = network.plans[1].width(ofState: 0)
    var gradient = [Double](repeating: 0, count: lengths.rows * width)
    var random = Random(seed: seed)
    for (sequence, length) in lengths.perSequence.enumerated() {
      let direction = (0..<width).map { _ in random.normal() }
      let norm = direction.reduce(0) { $0 + $1 * $1 }.squareRoot()
      let row = lengths.row(step: length - 1, sequence: sequence)
      gradient.replaceSubrange(row * width..<(row + 1) * width, with: direction.map { $0 / norm })
    }
    var norms: [[[Double]]] = []
    for layer in [1, 0] {
      let gradients = try cells[layer].gradients(of: runs[layer], outputs: gradient)
      let plan = network.plans[layer]
      norms.append(
        plan.cell.states.enumerated().map { state, name in
          Self.norms(gradients.states[name.name] ?? [], width: plan.width(ofState: state), lengths)
        })
      gradient = gradients.inputs
    }
    return norms.reversed().flatMap { $0 }
  }

  private static func norms(_ gradients: [Double], width: Int, _ lengths: PackedLengths) -> [Double] {
    (1..<lengths.steps).map { distance in
      let rows = lengths.perSequence.enumerated().filter { $0.element > distance }
        .map { lengths.row(step: $0.element - 1 - distance, sequence: $0.offset) }
      let squares = rows.flatMap { gradients[$0 * width..<($0 + 1) * width] }.reduce(0) { $0 + $1 * $1 }
      return (squares / Double(rows.count)).squareRoot()
    }
  }

  /// A state that is multiplied by a half at each step carries back a half of a half of a half.
  @Test func aDecayIsSeenAsItIs() throws {
    let cell = try Cell(parsing: "cell half\ninput x\nstate h\nh' = 0.5 * h + x")
    let network = try Network(input: .features(3), layers: [.init(cell, units: 3)], output: .values(1))
    let runner = NetworkRunner(network, machine: try Machine(threads: 1), trains: true)
    let reach = try runner.gradientReach(
      .features(Array(repeating: 1, count: 5 * 2 * 3)), lengths: PackedLengths(steps: 5, batch: 2), seed: 1)
    // Halving is exact, and the direction's three numbers are rounded once.
    for (norm, expected) in zip(reach[0].norms, [0.5, 0.25, 0.125, 0.0625]) { #expect(abs(norm - expected) < expected * 0x1p-23) }
    #expect(reach[0].norms.count == 4)
  }
}
