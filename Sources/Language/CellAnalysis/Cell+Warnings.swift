public import CellLanguage
import Support

extension Cell {
  /// What is allowed in this cell's text but is probably a mistake, a sentence for each. Usually empty.
  ///
  /// Any name that no line defines is a parameter, and so is a misspelt one.
  public var warnings: [String] { misspellings + idleLocals }

  private var misspellings: [String] {
    let vectors = parameters.filter {
      switch $0.kind {
      case .vector, .bias: true
      case .matrix, .scalar: false
      }
    }
    let states = self.states.map { (name: $0.name, what: "the state") }
    let constants = self.constants.map { (name: $0.name, what: "the constant") }
    let defined =
      [(name: input, what: "the input")] + states + constants + locals.map { (name: $0, what: "the local vector") }
    return vectors.compactMap { parameter in
      guard let near = defined.first(where: { resembles(parameter.name, $0.name) }) else { return nil }
      return "`\(parameter.name)` is a parameter, since no line defines it; was \(near.what) `\(near.name)` meant?"
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
  fileprivate func collectNames(into names: inout Set<String>) {
    switch self {
    case .number, .next: break
    case .name(let name): names.insert(name)
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
