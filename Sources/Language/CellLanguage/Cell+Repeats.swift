import Support

extension Cell {
  /// What a step evaluates, one after the other.
  package enum Stage: Sendable, Hashable {
    case equation(Equation)
    /// Equations that are evaluated that many times in each step.
    case repeated(Int, [Equation])
  }

  /// The equations in an order in which each follows those that it reads, in a layer of these sizes.
  package func stages(_ dimensions: Dimensions) -> [Stage] {
    var stages: [Stage] = []
    var open: Repeat?
    for index in evaluationOrder {
      let equation = equations[index]
      let own = repeats.first { $0.equations.contains(index) }
      if let own, own == open, case .repeated(let count, let before)? = stages.last {
        stages[stages.count - 1] = .repeated(count, before + [equation])
      } else {
        stages.append(own.map { .repeated(dimensions[$0.count], [equation]) } ?? .equation(equation))
      }
      open = own
    }
    return stages
  }

  /// Whether a state's next value comes from equations that are repeated, so that its old value there is not that before the step.
  package func isRepeated(_ state: String) -> Bool {
    repeats.contains { equations[$0.equations].contains { $0.isUpdate && $0.target == state } }
  }

  /// The most times that equations can be repeated. A step has a copy of them for each, and a model from anywhere may ask for them.
  package static let mostRepeats = 64

  /// The most products and equations that heads and repeats may make of a step.
  private static let mostParts = 8192

  /// - Throws: ``RecurrentError`` if equations are repeated too often in a layer of these sizes, or if too much comes of that.
  func checkRepeats(_ dimensions: Dimensions) throws(RecurrentError) {
    for each in repeats where dimensions[each.count] > Self.mostRepeats {
      throw RecurrentError(
        .cell,
        "cell \(name) repeats equations \(each.count) times, which is \(dimensions[each.count]) here; it can be at most \(Self.mostRepeats)"
      )
    }
    if repeats.isEmpty && !hasHeads { return }
    let blocks = Set(parameters.filter(\.kind.isBlockDiagonal).map(\.name))
    let parts = equations.enumerated().reduce(0) { sum, element in
      let products = element.element.expression.parts.count {
        if case .product(let matrix, _, _) = $0 { blocks.contains(matrix) } else { false }
      }
      let times = repeats.first { $0.equations.contains(element.offset) }.map { dimensions[$0.count] } ?? 1
      return sum + times * (1 + heads(dimensions) * products)
    }
    if parts > Self.mostParts {
      throw RecurrentError(
        .cell,
        "the heads and repeats of cell \(name) make \(parts) products and equations of a step; there can be at most \(Self.mostParts)"
      )
    }
  }
}
