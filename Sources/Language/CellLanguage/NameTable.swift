import Support

/// What the names of a cell mean: all that lines declare or define. Any other name is a parameter.
struct NameTable {
  /// What a name stands for.
  enum Meaning: Sendable {
    /// One of several inputs is `inputs`, the only one `input`.
    case input, inputs, state, local, size, constant, scalar

    /// As a diagnostic says it.
    var description: String {
      switch self {
      case .input: "the input"
      case .inputs: "an input"
      case .state: "a state"
      case .local: "a local vector"
      case .size: "a size"
      case .constant: "a constant"
      case .scalar: "a scalar"
      }
    }
  }

  let source: SourceText
  private var table: [String: (meaning: Meaning, line: Int)] = [:]

  /// - Throws: if a name is declared or defined twice, or is one that can't be.
  init(of cell: CellSyntax, in source: SourceText) throws(Diagnostic) {
    self.source = source
    for size in cell.sizes { try declare(size.name, as: .size) }
    for input in cell.inputs { try declare(input.name, as: cell.inputs.count == 1 ? .input : .inputs) }
    for state in cell.states { try declare(state.name, as: .state) }
    for constant in cell.constants { try declare(constant.name, as: .constant) }
    for scalar in cell.scalars { try declare(scalar, as: .scalar) }
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

  private mutating func define(_ equation: CellSyntax.Equation) throws(Diagnostic) {
    let target = equation.target
    let meaning = self[target.text]
    switch (meaning, equation.isUpdate) {
    case (.state, true): return
    case (.state, false): throw source.diagnostic(.stateWithoutPrime(target.text), at: target.span)
    case (.input?, _), (.inputs?, _):
      throw source.diagnostic(.inputAsTarget(target.text, what: meaning?.description ?? ""), at: target.span)
    case (_, true):
      let suggestion = meaning == nil ? state(near: target.text) : nil
      let kind = DiagnosticKind.updateOfNoState(target.text, what: meaning?.description, suggestion: suggestion)
      throw source.diagnostic(kind, at: target.span)
    case (_, false): try declare(target, as: .local)
    }
  }

  private var states: [String] { table.filter { $0.value.meaning == .state }.keys.sorted() }

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
