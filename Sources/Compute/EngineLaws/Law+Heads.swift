import CellCompiler
import CellLanguage
import Engine
import Support

extension Law {
  /// A cell of several heads, each of which sees all of the input, against one cell for each with its own part of the parameters.
  /// Nothing is said of a cell whose matrices mix the heads.
  static func headsFault(_ cell: Cell, _ dimensions: Dimensions) throws -> String? {
    let heads = cell.heads(dimensions)
    guard heads > 1, cell.keepsHeadsApart else { return nil }
    let trial = Trial(cell, dimensions, lengths: try PackedLengths([9, 9, 7, 4, 1, 0]))
    let machine = try Machine(threads: 1)
    let whole = trial.run(on: machine)
    var sizes = dimensions.values.filter { $0.key != "units" && $0.key != "inputs" }
    sizes[Size.headsName] = 1
    let single = try cell.dimensions(inputs: dimensions.inputs, units: dimensions.units / heads, sizes: sizes)
    var sum = [Float](repeating: 0, count: whole.inputGradient.count)
    for head in 0..<heads {
      let own = Trial(trial, head: head, of: heads, dimensions: single).run(on: machine)
      if let deviation = try trial.deviation(ofHead: head, of: heads, own, from: whole) { return "head \(head): \(deviation)" }
      for place in sum.indices { sum[place] += own.inputGradient[place] }
    }
    return try trial.deviation(of: sum, from: whole.inputGradient, in: .inputGradient, called: "the gradient of the input")
  }
}

extension Trial {
  /// One head of another trial as a cell of its own.
  fileprivate init(_ whole: Trial, head: Int, of heads: Int, dimensions: Dimensions) {
    self.init(whole.cell, dimensions, lengths: whole.lengths)
    let width = { whole.plan.width(ofState: $0) }
    parameters = zip(whole.cell.parameters, ParameterLayout(whole.cell, dimensions: whole.dimensions).entries).flatMap {
      parameter, entry in
      let all = Array(whole.parameters[entry.range])
      return parameter.kind == .scalar ? all : all.part(head, of: heads)
    }
    initial = whole.initial.enumerated().map { $1.parts(head, of: heads, width: width($0)) }
    outputGradients = whole.outputGradients.parts(head, of: heads, width: width(0))
    finalGradients = whole.finalGradients.enumerated().map { $1.parts(head, of: heads, width: width($0)) }
    inputs = whole.inputs
  }

  /// How the results of one head differ from its part of those of all.
  fileprivate func deviation(ofHead head: Int, of heads: Int, _ own: Result, from whole: Result) throws -> String? {
    let bound = tolerance
    func fault(_ what: String, _ own: [Float], _ right: [Float]) -> String? {
      let largest = right.reduce(1) { max($0, abs($1)) }
      let bad = own.indices.first { !(abs(own[$0] - right[$0]) <= bound * largest) }
      return bad.map { "number \($0) of \(what) is \(own[$0]), expected \(right[$0])" }
    }
    for (index, state) in cell.states.enumerated() {
      let width = plan.width(ofState: index)
      let pairs = [
        ("\(state.name)'", own.states[index], whole.states[index]),
        ("the final \(state.name)", own.final[index], whole.final[index]),
        ("the gradient of the initial \(state.name)", own.initialGradients[index], whole.initialGradients[index]),
      ]
      for (what, one, all) in pairs {
        if let deviation = fault(what, one, all.parts(head, of: heads, width: width)) { return deviation }
      }
    }
    var start = 0
    for (parameter, entry) in zip(cell.parameters, ParameterLayout(cell, dimensions: dimensions).entries)
    where parameter.kind != .scalar {
      let right = Array(whole.parameterGradient[entry.range]).part(head, of: heads)
      defer { start += right.count }
      let gradient = Array(own.parameterGradient[start..<start + right.count])
      if let deviation = fault("the gradient of \(parameter.name)", gradient, right) { return deviation }
    }
    return nil
  }
}

extension Cell {
  /// Whether a head computes with its own part of every vector but the inputs, which matrices that are not block-diagonal multiply and
  /// nothing else reads.
  package var keepsHeadsApart: Bool {
    let names = Set(inputs.map(\.name))
    func isInput(_ expression: Expression) -> Bool {
      if case .name(let name) = expression { names.contains(name) } else { false }
    }
    func isApart(_ expression: Expression) -> Bool {
      switch expression {
      case .number, .next: return true
      case .name(let name): return !names.contains(name) && !parameters.contains { $0.name == name && $0.kind == .scalar }
      case .product(let matrix, let isTransposed, let operand):
        if parameters.contains(where: { $0.name == matrix && $0.kind.isBlockDiagonal }) { return isApart(operand) }
        if case .concatenation(let parts) = operand { return !isTransposed && parts.allSatisfy(isInput) }
        return !isTransposed && isInput(operand)
      case .concatenation(let parts): return parts.allSatisfy(isApart)
      case .slice, .projection: return false
      case .apply(_, let arguments): return arguments.allSatisfy(isApart)
      }
    }
    let lengths = (states.map(\.size) + equations.map(\.size)).map(\.rows)
    return equations.allSatisfy { isApart($0.expression) }
      && lengths.allSatisfy { $0.constant == 0 && $0.terms.keys.allSatisfy { $0 == "units" } }
  }
}

extension [Float] {
  /// One of some equal parts.
  fileprivate func part(_ part: Int, of parts: Int) -> [Float] {
    Array(self[part * (count / parts)..<(part + 1) * (count / parts)])
  }

  /// One of some equal parts of each row of `[rows, width]`.
  fileprivate func parts(_ part: Int, of parts: Int, width: Int) -> [Float] {
    stride(from: 0, to: count, by: width).flatMap { Array(self[$0..<$0 + width]).part(part, of: parts) }
  }
}
