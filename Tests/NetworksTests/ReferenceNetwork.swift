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
  /// As far as it is written out here.
  var regularization = Regularization()
  /// Of what is drawn.
  var seed: UInt64 = 0

  /// The mean loss of the rows that have a target.
  func loss(_ parameters: [Double]) throws -> Double {
    var total = 0.0
    var count = 0
    for (row, outputs) in try outputs(parameters).enumerated() {
      switch batch.targets {
      case .classes(let classes):
        if classes[row] < 0 { continue }
        let largest = outputs.max() ?? 0
        let sum = outputs.reduce(0) { $0 + exp($1 - largest) }
        let mean = outputs.reduce(0, +) / Double(outputs.count)
        let smoothing = regularization.labelSmoothing
        total += log(sum) + largest - (1 - smoothing) * outputs[Int(classes[row])] - smoothing * mean
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
    return try (count == 0 ? 0 : total / Double(count)) + penalty(parameters)
  }

  /// What the last layer's outputs cost.
  private func penalty(_ parameters: [Double]) throws -> Double {
    if regularization.activationPenalty == 0 && regularization.temporalPenalty == 0 { return 0 }
    let given = try top(parameters)
    let dropped = zip(given, mask(network.architecture.layers.count - 1, count: given.count)).map { $0 * $1 }
    let (lengths, width) = (batch.lengths, given.count / max(1, batch.lengths.rows))
    var changes: [Double] = []
    for (sequence, length) in lengths.lengths.enumerated() where length > 1 {
      for step in 1..<length {
        let (row, before) = (lengths.row(step: step, sequence: sequence), lengths.row(step: step - 1, sequence: sequence))
        changes += (0..<width).map { given[row * width + $0] - given[before * width + $0] }
      }
    }
    func mean(_ values: [Double]) -> Double { values.reduce(0) { $0 + $1 * $1 } / Double(max(1, values.count)) }
    return regularization.activationPenalty * mean(dropped) + regularization.temporalPenalty * mean(changes)
  }

  /// Logits or values of each row.
  func outputs(_ parameters: [Double]) throws -> [[Double]] {
    func tensor(_ name: String) -> [Double] { network.layout[name].map { Array(parameters[$0.range]) } ?? [] }
    var rows = try top(parameters)
    rows = zip(rows, mask(network.architecture.layers.count - 1, count: rows.count)).map { $0 * $1 }
    let isTied = network.architecture.tiesEmbedding
    let (weight, bias) = (tensor(isTied ? "embedding.weight" : "output.weight"), tensor("output.bias"))
    if network.architecture.output == .lastLayer {
      let width = rows.count / max(1, batch.lengths.rows)
      return (0..<batch.lengths.rows).map { Array(rows[$0 * width..<($0 + 1) * width]) }
    }
    let width = weight.count / bias.count
    return (0..<batch.lengths.rows).map { row in
      bias.indices.map { output in
        (0..<width).reduce(bias[output]) { $0 + weight[output * width + $1] * rows[row * width + $1] }
      }
    }
  }

  /// What the last layer gives, before dropout: `[rows, width]`.
  private func top(_ parameters: [Double]) throws -> [Double] {
    func tensor(_ name: String) -> [Double] { network.layout[name].map { Array(parameters[$0.range]) } ?? [] }
    var rows = inputs(table: tensor("embedding.weight"))
    for (layer, each) in network.architecture.layers.enumerated() {
      let passes = network.architecture.passes.indices.filter { network.architecture.passes[$0].layer == layer }
      if layer > 0 { rows = zip(rows, mask(layer - 1, count: rows.count)).map { $0 * $1 } }
      rows = merged(try passes.map { try run(pass: $0, on: rows, tensor) }, each.direction)
    }
    return rows
  }

  /// The output of a pass, in the order of the input's steps: `[rows, width]`.
  private func run(pass: Int, on rows: [Double], _ tensor: (String) -> [Double]) throws -> [Double] {
    let (plan, description) = (network.plans[pass], network.architecture.passes[pass])
    let prefix = "layers.\(description.layer)." + (description.isReverse ? "reverse." : description.isOneOfTwo ? "forward." : "")
    let cell = ReferenceCell(plan.cell, dimensions: plan.dimensions)
    let weights = plan.cell.parameters.map { ($0.name, tensor(prefix + $0.name)) }
    let initial = plan.cell.states.indices.map { state in
      let name = plan.cell.states[state].name
      let learned = (0..<batch.lengths.batch).flatMap { _ in tensor(prefix + "initial." + name) }
      let zero = [Double](repeating: 0, count: batch.lengths.batch * plan.width(ofState: state))
      return (name, states.isEmpty ? learned.isEmpty ? zero : learned : states[pass][state].map(Double.init))
    }
    let width = plan.dimensions.inputs
    let run = try cell.run(
      packed: description.isReverse ? turned(rows, width: width) : rows, lengths: batch.lengths,
      initialStates: Dictionary(uniqueKeysWithValues: initial), parameters: Dictionary(uniqueKeysWithValues: weights),
      zoneout: zoneout(pass))
    let outputs = run.quantities[plan.cell.states[0].name] ?? []
    return description.isReverse ? turned(outputs, width: plan.width(ofState: 0)) : outputs
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

  private func merged(_ given: [[Double]], _ direction: Architecture.Direction) -> [Double] {
    guard case .bidirectional(let merge, _) = direction else { return given[0] }
    let pairs = zip(given[0], given[1])
    switch merge {
    case .sum: return pairs.map { $0 + $1 }
    case .multiply: return pairs.map { $0 * $1 }
    case .average: return pairs.map { ($0 + $1) / 2 }
    case .concatenate:
      let rows = batch.lengths.rows
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
        let place = Int(token)
        if table.isEmpty { return (0..<width).map { $0 == place ? 1.0 : 0 } }
        return table[place * width..<(place + 1) * width].map { $0 * symbolFactors[place] }
      }
    }
  }

  /// What the vector of each symbol is multiplied by.
  private var symbolFactors: [Double] {
    guard case .tokens(let vocabulary, _) = network.architecture.input else { return [] }
    let share = regularization.embeddingDropout
    return draws(vocabulary.count, stream: 1 << 34).map { $0 < share * 0x1p32 ? 0 : 1 / (1 - share) }
  }

  /// What units keep of a pass's states at each step, packed rows.
  private func zoneout(_ pass: Int) -> [String: [Double]] {
    let plan = network.plans[pass]
    let pairs = plan.cell.states.indices.filter { plan.cell.states[$0].zoneout > 0 }.map { state in
      let own = (0..<batch.lengths.steps).flatMap { step in
        let count = batch.lengths.rows(of: step..<step + 1).count * plan.width(ofState: state)
        return draws(count, stream: 1 << 62 | UInt64(pass) << 52 | UInt64(state) << 44 | UInt64(step))
      }
      return (plan.cell.states[state].name, own.map { $0 < plan.cell.states[state].zoneout * 0x1p32 ? 1.0 : 0 })
    }
    return Dictionary(uniqueKeysWithValues: pairs)
  }

  /// What each of a layer's outputs is multiplied by: two elements share a draw of 64 bits, the lower half first.
  private func mask(_ layer: Int, count: Int) -> [Double] {
    if regularization.dropout == 0 { return Array(repeating: 1, count: count) }
    let share = regularization.dropout
    return draws(count, stream: UInt64(layer)).map { $0 < share * 0x1p32 ? 0 : 1 / (1 - share) }
  }

  private func draws(_ count: Int, stream: UInt64) -> [Double] {
    var random = Random(seed: seed, stream: stream)
    let draws = (0..<(count + 1) / 2).flatMap { _ in
      let bits = random.next()
      return [bits % (1 << 32), bits >> 32]
    }
    return draws.prefix(count).map { Double($0) }
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
  /// addition of its products, and what its primitives are off by; in each layer what merging its directions takes.
  var roundings: Double {
    network.plans.reduce(0) { sum, plan in
      let sources = plan.products.reduce(2) { $0 + $1.k }
      let ulps = plan.graph.nodes.reduce(0.0) { sum, node in
        if case .apply(let primitive, _) = node.operation { sum + max(primitive.ulps, 0.5) * 2 } else { sum }
      }
      return sum + 2 * Double(batch.lengths.steps) * (Double(sources) + ulps)
    } + Double(2 * network.architecture.outputWidth + 4 * network.architecture.layers.count)
  }
}
