import CellLanguage
import Support

extension ReferenceGraph {
  /// Carries gradients from the values back to the leaves, the last operation first.
  ///
  /// - Parameters:
  ///   - values: what ``evaluate(_:)`` returned.
  ///   - gradients: one vector for each value; an empty one stands for zeros. What is given is added to.
  func propagate(_ gradients: inout [[Double]], values: [[Double]]) {
    for (place, operation) in operations.enumerated().reversed() {
      let gradient = gradients[leafCount + place]
      if gradient.isEmpty { continue }
      switch operation {
      case .number, .wholeNumbers: break
      case .broadcast(let value, _):
        Self.add(gradient, to: &gradients[value], count: values[value].count)
      case .projection(let memory, let matrix, let columns):
        let (weights, rows) = (values[matrix], Self.rows(of: values[memory], columns))
        for (place, (row, own)) in zip(rows, Self.rows(of: gradient, weights.count / columns)).enumerated() {
          var whole = [Double](repeating: 0, count: values[memory].count)
          whole.replaceSubrange(
            place * columns..<(place + 1) * columns, with: Self.multiplyTransposed(weights, own))
          Self.add(whole, to: &gradients[memory], count: whole.count)
          Self.add(Self.outer(own, row, blocks: 1), to: &gradients[matrix], count: weights.count)
        }
      case .rows(let vector, _):
        for row in Self.rows(of: gradient, values[vector].count) {
          Self.add(row, to: &gradients[vector], count: row.count)
        }
      case .slice(let vector, let range):
        var whole = [Double](repeating: 0, count: values[vector].count)
        whole.replaceSubrange(range, with: gradient)
        Self.add(whole, to: &gradients[vector], count: whole.count)
      case .concatenation(let vectors, let parts):
        var start = 0
        var own = vectors.map { _ in [Double]() }
        for _ in 0..<parts {
          for (place, vector) in vectors.enumerated() {
            let count = values[vector].count / parts
            own[place] += gradient[start..<start + count]
            start += count
          }
        }
        for (vector, each) in zip(vectors, own) { Self.add(each, to: &gradients[vector], count: values[vector].count) }
      case .product(let matrix, let transposed, let vector, let blocks):
        let (weights, source) = (values[matrix], values[vector])
        // y = W v: dv = Wᵀ dy, dW = dy vᵀ. y = Wᵀ v: dv = W dy, dW = v dyᵀ.
        let back =
          transposed
          ? Self.multiply(weights, gradient, blocks: blocks) : Self.multiplyTransposed(weights, gradient, blocks: blocks)
        let (rows, columns) = transposed ? (source, gradient) : (gradient, source)
        Self.add(back, to: &gradients[vector], count: source.count)
        Self.add(Self.outer(rows, columns, blocks: blocks), to: &gradients[matrix], count: weights.count)
      case .apply(let primitive, let arguments, let parts) where primitive.matrixProduct != nil:
        guard let product = primitive.matrixProduct else { continue }
        let given = [values[arguments[0]], values[arguments[1]], gradient]
        let back = (0..<parts).map { part in
          let own = given.map { Self.part(part, of: parts, $0) }
          return product.gradients(own[0], own[1], own[2])
        }
        Self.add(back.flatMap(\.a), to: &gradients[arguments[0]], count: given[0].count)
        Self.add(back.flatMap(\.b), to: &gradients[arguments[1]], count: given[1].count)
      case .apply(let primitive, let arguments, let parts):
        let y = values[leafCount + place]
        let given = arguments.map { values[$0] } + [y, Self.broadcast(gradient, to: y.count)]
        let own = y.count == 1 ? 1 : parts
        for (argument, rule) in zip(arguments, AdjointRule.rules(of: primitive)) {
          let each = (0..<own).flatMap { part in
            Self.broadcast(rule.value(given.map { Self.part(part, of: own, $0) }), to: y.count / own)
          }
          Self.add(each, to: &gradients[argument], count: values[argument].count)
        }
      }
    }
  }

  /// Adds to the gradient of a value of `count` elements; that of a single element, which served everywhere, or of one that served a head
  /// is the sum. Where of some equal parts only the first elements served, it is that of these.
  private static func add(_ gradient: [Double], to sum: inout [Double], count: Int) {
    let gradient = (0..<count).map { place -> Double in
      if gradient.count >= count { return part(place, of: count, gradient).reduce(0, +) }
      return place * gradient.count % count == 0 ? gradient[place * gradient.count / count] : 0
    }
    if sum.isEmpty {
      sum = gradient
    } else {
      for index in sum.indices { sum[index] += gradient[index] }
    }
  }
}

/// The gradient of one argument of a primitive, ready to evaluate: the leaves are the arguments, the value and its gradient.
struct AdjointRule: Sendable {
  let graph: ReferenceGraph
  /// Which value is the gradient.
  let result: Int

  init(_ expression: Expression, arity: Int) {
    var graph = ReferenceGraph(leaves: ["a", "b", "c"].prefix(arity) + ["y", "dy"])
    result = graph.add(expression)
    self.graph = graph
  }

  /// The gradient, given the leaves.
  func value(_ leaves: [[Double]]) -> [Double] { graph.evaluate(leaves)[result] }

  /// One for each argument.
  static func rules(of primitive: Primitive) -> [AdjointRule] {
    let rules = found(all[primitive.name], orFail: "there are no adjoints of \(primitive.name)")
    ensure(
      rules.count == primitive.arity, "\(primitive.name) has \(rules.count) adjoints for \(primitive.arity) arguments")
    return rules
  }

  /// The rules of each primitive's arguments, by the primitive's name.
  private static let all = Dictionary(
    uniqueKeysWithValues: Primitive.all.map { primitive in
      (primitive.name, primitive.gradients.map { AdjointRule($0, arity: primitive.arity) })
    })
}
