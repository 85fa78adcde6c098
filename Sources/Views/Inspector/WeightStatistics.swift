import CellCompiler
import CellLanguage
import Engine
import Networks
import Synchronization

/// A block of a parameter that an equation reads: what of it meets one vector.
struct WeightBlock: Hashable {
  let parameter: String
  let equation: String
  let part: Part
  /// Columns of the matrix, or nil for all of it.
  let columns: Range<Int>?

  enum Part: String {
    case recurrent, input, bias, peephole, scale
  }
}

extension Cell {
  /// Every block of a parameter in the order of the equations: `W [h, x]` is a recurrent block and one of the input.
  func weightBlocks(_ dimensions: Dimensions) -> [WeightBlock] {
    var found: [WeightBlock] = []
    func note(_ parameter: String, _ equation: Equation, _ part: WeightBlock.Part, _ columns: Range<Int>? = nil) {
      let block = WeightBlock(parameter: parameter, equation: equation.name, part: part, columns: columns)
      if !found.contains(block) { found.append(block) }
    }
    func visit(_ expression: Expression, _ equation: Equation) {
      switch expression {
      case .number, .next, .slice: break
      case .name(let name):
        if let kind = kind(ofParameter: name) { note(name, equation, kind.isBias ? .bias : .scale) }
      case .projection(_, let matrix): note(matrix, equation, .input)
      case .concatenation(let parts): for part in parts { visit(part, equation) }
      case .product(let matrix, let isTransposed, let operand):
        visit(operand, equation)
        guard let kind = kind(ofParameter: matrix), let columns = kind.matrixSizes?.columns,
          case .concatenation(let parts) = operand, !isTransposed
        else { return note(matrix, equation, part(meeting: operand)) }
        let heads = kind.isBlockDiagonal ? self.heads(dimensions) : 1
        var start = 0
        for (vector, size) in zip(parts, columns) {
          let end = start + dimensions[size] / heads
          note(matrix, equation, part(meeting: vector), start..<end)
          start = end
        }
      case .apply(.multiply, let factors):
        for (factor, other) in [(factors[0], factors[1]), (factors[1], factors[0])] {
          if case .name(let name) = factor, kind(ofParameter: name) != nil {
            note(name, equation, isState(other) ? part(meeting: other) : .scale)
          } else {
            visit(factor, equation)
          }
        }
      case .apply(_, let arguments): for argument in arguments { visit(argument, equation) }
      }
    }
    for equation in equations { visit(equation.expression, equation) }
    return found
  }

  private func kind(ofParameter name: String) -> Parameter.Kind? { parameters.first { $0.name == name }?.kind }

  private func isState(_ expression: Expression) -> Bool {
    switch expression {
    case .name(let name): states.contains { $0.name == name }
    case .next: true
    case .slice(let vector, _, _): isState(vector)
    case .number, .product, .projection, .concatenation, .apply: false
    }
  }

  /// The output state and what is made of states meet recurrent weights; any other state by itself, a peephole.
  private func part(meeting vector: Expression) -> WeightBlock.Part {
    switch vector {
    case .name(let name), .next(let name):
      if states.contains(where: { $0.name == name }) { return name == states[0].name ? .recurrent : .peephole }
      return dependsOnStates(vector) ? .recurrent : .input
    case .slice(let whole, _, _): return part(meeting: whole)
    default: return dependsOnStates(vector) ? .recurrent : .input
    }
  }

  private func dependsOnStates(_ expression: Expression) -> Bool {
    expression.parts.contains { part in
      guard case .name(let name) = part else { return if case .next = part { true } else { false } }
      return states.contains { $0.name == name } || equation(named: name).map { dependsOnStates($0.expression) } ?? false
    }
  }

  private func equation(named name: String) -> Equation? { equations.first { $0.target == name && !$0.isUpdate } }
}

extension Cell.Parameter.Kind {
  fileprivate var isBias: Bool { if case .bias = self { true } else { false } }
}

extension InspectionReport.Weights {
  /// The largest matrix of which a spectral radius is computed: some seconds of one processor.
  private static let largest = 1024

  /// All weights of a layer, in the order of the equations.
  static func all(_ network: Network, layer: Int, machine: Machine) -> [Self] {
    let plan = network.plans[layer]
    let blocks = plan.cell.weightBlocks(plan.dimensions)
    return machine.map(blocks) { Self($0, network, layer: layer) }
  }

  private init(_ block: WeightBlock, _ network: Network, layer: Int) {
    let name = network.architecture.passes[layer].prefix + block.parameter
    let shape = network.layout[name]?.shape ?? [0]
    let width = shape.count > 1 ? shape[1] : 1
    let chosen = block.columns ?? 0..<width
    let all = network[name] ?? []
    let plan = network.plans[layer]
    let isBlockDiagonal = plan.cell.parameters.contains { $0.name == block.parameter && $0.kind.isBlockDiagonal }
    let blocks = isBlockDiagonal ? plan.heads : 1
    let values = (0..<shape[0]).flatMap { row in chosen.map { Double(all[row * width + $0]) } }
    (self.name, equation, part) = (block.parameter, block.equation, block.part.rawValue)
    (rows, columns) = (shape[0], chosen.count)
    let finite = values.filter(\.isFinite)
    let (low, high) = (finite.min() ?? 0, finite.max() ?? 0)
    (self.low, self.high) = (Float(low), Float(high))
    var counts = [Int](repeating: 0, count: 40)
    for value in finite { counts[high > low ? min(39, Int((value - low) / (high - low) * 40)) : 0] += 1 }
    self.counts = counts
    let mean = finite.reduce(0, +) / Double(max(1, finite.count))
    self.mean = Float(mean)
    deviation = Float((finite.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(max(1, finite.count))).squareRoot())
    if block.part != .recurrent {
      spectralRadius = nil
    } else if shape.count == 1 {
      // A vector stands for the diagonal of a matrix.
      spectralRadius = finite.count == values.count ? Float(max(abs(low), abs(high))) : nil
    } else {
      // The eigenvalues of a block-diagonal matrix are those of its blocks.
      let size = chosen.count
      let isSquare = shape[0] == size * blocks && size <= Self.largest
      let radii = (0..<(isSquare ? blocks : 0)).map {
        SpectralRadius.of(Array(values[$0 * size * size..<($0 + 1) * size * size]), size: size)
      }
      let known = radii.compactMap(\.self)
      spectralRadius = known.count == radii.count ? known.max().map { Float($0) } : nil
    }
  }
}

extension Machine {
  /// What `body` makes of each element, on all threads.
  fileprivate func map<Element: Sendable, Result: Sendable>(
    _ elements: [Element], _ body: @Sendable (Element) -> Result
  ) -> [Result] {
    let results = Mutex([Result?](repeating: nil, count: elements.count))
    let next = Mutex(0)
    concurrently(min(threads, elements.count)) { _ in
      while true {
        let index = next.withLock { next in
          next += 1
          return next - 1
        }
        guard index < elements.count else { return }
        let result = body(elements[index])
        results.withLock { $0[index] = result }
      }
    }
    return results.withLock { $0.compactMap { $0 } }
  }
}
