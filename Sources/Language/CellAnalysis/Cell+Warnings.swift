public import CellLanguage
import Support

extension Cell {
  /// What is allowed in this cell's text but is probably a mistake, a sentence for each. Usually empty.
  ///
  /// Any name that no line defines is a parameter, and so is a misspelt one.
  public var warnings: [String] { misspellings + diagonals + learnedGates + idleLocals }

  /// Vectors that are called as matrices are, and multiply number by number.
  private var diagonals: [String] {
    let said = Set(misspelled.map(\.name))
    return parameters.compactMap { parameter in
      guard case .vector = parameter.kind, isUnspoken(parameter), !said.contains(parameter.name),
        let first = parameter.name.first, first.isASCII,
        first.isUppercase
      else { return nil }
      let other = equations.lazy.compactMap { $0.expression.factor(of: parameter.name) }.first ?? "v"
      return
        "`\(parameter.name)` is a vector, since `\(parameter.name) * \(other)` multiplies number by number; a matrix times `\(other)` is written `\(parameter.name) \(other)`"
    }
  }

  /// Vectors that are called as gates are, and are the same at each step.
  private var learnedGates: [String] {
    let said = Set(misspelled.map(\.name))
    return parameters.compactMap { parameter in
      guard isUnspoken(parameter), !said.contains(parameter.name) else { return nil }
      switch parameter.kind {
      case .vector where ["f", "i", "o", "r", "z", "g"].contains(parameter.name): break
      case .bias where parameter.name.first.map { !"bBβ".contains($0) && $0.isLowercase } ?? false: break
      case .vector, .bias, .matrix, .blockDiagonal, .scalar: return nil
      }
      return
        "`\(parameter.name)` is a learned vector, the same at each step, since no line defines it; a gate needs a line of its own, such as `\(parameter.name) = σ(W_\(parameter.name) x)`"
    }
  }

  /// Whether no line says anything of a parameter, so that it may be one by mistake.
  private func isUnspoken(_ parameter: Parameter) -> Bool { parameter.initializer == nil && !parameter.isFixed }

  private var misspellings: [String] { misspelled.map(\.text) }

  /// Vectors whose names are like others, and the sentence about each.
  private var misspelled: [(name: String, text: String)] {
    let vectors = parameters.filter {
      switch $0.kind {
      case .vector, .bias: true
      case .matrix, .blockDiagonal, .scalar: false
      }
    }
    let states = self.states.map { (name: $0.name, what: "the state") }
    let constants = self.constants.map { (name: $0.name, what: "the constant") }
    let defined =
      inputs.map { (name: $0.name, what: "the input") } + states + constants + locals.map { (name: $0, what: "the local vector") }
    return vectors.compactMap { parameter in
      guard let near = defined.first(where: { resembles(parameter.name, $0.name) }) else { return nil }
      return (
        parameter.name, "`\(parameter.name)` is a parameter, since no line defines it; was \(near.what) `\(near.name)` meant?"
      )
    }
  }

  private var idleLocals: [String] {
    let read = equations.reduce(into: Set<String>()) { $1.expression.collectNames(into: &$0) }
    return locals.filter { !read.contains($0) }.map {
      "nothing reads the local vector `\($0)`; it is computed only to be watched"
    }
  }

  private var locals: [String] { equations.filter { !$0.isUpdate }.map(\.target) }
}

extension Expression {
  /// What a vector is multiplied by, where it is a factor by itself and the other one is a name; nil if it nowhere is.
  fileprivate func factor(of name: String) -> String? {
    switch self {
    case .number, .next, .name, .projection: return nil
    case .product(_, _, let vector), .slice(let vector, _, _): return vector.factor(of: name)
    case .apply(.multiply, let factors) where factors.contains(.name(name)):
      let other = factors.first { $0 != .name(name) }
      switch other {
      case .name(let other): return other
      case .next(let other): return "\(other)'"
      default: return nil
      }
    case .concatenation(let parts), .apply(_, let parts): return parts.lazy.compactMap { $0.factor(of: name) }.first
    }
  }

  fileprivate func collectNames(into names: inout Set<String>) {
    switch self {
    case .number, .next: break
    case .name(let name): names.insert(name)
    case .projection(let memory, _): names.insert(memory)
    case .product(_, _, let vector), .slice(let vector, _, _): vector.collectNames(into: &names)
    case .concatenation(let parts), .apply(_, let parts):
      for part in parts { part.collectNames(into: &names) }
    }
  }
}

/// Whether `name` may be `other` with a typo. Names with different first letters are probably different on purpose, as `b_f` and
/// `z_f` are.
private func resembles(_ name: String, _ other: String) -> Bool {
  let (name, other) = (name.lowercased(), other.lowercased())
  return name.first == other.first && distance(Array(name), Array(other)) <= 1
}
