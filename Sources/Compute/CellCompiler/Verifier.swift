import CellLanguage

/// What a plan must satisfy whatever the cell: the grammar of the intermediate form.
///
/// Checks run after every pass in debug builds, and in the tests over every cell of the library.
extension Plan {
  /// Sentences that name what is wrong; none if the plan is sound.
  package var faults: [String] { graphFaults + slotFaults + productFaults + scheduleFaults }

  func verify(after pass: String) {
    let faults = faults
    precondition(faults.isEmpty, "after the pass `\(pass)` of \(cell.name): \(faults.joined(separator: "; "))")
  }

  /// Every value is defined before it is used, at the width at which it is used.
  private var graphFaults: [String] {
    graph.nodes.indices.flatMap { value -> [String] in
      let node = graph[value]
      let late = graph.operands(of: value).filter { $0 >= value }.map { "value \(value) reads value \($0), which comes later" }
      guard case .apply(let primitive, let arguments) = node.operation else { return late }
      let wrong = arguments.filter { graph[$0].width != node.width }
      return late + wrong.map { "\(primitive.name) of width \(node.width) reads a value of width \(graph[$0].width)" }
        + (arguments.count == primitive.arity ? [] : ["\(primitive.name) has \(arguments.count) arguments"])
    }
  }

  /// The pre-activations are contiguous.
  private var slotFaults: [String] {
    zip(slots, slots.dropFirst()).compactMap {
      $0.range.upperBound == $1.start ? nil : "a gap between pre-activations at \($1.start)"
    }
      + zip(kept, kept.dropFirst()).compactMap {
        $0.range.upperBound == $1.start ? nil : "a gap between kept values at \($1.start)"
      }
  }

  /// Every slot is started by exactly one product, in which its biases stand, before others add to it.
  private var productFaults: [String] {
    var started: [Graph.Value: Int] = [:]
    var faults: [String] = []
    for product in products {
      var start = product.start
      for block in product.blocks {
        guard let slot = slots.first(where: { $0.start == start && $0.value == block.affine }) else {
          faults.append("a product's block lies beside its slot at column \(start)")
          continue
        }
        if !product.accumulates { started[slot.value, default: 0] += 1 }
        if product.accumulates && started[slot.value] == nil {
          faults.append("a product adds to a slot that nothing has started")
        }
        start += block.rows
      }
    }
    if !products.isEmpty { faults += slots.filter { started[$0.value] != 1 }.map { "slot at \($0.start) is not started once" } }
    return faults
  }

  /// Nothing is read in a step before it is written there.
  private var scheduleFaults: [String] {
    let fromStart = products.filter { $0.stage == nil }.flatMap(\.columns)
    let forward = [("inference", inference), ("training", training)].flatMap { name, schedule in
      faults(in: schedule, named: name, written: Set(fromStart.map(Place.slot)), isBackward: false)
    }
    let memory = slots.flatMap(\.range).map(Place.slot) + kept.flatMap(\.range).map(Place.kept)
    let late = gradientsReplaceSlots ? slotsReadTooLate.map { "the gradient of z[\($0)...] overwrites what is still read" } : []
    return forward + faults(in: backward, named: "backward", written: Set(memory), isBackward: true) + late
  }

  private func faults(in schedule: Schedule, named name: String, written: Set<Place>, isBackward: Bool) -> [String] {
    var written = written
    var faults: [String] = []
    func read(_ place: Place) {
      switch place {
      case .input, .previous, .parameter, .constant, .invariant, .mask, .zoneout, .outputGradient, .incomingGradient,
        .parameterGradient:
        break
      case .next where isBackward: break
      default: if !written.contains(place) { faults.append("\(name) reads \(place) before anything wrote it") }
      }
    }
    for phase in schedule.phases {
      switch phase {
      case .product(let index):
        if let home = schedule.homes[products[index].source] { read(home) }
        written.formUnion(products[index].columns.map(Place.slot))
      case .backpropagate(let index, let place, let accumulates):
        for block in slots where products[index].columns.contains(block.start) { read(.slotGradient(block.start)) }
        if accumulates { read(place) }
        written.insert(place)
      case .program(let program):
        written = written.filter { if case .register = $0 { false } else { true } }
        for instruction in program.instructions {
          instruction.sources.forEach(read)
          written.insert(instruction.destination)
        }
      }
    }
    let results = cell.states.indices.map { isBackward ? Place.outgoingGradient(state: $0) : .next(state: $0) }
    return faults + results.filter { !schedule.phases.isEmpty && !written.contains($0) }.map { "\(name) never writes \($0)" }
  }
}
