import Support

extension Primitive {
  /// What a composite, a fused primitive or a product of matrices computes, in terms of others, with the arguments `a`, `b`, `c`; nil for the rest.
  package var composition: Expression? { Self.compositions[name] }

  /// The gradient of each argument, with the arguments `a`, `b`, `c`, the value `y` and its gradient `dy`. None for a composite
  /// or a product of matrices, whose gradients are those of its parts.
  package var gradients: [Expression] { found(Self.gradients[name], orFail: "the table of primitives has no \(name)") }

  private static let compositions: [String: Expression] = table { primitive in
    switch primitive.definition {
    case .composite(_, let text), .fused(_, let text), .matrix(_, let text): parsed(text, of: primitive)
    case .unary, .binary, .ternary, .row, .map: nil
    }
  }

  private static let gradients: [String: [Expression]] = table { primitive in
    primitive.adjoints.map { parsed($0, of: primitive) }
  }

  private static func table<Value>(_ value: (Primitive) -> Value?) -> [String: Value] {
    Dictionary(uniqueKeysWithValues: (all + unnamed).compactMap { primitive in value(primitive).map { (primitive.name, $0) } })
  }

  private static func parsed(_ text: String, of primitive: Primitive) -> Expression {
    let source = SourceText(text, file: primitive.name)
    do throws(Diagnostic) {
      var parser = ExpressionParser(try Lexer.lines(of: source).flatMap(\.tokens), isRow: true, in: source)
      return try parser.whole().expression(matrices: .none)
    } catch {
      fatalError("a row of the table of primitives is wrong: \(error)")
    }
  }
}
