import Support

extension Primitive {
  /// What a composite or fused primitive computes, in terms of others, with the arguments `a`, `b`, `c`; nil for the rest.
  package var composition: Expression? { Self.compositions[name] }

  /// The gradient of each argument, with the arguments `a`, `b`, `c`, the value `y` and its gradient `dy`. None for a composite.
  package var gradients: [Expression] { found(Self.gradients[name], orFail: "the table of primitives has no \(name)") }

  private static let compositions: [String: Expression] = table { primitive in
    switch primitive.definition {
    case .composite(_, let text), .fused(_, let text): parsed(text, of: primitive)
    case .unary, .binary, .ternary, .row: nil
    }
  }

  private static let gradients: [String: [Expression]] = table { primitive in
    primitive.adjoints.map { parsed($0, of: primitive) }
  }

  private static func table<Value>(_ value: (Primitive) -> Value?) -> [String: Value] {
    Dictionary(uniqueKeysWithValues: (all + [spread]).compactMap { primitive in value(primitive).map { (primitive.name, $0) } })
  }

  private static func parsed(_ text: String, of primitive: Primitive) -> Expression {
    let source = SourceText(text, file: primitive.name)
    do throws(Diagnostic) {
      var parser = ExpressionParser(try Lexer.lines(of: source).flatMap(\.tokens), in: source)
      return try parser.whole().expression
    } catch {
      fatalError("a row of the table of primitives is wrong: \(error)")
    }
  }
}
