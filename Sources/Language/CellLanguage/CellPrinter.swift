extension Cell: CustomStringConvertible {
  /// The cell's text: parsed again it gives the same cell.
  ///
  /// Comments that stand neither above the name nor after an equation are not part of a cell and so not in its text.
  public var description: String {
    var lines = summary.map { $0.isEmpty ? "#" : "# \($0)" }
    lines += [
      "cell \(name)", "input " + inputs.enumerated().map { $0 == 0 ? $1.name : "\($1.name)(\($1.size))" }.joined(separator: ", "),
    ]
    if let memory { lines.append("memory \(memory.name)(\(memory.size))") }
    for size in sizes {
      guard let defaultValue = size.defaultValue else { continue }
      if defaultValue == .ofMemory, memory?.size == Size(terms: [size.name: 1]) { continue }
      let isHeads = hasHeads && size.name == Size.headsName
      lines.append(isHeads ? "heads \(defaultValue)" : "size \(size.name) = \(defaultValue)")
    }
    lines.append("state " + states.map(\.declaration).joined(separator: ", "))
    let locals = equations.filter(\.hasDeclaredSize).map { "\($0.target)(\($0.size))" }
    if !locals.isEmpty { lines.append("local " + locals.joined(separator: ", ")) }
    lines += constants.map { "constant \($0.name) = \(Expression.text(of: $0.value))" }
    let blocks = parameters.filter(\.kind.isBlockDiagonal).map(\.name)
    if !blocks.isEmpty { lines.append("block " + blocks.joined(separator: ", ")) }
    let scalars =
      parameters.filter { $0.kind == .scalar }.map(\.name) + states.filter(\.isNumber).map(\.name)
      + equations.filter(\.isNumber).map(\.target)
    if !scalars.isEmpty { lines.append("scalar " + scalars.joined(separator: ", ")) }
    let fixed = parameters.filter(\.isFixed).map(\.name)
    let fixedLines = fixed.isEmpty ? [] : ["fixed " + fixed.joined(separator: ", ")]
    return (lines + equationLines + zoneoutLines + initializerLines + fixedLines).joined(separator: "\n") + "\n"
  }

  /// The equations with their `=` and their `#` below one another, those that are repeated under a line that says so.
  private var equationLines: [String] {
    func repetition(_ index: Int) -> Repeat? { repeats.first { $0.equations.contains(index) } }
    let targets = equations.enumerated().map { index, equation in
      (repetition(index) == nil ? "" : "  ") + equation.target + (equation.isUpdate ? "'" : "")
    }
    let widest = targets.map(\.count).max() ?? 0
    let lines = zip(targets, equations).map { "\($0.padded(to: widest)) = \($1.expression)" }
    // The labels begin at the next fourth column that leaves four spaces.
    let labels = ((lines.map(\.count).max() ?? 0) + 7) / 4 * 4
    return zip(lines, equations).enumerated().flatMap { index, line in
      let head = repetition(index).flatMap { $0.equations.lowerBound == index ? ["repeat \($0.count)"] : nil } ?? []
      return head + [line.1.label.map { "\(line.0.padded(to: labels))# \($0)" } ?? line.0]
    }
  }

  /// One line for all states that keep the same fraction.
  private var zoneoutLines: [String] {
    var groups: [(fraction: Double, names: [String])] = []
    for state in states where state.zoneout > 0 {
      if let index = groups.firstIndex(where: { $0.fraction == state.zoneout }) {
        groups[index].names.append(state.name)
      } else {
        groups.append((state.zoneout, [state.name]))
      }
    }
    return groups.map { "zoneout \($0.names.joined(separator: ", ")) = \(Expression.text(of: $0.fraction))" }
  }

  /// One line for all parameters that begin alike.
  private var initializerLines: [String] {
    var groups: [(value: Initializer, names: [String])] = []
    for parameter in parameters {
      guard let value = parameter.initializer else { continue }
      if let index = groups.firstIndex(where: { $0.value == value }) {
        groups[index].names.append(parameter.name)
      } else {
        groups.append((value, [parameter.name]))
      }
    }
    return groups.map { "init \($0.names.joined(separator: ", ")) = \($0.value)" }
  }
}

extension Cell.State {
  fileprivate var declaration: String { size == .units || isNumber ? name : "\(name)(\(size))" }
}

extension Cell.NamedSize.Default: CustomStringConvertible {
  /// As a `size` line says it.
  package var description: String {
    let factors = names + (multiplier == 1 && !names.isEmpty ? [] : ["\(multiplier)"])
    return factors.joined(separator: " * ") + (divisor == 1 ? "" : " / \(divisor)")
  }
}

extension Cell.Initializer: CustomStringConvertible {
  /// As an `init` line says it.
  package var description: String {
    switch self {
    case .constant(let value): Expression.text(of: value)
    case .identity(1): "identity"
    case .identity(let value): "identity(\(Expression.text(of: value)))"
    case .orthogonal(1): "orthogonal"
    case .orthogonal(let value): "orthogonal(\(Expression.text(of: value)))"
    case .glorot: "glorot"
    case .uniform(let low, let high): "uniform(\(Expression.text(of: low)), \(Expression.text(of: high)))"
    case .normal(let deviation): "normal(\(Expression.text(of: deviation)))"
    case .groups: "groups"
    case .legendre(let steps): "legendre(\(Expression.text(of: steps)))"
    }
  }
}

extension String {
  fileprivate func padded(to width: Int) -> String { self + String(repeating: " ", count: max(0, width - count)) }
}
