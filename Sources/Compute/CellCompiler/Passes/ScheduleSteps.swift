import CellLanguage
import Support

extension Plan {
  /// Products and programs in the order in which a step runs them.
  mutating func scheduleSteps() {
    inference = forwardSchedule(keeping: [])
    training = forwardSchedule(keeping: kept, ofMemory: keptOfMemory)
    if !computesAll { backward = backwardSchedule() }
    if !rebuiltStates.isEmpty { rebuild = rebuildSchedule() }
  }

  /// A forward step that writes the values of `columns` to what is kept for every step.
  ///
  /// - Parameters:
  ///   - memory: further values to keep, which have an element for each row of a memory.
  ///   - placed: the gates that overwrite their pre-activations; nil for all that can.
  func forwardSchedule(keeping columns: [Column], ofMemory memory: [Graph.Value] = [], placing placed: [Graph.Value: Slot]? = nil)
    -> Schedule
  {
    let stages = forwardStages()
    var builder = ProgramBuilder(graph: graph, stages: stages, mayFuse: mayFuse)
    builder.named = named
    for slot in slots { builder.homes[slot.value] = .slot(slot.start) }
    builder.gates = (placed ?? gates).mapValues { .slot($0.start) }
    addLeafHomes(to: &builder)
    for (state, value) in next.enumerated() { builder.store(value, at: .next(state: state)) }
    for column in columns where !next.contains(column.value) { builder.store(column.value, at: .kept(column.start)) }
    for value in memory { builder.store(value, at: .keptOfMemory(value)) }
    for product in products where builder.homes[product.source] == nil { builder.needsMemory.insert(product.source) }
    builder.compute(graph.closure(of: forwardRoots).filter { !graph.isLeaf($0) && builder.homes[$0] == nil })

    var schedule = Schedule(scratch: builder.scratch, homes: builder.homes)
    for stage in 0...(stages.values.max() ?? 0) {
      for (index, product) in products.enumerated() where product.stage == stage { schedule.phases.append(.product(index)) }
      schedule.phases += builder.programs(ofStage: stage).map(Phase.program)
    }
    return schedule
  }

  /// What is computed once more for the next matrices.
  var rebuiltValues: [Graph.Value] {
    let matrices = Set(rebuiltStates.map { next[$0] })
    let keptValues = Set(kept.map(\.value))
    return graph.closure(of: matrices) { keptValues.contains($0) || isAvailableBackward($0) && !matrices.contains($0) }
      .filter { !graph.isLeaf($0) }
  }

  /// Whether a product becomes one instruction with its sum, if this alone reads it. What comes from after the step, no other run has.
  private func mayFuse(_ value: Graph.Value) -> Bool { value >= forwardCount || fused[value] != nil }

  /// The values that a trace may ask for.
  private var named: Set<Graph.Value> { Set((locals + preactivations).map(\.value)) }

  private func backwardSchedule() -> Schedule {
    let keptValues = Set(kept.map(\.value) + keptOfMemory)
    let values = graph.closure(of: backwardRoots) { keptValues.contains($0) || isAvailableBackward($0) && $0 < forwardCount }
    let stages = backwardStages(of: values)
    var builder = ProgramBuilder(graph: graph, stages: stages, mayFuse: mayFuse)
    builder.named = named
    addHomesOfForwardRun(to: &builder, states: Set(next.indices))
    for slot in slots {
      if let gradient = gradients.affines[slot.value] { builder.store(gradient, at: .slotGradient(slot.start)) }
    }
    for (state, value) in gradients.states.enumerated() {
      if let value { builder.store(value, at: .outgoingGradient(state: state)) }
    }
    if let input = gradients.input { builder.store(input, at: .inputGradient) }
    for (parameter, value) in gradients.parameters { builder.accumulate(value, into: .parameterGradient(parameter)) }
    for (memory, value) in gradients.memory { builder.accumulate(value, into: .memoryGradient(memory)) }
    for state in cell.states.indices
    where gradients.states[state] == nil && backpropagations(fromState: state).isEmpty {
      builder.storeConstant(0, width: width(ofState: state), at: .outgoingGradient(state: state))
    }
    builder.compute(values.filter { !graph.isLeaf($0) && builder.homes[$0] == nil })

    var schedule = Schedule(scratch: builder.scratch, homes: builder.homes)
    for stage in 0...(stages.values.max() ?? 0) {
      for value in values where stages[value] == stage {
        guard case .backpropagated(let vector, _, _) = graph[value].operation else { continue }
        let home = found(
          builder.homes[value], orFail: "the gradient that products of cell \(cell.name) give value \(vector) is not in memory")
        for (count, index) in backpropagations(from: vector).enumerated() {
          schedule.phases.append(.backpropagate(index, into: home, accumulates: count > 0))
        }
      }
      schedule.phases += builder.programs(ofStage: stage).map(Phase.program)
    }
    for state in cell.states.indices {
      for (count, index) in backpropagations(fromState: state).enumerated() {
        let accumulates = count > 0 || gradients.states[state] != nil
        schedule.phases.append(.backpropagate(index, into: .outgoingGradient(state: state), accumulates: accumulates))
      }
    }
    return schedule
  }

  /// The part of a forward step that gives the next matrices, to the bits that the forward step has given.
  private func rebuildSchedule() -> Schedule {
    let matrices = Set(rebuiltStates.map { next[$0] })
    let values = rebuiltValues
    let stages = rebuildStages(of: values)
    var builder = ProgramBuilder(graph: graph, stages: stages, mayFuse: mayFuse)
    builder.named = named
    addHomesOfForwardRun(to: &builder, states: Set(next.indices.filter { !matrices.contains(next[$0]) }))
    for state in rebuiltStates { builder.store(next[state], at: .next(state: state)) }
    builder.compute(values.filter { builder.homes[$0] == nil })
    var schedule = Schedule(scratch: builder.scratch, homes: builder.homes)
    for stage in 0...(stages.values.max() ?? 0) { schedule.phases += builder.programs(ofStage: stage).map(Phase.program) }
    return schedule
  }

  /// Where a forward run has left values for the steps after it.
  private func addHomesOfForwardRun(to builder: inout ProgramBuilder, states: Set<Int>) {
    addLeafHomes(to: &builder)
    for slot in slots { builder.homes[slot.value] = .slot(slot.start) }
    for (value, slot) in gates { builder.homes[value] = .slot(slot.start) }
    for (state, value) in next.enumerated() where states.contains(state) && !graph.isLeaf(value) {
      builder.homes[value] = .next(state: state)
    }
    for column in kept { builder.homes[column.value] = .kept(column.start) }
    for value in keptOfMemory { builder.homes[value] = .keptOfMemory(value) }
    for (value, node) in graph.nodes.enumerated() where builder.homes[value] == nil {
      guard case .slice(let vector, let start) = node.operation, let home = builder.homes[vector]
      else { continue }
      builder.homes[value] = home.part(from: start)
    }
  }

  /// The products of a vector.
  private func backpropagations(from vector: Graph.Value) -> [Int] { products.indices.filter { products[$0].source == vector } }

  /// The products of a state as it is before the step.
  private func backpropagations(fromState state: Int) -> [Int] {
    products.indices.filter { graph[products[$0].source].operation == .previous(state: state) }
  }

  private func addLeafHomes(to builder: inout ProgramBuilder) {
    for (value, node) in graph.nodes.enumerated() {
      switch node.operation {
      case .input: builder.homes[value] = .input
      case .previous(let state): builder.homes[value] = .previous(state: state)
      case .memory, .projection: builder.homes[value] = .memory(value)
      case .parameter(let parameter): builder.homes[value] = .parameter(parameter)
      case .constant(let number): builder.homes[value] = .constant(number)
      case .mask(let state): builder.homes[value] = .mask(state: state)
      case .zoneout(let state): builder.homes[value] = .zoneout(state: state)
      case .incomingGradient(let state): builder.homes[value] = .incomingGradient(state: state)
      case .outputGradient: builder.homes[value] = .outputGradient
      case .affine, .apply, .slice, .placed, .backpropagated: break
      }
    }
    for value in invariants { builder.homes[value] = .invariant(value) }
  }
}
