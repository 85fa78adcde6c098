package import CellLanguage
package import Support

extension LayerDescription {
  /// What a cell is in these terms, in a layer that runs forward.
  ///
  /// - Throws: ``RecurrentError`` if the cell's equations are none of a plain network, an LSTM or a GRU; it says why.
  package init(_ cell: Cell, dimensions: Dimensions) throws(RecurrentError) {
    let reading = try CellReading(cell)
    let states = cell.states.map { dimensions[$0.size] }
    var kind = reading.kind
    if case .lstm(var lstm) = kind {
      lstm.projection = reading.projection == nil ? nil : states[0]
      kind = .lstm(lstm)
    }
    self.init(kind, inputs: dimensions.inputs, units: states[states.count - 1], biases: reading.biases, clip: reading.clip)
  }

  /// The cell that does what the layer does: one of the library if there is one, else one made from it by putting other functions
  /// in its equations, by adding or dropping terms.
  ///
  /// - Throws: ``RecurrentError`` if an attribute has a value that no cell can have.
  package func cell() throws(RecurrentError) -> Cell {
    try check()
    for (cell, reading) in Self.relatives {
      if reading.kind == unsizedKind && reading.biases == effectiveBiases && reading.clip == clip
        && (reading.projection != nil) == isProjected
      {
        return cell
      }
    }
    for (cell, reading) in Self.relatives where cell.name == base { return try derived(from: cell, reading) }
    preconditionFailure("\(base) is no cell that other systems have")
  }

  /// The cells of the library that other systems have too.
  private static let relatives: [(cell: Cell, reading: CellReading)] = [
    "rnn", "lstm", "lstm-peephole", "lstm-projected", "lstm-coupled", "lstm-cifg", "gru", "gru-reset-before",
  ].map { name in
    do {
      let cell = try Cell.named(name)
      return (cell, try CellReading(cell))
    } catch { preconditionFailure("\(error)") }
  }

  private var base: String {
    switch kind {
    case .rnn: "rnn"
    case .lstm: isProjected ? "lstm-projected" : "lstm"
    case .gru(let gru): gru.reset == .after ? "gru" : "gru-reset-before"
    }
  }

  private var isProjected: Bool { if case .lstm(let lstm) = kind { lstm.projection != nil } else { false } }

  /// The kind without the length of a projection, which is no part of a cell.
  private var unsizedKind: Kind {
    guard case .lstm(var lstm) = kind else { return kind }
    lstm.projection = nil
    return .lstm(lstm)
  }

  /// The biases that a cell has: two are one where they are only ever added.
  private var effectiveBiases: Biases {
    if case .gru(let gru) = kind, gru.reset == .after { biases } else { biases == .two ? .one : biases }
  }

  private func check() throws(RecurrentError) {
    for (name, value) in [("inputs", inputs), ("units", units)] where value < 1 {
      throw RecurrentError(.interchange, "can't represent a layer whose number of \(name) is \(value); it must be at least 1")
    }
    if let clip, !(clip > 0 && clip.isFinite) {
      throw RecurrentError(.interchange, "can't represent clip = \(clip); a limit is a number above 0")
    }
    guard case .lstm(let lstm) = kind else { return }
    if let projection = lstm.projection, projection < 1 {
      throw RecurrentError(.interchange, "can't represent projection = \(projection); it must be at least 1")
    }
    if let gate = lstm.coupled, gate != .input && gate != .forget {
      throw RecurrentError(
        .interchange, "can't represent coupled = \(gate.rawValue); only the input and the forget gate can be coupled")
    }
  }

  private func activation(of gate: Gate) -> Activation {
    switch (kind, gate) {
    case (.rnn(let activation), _): activation
    case (.lstm(let lstm), .candidate): lstm.candidate
    case (.lstm(let lstm), _): lstm.gates
    case (.gru(let gru), .candidate): gru.candidate
    case (.gru(let gru), _): gru.gates
    }
  }
}

extension LayerDescription {
  /// The base cell with what differs put in its equations.
  private func derived(from base: Cell, _ reading: CellReading) throws(RecurrentError) -> Cell {
    let names = reading.gates.map { gate in base.equations.first { $0.expression == gate.expression }?.target ?? "" }
    let memory = base.states.count > 1 ? base.states[1].name : ""
    var replaced: [Expression: Expression] = [:]
    for (place, gate) in baseGates.enumerated() {
      let own = reading.gates[place]
      if let coupled, gate == coupled {
        replaced[own.expression] = .apply(.subtract, [.number(1), .name(names[gate == .input ? 1 : 0])])
        continue
      }
      var sum = own.preactivation.dropping(droppedBiases(of: own)) ?? own.preactivation
      if hasPeephole(gate) {
        let seen: Expression = gate == .output ? .next(memory) : .name(memory)
        sum = .apply(.add, [sum, .apply(.multiply, [.name("p_\(letter(of: gate))"), seen])])
      }
      replaced[own.expression] = activation(of: gate).applied(to: limited(sum))
    }
    let equations = base.equations.map { equation in
      Cell.Equation(
        target: equation.target, isUpdate: equation.isUpdate,
        expression: replaced[equation.expression]
          ?? shown(equation.expression, memory: .next(memory), update: names.dropFirst().first),
        size: equation.size, label: equation.label)
    }
    let used = Set(equations.flatMap(\.expression.parts).compactMap(\.parameterName))
    let changed = Cell(
      name: ([self.base] + differences.map(\.suffix)).joined(separator: "-"),
      summary: base.summary.prefix(1) + [
        "As \(self.base) in the library, but with \(differences.map(\.words).joined(separator: ", "))."
      ],
      inputs: base.inputs, states: base.states, sizes: base.sizes, hasHeads: base.hasHeads, equations: equations,
      repeats: base.repeats,
      evaluationOrder: base.evaluationOrder, parameters: base.parameters.filter { used.contains($0.name) },
      constraints: base.constraints)
    // Read as a text, it is checked again, and its parameters are in the order of their first use.
    do throws(Diagnostic) { return try Cell(parsing: changed.description, file: changed.name) } catch {
      throw RecurrentError(.interchange, "can't represent this layer: \(error)")
    }
  }

  private var coupled: Gate? { if case .lstm(let lstm) = kind { lstm.coupled } else { nil } }

  /// The gates of the base cell, none of which is coupled.
  private var baseGates: [Gate] { if case .lstm = kind { [.input, .forget, .candidate, .output] } else { gates } }

  private func droppedBiases(of gate: GateReading) -> Set<String> {
    switch effectiveBiases {
    case .none: Set([gate.bias, gate.recurrentBias].compactMap { $0 })
    case .one: Set([gate.recurrentBias].compactMap { $0 })
    case .two: []
    }
  }

  private func limited(_ argument: Expression) -> Expression {
    guard let clip else { return argument }
    return .call("clip", argument, .signed(-clip), .number(clip))
  }

  /// The update of the hidden state with the layer's own output function or the other weighting of old and new.
  private func shown(_ expression: Expression, memory: Expression, update: String?) -> Expression {
    switch kind {
    case .rnn: return expression
    case .lstm(let lstm):
      let squashed = Activation.tanh.applied(to: memory)
      return expression.replacing { $0 == squashed ? lstm.output.applied(to: memory) : nil }
    case .gru(let gru):
      guard gru.updatesInverted, let update else { return expression }
      let (z, rest) = (Expression.name(update), Expression.apply(.subtract, [.number(1), .name(update)]))
      return expression.replacing { $0 == rest ? z : $0 == z ? rest : nil }
    }
  }

  /// In what the layer differs from its base, as a part of the cell's name and in words.
  private var differences: [(suffix: String, words: String)] {
    var found: [(String, String)] = []
    func add(_ activation: Activation, usual: Activation, _ what: String) {
      if activation != usual { found.append((activation.name, "\(activation) as the function of \(what)")) }
    }
    switch kind {
    case .rnn(let activation): add(activation, usual: .tanh, "the hidden state")
    case .lstm(let lstm):
      add(lstm.gates, usual: .sigmoid, "the gates")
      add(lstm.candidate, usual: .tanh, "the candidate")
      add(lstm.output, usual: .tanh, "the output")
      if lstm.peepholes { found.append(("peephole", "diagonal peepholes")) }
      if let coupled { found.append(("coupled_\(coupled.rawValue)", "the \(coupled.rawValue) gate 1 minus the other")) }
    case .gru(let gru):
      add(gru.gates, usual: .sigmoid, "the gates")
      add(gru.candidate, usual: .tanh, "the candidate")
      if gru.updatesInverted { found.append(("inverted", "an update gate that is the fraction of the new")) }
    }
    switch effectiveBiases {
    case .none: found.append(("no_bias", "no biases"))
    case .one: if case .gru(let gru) = kind, gru.reset == .after { found.append(("one_bias", "one bias for each gate")) }
    case .two: break
    }
    if let clip {
      found.append(("clip", "the arguments of the gates' and the candidate's functions limited to ±\(Expression.number(clip))"))
    }
    return found
  }
}

extension Expression {
  /// The name that may be a parameter's here.
  fileprivate var parameterName: String? {
    switch self {
    case .name(let name), .product(let name, _, _), .projection(_, let name): name
    case .number, .next, .concatenation, .slice, .apply: nil
    }
  }
}
