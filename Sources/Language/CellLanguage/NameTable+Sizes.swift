import Support

extension NameTable {
  /// The sizes that products of `size` lines and slices name must be there, and none may depend on itself.
  func checkSizes(of cell: CellSyntax) throws(Diagnostic) {
    for size in cell.sizes { for name in size.names { try checkSize(name, of: cell) } }
    for name in cell.sliceSizes + cell.repeatSizes { try checkSize(name, of: cell) }
    for equation in cell.equations {
      guard let place = equation.expression.fold else { continue }
      for name in equation.expression.folds.flatMap({ [$0.rows, $0.columns].compactMap(\.self) }).flatMap(\.terms.keys).sorted() {
        try checkSize(ExpressionSyntax.Name(text: name, span: place), of: cell)
      }
    }
    let factors = Dictionary(cell.sizes.map { ($0.name.text, $0.names.map(\.text)) }) { first, _ in first }
    for size in cell.sizes {
      if let cycle = Self.cycle(from: size.name.text, factors) {
        throw source.diagnostic(.sizeCycle(cycle), at: size.name.span)
      }
    }
  }

  /// `local` lines name local vectors, each once.
  func checkLocals(of cell: CellSyntax) throws(Diagnostic) {
    var lines: [String: Int] = [:]
    for local in cell.locals {
      let name = local.name.text
      guard self[name] == .local else {
        let locals = cell.equations.map(\.target.text).filter { self[$0] == .local }
        let suggestion = self[name] == nil ? closest(to: name, in: locals) : nil
        throw source.diagnostic(
          .local(.noLocal(name, what: self[name]?.description, suggestion: suggestion)), at: local.name.span)
      }
      if let line = lines[name] { throw source.diagnostic(.local(.twice(name, line: line)), at: local.name.span) }
      lines[name] = local.name.span.line + 1
    }
  }

  /// - Throws: if no size has the name.
  func checkSize(_ name: ExpressionSyntax.Name, of cell: CellSyntax) throws(Diagnostic) {
    let meaning = self[name.text]
    if meaning == .size { return }
    let suggestion = meaning == nil ? closest(to: name.text, in: ["units", "inputs"] + cell.sizes.map(\.name.text)) : nil
    throw source.diagnostic(.noSize(name.text, what: meaning?.description, suggestion: suggestion), at: name.span)
  }

  /// A way from a size back to itself through what it is a product of: the first and the last one are the same.
  private static func cycle(from name: String, _ factors: [String: [String]]) -> [String]? {
    var paths = [[name]]
    var seen: Set<String> = []
    while let path = paths.popLast() {
      for factor in factors[path[path.count - 1]] ?? [] {
        if factor == name { return path + [factor] }
        if seen.insert(factor).inserted { paths.append(path + [factor]) }
      }
    }
    return nil
  }
}

extension CellSyntax {
  /// The lengths that states, inputs, local vectors and the memory are declared with, in this order.
  var lengths: [Length] {
    states.flatMap { [$0.length, $0.columns].compactMap(\.self) } + inputs.map(\.length) + locals.map(\.length)
      + memories.map(\.length)
  }

  /// The sizes that something is made of, and so have a purpose.
  var usedSizes: Set<String> {
    Set(
      lengths.compactMap(\.name) + sizes.flatMap { $0.names.map(\.text) }
        + (sliceSizes + repeatSizes).map(\.text) + foldSizes + (heads == nil ? [] : [Size.headsName]))
  }

  /// The sizes that slices name.
  fileprivate var sliceSizes: [ExpressionSyntax.Name] { equations.flatMap(\.expression.sliceSizes) }
}

extension CellSyntax {
  /// The sizes that `repeat` lines name.
  fileprivate var repeatSizes: [ExpressionSyntax.Name] {
    repeats.compactMap { if case .named(let name) = $0.count { name } else { nil } }
  }
}

extension ExpressionSyntax {
  fileprivate var sliceSizes: [Name] {
    if case .slice(_, let from, let to) = kind { return (from.terms + to.terms).map(\.name) }
    return kind.children.flatMap(\.sliceSizes)
  }

  /// Whether it takes a part of a vector somewhere.
  var hasSlices: Bool {
    if case .slice = kind { true } else { kind.children.contains(where: \.hasSlices) }
  }
}
