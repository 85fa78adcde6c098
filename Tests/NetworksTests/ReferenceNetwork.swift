import CellCompiler
import CellLanguage
import Engine
import EngineLaws
import Foundation
import Networks
import Sequences
import Support

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
    if let loss = try chainLoss(parameters) ?? transcriptionLoss(parameters) { return loss }
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
        let mean = outputs.reduce(0, +) / Double(outputs.count)
        let smoothing = regularization.labelSmoothing
        total += weight * (log(sum) + largest - (1 - smoothing) * outputs[Int(classes[row])] - smoothing * mean)
      case .symbols: return .nan
      case .values(let values, let counted):
        if counted?[row] == false { continue }
        if let (family, targets) = network.architecture.output.distribution {
          for target in 0..<targets {
            let given = Array(outputs[target * family.parameterCount..<(target + 1) * family.parameterCount])
            let start = (row * targets + target) * family.targetCount
            let level = family.isRelative ? Double(values[start + 1]) : 1
            let value = Double(values[start])
            if !value.isNaN { total += ReferenceDistribution(family, given, level: level).loss(of: value) }
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
    let (given, dropped) = try run(parameters).top
    let (lengths, width) = (batch.lengths, given.count / max(1, batch.lengths.rows))
    var changes: [Double] = []
    for (sequence, length) in lengths.perSequence.enumerated() where length > 1 {
      for step in 1..<length {
        let (row, before) = (lengths.row(step: step, sequence: sequence), lengths.row(step: step - 1, sequence: sequence))
        changes += (0..<width).map { given[row * width + $0] - given[before * width + $0] }
      }
    }
    func mean(_ values: [Double]) -> Double { values.reduce(0) { $0 + $1 * $1 } / Double(max(1, values.count)) }
    return regularization.activationPenalty * mean(dropped) + regularization.temporalPenalty * mean(changes)
  }

  /// Logits or values of each row, or of each sequence if the network reads out sequences.
  func outputs(_ parameters: [Double]) throws -> [[Double]] {
    func tensor(_ name: String) -> [Double] { network.layout[name].map { Array(parameters[$0.range]) } ?? [] }
    var rows = try readOut(run(parameters), tensor, context(tensor))
    for (index, plan) in network.headPlans.enumerated() { rows = try run(headLayer: index, plan, on: rows, tensor) }
    let count = network.architecture.readout == .everyStep ? batch.lengths.rows : batch.lengths.batch
    if network.architecture.outputReadsInput {
      let read = try inputs(parameters)
      let (width, other) = (rows.count / max(1, count), read.count / max(1, count))
      var joined: [Double] = []
      for row in 0..<count {
        joined += rows[row * width..<(row + 1) * width]
        joined += read[row * other..<(row + 1) * other]
      }
      rows = joined
    }
    let isTied = network.architecture.tiesEmbedding
    let (weight, bias) = (tensor(isTied ? "embedding.weight" : "output.weight"), tensor("output.bias"))
    if !network.architecture.output.head.isLinear {
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
  func run(
    pass: Int, on rows: [Double], _ tensor: (String) -> [Double], _ context: [Double], _ memories: [[Double]]
  ) throws -> [Double] {
    let (plan, description) = (network.plans[pass], network.architecture.passes[pass])
    let prefix = self.prefix(ofPass: pass)
    let cell = ReferenceCell(plan.cell, dimensions: plan.dimensions)
    let weights = plan.cell.parameters.map { ($0.name, tensor(prefix + $0.name)) }
    let initial = try plan.cell.states.enumerated().map { ($1.name, try initialState($0, ofPass: pass, tensor, context)) }
    let (read, width) = (withVectors(rows, plan), plan.inputWidth)
    let run = try cell.run(
      packed: description.isReverse ? turned(read, width: width) : read, lengths: batch.lengths,
      initialStates: Dictionary(uniqueKeysWithValues: initial), memories: plan.cell.memory == nil ? [] : memories,
      parameters: Dictionary(uniqueKeysWithValues: weights), zoneout: zoneout(pass))
    let outputs = run.quantities[plan.cell.states[0].name] ?? []
    return description.isReverse ? turned(outputs, width: plan.width(ofState: 0)) : outputs
  }

  /// The rows below a pass, each with the vectors that its cell reads by name.
  private func withVectors(_ rows: [Double], _ plan: Plan) -> [Double] {
    let further = plan.cell.inputs.dropFirst()
    let named = network.architecture.input.encoding.vectors
    if further.isEmpty || batch.lengths.rows == 0 { return rows }
    let parts = batch.inputs.parts.suffix(named.count).compactMap { ($0 as? NumberRows)?.values }
    let width = plan.dimensions.inputs
    var joined: [Double] = []
    for row in 0..<batch.lengths.rows {
      joined += rows[row * width..<(row + 1) * width]
      for own in further {
        for (vector, values) in zip(named, parts) where vector.name == own.name {
          joined += values[row * vector.width..<(row + 1) * vector.width].map(Double.init)
        }
      }
    }
    return joined
  }

  /// The output of a layer above what is read out, `[B, width]`: each sequence is one step, which nothing comes before.
  private func run(headLayer index: Int, _ plan: Plan, on rows: [Double], _ tensor: (String) -> [Double]) throws -> [Double] {
    let weights = plan.cell.parameters.map { ($0.name, tensor("above.\(index).\($0.name)")) }
    let count = batch.lengths.batch
    let initial = plan.cell.states.enumerated().map { ($1.name, [Double](repeating: 0, count: count * plan.width(ofState: $0))) }
    let run = try ReferenceCell(plan.cell, dimensions: plan.dimensions).run(
      packed: rows, lengths: PackedLengths(steps: 1, batch: count), initialStates: Dictionary(uniqueKeysWithValues: initial),
      parameters: Dictionary(uniqueKeysWithValues: weights))
    return run.quantities[plan.cell.states[0].name] ?? []
  }

  func prefix(ofPass pass: Int) -> String {
    let description = network.architecture.passes[pass]
    return "layers.\(description.layer)." + (description.isReverse ? "reverse." : description.isOneOfTwo ? "forward." : "")
  }

  /// What a pass has learned to start from, or what it goes on from, `[B, width]`.
  func learnedState(_ state: Int, ofPass pass: Int, _ tensor: (String) -> [Double]) -> [Double] {
    let plan = network.plans[pass]
    if !states.isEmpty { return states[pass][state].map(Double.init) }
    let name = "\(prefix(ofPass: pass))initial.\(plan.cell.states[state].name)"
    let learned = (0..<batch.lengths.batch).flatMap { _ in tensor(name) }
    return learned.isEmpty ? [Double](repeating: 0, count: batch.lengths.batch * plan.width(ofState: state)) : learned
  }

  /// Each sequence of packed rows from its last step to its first.
  private func turned(_ rows: [Double], width: Int) -> [Double] {
    var turned = rows
    for (sequence, length) in batch.lengths.perSequence.enumerated() {
      for step in 0..<length {
        let to = batch.lengths.row(step: step, sequence: sequence) * width
        let from = batch.lengths.row(step: length - 1 - step, sequence: sequence) * width
        turned.replaceSubrange(to..<to + width, with: rows[from..<from + width])
      }
    }
    return turned
  }

  func merged(_ given: [[Double]], _ direction: Architecture.Direction, rows: Int) -> [Double] {
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

  /// The network that spells the batch's words, on these.
  private var spelling: ReferenceNetwork? {
    guard let forms, let architecture = (network.architecture.input.encoding as? WordInput)?.spelling else { return nil }
    let batch = Batch(lengths: forms.lengths, inputs: .tokens(forms.characters), targets: .classes([]))
    do {
      return ReferenceNetwork(network: try Network(architecture), batch: batch)
    } catch {
      preconditionFailure("the network that spells words can't be built by itself: \(error)")
    }
  }

  private var symbols: [Int32]? { batch.inputs.parts.lazy.compactMap { ($0 as? SymbolRows)?.symbols }.first }
  private var numbers: [Float]? { batch.inputs.parts.lazy.compactMap { ($0 as? NumberRows)?.values }.first }
  private var forms: WordForms? { batch.inputs.parts.lazy.compactMap { $0 as? WordForms }.first }

  /// What the spelling of each different word gives.
  func spelled(_ parameters: [Double]) throws -> [[Double]] {
    let own = network.layout.entries.filter { $0.name.hasPrefix("spelling.") }
    return try spelling?.outputs(own.flatMap { parameters[$0.range] }) ?? []
  }

  /// The vectors that the first layer reads: a symbol's, then numbers, then what is known of a word's form.
  func inputs(table: [Double], spelled: [[Double]]) -> [Double] {
    let width = network.architecture.inputWidth
    let length = network.layout["embedding.weight"]?.shape[1] ?? 0
    return (0..<batch.lengths.rows).flatMap { row in
      var vector: [Double] = []
      if let symbols {
        let place = Int(symbols[row])
        vector +=
          table.isEmpty
          ? (0..<width).map { $0 == place ? 1.0 : 0 }
          : table[place * length..<(place + 1) * length].map { $0 * symbolFactors[place] }
      }
      if let numbers {
        let count = numbers.count / batch.lengths.rows
        vector += numbers[row * count..<(row + 1) * count].map(Double.init)
      }
      if let forms {
        let word = Int(forms.spellings[row])
        let shapes = forms.shapes.count / forms.lengths.batch
        if !spelled.isEmpty { vector += spelled[word] }
        vector += forms.shapes[word * shapes..<(word + 1) * shapes].map(Double.init)
      }
      return vector
    }
  }

  /// What the vector of each symbol is multiplied by.
  private var symbolFactors: [Double] {
    let fraction = regularization.embeddingDropout
    return draws(network.layout["embedding.weight"]?.shape[0] ?? 0, stream: 1 << 34).map {
      $0 < fraction * 0x1p32 ? 0 : 1 / (1 - fraction)
    }
  }

  /// What units keep of a pass's states at each step, packed rows.
  private func zoneout(_ pass: Int) -> [String: [Double]] {
    let plan = network.plans[pass]
    let pairs = plan.cell.states.indices.filter { plan.cell.states[$0].zoneout > 0 }.map { state in
      let own = stepRows.flatMap { row in
        draws(
          plan.width(ofState: state), stream: 1 << 62 | UInt64(pass << 8 | state) << 44 | UInt64(row.step << 20 | row.sequence))
      }
      return (plan.cell.states[state].name, own.map { $0 < plan.cell.states[state].zoneout * 0x1p32 ? 1.0 : 0 })
    }
    return Dictionary(uniqueKeysWithValues: pairs)
  }

  /// What each of a layer's outputs is multiplied by, drawn for each row by itself: two elements share a draw of 64 bits, the lower
  /// half first.
  func mask(_ layer: Int, count: Int) -> [Double] {
    if regularization.dropout == 0 { return Array(repeating: 1, count: count) }
    let fraction = regularization.dropout
    let isReadOut = layer == network.architecture.layers.count - 1 && network.architecture.readout != .everyStep
    let rows = isReadOut ? batch.lengths.numbers.map { (step: 0, sequence: $0) } : stepRows
    return rows.flatMap { row in
      draws(count / max(1, rows.count), stream: 1 << 60 | UInt64(layer + 1) << 44 | UInt64(row.step << 20 | row.sequence)).map {
        $0 < fraction * 0x1p32 ? 0 : 1 / (1 - fraction)
      }
    }
  }

  /// The steps of all packed rows, and their sequences' numbers.
  private var stepRows: [(step: Int, sequence: Int)] {
    (0..<batch.lengths.steps).flatMap { step in
      zip(batch.lengths.perSequence, batch.lengths.numbers).filter { $0.0 > step }.map { (step: step, sequence: $0.1) }
    }
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
      var (raised, lowered) = (parameters, parameters)
      raised[index] += step
      lowered[index] -= step
      return try (loss(raised) - loss(lowered)) / (2 * step)
    }
  }

  /// How many roundings a run forward and back can add up on the way to a number: in each step of each layer one for each
  /// addition of its products, and what its primitives are off by; in each layer what merging its directions takes. A mean over steps is
  /// one more addition for each, there and back. What spells words adds its own, and the gradients of all rows that have a word are added up;
  /// so does an encoder, and each bridge, whose gradient is one row of each sequence.
  var roundings: Double {
    (encoder?.roundings ?? 0)
      + network.graph.nodes.compactMap { $0 as? PassNode }.filter { $0.pass.span == .start }.reduce(0) {
        $0 + Double(2 * ($1.plan.inputWidth + batch.lengths.batch) + 8)
      }
      + (spelling.map { $0.roundings + Double(batch.lengths.rows) } ?? 0)
      + (network.plans + network.headPlans).reduce(0) { sum, plan in
        let sources = plan.products.reduce(2) { $0 + $1.k }
        let ulps = plan.graph.nodes.reduce(0.0) { sum, node in
          if case .apply(let primitive, _) = node.operation { sum + max(primitive.ulps, 0.5) * 2 } else { sum }
        }
        // At each step each row of a memory is multiplied, weighted and added up.
        let rows = plan.cell.memory == nil ? 0 : Double(batch.inputs.source?.lengths.steps ?? 0)
        let remembered =
          plan.cell.memory == nil ? 0 : 3 * rows + Double(4 * (encoder?.network.architecture.outputWidth ?? 0)) + 40
        return sum + 2 * Double(batch.lengths.steps) * (Double(sources) + ulps + remembered)
      } + Double(network.architecture.readout == .mean ? 2 * batch.lengths.steps + 2 : 0)
      + Double(2 * network.architecture.outputWidth + 4 * network.architecture.layers.count)
  }
}
