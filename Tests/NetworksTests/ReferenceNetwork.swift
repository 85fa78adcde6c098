import CellCompiler
import CellLanguage
import Engine
import Foundation
import Networks
import Sequences

/// A network in Double, straight from its definition: the reference's cells, and a head and losses written out.
struct ReferenceNetwork {
  let network: Network
  let batch: Batch
  /// Before the first step, for each pass and state `[B, width]`; none for zero, or for learned ones.
  var states: [[[Float]]] = []
  var dropout: (share: Double, seed: UInt64)?

  /// The mean loss of the rows that have a target.
  func loss(_ parameters: [Double]) throws -> Double {
    var total = 0.0
    var count = 0
    for (row, outputs) in try outputs(parameters).enumerated() {
      switch batch.targets {
      case .classes(let classes), .weightedClasses(let classes, _):
        if classes[row] < 0 { continue }
        let largest = outputs.max() ?? 0
        let sum = outputs.reduce(0) { $0 + exp($1 - largest) }
        var weight = 1.0
        if case .weightedClasses(_, let weights) = batch.targets { weight = Double(weights[row]) }
        total += weight * (log(sum) + largest - outputs[Int(classes[row])])
      case .values(let values, let counted):
        if counted?[row] == false { continue }
        if let (family, targets) = network.architecture.output.distribution {
          for target in 0..<targets {
            let given = Array(outputs[target * family.parameterCount..<(target + 1) * family.parameterCount])
            let value = Double(values[row * targets + target])
            if !value.isNaN { total += ReferenceDistribution(family, given).loss(of: value) }
          }
          count += 1
          continue
        }
        for (column, output) in outputs.enumerated() {
          let difference = output - Double(values[row * outputs.count + column])
          total += difference * difference / Double(outputs.count)
        }
      }
      count += 1
    }
    return count == 0 ? 0 : total / Double(count)
  }

  /// Logits or values of each row, or of each sequence if the network reads out sequences.
  func outputs(_ parameters: [Double]) throws -> [[Double]] {
    func tensor(_ name: String) -> [Double] { network.layout[name].map { Array(parameters[$0.range]) } ?? [] }
    var rows = inputs(table: tensor("embedding.weight"))
    for (layer, each) in network.architecture.layers.enumerated() {
      let passes = network.architecture.passes.indices.filter { network.architecture.passes[$0].layer == layer }
      let given = try passes.map { try run(pass: $0, on: rows, tensor) }
      rows = merged(given, each.direction, rows: batch.lengths.rows)
      if layer == network.architecture.layers.count - 1 { rows = readOut(rows, of: given, passes, tensor) }
      rows = zip(rows, mask(layer, count: rows.count)).map { $0 * $1 }
    }
    let count = network.architecture.readout == .everyStep ? batch.lengths.rows : batch.lengths.batch
    let (weight, bias) = (tensor("output.weight"), tensor("output.bias"))
    if network.architecture.output == .lastLayer {
      let width = rows.count / max(1, count)
      return (0..<count).map { Array(rows[$0 * width..<($0 + 1) * width]) }
    }
    let width = weight.count / bias.count
    return (0..<count).map { row in
      bias.indices.map { output in
        (0..<width).reduce(bias[output]) { $0 + weight[output * width + $1] * rows[row * width + $1] }
      }
    }
  }

  /// The output of a pass, in the order of the input's steps: `[rows, width]`.
  private func run(pass: Int, on rows: [Double], _ tensor: (String) -> [Double]) throws -> [Double] {
    let (plan, description) = (network.plans[pass], network.architecture.passes[pass])
    let prefix = self.prefix(ofPass: pass)
    let cell = ReferenceCell(plan.cell, dimensions: plan.dimensions)
    let weights = plan.cell.parameters.map { ($0.name, tensor(prefix + $0.name)) }
    let initial = plan.cell.states.enumerated().map { ($1.name, initialState($0, ofPass: pass, tensor)) }
    let width = plan.dimensions.inputs
    let run = try cell.run(
      packed: description.isReverse ? turned(rows, width: width) : rows, lengths: batch.lengths,
      initialStates: Dictionary(uniqueKeysWithValues: initial), parameters: Dictionary(uniqueKeysWithValues: weights))
    let outputs = run.quantities[plan.cell.states[0].name] ?? []
    return description.isReverse ? turned(outputs, width: plan.width(ofState: 0)) : outputs
  }

  private func prefix(ofPass pass: Int) -> String {
    let description = network.architecture.passes[pass]
    return "layers.\(description.layer)." + (description.isReverse ? "reverse." : description.isOneOfTwo ? "forward." : "")
  }

  /// What a pass starts from, `[B, width]`.
  private func initialState(_ state: Int, ofPass pass: Int, _ tensor: (String) -> [Double]) -> [Double] {
    let plan = network.plans[pass]
    if !states.isEmpty { return states[pass][state].map(Double.init) }
    let name = "\(prefix(ofPass: pass))initial.\(plan.cell.states[state].name)"
    let learned = (0..<batch.lengths.batch).flatMap { _ in tensor(name) }
    return learned.isEmpty ? [Double](repeating: 0, count: batch.lengths.batch * plan.width(ofState: state)) : learned
  }

  /// `[B, width]` of what the last layer gives, `[rows, width]`, and of what its passes give, unless each step is read out.
  private func readOut(
    _ rows: [Double], of given: [[Double]], _ passes: [Int], _ tensor: (String) -> [Double]
  ) -> [Double] {
    let readout = network.architecture.readout
    if readout == .everyStep { return rows }
    let lengths = batch.lengths
    if readout == .last {
      let ends = zip(passes, given).map { pass, values in
        let width = network.plans[pass].width(ofState: 0)
        let initial = initialState(0, ofPass: pass, tensor)
        return lengths.lengths.enumerated().flatMap { sequence, length in
          if length == 0 { return initial[sequence * width..<(sequence + 1) * width] }
          let row = lengths.row(step: network.architecture.passes[pass].isReverse ? 0 : length - 1, sequence: sequence)
          return values[row * width..<(row + 1) * width]
        }
      }
      return merged(ends, network.architecture.layers[network.architecture.layers.count - 1].direction, rows: lengths.batch)
    }
    let width = rows.count / lengths.rows
    return lengths.lengths.enumerated().flatMap { sequence, length in
      (0..<width).map { column in
        let steps = (0..<length).map { rows[lengths.row(step: $0, sequence: sequence) * width + column] }
        return (readout == .mean ? steps.reduce(0, +) / Double(max(1, length)) : steps.max()) ?? 0
      }
    }
  }

  /// Each sequence of packed rows from its last step to its first.
  private func turned(_ rows: [Double], width: Int) -> [Double] {
    var turned = rows
    for (sequence, length) in batch.lengths.lengths.enumerated() {
      for step in 0..<length {
        let to = batch.lengths.row(step: step, sequence: sequence) * width
        let from = batch.lengths.row(step: length - 1 - step, sequence: sequence) * width
        turned.replaceSubrange(to..<to + width, with: rows[from..<from + width])
      }
    }
    return turned
  }

  private func merged(_ given: [[Double]], _ direction: Architecture.Direction, rows: Int) -> [Double] {
    guard case .bidirectional(let merge, _) = direction else { return given[0] }
    let pairs = zip(given[0], given[1])
    switch merge {
    case .sum: return pairs.map { $0 + $1 }
    case .multiply: return pairs.map { $0 * $1 }
    case .average: return pairs.map { ($0 + $1) / 2 }
    case .concatenate:
      return (0..<rows).flatMap { row in
        given.flatMap { values in
          let width = values.count / rows
          return values[row * width..<(row + 1) * width]
        }
      }
    }
  }

  private func inputs(table: [Double]) -> [Double] {
    let width = network.architecture.inputWidth
    return switch batch.inputs {
    case .features(let values): values.map(Double.init)
    case .tokens(let tokens):
      tokens.flatMap { token in
        table.isEmpty ? (0..<width).map { $0 == Int(token) ? 1 : 0 } : Array(table[Int(token) * width..<(Int(token) + 1) * width])
      }
    }
  }

  /// What each of a layer's outputs is multiplied by: two elements share a draw of 64 bits, the lower half first.
  private func mask(_ layer: Int, count: Int) -> [Double] {
    guard let dropout else { return Array(repeating: 1, count: count) }
    var random = Random(seed: dropout.seed, stream: UInt64(layer))
    let draws = (0..<(count + 1) / 2).flatMap { _ in
      let bits = random.next()
      return [bits % (1 << 32), bits >> 32]
    }
    return (0..<count).map { Double(draws[$0]) < dropout.share * 0x1p32 ? 0 : 1 / (1 - dropout.share) }
  }

  /// The loss's gradient by central differences.
  func gradient(_ parameters: [Double]) throws -> [Double] {
    let step = 1e-5
    return try parameters.indices.map { index in
      var (above, below) = (parameters, parameters)
      above[index] += step
      below[index] -= step
      return try (loss(above) - loss(below)) / (2 * step)
    }
  }

  /// How many roundings a run forward and back can add up on the way to a number: in each step of each layer one for each
  /// addition of its products, and what its primitives are off by; in each layer what merging its directions takes. A mean over steps is
  /// one more addition for each, there and back.
  var roundings: Double {
    network.plans.reduce(0) { sum, plan in
      let sources = plan.products.reduce(2) { $0 + $1.k }
      let ulps = plan.graph.nodes.reduce(0.0) { sum, node in
        if case .apply(let primitive, _) = node.operation { sum + max(primitive.ulps, 0.5) * 2 } else { sum }
      }
      return sum + 2 * Double(batch.lengths.steps) * (Double(sources) + ulps)
    } + Double(network.architecture.readout == .mean ? 2 * batch.lengths.steps + 2 : 0)
      + Double(2 * network.architecture.outputWidth + 4 * network.architecture.layers.count)
  }
}
