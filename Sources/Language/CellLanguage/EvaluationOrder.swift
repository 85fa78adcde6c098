/// Puts equations after those that they read, and otherwise keeps them in the order of the text.
struct EvaluationOrder {
  /// Indices of the equations that each one reads. What one of some repeated equations reads of others, all of them wait for, and what
  /// reads one of them waits for all.
  private let dependencies: [[Int]]

  /// - Parameter repeats: equations that are repeated together.
  init(of equations: [CellSyntax.Equation], repeats: [Range<Int>] = []) {
    var definitions: [ExpressionSyntax.Kind.Read: Int] = [:]
    for (index, equation) in equations.enumerated() {
      definitions[equation.isUpdate ? .next(equation.target.text) : .name(equation.target.text)] = index
    }
    var dependencies = equations.map { equation in
      var found: [Int] = []
      equation.expression.forEachRead { read in
        if let index = definitions[read], !found.contains(index) { found.append(index) }
      }
      return found
    }
    for own in repeats {
      let outside = Set(dependencies[own].joined()).subtracting(own)
      for index in dependencies.indices {
        let added = own.contains(index) ? outside : dependencies[index].contains(where: own.contains) ? Set(own) : []
        dependencies[index] += added.subtracting(dependencies[index]).sorted()
      }
    }
    self.dependencies = dependencies
  }

  /// The order, and those that are in no order because they depend on themselves.
  var sorted: (order: [Int], rest: Set<Int>) {
    var readers = Array(repeating: [Int](), count: dependencies.count)
    var waiting = dependencies.map(\.count)
    for (index, found) in dependencies.enumerated() {
      for dependency in found { readers[dependency].append(index) }
    }
    // The ready ones, last first, so that the first of the text is taken from the end.
    var ready = Array(waiting.indices.filter { waiting[$0] == 0 }.reversed())
    var order: [Int] = []
    while let index = ready.popLast() {
      order.append(index)
      for reader in readers[index] {
        waiting[reader] -= 1
        if waiting[reader] == 0 { ready.insert(reader, at: ready.firstIndex { $0 < reader } ?? ready.count) }
      }
    }
    return (order, Set(waiting.indices.filter { waiting[$0] > 0 }))
  }

  /// A way from an equation back to itself among `rest`: the first and the last index are the same.
  func cycle(in rest: Set<Int>) -> [Int] {
    guard var index = rest.min() else { return [] }
    var path: [Int] = []
    while !path.contains(index) {
      path.append(index)
      guard let next = dependencies[index].first(where: rest.contains) else { return path }
      index = next
    }
    return path.drop { $0 != index } + [index]
  }
}

extension ExpressionSyntax.Kind {
  /// A vector that an expression reads.
  enum Read: Hashable {
    case name(String)
    case next(String)
  }
}

extension ExpressionSyntax {
  /// Calls `body` with each vector that the expression reads, from left to right.
  func forEachRead(_ body: (Kind.Read) -> Void) {
    switch kind {
    case .name(let name): body(.name(name))
    case .next(let name): body(.next(name))
    case .number, .concatenation, .apply, .product, .slice, .transposed, .diagonal:
      for child in kind.children { child.forEachRead(body) }
    }
  }
}
