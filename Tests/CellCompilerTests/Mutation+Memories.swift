import CellCompiler
import CellLanguage
import Testing

extension Mutation {
  static let ofMemories: [Mutation] = [
    Mutation(.leaves, says: "has not a row of its length for each of its rows", in: .attending) { plan in
      plan.reshape(try plan.first(.memory), by: .memory)
    },
    Mutation(.leaves, says: "of which there is one at most", in: .attending) { plan in
      plan.reshape(try plan.projection(), by: .projection(try plan.parameter("v")), shape: .rowsOfMemory(4))
    },
    Mutation(.leaves, says: "can't multiply to that length", in: .attending) { plan in
      plan.reshape(try plan.projection(), by: .projection(try plan.parameter("U")), shape: .rowsOfMemory(5))
    },
    Mutation(.arguments, says: "reads a value of width", in: .attending) { plan in
      let sum = try plan.first(.sumOfRows)
      plan.reshape(sum, by: plan.graph[sum].operation, shape: .rowsOfMemory(4))
    },
    Mutation(.kept, says: "is no vector with an element for each", in: .attending) { plan in
      plan.keptOfMemory.append(try plan.first(.sumOfRows))
    },
    Mutation(.kept, says: "is kept, and is in memory anyhow", in: .attending) { plan in
      plan.keptOfMemory.append(try plan.first(.memory))
    },
    Mutation(.backwardSteps, says: "adds up another gradient of memory", in: .attending) { plan in
      let memory = try plan.first(.memory)
      for (place, phase) in plan.backward.phases.enumerated() {
        guard case .program(var program) = phase else { continue }
        program.instructions.removeAll { $0.destination == .memoryGradient(memory) }
        plan.backward.phases[place] = .program(program)
      }
    },
    Mutation(.room, says: "reads or writes", in: .attending) { plan in
      let memory = try plan.first(.memory)
      for (place, phase) in plan.inference.phases.enumerated() {
        guard case .program(var program) = phase else { continue }
        for index in program.instructions.indices {
          program.instructions[index].sources = program.instructions[index].sources.map {
            $0 == .memory(memory) ? .keptOfMemory(99) : $0
          }
        }
        plan.inference.phases[place] = .program(program)
      }
    },
  ]
}

extension Plan {
  fileprivate mutating func reshape(_ value: Graph.Value, by operation: Graph.Operation, shape: Graph.Shape? = nil) {
    var nodes = graph.nodes
    nodes[value] = Graph.Node(operation: operation, shape: shape ?? Graph.Shape(nodes[value].width))
    graph = Graph(nodes: nodes)
  }

  fileprivate func projection() throws -> Graph.Value {
    try first(.projection(try parameter("U")))
  }
}
