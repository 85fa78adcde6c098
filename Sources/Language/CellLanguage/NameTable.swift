import Support

/// What the names of a cell mean: all that lines declare or define. Any other name is a parameter.
struct NameTable {
  /// What a name stands for.
  enum Meaning: Sendable {
    /// One of several inputs is `inputs`, the only one `input`.
    case input, inputs, state, local, size, constant, scalar
    /// A scalar that the cell defines, or declares as a state.
    case number, numberState
    /// A matrix that each sequence has.
    case matrix, matrixState
    /// A matrix with a row for each step of another sequence.
    case memory

    var isState: Bool { [.state, .numberState, .matrixState].contains(self) }

    /// As a diagnostic says it.
    var description: String {
      switch self {
      case .input: "the input"
      case .inputs: "an input"
      case .state: "a state"
      case .local: "a local vector"
      case .size: "a size"
      case .constant: "a constant"
      case .scalar, .number: "a scalar"
      case .numberState: "a state, and a scalar"
      case .matrix: "a matrix"
      case .matrixState: "a state, and a matrix"
      case .memory: "the memory"
      }
    }
  }

  let source: SourceText
  /// Which names stand for matrices and which for numbers.
  let kinds: ValueKinds
  /// The name of the memory, if there is one.
  let memory: String?
  private var table: [String: (meaning: Meaning, line: Int)] = [:]

  /// - Throws: if a name is declared or defined twice, or is one that can't be.
  init(of cell: CellSyntax, in source: SourceText) throws(Diagnostic) {
    (self.source, kinds) = (source, ValueKinds(of: cell))
    memory = cell.memories.first?.name.text
    for size in cell.sizes { try declare(size.name, as: .size) }
    for input in cell.inputs { try declare(input.name, as: cell.inputs.count == 1 ? .input : .inputs) }
    for memory in cell.memories { try declare(memory.name, as: .memory) }
    for state in cell.states { try declare(state.name, as: state.columns == nil ? .state : .matrixState) }
    for constant in cell.constants { try declare(constant.name, as: .constant) }
    for scalar in cell.scalars { try declareScalar(scalar, of: cell) }
    for length in cell.lengths {
      if case .named(let name) = length, table[name.text]?.meaning != .size, !Self.layerSizes.contains(name.text) {
        let known = Self.layerSizes + cell.sizes.map(\.name.text)
        if let suggestion = closest(to: name.text, in: known) {
          throw source.diagnostic(.unknownSize(name.text, suggestion: suggestion), at: name.span)
        }
        try declare(name, as: .size)
      }
    }
    for equation in cell.equations { try define(equation) }
    try checkLocals(of: cell)
    try checkSizes(of: cell)
    try checkUpdates(of: cell)
  }

  subscript(name: String) -> Meaning? {
    Self.layerSizes.contains(name) ? .size : table[name]?.meaning
  }

  private static let layerSizes = ["units", "inputs"]

  private mutating func declare(_ name: ExpressionSyntax.Name, as meaning: Meaning) throws(Diagnostic) {
    if Self.layerSizes.contains(name.text) { throw source.diagnostic(.reservedSize(name.text), at: name.span) }
    if Primitive.function(named: name.text) != nil { throw source.diagnostic(.functionAsTarget(name.text), at: name.span) }
    if let (meaning, line) = table[name.text] {
      throw source.diagnostic(.definedTwice(name: name.text, what: meaning.description, line: line), at: name.span)
    }
    table[name.text] = (meaning, name.span.line + 1)
  }

  /// A scalar is a parameter, unless an equation defines it or it is a state.
  private mutating func declareScalar(_ scalar: ExpressionSyntax.Name, of cell: CellSyntax) throws(Diagnostic) {
    guard let state = cell.states.first(where: { $0.name.text == scalar.text }), table[scalar.text]?.meaning.isState ?? false
    else { return try declare(scalar, as: .scalar) }
    switch (state.length, state.columns) {
    case (nil, nil), (.number(1), nil): table[scalar.text]?.meaning = .numberState
    default: throw source.diagnostic(.matrix(.scalarWithSize(scalar.text)), at: scalar.span)
    }
  }

  private mutating func define(_ equation: CellSyntax.Equation) throws(Diagnostic) {
    let target = equation.target
    let meaning = self[target.text]
    switch (meaning, equation.isUpdate) {
    case (let meaning?, true) where meaning.isState: return
    case (let meaning?, false) where meaning.isState: throw source.diagnostic(.stateWithoutPrime(target.text), at: target.span)
    case (.input?, _), (.inputs?, _), (.memory?, _):
      throw source.diagnostic(.inputAsTarget(target.text, what: meaning?.description ?? ""), at: target.span)
    case (_, true):
      let suggestion = meaning == nil ? state(near: target.text) : nil
      let kind = DiagnosticKind.updateOfNoState(target.text, what: meaning?.description, suggestion: suggestion)
      throw source.diagnostic(kind, at: target.span)
    case (.scalar?, false): table[target.text] = (.number, target.span.line + 1)
    case (_, false):
      let isMatrix = kinds.matrices.contains(target.text)
      try declare(target, as: isMatrix ? .matrix : kinds.numbers.contains(target.text) ? .number : .local)
    }
  }

  private var states: [String] { table.filter { $0.value.meaning.isState }.keys.sorted() }

  private func checkUpdates(of cell: CellSyntax) throws(Diagnostic) {
    var updates: [String: Int] = [:]
    for equation in cell.equations where equation.isUpdate {
      if let line = updates[equation.target.text] {
        throw source.diagnostic(.updatedTwice(equation.target.text, line: line), at: equation.target.span)
      }
      updates[equation.target.text] = equation.target.span.line + 1
    }
    for state in cell.states where updates[state.name.text] == nil {
      throw source.diagnostic(.neverUpdated(state.name.text), at: state.name.span)
    }
  }

  /// The state that a misspelt name was probably meant to be.
  func state(near name: String) -> String? { closest(to: name, in: states) }
}
