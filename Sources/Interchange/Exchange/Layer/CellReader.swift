import CellAnalysis
import CellLanguage
import Support

/// Takes a cell's equations apart.
struct CellReader {
  private let cell: Cell
  private(set) var projection: String?
  /// Limits of the arguments of the gates' and the candidate's functions, nil where there is none.
  private var limits: [Double?] = []

  init(_ cell: Cell) { self.cell = cell.withoutConstants }

  func failure(_ reason: String) -> RecurrentError {
    RecurrentError(
      .interchange, "cell \(cell.name) is no plain network, LSTM or GRU of the kinds that other systems have: \(reason)")
  }

  // MARK: Kinds

  mutating func plainOrGRU() throws(RecurrentError) -> (LayerDescription.Kind, [GateReading]) {
    let hidden = Expression.name(cell.states[0].name)
    let update = try self.update(of: 0)
    if let gru = try gru(Polynomial(update, in: cell), hidden) { return gru }
    let gate = try self.gate(update)
    return (.rnn(gate.activation), [gate])
  }

  private mutating func gru(
    _ update: Polynomial, _ hidden: Expression
  ) throws(RecurrentError) -> (LayerDescription.Kind, [GateReading])? {
    for z in update.factors where z != hidden {
      for n in update.factors where n != z && n != hidden {
        let keepsOld = Polynomial([[n]: 1, [z, n]: -1, [z, hidden]: 1])
        let keepsNew = Polynomial([[hidden]: 1, [z, hidden]: -1, [z, n]: 1])
        guard update == keepsOld || update == keepsNew else { continue }
        let (candidate, reset, place) = try candidate(n)
        let gates = [try gate(reset), try gate(z), candidate]
        let kind = LayerDescription.GRU(
          gates: try activation(of: Array(gates.prefix(2))), candidate: candidate.activation, reset: place,
          updatesInverted: update == keepsNew)
        return (.gru(kind), gates)
      }
    }
    return nil
  }

  mutating func lstm() throws(RecurrentError) -> (LayerDescription.Kind, [GateReading]) {
    let memory = Expression.name(cell.states[1].name)
    let update = Polynomial(try self.update(of: 1), in: cell)
    guard let (input, forget, candidate) = parts(of: update, memory) else {
      throw failure(
        "\(cell.states[1].name)' is not a forget gate times \(cell.states[1].name) and an input gate times a candidate")
    }
    let (output, activation) = try self.output()
    let coupled: LayerDescription.Gate? = input == nil ? .input : forget == nil ? .forget : nil
    var gates: [GateReading] = []
    for part in [input, forget] {
      if let part { gates.append(try gate(part, peephole: memory)) }
    }
    let squashers = gates
    let last = try gate(output, peephole: .next(cell.states[1].name))
    let middle = try gate(candidate)
    gates += [middle, last]
    let peepholes = (squashers + [last]).map { $0.peephole != nil }
    guard Set(peepholes).count == 1 else { throw failure("some gates have peepholes and some have none") }
    let kind = LayerDescription.LSTM(
      gates: try self.activation(of: squashers + [last]), candidate: middle.activation, output: activation,
      peepholes: peepholes.contains(true), coupled: coupled)
    return (.lstm(kind), gates)
  }

  // MARK: Parts

  private func update(of state: Int) throws(RecurrentError) -> Expression {
    let name = cell.states[state].name
    guard let equation = cell.equations.first(where: { $0.isUpdate && $0.target == name }) else {
      throw failure("\(name) is never updated")
    }
    return equation.expression
  }

  /// What a local vector's name stands for.
  private func resolved(_ expression: Expression) -> Expression {
    guard case .name(let name) = expression, let equation = cell.equations.first(where: { !$0.isUpdate && $0.target == name })
    else { return expression }
    return equation.expression
  }

  /// The gates of `f * c + i * g`; one of them is nil if it is 1 minus the other.
  private func parts(of update: Polynomial, _ memory: Expression) -> (
    input: Expression?, forget: Expression?, candidate: Expression
  )? {
    for first in update.factors where first != memory {
      for candidate in update.factors where candidate != first && candidate != memory {
        if update == Polynomial([[first, memory]: 1, [candidate]: 1, [first, candidate]: -1]) {
          return (nil, first, candidate)
        }
        if update == Polynomial([[first, candidate]: 1, [memory]: 1, [first, memory]: -1]) { return (first, nil, candidate) }
        for forget in update.factors where ![memory, first, candidate].contains(forget) {
          guard update == Polynomial([[forget, memory]: 1, [first, candidate]: 1]) else { continue }
          return isGate(first, beside: forget, memory) >= isGate(candidate, beside: forget, memory)
            ? (first, forget, candidate) : (candidate, forget, first)
        }
      }
    }
    return nil
  }

  /// How much speaks for a factor of `i * g` to be the gate: that its function is the forget gate's, that it sees the memory,
  /// that it is no candidate by its role, and last that it stands before the other.
  private func isGate(_ factor: Expression, beside forget: Expression, _ memory: Expression) -> Int {
    let (own, other) = (GateReading(resolved(factor)), GateReading(resolved(forget)))
    let place = cell.equations.firstIndex { .name($0.target) == factor } ?? 0
    return (own.activation == other.activation ? 4000 : 0) + (own.expression.parts.contains(memory) ? 2000 : 0)
      + (isCandidate(factor) ? 0 : 1000) - place
  }

  private func isCandidate(_ expression: Expression) -> Bool {
    if case .name(let name) = expression {
      return zip(cell.equations, cell.roles).contains { $0.target == name && !$0.isUpdate && $1 == .candidate }
    }
    return cell.range(of: expression).lowerBound < 0
  }

  /// The output gate, and the function of the new cell state that it lets through.
  private mutating func output() throws(RecurrentError) -> (gate: Expression, activation: Activation) {
    var update = try self.update(of: 0)
    if case .product(let matrix, false, let vector) = update { (projection, update) = (matrix, vector) }
    let memory = Expression.next(cell.states[1].name)
    // As it stands there, since the function may be a sum or a product itself, and multiplied out.
    var products: [[Expression]] = []
    if case .apply(.multiply, let factors) = update { products.append(factors) }
    let terms = Polynomial(update, in: cell).terms
    if terms.count == 1, let (factors, value) = terms.first, value == 1, factors.count == 2 { products.append(factors) }
    guard !products.isEmpty else {
      throw failure("\(cell.states[0].name)' is not an output gate times the new \(cell.states[1].name)")
    }
    for factors in products {
      for (gate, shown) in [(factors[0], factors[1]), (factors[1], factors[0])] {
        let reading = GateReading(resolved(shown))
        if reading.preactivation == memory && reading.clip == nil { return (gate, reading.activation) }
      }
    }
    throw failure("\(cell.states[0].name)' does not show the new \(cell.states[1].name)")
  }

  private func activation(of gates: [GateReading]) throws(RecurrentError) -> Activation {
    guard Set(gates.map(\.activation)).count == 1 else {
      throw failure("its gates have different functions: \(gates.map { "\($0.activation)" }.joined(separator: ", "))")
    }
    return gates[0].activation
  }

  /// A candidate, its reset gate, and where that acts.
  private mutating func candidate(
    _ expression: Expression
  ) throws(RecurrentError) -> (GateReading, reset: Expression, LayerDescription.Reset) {
    var gate = GateReading(resolved(expression))
    limits.append(gate.clip)
    let hidden = Expression.name(cell.states[0].name)
    var found: (reset: Expression, place: LayerDescription.Reset)?
    for term in gate.preactivation.addends {
      switch term {
      case .product(let matrix, let isTransposed, .apply(.multiply, let factors)) where factors.contains(hidden):
        found = (factors[factors[0] == hidden ? 1 : 0], .before)
        gate.recurrent = MatrixBlock(parameter: matrix, offset: [], isTransposed: isTransposed)
      case .apply(.multiply, let factors):
        let sumFirst = isSum(factors[0])
        found = (factors[sumFirst ? 1 : 0], .after)
        for part in factors[sumFirst ? 0 : 1].addends { try read(part, into: &gate, bias: \.recurrentBias, peephole: nil) }
      default: try read(term, into: &gate, bias: \.bias, peephole: nil)
      }
    }
    guard let found else { throw failure("its candidate has no reset gate") }
    return (gate, found.reset, found.place)
  }

  private func isSum(_ expression: Expression) -> Bool {
    expression.addends.contains { if case .product = $0 { true } else { false } }
  }

  /// - Parameter memory: the cell state that the gate may see.
  private mutating func gate(_ expression: Expression, peephole memory: Expression? = nil) throws(RecurrentError) -> GateReading {
    var gate = GateReading(resolved(expression))
    limits.append(gate.clip)
    for term in gate.preactivation.addends { try read(term, into: &gate, bias: \.bias, peephole: memory) }
    return gate
  }

  private func read(
    _ term: Expression, into gate: inout GateReading, bias: WritableKeyPath<GateReading, String?>, peephole memory: Expression?
  ) throws(RecurrentError) {
    switch term {
    case .product(let matrix, let isTransposed, let vector):
      var vectors = [vector]
      if case .concatenation(let parts) = vector { vectors = parts }
      let sizes = isTransposed ? [] : columns(of: matrix)
      for (index, vector) in vectors.enumerated() {
        let block = MatrixBlock(parameter: matrix, offset: Array(sizes.prefix(index)), isTransposed: isTransposed)
        switch vector {
        case .name(cell.input) where gate.input == nil: gate.input = block
        case .name(cell.states[0].name) where gate.recurrent == nil: gate.recurrent = block
        default: throw failure("\(matrix) multiplies \(vector)")
        }
        if isTransposed && vectors.count > 1 { throw failure("\(matrix)^T multiplies several vectors") }
      }
    case .name(let name) where isParameter(name) && gate[keyPath: bias] == nil: gate[keyPath: bias] = name
    case .apply(.multiply, let factors):
      for (vector, shown) in [(factors[0], factors[1]), (factors[1], factors[0])] {
        if case .name(let name) = vector, let memory, shown == memory, isParameter(name), gate.peephole == nil {
          gate.peephole = name
          return
        }
      }
      throw failure("it adds \(term)")
    default: throw failure("it adds \(term)")
    }
  }

  private func columns(of matrix: String) -> [Size] {
    for parameter in cell.parameters where parameter.name == matrix {
      if case .matrix(_, let columns) = parameter.kind { return columns }
    }
    return []
  }

  private func isParameter(_ name: String) -> Bool { cell.parameters.contains { $0.name == name } }

  // MARK: The whole

  /// The limit that all activation functions' arguments have.
  func clip() throws(RecurrentError) -> Double? {
    guard Set(limits).count == 1, let limit = limits.first else { throw failure("some of its gates' arguments are limited") }
    return limit
  }

  /// Each gate must have its two matrices, and each parameter one place.
  func checkParameters(of gates: [GateReading]) throws(RecurrentError) {
    for gate in gates where gate.input == nil || gate.recurrent == nil {
      throw failure("\(gate.expression) does not read both \(cell.input) and \(cell.states[0].name)")
    }
    let used = gates.flatMap { Set($0.parameters) } + (projection.map { [$0] } ?? [])
    for parameter in cell.parameters {
      if case .scalar = parameter.kind { throw failure("it has the scalar \(parameter.name)") }
      let count = used.count { $0 == parameter.name }
      guard count == 1 else { throw failure("\(parameter.name) has \(count == 0 ? "no such place" : "several places") in one") }
    }
  }
}
