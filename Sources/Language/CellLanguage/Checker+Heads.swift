import Support

extension Checker {
  /// What `heads` and `block` lines say must fit the equations.
  func checkHeads(_ kinds: [(name: String, kind: Cell.Parameter.Kind)], _ names: NameTable) throws(Diagnostic) {
    var lines: [String: Int] = [:]
    for block in syntax.blocks {
      let name = block.text
      guard let kind = kinds.first(where: { $0.name == name })?.kind else {
        let kind: DiagnosticKind =
          names[name].map { .blockOfDefined(name, what: $0.description) }
          ?? .blockOfUnknown(name, suggestion: closest(to: name, in: kinds.map(\.name)))
        throw source.diagnostic(kind, at: block.span)
      }
      guard kind.matrixSizes != nil else { throw source.diagnostic(.blockOfNoMatrix(name, kind: kind.word), at: block.span) }
      if let line = lines[name] { throw source.diagnostic(.blockTwice(name, line: line), at: block.span) }
      if syntax.heads == nil { throw source.diagnostic(.blockWithoutHeads(name), at: block.span) }
      lines[name] = block.span.line + 1
    }
    guard let heads = syntax.heads else { return }
    if !syntax.memories.isEmpty { throw source.diagnostic(.memory(.withHeads), at: heads) }
    if let slice = syntax.equations.lazy.compactMap(\.expression.slice).first {
      throw source.diagnostic(.sliceWithHeads(source.text(of: slice)), at: slice)
    }
    if let fold = syntax.equations.lazy.compactMap(\.expression.fold).first {
      throw source.diagnostic(.local(.foldWithHeads(source.text(of: fold))), at: fold)
    }
    let mixes = syntax.equations.flatMap { $0.expression.expression(matrices: names.kinds).parts }.contains { part in
      if case .apply(let primitive, _) = part { primitive.mixesElements } else { false }
    }
    let isSplit = mixes || !names.kinds.isEmpty
    if syntax.blocks.isEmpty && !isSplit { throw source.diagnostic(.unusedHeads, at: heads) }
  }
}

extension ExpressionSyntax {
  /// Where it takes a part of a vector, if it does.
  fileprivate var slice: Span? {
    if case .slice = kind { span } else { kind.children.lazy.compactMap(\.slice).first }
  }
}
