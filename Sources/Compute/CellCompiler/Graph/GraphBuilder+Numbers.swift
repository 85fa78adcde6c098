import CellLanguage

/// Numbers that each sequence has: they fit what they meet.
extension GraphBuilder {
  /// A number is as long as what it meets: an input of one number, or a scalar that a step computes or carries.
  mutating func spread(_ value: Graph.Value, of name: String, shape: Graph.Shape) -> Graph.Value {
    if graph[value].shape == shape || !numbers.contains(name) { return value }
    let width = graph[value].width
    if shape.isMatrix && width != shape.heads {
      return spread(graph.add(.apply(.spread, [value]), width: shape.heads), of: name, shape: shape)
    }
    // Of several heads each repeats its own number.
    let map: Primitive = shape.isMatrix || shape.followsMemory ? .asMatrix : width == 1 ? .spread : .asColumns
    return graph.add(.apply(map, [value]), shape: shape)
  }

  /// What is made of numbers alone and meets a matrix, or a vector as long as a memory, is computed once, as a number; literals
  /// alone are left as they are.
  mutating func spreadNumber(_ expression: Expression, shape: Graph.Shape) -> Graph.Value? {
    guard shape.isMatrix || shape.followsMemory, isNumber(expression) else { return nil }
    return graph.add(.apply(.asMatrix, [value(of: expression, shape: Graph.Shape(shape.heads))]), shape: shape)
  }

  /// A number times an outer product is the outer product of the vector times that number: V products in place of V K.
  mutating func scaledOuter(_ factors: [Graph.Value], shape: Graph.Shape) -> Graph.Value? {
    for (number, product) in [(factors[0], factors[1]), (factors[1], factors[0])] {
      guard case .apply(.asMatrix, let numbers) = graph[number].operation,
        case .apply(.multiply, let sides) = graph[product].operation,
        case .apply(.asColumns, let vectors) = graph[sides[0]].operation, graph[sides[0]].shape == shape
      else { continue }
      let width = graph[vectors[0]].width
      let spread = graph.add(.apply(shape.heads == 1 ? .spread : .asColumns, numbers), width: width)
      let scaled = graph.add(.apply(.multiply, [spread, vectors[0]]), width: width)
      let columns = graph.add(.apply(.asColumns, [scaled]), shape: shape)
      return graph.add(.apply(.multiply, [columns, sides[1]]), shape: shape)
    }
    return nil
  }

  private func isNumber(_ expression: Expression) -> Bool {
    let names = expression.parts.compactMap { part -> String? in
      switch part {
      case .name(let name), .next(let name): name
      case .number, .product, .projection, .concatenation, .slice, .apply: nil
      }
    }
    return names.contains { cell.constant(named: $0) == nil }
      && expression.parts.allSatisfy { part in
        switch part {
        case .number: true
        case .name(let name):
          numbers.contains(name) || environment[name] == nil && (cell.constant(named: name) != nil || isScalar(name))
        case .next(let name): numbers.contains(name)
        case .apply(let primitive, _): !primitive.mixesElements
        case .product, .projection, .concatenation, .slice: false
        }
      }
  }

  private func isScalar(_ name: String) -> Bool { cell.parameters.contains { $0.name == name && $0.kind == .scalar } }

  /// A sum, a mean or a dot product is one number in each place of a head: where a number is wanted, it is the first of these.
  mutating func firstElement(_ expression: Expression, _ primitive: Primitive, shape: Graph.Shape) -> Graph.Value? {
    guard shape == Graph.Shape(heads), primitive.givesOneNumber, let own = self.shape(of: expression), own != shape else {
      return nil
    }
    let whole = value(of: expression, shape: own)
    if own.followsMemory {
      // All elements are the number: it is their sum over how many there are.
      let count = graph.add(.apply(.sumOfAll, [graph.add(.constant(1), shape: own)]), shape: shape)
      return graph.add(.apply(.divide, [graph.add(.apply(.sumOfAll, [whole]), shape: shape), count]), shape: shape)
    }
    if heads == 1 { return graph.add(.slice(whole, start: 0), width: 1) }
    // Of what is the same in all places of a head the mean is taken.
    let count = own.width / heads
    let share = graph.add(.constant(1 / Double(count)), shape: own)
    return graph.add(.apply(.sumOfColumns, [graph.add(.apply(.multiply, [whole, share]), shape: own)]), shape: shape)
  }
}
