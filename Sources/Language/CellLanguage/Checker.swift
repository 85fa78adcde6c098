import Support

extension Cell {
  /// The cell that a text describes.
  ///
  /// - Parameter file: what diagnostics call the text, usually its path.
  /// - Throws: the first error, with its place and what to write instead.
  public init(parsing text: String, file: String = "cell") throws(Diagnostic) {
    let source = SourceText(text, file: file)
    self = try Checker(try CellParser.parse(source), in: source).cell()
  }
}

/// Gives every name of a well-formed text its meaning, kind and size.
struct Checker {
  let syntax: CellSyntax
  let source: SourceText

  init(_ syntax: CellSyntax, in source: SourceText) { (self.syntax, self.source) = (syntax, source) }

  func cell() throws(Diagnostic) -> Cell {
    guard !syntax.inputs.isEmpty else { throw source.diagnostic(.noInput, at: syntax.place) }
    guard let output = syntax.states.first else { throw source.diagnostic(.noState, at: syntax.place) }
    if output.columns != nil { throw source.diagnostic(.matrix(.output(output.name.text)), at: output.name.span) }
    let names = try NameTable(of: syntax, in: source)
    let uses = try ParameterUses(of: syntax, names: names, in: source)
    let order = try evaluationOrder()
    var sizes = try SizeChecker(of: syntax, names: names, in: source)
    var equations: [Cell.Equation] = []
    for equation in syntax.equations {
      let name = equation.target.text
      equations.append(
        Cell.Equation(
          target: name, isUpdate: equation.isUpdate, expression: equation.expression.expression(matrices: names.kinds),
          size: try sizes.shape(of: name, at: equation.target.span),
          isNumber: !equation.isUpdate && names.kinds.numbers.contains(name),
          hasDeclaredSize: syntax.locals.contains { $0.name.text == name }, label: equation.label))
    }
    var kinds: [(name: String, kind: Cell.Parameter.Kind)] = []
    for use in uses.parameters { kinds.append((use.name, try kind(of: use, &sizes))) }
    try sizes.finish()
    try checkHeads(kinds, names)
    let cell = Cell(
      name: syntax.name, summary: syntax.summary,
      inputs: syntax.inputs.map { Cell.Input(name: $0.name.text, size: $0.length.size) },
      memory: syntax.memories.first.map { Cell.Memory(name: $0.name.text, size: $0.length.size) },
      states: try states(names), sizes: namedSizes, hasHeads: syntax.heads != nil,
      constants: syntax.constants.map { Cell.Constant(name: $0.name.text, value: $0.value) }, equations: equations,
      repeats: syntax.repeats.map { Cell.Repeat(count: $0.count.size, equations: $0.equations) }, evaluationOrder: order,
      parameters: try parameters(kinds, names), constraints: sizes.constraints)
    try checkMemory(of: cell, uses)
    return cell
  }

  private func kind(of use: ParameterUses.Parameter, _ sizes: inout SizeChecker) throws(Diagnostic) -> Cell.Parameter.Kind {
    if let place = use.matrix {
      let (rows, columns) = try sizes.matrix(use.name, at: place)
      let isBlockDiagonal = syntax.blocks.contains { $0.text == use.name }
      return isBlockDiagonal ? .blockDiagonal(rows: rows, columns: columns) : .matrix(rows: rows, columns: columns)
    }
    if let place = use.factor { return .vector(try sizes.size(of: use.name, at: place)) }
    if let place = use.addend { return .bias(try sizes.size(of: use.name, at: place)) }
    return .scalar
  }

  /// The states with what `zoneout` lines say of them.
  private func states(_ names: NameTable) throws(Diagnostic) -> [Cell.State] {
    var fractions: [String: CellSyntax.Zoneout] = [:]
    for line in syntax.zoneouts {
      let name = line.name.text
      guard syntax.states.contains(where: { $0.name.text == name }) else {
        let what = names[name]?.description
        let suggestion = what == nil ? closest(to: name, in: syntax.states.map(\.name.text)) : nil
        throw source.diagnostic(.zoneoutOfNoState(name, what: what, suggestion: suggestion), at: line.name.span)
      }
      if let earlier = fractions[name] {
        throw source.diagnostic(.zoneoutTwice(name, line: earlier.name.span.line + 1), at: line.name.span)
      }
      fractions[name] = line
    }
    return syntax.states.map { state in
      let name = state.name.text
      return Cell.State(
        name: name,
        size: state.shape(
          isNumber: names.kinds.numbers.contains(name), number: Shape.number(hasHeads: syntax.heads != nil).rows),
        isNumber: names.kinds.numbers.contains(name), zoneout: fractions[name]?.fraction ?? 0)
    }
  }

  /// The cell's own sizes in the order in which its states and its inputs name them, then those that only other lines name.
  private var namedSizes: [Cell.NamedSize] {
    var found: [Cell.NamedSize] = []
    for length in syntax.lengths {
      guard let name = length.name, name != "units", name != "inputs", !found.contains(where: { $0.name == name }) else {
        continue
      }
      let own = syntax.sizes.first { $0.name.text == name }?.defaultValue
      let isOfMemory = syntax.memories.contains { $0.length.name == name }
      found.append(Cell.NamedSize(name: name, defaultValue: own ?? (isOfMemory ? .ofMemory : nil)))
    }
    for size in syntax.sizes where !found.contains(where: { $0.name == size.name.text }) {
      found.append(Cell.NamedSize(name: size.name.text, defaultValue: size.defaultValue))
    }
    return found
  }

  private func evaluationOrder() throws(Diagnostic) -> [Int] {
    let graph = EvaluationOrder(of: syntax.equations, repeats: syntax.repeats.map(\.equations))
    let (order, rest) = graph.sorted
    let cycle = graph.cycle(in: rest).map { syntax.equations[$0] }
    if let first = cycle.first {
      throw source.diagnostic(.cycle(cycle.map { $0.target.text + ($0.isUpdate ? "'" : "") }), at: first.target.span)
    }
    return order
  }

  /// The parameters with what `init` and `fixed` lines say of them.
  private func parameters(_ kinds: [(name: String, kind: Cell.Parameter.Kind)], _ names: NameTable) throws(Diagnostic) -> [Cell
    .Parameter]
  {
    var initializers: [String: CellSyntax.Initializer] = [:]
    for line in syntax.initializers {
      let name = line.name.text
      guard let kind = kinds.first(where: { $0.name == name })?.kind else {
        let kind: DiagnosticKind =
          names[name].map { .initOfDefined(name, what: $0.description) }
          ?? .initOfUnknown(name, suggestion: closest(to: name, in: kinds.map(\.name)))
        throw source.diagnostic(kind, at: line.name.span)
      }
      if let earlier = initializers[name] {
        throw source.diagnostic(.initTwice(name, line: earlier.name.span.line + 1), at: line.name.span)
      }
      guard kind.matrixSizes != nil || !line.value.needsMatrix else {
        let value = source.text(of: line.place)
        throw source.diagnostic(.initOfWrongKind(name, kind: kind.word, value: value), at: line.place)
      }
      initializers[name] = line
    }
    let fixed = try fixed(kinds.map(\.name), names)
    return kinds.map {
      Cell.Parameter(
        name: $0.name, kind: $0.kind, initializer: initializers[$0.name]?.value, isFixed: fixed.contains($0.name))
    }
  }

  /// The parameters that `fixed` lines name.
  private func fixed(_ parameters: [String], _ names: NameTable) throws(Diagnostic) -> Set<String> {
    var lines: [String: Int] = [:]
    for name in syntax.fixed {
      guard parameters.contains(name.text) else {
        let kind: DiagnosticKind =
          names[name.text].map { .fixedOfDefined(name.text, what: $0.description) }
          ?? .fixedOfUnknown(name.text, suggestion: closest(to: name.text, in: parameters))
        throw source.diagnostic(kind, at: name.span)
      }
      if let line = lines[name.text] { throw source.diagnostic(.fixedTwice(name.text, line: line), at: name.span) }
      lines[name.text] = name.span.line + 1
    }
    return Set(lines.keys)
  }
}

extension Cell.Initializer {
  fileprivate var needsMatrix: Bool {
    switch self {
    case .identity, .orthogonal, .glorot, .groups: true
    case .constant, .uniform, .normal, .legendre: false
    }
  }
}

extension Cell.Parameter.Kind {
  var word: String {
    switch self {
    case .matrix, .blockDiagonal: "matrix"
    case .vector: "vector"
    case .bias: "bias"
    case .scalar: "scalar"
    }
  }
}
