import CellCompiler
import CellLanguage
import Testing

extension Mutation {
  static let ofLayouts: [Mutation] = [
    Mutation(.slots, says: "has no slot") { $0.slots.removeLast() },
    Mutation(.slots, says: "and is no pre-activation of the step") { plan in
      let end = plan.slotWidth
      plan.slots.append(plan.slots[0])
      plan.slots[plan.slots.count - 1].value = try plan.value("f")
      plan.slots[plan.slots.count - 1].start = end
    },
    Mutation(.slots, says: "stands twice among the slots") { $0.slots.append($0.slots[0]) },
    Mutation(.slots, says: "follows column") { $0.slots.swapAt(0, 1) },
    Mutation(.slots, says: "takes 5 columns of the slots") { $0.slots[$0.slots.count - 1].width = 5 },
    Mutation(.slots, says: "there is no value 1000") { $0.slots[0].value = 1000 },

    Mutation(.products, says: "a product of 9 numbers reads value") { $0.products[0].k = 9 },
    Mutation(.products, says: "runs at a stage of its own") { $0.products[0].stage = 0 },
    Mutation(.products, says: "runs at a stage of its own") { $0.products[1].stage = nil },
    Mutation(.products, says: "lies beside its slot") { $0.products[1].start += 1 },
    Mutation(.products, says: "lies beside its slot") { $0.products[0].blocks.swapAt(0, 1) },
    Mutation(.products, says: "lies beside its slot") { $0.products[0].blocks[0].results = 0..<3 },
    Mutation(.products, says: "adds to a slot that nothing has started") { $0.products[0].accumulates = true },
    Mutation(.products, says: "starts a slot again") { $0.products[1].accumulates = false },
    Mutation(.products, says: "has other biases than value") { $0.products[0].blocks[0].biases = [] },
    Mutation(.products, says: "has other biases than value") { plan in
      plan.products[1].blocks[0].biases = [try plan.parameter("b_f")]
    },
    Mutation(.products, says: "adds a term") { plan in plan.products[0].blocks[0].offset += 1 },
    Mutation(.products, says: "adds a term") { plan in plan.products.append(plan.products[1]) },
    Mutation(.products, says: "of which a part has not been started", in: .split) { plan in
      let index = try #require(plan.products.firstIndex { !$0.accumulates && $0.blocks[0].results == 0..<2 })
      plan.products[index].blocks[0].results = 0..<1
      plan.products.insert(plan.products[index], at: 0)
      plan.products[index + 1].blocks[0].results = 0..<2
    },
    Mutation(.products, says: "no product adds 1 terms") { $0.products.removeLast() },

    Mutation(.gates, says: "in a slot that there is not") { plan in plan.gates[try plan.value("f")]?.start += 1 },
    Mutation(.gates, says: "is no function of it") { plan in plan.gates[try plan.first(.add)] = plan.slots[0] },
    Mutation(.gates, says: "is no function of it") { plan in plan.gates[try plan.value("f")] = plan.gates[try plan.value("g")] },
    Mutation(.gates, says: "that another gate has taken", in: .init(equations: "a = W x\nh' = σ(a) * tanh(a)", states: "h")) {
      plan in
      for (value, node) in plan.graph.nodes[..<plan.forwardCount].enumerated() {
        if case .apply(let primitive, _) = node.operation, case .unary = primitive.definition {
          plan.gates[value] = plan.slots[0]
        }
      }
    },
    Mutation(.gates, says: "and a state needs it or the slot", in: .init(equations: "h' = tanh(W x)", states: "h")) { plan in
      plan.gates[plan.next[0]] = plan.slots[0]
    },
    Mutation(.gates, says: "reads, too", in: .init(equations: "a = W x\nh' = σ(a) * a", states: "h")) { plan in
      let gate = plan.graph.nodes.firstIndex { node in
        if case .apply(let primitive, _) = node.operation { primitive.name == "sigmoid" } else { false }
      }
      plan.gates[try #require(gate)] = plan.slots[0]
    },

    Mutation(.kept, says: "which a product of the step back multiplies, is not kept") { $0.kept.removeFirst() },
    Mutation(.kept, says: "is in memory anyhow") { plan in
      plan.kept.append(plan.slots[0])
      plan.kept[plan.kept.count - 1].start = plan.kept.dropLast().reduce(0) { $0 + $1.width }
    },
    Mutation(.kept, says: "or no value of the forward step") { $0.kept[0].value = $0.forwardCount },
    Mutation(.kept, says: "among the kept values, column 1 follows column 0") { $0.kept[0].start = 1 },
    Mutation(.kept, says: "stands twice among the kept values") { $0.kept.append($0.kept[0]) },
    Mutation(.kept, says: "takes 3 columns of the kept values") { $0.kept[$0.kept.count - 1].width = 3 },
  ]
}
