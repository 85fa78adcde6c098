import CellLanguage

// A plan of which not all passes have been run: the values of a step, and where they are to stand.
extension PlanPrinter {
  /// What the passes up to the plan's own have made.
  var values: [String] {
    guard let pass = plan.pass else { return [] }
    var lines = definitions("a step, value by value", of: 0..<plan.forwardCount) + aliases
    if pass >= .differentiate {
      lines += definitions("a step back, value by value", of: plan.forwardCount..<plan.graph.nodes.count)
      lines += ["", "gradients"] + gradients
    }
    if pass >= .findInvariants { lines += invariants }
    if pass >= .arrangeSlots { lines += preactivations }
    if pass >= .stackProducts { lines += ["", "products"] + products }
    if pass >= .placeGates { lines += ["", "in the place of pre-activations"] + gates }
    if pass >= .chooseKept { lines += kept }
    if pass >= .fuseProducts { lines += ["", "multiplied as they are added"] + fused }
    return lines
  }

  /// What a value is called where others read it: by its name in the equations, or a number.
  private func label(_ value: Graph.Value) -> String {
    names[value] ?? inputName(of: value) ?? (plan.graph.isLeaf(value) ? name(of: value) : "%\(value)")
  }

  private func definitions(_ heading: String, of values: Range<Graph.Value>) -> [String] {
    ["", heading]
      + values.compactMap { value in
        let node = plan.graph[value]
        if inputName(of: value) != nil { return nil }
        let definition: String
        switch node.operation {
        case .affine(let terms, let biases): definition = sum(terms, biases, name: label)
        case .apply(let primitive, let arguments): definition = "\(primitive.name)(\(list(arguments)))"
        case .backpropagated(let vector, _, let gradients):
          definition = "\(list(gradients)), back through products to \(label(vector))"
        case .slice(let vector, let start):
          definition = "\(label(vector))[\(start)..<\(start + node.width)]"
        case .placed(let parts):
          definition =
            "zeros with "
            + parts.map { "\(label($0.value)) from \($0.start)" }.joined(separator: ", ")
        case .input, .previous, .memory, .projection, .parameter, .constant, .mask, .zoneout, .incomingGradient, .outputGradient:
          return nil
        }
        return "  \(label(value)) = \(definition)   \(node.width)"
      }
  }

  /// States whose next value has another name or none of its own.
  private var aliases: [String] {
    zip(plan.cell.states, plan.next).filter { $0.name + "'" != label($1) }.map { "  \($0.name)' = \(label($1))" }
  }

  private var gradients: [String] {
    let cell = plan.cell
    let memories = plan.gradients.memory.map { "  of \(label($0)), summed up for each sequence: \(label($1))" }
    let affines = plan.gradients.affines.sorted { $0.key < $1.key }.map { "  of \(label($0)): \(label($1))" }
    let states = zip(cell.states, plan.gradients.states).compactMap { state, value in
      value.map { "  of \(state.name): \(label($0))" }
    }
    return affines + plan.gradients.parameters.map { "  of \(cell.parameters[$0].name), summed up: \(label($1))" } + memories
      + states
      + (plan.gradients.input.map { ["  of \(plan.inputName): \(label($0))"] } ?? [])
  }

  private var products: [String] {
    plan.products.map { "  \(product($0))   \($0.stage.map { "before program \($0 + 1)" } ?? "all steps at once")" }
  }

  private var gates: [String] {
    plan.gates.sorted { $0.value.start < $1.value.start }.map { "  \(columns($0.value))  \(label($0.key))" }
  }

  private var fused: [String] { plan.fused.keys.sorted().map { "  \(label($0))" } }

  private func list(_ values: [Graph.Value]) -> String { values.map(label).joined(separator: ", ") }
}
