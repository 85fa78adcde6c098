import CellLanguage
import Support

extension ReferenceGraph {
  /// As ``evaluate(_:)``, with how far a run in Float may be from each value.
  func rounded(_ leaves: [Rounded]) -> [Rounded] {
    var values = leaves
    for operation in operations {
      switch operation {
      case .number(let number):
        values.append(Rounded([number], inherited: [abs(Double(Float(number)) - number) * 0x1p24]))
      case .product(let matrix, let isTransposed, let vector, let blocks):
        values.append(.product(values[matrix].values, transposed: isTransposed, values[vector], blocks: blocks))
      case .projection(let memory, let matrix, let columns):
        let count = values[memory].count / columns
        values.append(
          .joined((0..<count).map { .product(values[matrix].values, transposed: false, values[memory].part($0, of: count)) }))
      case .rows(let vector, let like):
        values.append(
          .joined((0..<values[like].count / values[vector].count).map { _ in values[vector] }))
      case .wholeNumbers(let vector, let parts):
        values.append(Self.wholeNumbers(values[vector], parts: parts))
      case .slice(let vector, let range): values.append(values[vector].part(range))
      case .concatenation(let vectors, let parts):
        values.append(.joined((0..<parts).flatMap { part in vectors.map { values[$0].part(part, of: parts) } }))
      case .broadcast(let value, let count): values.append(values[value].broadcast(to: count))
      case .apply(let primitive, let arguments, let parts):
        let own = arguments.allSatisfy { values[$0].count == 1 } ? 1 : parts
        values.append(
          .joined((0..<own).map { part in Self.rounded(primitive, arguments.map { values[$0].part(part, of: own) }) }))
      }
    }
    return values
  }

  /// Errors of arguments go as far as the derivatives in the table of primitives say.
  private static func rounded(_ primitive: Primitive, _ arguments: [Rounded]) -> Rounded {
    switch primitive {
    case .add: return arguments[0].adding(arguments[1])
    case .subtract: return arguments[0].adding(arguments[1], sign: -1)
    case .identity: return arguments[0]
    case .negate: return Rounded([0]).broadcast(to: arguments[0].count).adding(arguments[0], sign: -1)
    default: break
    }
    if let product = primitive.matrixProduct { return .product(product, arguments[0], arguments[1]) }
    let values = apply(primitive, arguments.map(\.values))
    let given = arguments.map(\.values) + [values]
    var inherited = [Double](repeating: 0, count: values.count)
    for (argument, rule) in zip(arguments, AdjointRule.rules(of: primitive)) {
      let errors = argument.broadcast(to: values.count).errors
      if primitive.mixesElements {
        for index in values.indices {
          var unit = [Double](repeating: 0, count: values.count)
          unit[index] = 1
          let slopes = broadcast(rule.value(given + [unit]), to: values.count)
          inherited[index] += zip(slopes, errors).reduce(0) { $0 + abs($1.0) * $1.1 }
        }
      } else {
        let slopes = broadcast(rule.value(given + [[Double](repeating: 1, count: values.count)]), to: values.count)
        for index in values.indices { inherited[index] += abs(slopes[index]) * errors[index] }
      }
    }
    // Next to a kink or a step the derivative says too little.
    if case .unary(let function) = primitive.definition {
      for (index, error) in arguments[0].errors.enumerated() {
        let ends = [-error, error].map { abs(function(arguments[0].values[index] + $0 * 0x1p-24) - values[index]) * 0x1p24 }
        inherited[index] = ends.reduce(inherited[index], max)
      }
    }
    let largest = primitive.mixesElements ? values.reduce(0) { max($0, abs($1)) } : nil
    let roundings = 2 * max(primitive.ulps, 0.5)
    return Rounded(values, inherited: zip(inherited, values).map { $0 + roundings * (largest ?? abs($1)) })
  }

  /// As ``propagate(_:values:)``, with how far a run in Float may be from each gradient; nil stands for zeros.
  func propagate(_ gradients: inout [Rounded?], values: [Rounded]) {
    for (place, operation) in operations.enumerated().reversed() {
      guard let gradient = gradients[leafCount + place] else { continue }
      switch operation {
      case .number, .wholeNumbers: break
      case .broadcast(let value, _):
        Self.add(gradient, to: &gradients[value], count: values[value].count)
      case .projection(let memory, let matrix, let columns):
        let (weights, rows) = (values[matrix].values, values[memory].count / columns)
        for row in 0..<rows {
          let own = gradient.part(row, of: rows)
          Self.add(
            Rounded.product(weights, transposed: true, own).placed(
              row * columns..<(row + 1) * columns, of: values[memory].count),
            to: &gradients[memory], count: values[memory].count)
          Self.add(.outer(own, values[memory].part(row, of: rows)), to: &gradients[matrix], count: weights.count)
        }
      case .rows(let vector, let like):
        let rows = values[like].count / values[vector].count
        for row in 0..<rows {
          Self.add(gradient.part(row, of: rows), to: &gradients[vector], count: values[vector].count)
        }
      case .slice(let vector, let range):
        Self.add(
          gradient.placed(range, of: values[vector].count), to: &gradients[vector],
          count: values[vector].count)
      case .concatenation(let vectors, let parts):
        var start = 0
        var own = vectors.map { _ in [Rounded]() }
        for _ in 0..<parts {
          for (place, vector) in vectors.enumerated() {
            let count = values[vector].count / parts
            own[place].append(gradient.part(start..<start + count))
            start += count
          }
        }
        for (vector, each) in zip(vectors, own) { Self.add(.joined(each), to: &gradients[vector], count: values[vector].count) }
      case .product(let matrix, let isTransposed, let vector, let blocks):
        let (weights, source) = (values[matrix].values, values[vector])
        Self.add(
          .product(weights, transposed: !isTransposed, gradient, blocks: blocks), to: &gradients[vector], count: source.count)
        Self.add(
          isTransposed ? .outer(source, gradient, blocks: blocks) : .outer(gradient, source, blocks: blocks),
          to: &gradients[matrix], count: weights.count)
      case .apply(let primitive, let arguments, let parts) where primitive.matrixProduct != nil:
        guard let product = primitive.matrixProduct else { continue }
        let given = [values[arguments[0]], values[arguments[1]], gradient]
        let back = (0..<parts).map { part in
          let own = given.map { $0.part(part, of: parts) }
          return Rounded.gradients(of: product, own[0], own[1], own[2])
        }
        Self.add(.joined(back.map(\.a)), to: &gradients[arguments[0]], count: given[0].count)
        Self.add(.joined(back.map(\.b)), to: &gradients[arguments[1]], count: given[1].count)
      case .apply(let primitive, let arguments, let parts):
        let y = values[leafCount + place]
        let given = arguments.map { values[$0] } + [y, gradient.broadcast(to: y.count)]
        let own = y.count == 1 ? 1 : parts
        for (argument, rule) in zip(arguments, AdjointRule.rules(of: primitive)) {
          let each = (0..<own).map { part in
            rule.graph.rounded(given.map { $0.part(part, of: own) })[rule.result].broadcast(to: y.count / own)
          }
          Self.add(.joined(each), to: &gradients[argument], count: values[argument].count)
        }
      }
    }
  }

  /// Adds to the gradient of a value of `count` elements; that of a single element, which served everywhere, is the sum.
  private static func add(_ gradient: Rounded, to sum: inout Rounded?, count: Int) {
    let gradient = gradient.gathered(to: count)
    sum = sum.map { $0.adding(gradient) } ?? gradient
  }
}
