import CellCompiler
import CellLanguage
import Engine
import EngineLaws
import Networks
import Sequences
import Support

/// What a network knows of sequences before they begin.
extension ReferenceNetwork {
  /// What a pass starts from, `[B, width]`.
  func initialState(
    _ state: Int, ofPass pass: Int, _ tensor: (String) -> [Double], _ context: [Double]
  ) throws -> [Double] {
    let learned = learnedState(state, ofPass: pass, tensor)
    let bridges = network.graph.nodes.compactMap { $0 as? PassNode }.filter { $0.pass.span == .start }
    if bridges.isEmpty { return learned }
    let (bridge, widths) = (bridges[pass].plan, network.stateWidths[pass])
    let weights = bridge.cell.parameters.map { ($0.name, tensor("\(prefix(ofPass: pass))bridge.\($0.name)")) }
    let count = batch.lengths.batch
    let zero = bridge.cell.states.enumerated().map { ($1.name, [Double](repeating: 0, count: count * bridge.width(ofState: $0))) }
    let run = try ReferenceCell(bridge.cell, dimensions: bridge.dimensions).run(
      packed: context, lengths: PackedLengths(steps: 1, batch: count), initialStates: Dictionary(uniqueKeysWithValues: zero),
      parameters: Dictionary(uniqueKeysWithValues: weights))
    let given = run.quantities[bridge.cell.states[0].name] ?? []
    let (start, all) = (widths[..<state].reduce(0, +), widths.reduce(0, +))
    return learned.enumerated().map { place, value in
      let (sequence, unit) = place.quotientAndRemainder(dividingBy: widths[state])
      return value + given[sequence * all + start + unit]
    }
  }

  /// What is known of each sequence before it begins, `[B, width]`.
  func context(_ tensor: (String) -> [Double]) throws -> [Double] {
    guard let source = batch.inputs.source else { return [] }
    let rows =
      try encoder?.outputs(network.layout.entries.filter { $0.name.hasPrefix("encoder.") }.flatMap { tensor($0.name) })
      ?? source.inputs.numbers.map { numbers in
        let width = numbers.count / source.lengths.batch
        return (0..<source.lengths.batch).map { numbers[$0 * width..<($0 + 1) * width].map(Double.init) }
      } ?? []
    return batch.lengths.numbers.flatMap { number in
      zip(source.lengths.numbers, rows).first { $0.0 == number }?.1 ?? []
    }
  }

  /// What cells with a memory read: what the encoder's last layer gives at each step of a sequence's source, as dropout leaves it, for each
  /// sequence row by row; none if no cell has a memory.
  func memories(_ tensor: (String) -> [Double]) throws -> [[Double]] {
    guard network.architecture.readsMemory, let source = batch.inputs.source, let encoder else { return [] }
    let own = network.layout.entries.filter { $0.name.hasPrefix("encoder.") }.flatMap { tensor($0.name) }
    let rows = try encoder.run(own).top.given
    // The place after those of the input, of the layers below the last, and of what is read out.
    let mask = encoder.mask(encoder.network.architecture.layers.count, count: rows.count)
    let (dropped, width) = (zip(rows, mask).map { $0 * $1 }, rows.count / source.lengths.rows)
    return batch.lengths.numbers.map { number in
      let place = source.lengths.numbers.firstIndex(of: number) ?? 0
      return source.lengths.rows(ofSequence: place).flatMap { dropped[$0 * width..<($0 + 1) * width] }
    }
  }

  /// The network that reads the batch's sources.
  var encoder: ReferenceNetwork? {
    guard let source = batch.inputs.source, let architecture = network.architecture.context?.encoder else { return nil }
    let batch = Batch(lengths: source.lengths, inputs: source.inputs, targets: .classes([]))
    do {
      var encoder = ReferenceNetwork(network: try Network(architecture), batch: batch)
      encoder.regularization = regularization
      var random = Random(seed: seed, stream: 1 << 35)
      encoder.seed = random.next()
      return encoder
    } catch {
      preconditionFailure("the encoder can't be built by itself: \(error)")
    }
  }
}
