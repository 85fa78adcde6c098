import CellLanguage

extension Plan: CustomStringConvertible {
  /// The plan for a reader: products, programs, what is kept, and the step back; or, if passes are still to come, what there is:
  /// the values of a step, and where they are to stand.
  package var description: String {
    let printer = PlanPrinter(plan: self)
    let sizes = dimensions.values.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }.joined(separator: ", ")
    let after = pass.map { $0 == Pass.allCases.last ? "" : " after \($0.rawValue)" } ?? " before all passes"
    let isScheduled = pass.map { $0 >= .scheduleSteps } ?? false
    let lines = ["plan of \(cell.name)\(after): \(sizes)"] + (isScheduled ? printer.steps : printer.values)
    return lines.joined(separator: "\n")
  }
}

/// What of a plan is printed, and how.
struct PlanPrinter {
  let plan: Plan
  /// What the equations call values.
  let names: [Graph.Value: String]

  init(plan: Plan) {
    self.plan = plan
    var names: [Graph.Value: String] = [:]
    // What is there when the step begins keeps its own name.
    for local in plan.locals where !plan.graph.isLeaf(local.value) { names[local.value] = local.name }
    for (state, value) in plan.next.enumerated() where !plan.graph.isLeaf(value) {
      names[value] = plan.cell.states[state].name + "'"
    }
    self.names = names
  }

  /// What a machine does.
  var steps: [String] {
    let inputProducts = plan.products.filter { $0.stage == nil }
    var lines = preactivations + invariants + ["", "all steps at once"] + inputProducts.map { "  " + product($0) }
    lines += ["", "each step"] + phases(plan.training) + kept
    if !plan.rebuiltStates.isEmpty {
      lines += ["", "matrices again, for \(Plan.stepsBetweenMatrices) steps before these are run back"] + phases(plan.rebuild)
    }
    lines += ["", "each step back" + (plan.gradientsReplaceSlots ? ", gradients in the place of z" : "")] + phases(plan.backward)
    lines += ["", "after the steps back"]
    lines += plan.products.map {
      "  gradient of \(matrices($0)) += gradients[\(range($0.columns))]ᵀ · \(name(of: $0.source))"
    }
    lines += inputProducts.map {
      "  gradient of \(name(of: $0.source)) += \(matrices($0))ᵀ · gradients[\(range($0.columns))]"
    }
    return lines + ["", memory]
  }

  var preactivations: [String] {
    ["", "pre-activations, \(plan.slotWidth) floats a row"] + plan.slots.map { "  \(columns($0))  \(definition(of: $0.value))" }
  }

  var invariants: [String] {
    if plan.invariants.isEmpty { return [] }
    return ["", "once for each change of the parameters"] + plan.invariants.map { "  " + name(of: $0) }
  }

  var kept: [String] {
    ["", "kept for the backward run, \(plan.keptWidth) floats a row"]
      + plan.kept.map { "  \(columns($0))  \(name(of: $0.value))" }
      + plan.keptOfMemory.map { "  for each row of the memory  \(name(of: $0))" }
  }

  /// What a row and step takes in training.
  private var memory: String {
    let parts = [
      ("pre-activations", plan.slotWidth), ("kept", plan.keptWidth), ("states", plan.keptStateWidth),
      ("zoneout", plan.zoneoutWidth),
      ("gradients of pre-activations", plan.gradientsReplaceSlots ? 0 : plan.slotWidth),
    ]
    let amounts = parts.filter { $0.1 > 0 }.map { "\($0.0) \(4 * $0.1)" }.joined(separator: ", ")
    return "a row and step takes \(plan.trainingBytes) bytes until its step back is done: \(amounts)"
  }

  /// A memory, or its rows times a parameter, as the equations write it.
  private func memory(_ value: Graph.Value) -> String {
    let name = plan.cell.memory?.name ?? "memory"
    if case .projection(let index) = plan.graph[value].operation { return "\(name) \(plan.cell.parameters[index].name)ᵀ" }
    return name
  }

  func name(of value: Graph.Value) -> String {
    if let name = names[value] ?? inputName(of: value) { return name }
    switch plan.graph[value].operation {
    case .input: return plan.inputName
    case .previous(let state): return plan.cell.states[state].name
    case .memory: return memory(value)
    case .projection: return memory(value)
    case .parameter(let index): return plan.cell.parameters[index].name
    case .constant(let number): return "\(number)"
    case .mask(let state): return place(.mask(state: state))
    case .zoneout(let state): return place(.zoneout(state: state))
    case .incomingGradient(let state): return place(.incomingGradient(state: state))
    case .outputGradient: return place(.outputGradient)
    case .affine: return plan.slots.first { $0.value == value }.map { "z[\(range($0.range))]" } ?? "z"
    case .apply(let primitive, let arguments): return "\(primitive.name)(\(arguments.map(name(of:)).joined(separator: ", ")))"
    case .slice(let vector, let start):
      return "\(name(of: vector))[\(range(start..<start + plan.graph[value].width))]"
    case .placed(let parts):
      return "[\(parts.map { "\(name(of: $0.value)) from \($0.start)" }.joined(separator: ", "))]"
    case .backpropagated(let vector, _, _): return "backpropagated gradient of \(name(of: vector))"
    }
  }

  /// The name of one of several inputs, which is a part of the row that a step reads.
  func inputName(of value: Graph.Value) -> String? {
    let columns = plan.graph.inputColumns(of: value)
    return plan.inputColumns.firstIndex { $0 == columns }.map { plan.cell.inputs[$0].name }
  }

  private func range(_ range: Range<Int>) -> String { "\(range.lowerBound)..<\(range.upperBound)" }

  func columns(_ column: Plan.Column) -> String { "[\(range(column.range))]" }

  /// A pre-activation as a sum.
  private func definition(of affine: Graph.Value) -> String {
    guard case .affine(let terms, let biases) = plan.graph[affine].operation else {
      fatalError("value \(affine) of cell \(plan.cell.name) has a slot, and is no pre-activation")
    }
    return sum(terms, biases) { name(of: $0) }
  }

  /// - Parameter name: how a vector is called.
  func sum(_ terms: [Graph.Term], _ biases: [Int], name: (Graph.Value) -> String) -> String {
    let products = terms.map { term in
      "\(matrix(term.matrix, term.block, isTransposed: term.isTransposed)) \(name(term.vector))"
    }
    return (products + biases.map { plan.cell.parameters[$0].name }).joined(separator: " + ")
  }

  private func matrices(_ product: Plan.Product) -> String {
    "[" + product.blocks.map { matrix($0.matrix, $0.block, isTransposed: $0.isTransposed) }.joined(separator: "; ") + "]"
  }

  /// A matrix, of a block-diagonal one with the number of the block.
  private func matrix(_ index: Int, _ block: Int, isTransposed: Bool) -> String {
    let parameter = plan.cell.parameters[index]
    return parameter.name + (parameter.kind.isBlockDiagonal ? "[\(block)]" : "") + (isTransposed ? "ᵀ" : "")
  }

  func product(_ product: Plan.Product) -> String {
    let start = product.accumulates ? "+=" : product.blocks.contains { !$0.biases.isEmpty } ? "= biases +" : "="
    return
      "z[\(range(product.columns))] \(start) \(matrices(product)) · \(name(of: product.source))   \(product.n) × \(product.k)"
  }

  private func phases(_ schedule: Plan.Schedule) -> [String] {
    schedule.phases.flatMap { phase in
      switch phase {
      case .product(let index): return ["  " + product(plan.products[index])]
      case .backpropagate(let index, let place, let accumulates):
        let product = plan.products[index]
        let sign = accumulates ? "+=" : "="
        return [
          "  \(self.place(place)) \(sign) \(matrices(product))ᵀ · gradients[\(range(product.columns))]   \(product.k) × \(product.n)"
        ]
      case .program(let program):
        let rows =
          program.followsMemory
          ? "rows of the memory's"
          : program.rows.map { "\($0) rows of \(program.heads == 1 ? "" : "\(program.heads) ")matrices" } ?? "rows"
        let head = "  program, \(rows) of \(program.width), \(program.registers) registers"
        return [head]
          + program.instructions.map { instruction in
            let sources = instruction.sources.map { place($0) }.joined(separator: ", ")
            let span = instruction.span > 1 ? "   for \(instruction.span) gates" : ""
            let heads = instruction.primitive.heads > 1 ? "   of each of \(instruction.primitive.heads) heads" : ""
            return "    \(place(instruction.destination)) = \(instruction.primitive.name)(\(sources))\(span)\(heads)"
          }
      }
    }
  }

  /// A part of the input, from that column of the row on.
  private func inputPart(from column: Int) -> String {
    guard let index = plan.inputColumns.firstIndex(where: { $0.contains(column) }) else {
      return "\(plan.inputName)[\(column)...]"
    }
    let start = plan.inputColumns[index].lowerBound
    return plan.cell.inputs[index].name + (start == column && plan.cell.inputs.count > 1 ? "" : "[\(column - start)...]")
  }

  func place(_ place: Plan.Place) -> String {
    let cell = plan.cell
    return switch place {
    case .register(let register): "r\(register)"
    case .rowRegister(let register): "row r\(register)"
    case .input: plan.inputName
    case .previous(let state): cell.states[state].name
    case .next(let state): cell.states[state].name + "'"
    case .parameter(let index): cell.parameters[index].name
    case .constant(let number): "\(number)"
    case .invariant(let value): name(of: value)
    case .memory(let value): memory(value)
    case .memoryGradient(let value): "gradient of \(memory(value))"
    case .keptOfMemory(let value): "kept \(name(of: value))"
    case .scratchOfMemory(let value): "scratch of \(name(of: value))"
    case .mask(let state): "mask of \(cell.states[state].name)"
    case .zoneout(let state): "zoneout of \(cell.states[state].name)"
    case .slot(let column): "z[\(column)...]"
    case .kept(let column): "kept[\(column)...]"
    case .scratch(let column): "scratch[\(column)...]"
    case .slotGradient(let column): "gradients[\(column)...]"
    case .outputGradient: "gradient of the output"
    case .inputGradient: "gradient of \(plan.inputName)"
    case .incomingGradient(let state): "gradient of \(cell.states[state].name)'"
    case .outgoingGradient(let state): "gradient of \(cell.states[state].name)"
    case .parameterGradient(let index): "gradient of \(cell.parameters[index].name)"
    case .part(.input, let column): inputPart(from: column)
    case .part(.inputGradient, let column): "gradient of \(inputPart(from: column))"
    case .part(let whole, let column): "\(self.place(whole))[\(column)...]"
    }
  }
}
