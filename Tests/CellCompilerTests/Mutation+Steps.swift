import CellCompiler
import CellLanguage
import Testing

extension Mutation {
  static let ofInstructions: [Mutation] = [
    Mutation(.room, says: "training runs product 99, which it can't") { $0.training.phases.append(.product(99)) },
    Mutation(.room, says: "backward runs product 0, which it can't") { $0.backward.phases.append(.product(0)) },
    Mutation(.room, says: "training runs product 0 back") { plan in
      plan.training.phases.append(.backpropagate(0, into: .scratch(0), accumulates: false))
    },
    Mutation(.room, says: "back into previous(state: 0), which it can't") { plan in
      plan.backward.phases.append(.backpropagate(1, into: .previous(state: 0), accumulates: true))
    },
    Mutation(.room, says: "has 1 sources") { $0.training.change(.multiply) { $0.sources.removeLast() } },
    Mutation(.room, says: "covers 0 times its width") { $0.training.change(.multiply) { $0.span = 0 } },
    Mutation(.room, says: "covers 2 times its width") { $0.backward.change(.multiply) { $0.span = 2 } },
    Mutation(.room, says: "reads or writes slot(11)") { $0.training.change(.multiply) { $0.sources[0] = .slot(11) } },
    Mutation(.room, says: "reads or writes kept(-1)") { $0.training.change(.multiply) { $0.destination = .kept(-1) } },
    Mutation(.room, says: "reads or writes scratch(400)") { $0.inference.change(.multiply) { $0.destination = .scratch(400) } },
    Mutation(.room, says: "reads or writes register(40)") { $0.backward.change(.multiply) { $0.sources[0] = .register(40) } },
    Mutation(.room, says: "reads or writes input, where there is no room for 4") {
      $0.training.change(.multiply) { $0.sources[0] = .input }
    },
    Mutation(.room, says: "reads or writes mask(state: 0)") { $0.training.change(.multiply) { $0.sources[0] = .mask(state: 0) } },
    Mutation(.room, says: "reads or writes zoneout(state: 0)", in: .drawn) {
      $0.training.change(.multiply) { $0.sources[0] = .zoneout(state: 0) }
    },
    Mutation(.room, says: "reads or writes invariant(0)") { $0.training.change(.multiply) { $0.sources[0] = .invariant(0) } },
    Mutation(.room, says: "reads or writes next(state: 2)") {
      $0.training.change(.multiply) { $0.destination = .next(state: 2) }
    },
    Mutation(.room, says: "writes previous(state: 1), which steps only read") {
      $0.training.change(.multiply) { $0.destination = .previous(state: 1) }
    },

    Mutation(.vectors, says: "has no place") { plan in plan.backward.homes[plan.products[1].source] = nil },
    Mutation(.vectors, says: "is at scratch(0), and not there for all steps") { plan in
      plan.backward.homes[plan.products[1].source] = .scratch(0)
    },
    Mutation(.vectors, says: "is not at previous(state: 1)") { plan in
      plan.backward.homes[try plan.first(.previous(state: 0))] = .previous(state: 1)
    },
    Mutation(.vectors, says: "is not at kept(4)") { plan in
      let product = try #require(plan.products.first { $0.stage ?? 0 > 0 })
      plan.backward.homes[product.source] = .kept(4)
    },
  ]

  static let ofSteps: [Mutation] = [
    Mutation(.fusing, says: "products as it adds them, and not 0") { $0.fused = [:] },

    Mutation(.forwardSteps, says: "training reads slot(0) before anything wrote it") { plan in
      plan.training.phases.removeAll { if case .product = $0 { true } else { false } }
    },
    Mutation(.forwardSteps, says: "inference runs product 2 before value") { plan in
      plan.inference.phases = plan.inference.phases.filter { if case .product = $0 { true } else { false } }
    },
    Mutation(.forwardSteps, says: "starts the slot at 0 late, or again") { plan in
      plan.products.swapAt(0, 1)
      plan.products[0].stage = nil
    },
    Mutation(.forwardSteps, says: "does not leave value") {
      $0.training.change(.multiplyAdd) { $0.primitive = .subtractProduct }
    },
    Mutation(.forwardSteps, says: "does not leave value") { $0.training.change(.multiplyAdd) { $0.sources.swapAt(0, 2) } },
    Mutation(.forwardSteps, says: "at kept(0)") { $0.training.change(to: .kept(0)) { $0.destination = .kept(4) } },
    Mutation(.forwardSteps, says: "does not leave value") {
      $0.training.changeFirst({ $0.primitive.name == "sigmoid" }) { $0.primitive = .negate }
    },
    Mutation(.forwardSteps, says: "at next(state: 1)", in: .drawn) {
      $0.training.change(readsAny: { if case .zoneout = $0 { true } else { false } }) { instruction in
        instruction.sources = instruction.sources.map { if case .zoneout = $0 { .constant(0.25) } else { $0 } }
      }
    },

    Mutation(.backwardSteps, says: "does not add to the gradient of parameter") { plan in
      plan.backward.changeSums { $0.sources.swapAt(0, 1) }
    },
    Mutation(.backwardSteps, says: "adds up another gradient of") { plan in
      plan.backward.changeSums { $0.sources[1] = .incomingGradient(state: 0) }
    },
    Mutation(.backwardSteps, says: "back before the gradient of the slot at") { plan in
      plan.backward.phases.insert(plan.backward.phases.removeLast(), at: 0)
    },
    Mutation(.backwardSteps, says: "where nothing stands, or overwrites what does") { plan in
      plan.backward.changeReturns { index, place, accumulates in accumulates.toggle() }
    },
    Mutation(.backwardSteps, says: "adds a gradient of state 0 to outgoingGradient(state: 1)") { plan in
      plan.backward.changeReturns { index, place, accumulates in
        if place == .outgoingGradient(state: 0) { place = .outgoingGradient(state: 1) }
      }
    },
    Mutation(.backwardSteps, says: "leaves another gradient of h than the graph's") { $0.backward.phases.removeLast() },
    Mutation(.backwardSteps, says: "leaves another gradient of c than the graph's") {
      $0.backward.change(to: .outgoingGradient(state: 1)) {
        $0.sources.swapAt(0, 1); $0.primitive = .subtract
      }
    },
    Mutation(.backwardSteps, says: "backward does not leave value") {
      $0.backward.change(to: .slotGradient(0)) { $0.sources[0] = .incomingGradient(state: 1) }
    },
    // One register for what stood in two.
    Mutation(.backwardSteps, says: "than the graph's") { plan in
      plan.backward.changeAll { instruction in
        func merged(_ place: Plan.Place) -> Plan.Place { place == .register(1) ? .register(0) : place }
        instruction.destination = merged(instruction.destination)
        instruction.sources = instruction.sources.map(merged)
      }
    },

    Mutation(.overwriting, says: "which gradients have overwritten by then", in: .multiplied) { $0.gradientsReplaceSlots = true },
    Mutation(.overwriting, says: "backward reads slot(0) before anything wrote it") { plan in
      // One more reader of a gate when its gradient has been written.
      guard case .program(var program) = plan.backward.phases.first else { return }
      var reader = try #require(program.instructions.first { $0.sources.contains(.slot(0)) })
      reader.destination = .register(0)
      program.instructions.append(reader)
      plan.backward.phases.append(.program(program))
    },
  ]
}

extension Plan.Schedule {
  /// Changes the first instruction of a primitive.
  fileprivate mutating func change(_ primitive: Primitive, _ change: (inout Plan.Instruction) -> Void) {
    changeFirst({ $0.primitive == primitive }, change)
  }

  /// Changes the first instruction that writes to a place.
  fileprivate mutating func change(to place: Plan.Place, _ change: (inout Plan.Instruction) -> Void) {
    changeFirst({ $0.destination == place }, change)
  }

  /// Changes the first instruction that reads such a place.
  fileprivate mutating func change(readsAny isRead: (Plan.Place) -> Bool, _ change: (inout Plan.Instruction) -> Void) {
    changeFirst({ $0.sources.contains(where: isRead) }, change)
  }

  /// Changes the first instruction that adds to the gradient of a parameter.
  fileprivate mutating func changeSums(_ change: (inout Plan.Instruction) -> Void) {
    changeFirst({ if case .parameterGradient = $0.destination { true } else { false } }, change)
  }

  fileprivate mutating func changeFirst(_ isWanted: (Plan.Instruction) -> Bool, _ change: (inout Plan.Instruction) -> Void) {
    var isDone = false
    changeAll { instruction in
      if isDone || !isWanted(instruction) { return }
      change(&instruction)
      isDone = true
    }
    #expect(isDone, "there is no such instruction")
  }

  fileprivate mutating func changeAll(_ change: (inout Plan.Instruction) -> Void) {
    for place in phases.indices {
      guard case .program(var program) = phases[place] else { continue }
      for index in program.instructions.indices { change(&program.instructions[index]) }
      phases[place] = .program(program)
    }
  }

  /// Changes what products bring back.
  fileprivate mutating func changeReturns(_ change: (inout Int, inout Plan.Place, inout Bool) -> Void) {
    for phase in phases.indices {
      guard case .backpropagate(var index, var place, var accumulates) = phases[phase] else { continue }
      change(&index, &place, &accumulates)
      phases[phase] = .backpropagate(index, into: place, accumulates: accumulates)
    }
  }
}
