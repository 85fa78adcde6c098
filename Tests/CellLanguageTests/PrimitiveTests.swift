import CellLanguage
import Testing

struct PrimitiveTests {
  @Test(arguments: Primitive.all)
  func aPrimitiveHasAGradientForEachArgumentOrIsMadeOfOthers(primitive: Primitive) throws {
    let arguments = Set(["a", "b", "c"].prefix(primitive.arity))
    if let body = primitive.composition {
      #expect(body.names == arguments)
      #expect(body.primitives.isDisjoint(with: [primitive]))
    }
    if case .composite = primitive.definition {
      #expect(primitive.gradients.isEmpty)
    } else if primitive.matrixProduct != nil {
      #expect(primitive.gradients.isEmpty && primitive.composition != nil)
    } else {
      #expect(primitive.gradients.count == primitive.arity)
      for gradient in primitive.gradients { #expect(gradient.names.isSubset(of: arguments.union(["y", "dy"]))) }
    }
  }

  @Test func aBodyIsReadAsEquationsAre() throws {
    let silu = try #require(Primitive.named("swish"))
    #expect(silu.composition?.description == "a * σ(a)")
    let divide = try #require(Primitive.named("/"))
    #expect(divide.gradients.map(\.description) == ["dy / b", "-(dy * y / b)"])
  }
}

extension Expression {
  fileprivate var names: Set<String> {
    if case .name(let name) = self { return [name] }
    return parts.reduce(into: []) { $0.formUnion($1.names) }
  }

  fileprivate var primitives: Set<Primitive> {
    var found = parts.reduce(into: Set<Primitive>()) { $0.formUnion($1.primitives) }
    if case .apply(let primitive, _) = self { found.insert(primitive) }
    return found
  }

  private var parts: [Expression] {
    switch self {
    case .number, .name, .next, .projection: []
    case .product(_, _, let vector), .slice(let vector, _, _): [vector]
    case .concatenation(let parts), .apply(_, let parts): parts
    }
  }
}
