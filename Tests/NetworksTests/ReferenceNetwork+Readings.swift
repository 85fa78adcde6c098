import CellCompiler
import Engine
import Networks
import Sequences

/// What layers read of each other, and what is read out of them, straight from its definition.
extension ReferenceNetwork {
  /// What a network's layers have given.
  struct Run {
    /// What is made of the input, `[rows, width]`.
    let inputs: [Double]
    /// What each layer gives, as it is and as those find it that read it, `[rows, width]`, and what each of its passes gives.
    var layers: [(name: String?, given: [Double], passedOn: [Double], passes: [[Double]])] = []
    /// What the output is made from at each step, before and after what is dropped there.
    var top: (given: [Double], dropped: [Double]) = ([], [])
  }

  /// The vectors that layers read of the input, `[rows, width]`.
  func inputs(_ parameters: [Double]) throws -> [Double] {
    let table = network.layout["embedding.weight"].map { Array(parameters[$0.range]) } ?? []
    return try inputs(table: table, spelled: spelled(parameters))
  }

  func run(_ parameters: [Double]) throws -> Run {
    func tensor(_ name: String) -> [Double] { network.layout[name].map { Array(parameters[$0.range]) } ?? [] }
    let architecture = network.architecture
    let isReadOut = architecture.readout != .everyStep
    let (known, memories) = (try context(tensor), try memories(tensor))
    var run = Run(inputs: try inputs(parameters))
    var drops = 0
    for (layer, each) in architecture.layers.enumerated() {
      let passes = architecture.passes.indices.filter { architecture.passes[$0].layer == layer }
      let rows = self.rows(of: each.reads, run)
      let given = try passes.map { try self.run(pass: $0, on: rows, tensor, known, memories) }
      let merged = merged(given, each.direction, rows: batch.lengths.rows)
      var passedOn = merged
      if !isReadOut || isRead(layer) {
        passedOn = zip(merged, mask(drops, count: merged.count)).map { $0 * $1 }
        drops += 1
      }
      run.layers.append((each.name, merged, passedOn, given))
    }
    let dropped = self.rows(of: architecture.top, run)
    var given = dropped
    if architecture.top == nil { given = run.layers[run.layers.count - 1].given }
    if case .layer(let name)? = architecture.top, let layer = run.layers.first(where: { $0.name == name }) { given = layer.given }
    run.top = (given, dropped)
    return run
  }

  /// Whether a layer reads that one.
  private func isRead(_ layer: Int) -> Bool {
    let layers = network.architecture.layers
    return layers.indices.contains { above in
      guard let reading = layers[above].reads else { return above == layer + 1 }
      return layers[layer].name.map { reading.names.contains($0) } ?? false
    }
  }

  /// What a reading is at each step, nil for that of the layer that has run last, or of the input before all layers.
  private func rows(of reading: Architecture.Reading?, _ run: Run) -> [Double] {
    switch reading {
    case nil: run.layers.last?.passedOn ?? run.inputs
    case .input: run.inputs
    case .layer(let name): run.layers.first { $0.name == name }?.passedOn ?? []
    case .sum(let parts), .product(let parts), .concatenation(let parts):
      combined(reading, parts.map { rows(of: $0, run) }, rows: batch.lengths.rows)
    }
  }

  private func combined(_ reading: Architecture.Reading?, _ parts: [[Double]], rows: Int) -> [Double] {
    switch reading {
    case .sum: return parts.dropFirst().reduce(parts[0]) { zip($0, $1).map { $0 + $1 } }
    case .product: return parts.dropFirst().reduce(parts[0]) { zip($0, $1).map { $0 * $1 } }
    default:
      return (0..<rows).flatMap { row in
        parts.flatMap { values in
          let width = values.count / rows
          return values[row * width..<(row + 1) * width]
        }
      }
    }
  }

  /// What the head, or the layers below it, read of the layers: `[rows, width]`, or `[B, width]` of what is read out.
  func readOut(_ run: Run, _ tensor: (String) -> [Double], _ context: [Double]) throws -> [Double] {
    let architecture = network.architecture
    let lengths = batch.lengths
    switch architecture.readout {
    case .everyStep: return run.top.dropped
    case .last:
      let ends = try lasts(architecture.top, run, tensor, context)
      return masked(ends)
    case .mean, .max:
      let rows = run.top.dropped
      let width = rows.count / lengths.rows
      return masked(
        lengths.perSequence.enumerated().flatMap { sequence, length in
          (0..<width).map { column in
            let steps = (0..<length).map { rows[lengths.row(step: $0, sequence: sequence) * width + column] }
            return (architecture.readout == .mean ? steps.reduce(0, +) / Double(max(1, length)) : steps.max()) ?? 0
          }
        })
    }
  }

  private func masked(_ ends: [Double]) -> [Double] {
    let drops = network.architecture.layers.indices.count { isRead($0) }
    return zip(ends, mask(drops, count: ends.count)).map { $0 * $1 }
  }

  /// What a reading ends with in each sequence, `[B, width]`.
  private func lasts(
    _ reading: Architecture.Reading?, _ run: Run, _ tensor: (String) -> [Double], _ context: [Double]
  ) throws -> [Double] {
    let lengths = batch.lengths
    switch reading {
    case .input:
      let width = run.inputs.count / max(1, lengths.rows)
      return lengths.perSequence.enumerated().flatMap { sequence, length in
        if length == 0 { return [Double](repeating: 0, count: width)[...] }
        let row = lengths.row(step: length - 1, sequence: sequence)
        return run.inputs[row * width..<(row + 1) * width]
      }
    case .sum(let parts), .product(let parts), .concatenation(let parts):
      return combined(reading, try parts.map { try lasts($0, run, tensor, context) }, rows: lengths.batch)
    case nil, .layer:
      var layer = run.layers.count - 1
      if case .layer(let name)? = reading { layer = run.layers.firstIndex { $0.name == name } ?? layer }
      let passes = network.architecture.passes.indices.filter { network.architecture.passes[$0].layer == layer }
      let ends = try zip(passes, run.layers[layer].passes).map { pass, values in
        let width = network.plans[pass].width(ofState: 0)
        let initial = try initialState(0, ofPass: pass, tensor, context)
        return lengths.perSequence.enumerated().flatMap { sequence, length in
          if length == 0 { return initial[sequence * width..<(sequence + 1) * width] }
          let row = lengths.row(step: network.architecture.passes[pass].isReverse ? 0 : length - 1, sequence: sequence)
          return values[row * width..<(row + 1) * width]
        }
      }
      return merged(ends, network.architecture.layers[layer].direction, rows: lengths.batch)
    }
  }
}
