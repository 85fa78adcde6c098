import CellLanguage
import Support

extension Plan {
  /// The equations become values of ``graph``.
  ///
  /// A sum's products and biases are gathered into one pre-activation, `W x + U h + b`; what else the sum holds is added
  /// to it point by point. Composite functions are replaced by their parts. What functions squash is noted for traces.
  /// Equations that are repeated become values for each time, and no later pass knows of it.
  mutating func lowerEquations() {
    var builder = GraphBuilder(plan: self)
    for stage in cell.stages(dimensions) {
      switch stage {
      case .equation(let equation): lower(equation, &builder, isLast: true)
      case .repeated(let count, let equations):
        let states = builder.states
        for time in 0..<count {
          for equation in equations { lower(equation, &builder, isLast: time == count - 1) }
          for equation in equations where equation.isUpdate { builder.goOn(fromState: equation.target) }
        }
        builder.states = states
      }
    }
    next = cell.states.indices.map { builder.next(ofState: $0, draws: drawing.zoneout) }
    graph = builder.graph
    locals = cell.equations.filter { !$0.isUpdate }.map { equation in
      let value = found(
        builder.environment[equation.target], orFail: "no equation of cell \(cell.name) was evaluated for \(equation.target)")
      return Local(name: equation.target, label: equation.label, value: value)
    }
    forwardCount = graph.nodes.count
  }

  /// - Parameter isLast: whether it is not evaluated again in the step. What it squashes then is what traces show.
  private mutating func lower(_ equation: Cell.Equation, _ builder: inout GraphBuilder, isLast: Bool) {
    let shape = builder.shape(of: equation.size)
    let value = builder.value(of: equation.expression, shape: shape)
    if isLast {
      // They are parts of the equation, and so are there already.
      preactivations += equation.preactivations.map { name, expression in
        // What a number is made of may be longer, as the elements of a sum are.
        let own = equation.isNumber ? builder.shape(of: expression) ?? shape : shape
        return Local(name: name, label: nil, value: builder.value(of: expression, shape: own))
      }
    }
    if equation.isUpdate {
      builder.nextValues[equation.target] = value
    } else {
      builder.environment[equation.target] = value
    }
  }
}
