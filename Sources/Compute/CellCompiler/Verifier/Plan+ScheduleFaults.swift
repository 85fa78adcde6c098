import CellLanguage

// What is wrong with what a step does.
extension Plan {
  private var schedules: [(name: String, schedule: Schedule)] {
    [("inference", inference), ("training", training), ("backward", backward), ("rebuild", rebuild)]
  }

  var roomFaults: [String] {
    schedules.flatMap { name, schedule in
      schedule.phases.flatMap { phase -> [String] in
        switch phase {
        case .product(let index):
          products.indices.contains(index) && name != "backward" && name != "rebuild"
            ? [] : ["\(name) runs product \(index), which it can't"]
        case .backpropagate(let index, let place, _):
          products.indices.contains(index) && name == "backward" && isWritable(place, width: products[index].k, in: schedule)
            ? [] : ["\(name) runs product \(index) back into \(place), which it can't"]
        case .program(let program): faults(of: program, in: schedule).map { "\(name): \($0)" }
        }
      }
    }
  }

  var fusingFaults: [String] {
    let rebuilt = Set(rebuiltValues)
    let sums = Array(fused.values)
    return [("inference", inference, sums), ("training", training, sums), ("rebuild", rebuild, sums.filter(rebuilt.contains))]
      .flatMap { name, schedule, sums -> [String] in
        let count = schedule.phases.reduce(0) { count, phase in
          guard case .program(let program) = phase else { return count }
          return count + program.instructions.filter { $0.primitive == .multiplyAdd || $0.primitive == .subtractProduct }.count
        }
        return count == sums.count ? [] : ["\(name) multiplies \(count) products as it adds them, and not \(sums.count)"]
      }
  }

  private func faults(of program: Program, in schedule: Schedule) -> [String] {
    program.instructions.flatMap { instruction -> [String] in
      let name = instruction.primitive.name
      func isRegister(_ place: Place) -> Bool {
        switch place {
        case .register, .rowRegister: true
        default: false
        }
      }
      let places = [instruction.destination] + instruction.sources
      if instruction.sources.count != instruction.primitive.arity { return ["\(name) has \(instruction.sources.count) sources"] }
      if instruction.span < 1 || instruction.span > 1 && places.contains(where: isRegister) {
        return ["\(name) covers \(instruction.span) times its width"]
      }
      if instruction.primitive.matrixMap != nil, program.rows == nil { return ["\(name) has no rows of a matrix to go over"] }
      let width = program.destinationWidth(of: instruction)
      let read = program.sourceWidth(of: instruction)
      let wrong =
        [(instruction.destination, width)].first { !hasRoom($0.0, $0.1) }
        ?? instruction.sources.map { ($0, read) }.first { !hasRoom($0.0, $0.1) }
      func hasRoom(_ place: Place, _ width: Int) -> Bool {
        switch place {
        case .register(let register): return (0..<program.registers).contains(register)
        case .rowRegister(let register): return program.rows != nil && (0..<program.registers).contains(register)
        default: break
        }
        return isReadable(place, width: width, in: schedule)
      }
      if let (place, width) = wrong { return ["\(name) reads or writes \(place), where there is no room for \(width) numbers"] }
      return isRegister(instruction.destination) || isWritable(instruction.destination, width: width, in: schedule)
        ? [] : ["\(name) writes \(instruction.destination), which steps only read"]
    }
  }

  private func isReadable(_ place: Place, width: Int, in schedule: Schedule) -> Bool {
    switch place {
    case .register, .rowRegister: false
    case .input, .inputGradient: width == inputWidth
    case .outputGradient: width == self.width(ofState: 0)
    case .constant: true
    case .previous(let state), .next(let state), .incomingGradient(let state), .outgoingGradient(let state):
      cell.states.indices.contains(state) && width == self.width(ofState: state)
    case .mask(let state): maskedStates.contains(state) && width == self.width(ofState: state)
    case .zoneout(let state): zonedStates.contains(state) && width == self.width(ofState: state)
    case .parameter(let index), .parameterGradient(let index):
      cell.parameters.indices.contains(index)
        && graph.nodes.contains(Graph.Node(operation: .parameter(index), width: width))
    case .invariant(let value): invariants.contains(value) && width == graph[value].width
    case .memory(let value), .memoryGradient(let value): memories.contains(value) && width == graph[value].width
    case .keptOfMemory(let value), .scratchOfMemory(let value):
      graph.nodes.indices.contains(value) && graph[value].shape.followsMemory && width == graph[value].width
    case .slot(let column), .slotGradient(let column): column >= 0 && column + width <= slotWidth
    case .kept(let column): column >= 0 && column + width <= keptWidth
    case .scratch(let column): column >= 0 && column + width <= schedule.scratch
    case .part(let whole, let column):
      self.width(of: whole).map {
        column >= 0 && column + width <= $0 && isReadable(whole, width: $0, in: schedule)
      } ?? false
    }
  }

  private func isWritable(_ place: Place, width: Int, in schedule: Schedule) -> Bool {
    switch place {
    case .register, .rowRegister, .input, .previous, .memory, .parameter, .constant, .invariant, .mask, .zoneout, .outputGradient,
      .incomingGradient:
      false
    case .part(let whole, _):
      self.width(of: whole).map {
        isReadable(place, width: width, in: schedule) && isWritable(whole, width: $0, in: schedule)
      } ?? false
    case .next, .slot, .kept, .scratch, .slotGradient, .inputGradient, .outgoingGradient, .parameterGradient, .keptOfMemory,
      .scratchOfMemory, .memoryGradient:
      isReadable(place, width: width, in: schedule)
    }
  }

  /// How long a vector is of which the place says it.
  func width(of place: Place) -> Int? {
    switch place {
    case .input, .inputGradient: inputWidth
    case .outputGradient: width(ofState: 0)
    case .previous(let state), .next(let state), .incomingGradient(let state),
      .outgoingGradient(let state), .mask(let state),
      .zoneout(let state):
      cell.states.indices.contains(state) ? width(ofState: state) : nil
    case .parameter(let index), .parameterGradient(let index):
      graph.nodes.first { $0.operation == .parameter(index) }?.width
    case .invariant(let value), .memory(let value), .memoryGradient(let value), .keptOfMemory(let value),
      .scratchOfMemory(let value):
      graph[value].width
    case .register, .rowRegister, .constant, .slot, .kept, .scratch, .slotGradient, .part: nil
    }
  }

  /// The gradient of a matrix is computed after all steps back, from its product's vector at each of them.
  var vectorFaults: [String] {
    if computesAll { return [] }
    let memory = StepInterpreter(stepBackOf: self)
    return products.indices.compactMap { index in
      let source = products[index].source
      guard let home = backward.homes[source] else { return "value \(source), which product \(index) multiplies, has no place" }
      switch home.whole {
      case .kept, .slot, .next, .previous, .input, .parameter:
        return memory.holds(source, at: home) ? nil : "value \(source), which product \(index) multiplies, is not at \(home)"
      default: return "value \(source), which product \(index) multiplies, is at \(home), and not there for all steps"
      }
    }
  }

  var forwardStepFaults: [String] {
    faults(of: inference, named: "inference", gates: gates, leaving: [])
      + faults(
        of: training, named: "training", gates: gates,
        leaving: kept.map { ($0.value, .kept($0.start)) } + keptOfMemory.map { ($0, .keptOfMemory($0)) })
      + rebuildFaults
  }

  private var rebuildFaults: [String] {
    if rebuiltStates.isEmpty { return rebuild.phases.isEmpty ? [] : ["a plan without matrices computes some once more"] }
    var step = StepInterpreter(rebuildOf: self)
    step.run()
    let lost = rebuiltStates.filter { !step.holds(next[$0], at: .next(state: $0)) }
    return step.faults + lost.map { "rebuild does not leave value \(next[$0]) at \(Place.next(state: $0))" }
  }

  /// What is wrong with a forward step that leaves values where they can be read.
  package func faults(of watching: Watching) -> [String] {
    let places = watching.places.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    return faults(of: watching.schedule, named: "watching", gates: watching.gates, leaving: places)
  }

  /// - Parameter places: where values must stand when the step is over, beside the next states and the slots.
  private func faults(
    of schedule: Schedule, named name: String, gates: [Graph.Value: Slot], leaving places: [(Graph.Value, Place)]
  ) -> [String] {
    var step = StepInterpreter(stepOf: self, schedule, named: name)
    step.run()
    let results = next.enumerated().map { ($1, Place.next(state: $0)) }
    let filled = slots.map { slot in (gates.first { $0.value == slot }?.key ?? slot.value, Place.slot(slot.start)) }
    let lost = (results + filled + places).filter { !step.holds($0.0, at: $0.1) }
    return step.faults + lost.map { "\(name) does not leave value \($0.0) at \($0.1)" }
  }

  func backwardStepFaults(overwriting: Bool) -> [String] {
    if computesAll { return backward.phases.isEmpty ? [] : ["a plan that computes all has a step back"] }
    var step = StepInterpreter(stepBackOf: self, overwriting: overwriting)
    step.run()
    var places = slots.compactMap { slot in gradients.affines[slot.value].map { ($0, Place.slotGradient(slot.start)) } }
    if let input = gradients.input { places.append((input, .inputGradient)) }
    let lost = places.filter { !step.holds($0.0, at: $0.1) }.map { "backward does not leave value \($0.0) at \($0.1)" }
    return step.faults + lost + step.unfinished
  }

  var overwritingFaults: [String] {
    if !gradientsReplaceSlots { return [] }
    let late = products.filter { if case .slot = backward.homes[$0.source] { true } else { false } }
    return late.map { "the gradients of a matrix read value \($0.source), which gradients have overwritten by then" }
      + backwardStepFaults(overwriting: true)
  }
}

extension Plan.Place {
  /// What it is a part of, or the place itself.
  var whole: Plan.Place { if case .part(let whole, _) = self { whole } else { self } }
}
