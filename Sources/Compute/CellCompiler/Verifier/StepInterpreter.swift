import CellLanguage

/// A step done with formulas in the place of numbers: what stands where when it is over, and what went wrong on the way.
struct StepInterpreter {
  private let plan: Plan
  private let schedule: Plan.Schedule
  private let name: String
  private let isBackward: Bool
  /// Whether the products of the input have been made.
  private var isFilled = false
  /// Whether the gradients of pre-activations take the place of these.
  private let overwrites: Bool
  private var formulas: Formulas
  private var memory: [Spot: Formulas.Formula] = [:]
  /// The parts of each vector that are values of the graph.
  private var slices: [Formulas.Formula: [(start: Int, width: Int, formula: Formulas.Formula)]] =
    [:]
  /// Where a vector stands, at the width at which it is read: a part of it may begin where it does.
  private struct Spot: Hashable {
    let place: Plan.Place
    let width: Int
  }

  /// The terms that products have added to each pre-activation so far, and the elements that these have filled.
  private var terms: [Graph.Value: [Graph.Term]] = [:]
  private var started = StartedSlots()
  /// The products that have come back to each vector so far.
  private var returned: [Graph.Value: [Int]] = [:]
  /// What has been added to the gradient of each vector or scalar parameter.
  private var sums: [Int: [Formulas.Formula]] = [:]
  /// What has been added to the gradient of each memory.
  private var memorySums: [Graph.Value: [Formulas.Formula]] = [:]
  private(set) var faults: [String] = []

  /// A forward step before it begins: there is what the kernels are given, and what the products of the input give for all steps.
  init(stepOf plan: Plan, _ schedule: Plan.Schedule, named name: String) {
    (self.plan, self.schedule, self.name) = (plan, schedule, name)
    (isBackward, overwrites) = (false, false)
    formulas = Formulas(of: plan.graph)
    noteSlices()
  }

  /// A step back before it begins: there is what the forward step has left, too.
  init(stepBackOf plan: Plan, overwriting: Bool = false) {
    (self.plan, schedule, name) = (plan, plan.backward, "backward")
    (isBackward, overwrites) = (true, overwriting)
    formulas = Formulas(of: plan.graph)
    noteSlices()
    noteForwardRun(states: Array(plan.next.indices))
  }

  /// What gives the next matrices once more, before it begins: there is what the forward step has left but for these.
  init(rebuildOf plan: Plan) {
    (self.plan, schedule, name) = (plan, plan.rebuild, "rebuild")
    (isBackward, overwrites) = (false, false)
    formulas = Formulas(of: plan.graph)
    noteSlices()
    let rebuilt = plan.rebuiltStates
    noteForwardRun(states: plan.next.indices.filter { !rebuilt.contains($0) })
    isFilled = true
  }

  private mutating func noteForwardRun(states: [Int]) {
    for slot in plan.slots {
      put(formulas.values[slot.value], at: .slot(slot.start), width: slot.width)
    }
    for (value, slot) in plan.gates {
      put(formulas.values[value], at: .slot(slot.start), width: slot.width)
    }
    for column in plan.kept {
      put(formulas.values[column.value], at: .kept(column.start), width: column.width)
    }
    for value in plan.keptOfMemory {
      put(formulas.values[value], at: .keptOfMemory(value), width: plan.graph[value].width)
    }
    for state in states {
      let value = plan.next[state]
      put(formulas.values[value], at: .next(state: state), width: plan.graph[value].width)
    }
  }

  private mutating func noteSlices() {
    for (value, node) in plan.graph.nodes.enumerated() {
      guard case .slice(let vector, let start) = node.operation else { continue }
      slices[formulas.values[vector], default: []].append(
        (start, node.width, formulas.values[value]))
    }
  }

  /// A vector stands there, and with it its parts; and what it is a part of, if all of that does.
  private mutating func put(_ formula: Formulas.Formula?, at place: Plan.Place, width: Int) {
    memory[Spot(place: place, width: width)] = formula
    guard let formula else { return }
    for slice in slices[formula, default: []] {
      memory[Spot(place: place.part(from: slice.start), width: slice.width)] = slice.formula
    }
    for (value, node) in plan.graph.nodes.enumerated() {
      guard case .placed(let parts) = node.operation, let home = schedule.homes[value],
        memory[Spot(place: home, width: node.width)] != formulas.values[value],
        hasParts(parts, at: home, width: node.width)
      else { continue }
      put(formulas.values[value], at: home, width: node.width)
    }
  }

  /// Whether all parts of a vector, and the zeros between them, stand where the vector is to stand.
  private mutating func hasParts(_ parts: [Graph.Part], at home: Plan.Place, width: Int) -> Bool {
    var end = 0
    for part in parts {
      let own = plan.graph[part.value].width
      if !hasZeros(end..<part.start, at: home) { return false }
      if memory[Spot(place: home.part(from: part.start), width: own)] != formulas.values[part.value] {
        return false
      }
      end = part.start + own
    }
    return hasZeros(end..<width, at: home)
  }

  private mutating func hasZeros(_ range: Range<Int>, at home: Plan.Place) -> Bool {
    if range.isEmpty { return true }
    let spot = Spot(place: home.part(from: range.lowerBound), width: range.count)
    return memory[spot] == formulas.leaf(.constant(0), width: range.count)
  }

  mutating func run() {
    if !isBackward && !isFilled {
      for index in plan.products.indices where plan.products[index].stage == nil { multiply(index) }
    }
    for phase in schedule.phases where faults.isEmpty {
      switch phase {
      case .product(let index): multiply(index)
      case .backpropagate(let index, let place, let accumulates): backpropagate(index, into: place, accumulates: accumulates)
      case .program(let program):
        memory = memory.filter { $0.key.place.register == nil }
        if program.rows != nil { for slots in program.overwrittenSlots { overwrite(slots) } }
        for instruction in program.instructions { run(instruction, of: program) }
      }
    }
  }

  /// Whether a value stands somewhere.
  func holds(_ value: Graph.Value, at place: Plan.Place) -> Bool {
    var copy = self
    return copy.formula(at: place, width: plan.graph[value].width) == formulas.values[value]
  }

  // MARK: Reading and writing

  private mutating func formula(at place: Plan.Place, width: Int) -> Formulas.Formula? {
    switch place {
    case .input: formulas.leaf(.input, width: width)
    case .previous(let state): formulas.leaf(.previous(state: state), width: width)
    case .parameter(let index): formulas.leaf(.parameter(index), width: width)
    case .constant(let number): formulas.leaf(.constant(number), width: width)
    case .memory(let value): plan.memories.contains(value) ? formulas.values[value] : nil
    case .mask(let state): formulas.leaf(.mask(state: state), width: width)
    case .zoneout(let state): formulas.leaf(.zoneout(state: state), width: width)
    case .outputGradient: isBackward ? formulas.leaf(.outputGradient, width: width) : nil
    case .incomingGradient(let state): isBackward ? formulas.leaf(.incomingGradient(state: state), width: width) : nil
    case .invariant(let value): plan.invariants.contains(value) ? formulas.values[value] : nil
    case .part(let whole, let column): part(of: whole, from: column, width: width)
    case .register, .rowRegister, .next, .slot, .kept, .scratch, .slotGradient, .inputGradient, .outgoingGradient,
      .parameterGradient, .keptOfMemory, .scratchOfMemory, .memoryGradient:
      memory[Spot(place: place, width: width)]
    }
  }

  /// A part of what is there when the step begins, or of what has been written.
  private mutating func part(of whole: Plan.Place, from column: Int, width: Int) -> Formulas
    .Formula?
  {
    if let written = memory[Spot(place: .part(of: whole, from: column), width: width)] {
      return written
    }
    guard let length = plan.width(of: whole), let formula = formula(at: whole, width: length) else {
      return nil
    }
    return formulas.slice(formula, start: column, width: width)
  }

  private mutating func read(_ place: Plan.Place, width: Int) -> Formulas.Formula? {
    let formula = formula(at: place, width: width)
    if formula == nil { faults.append("\(name) reads \(place) before anything wrote it") }
    return formula
  }

  private mutating func write(_ formula: Formulas.Formula?, to place: Plan.Place, width: Int) {
    // A register holds one row or as many as there are.
    if let register = place.register { memory = memory.filter { $0.key.place.register != register } }
    put(formula, at: place, width: width)
    if case .slotGradient(let column) = place { overwrite(column..<column + width) }
  }

  /// The gradients of pre-activations take the place of these.
  private mutating func overwrite(_ slots: Range<Int>) {
    if !overwrites { return }
    memory = memory.filter { spot, _ in
      if case .slot(let first) = spot.place { !(first..<first + spot.width).overlaps(slots) } else { true }
    }
  }

  // MARK: Phases

  private mutating func multiply(_ index: Int) {
    let product = plan.products[index]
    if schedule.homes[product.source].map({ holds(product.source, at: $0) }) != true {
      faults.append("\(name) runs product \(index) before value \(product.source) is there")
    }
    var column = product.start
    for block in product.blocks {
      let term = Graph.Term(
        matrix: block.matrix, block: block.block, offset: block.offset, isTransposed: block.isTransposed,
        vector: product.source, results: block.results)
      if product.accumulates != started.hasStarted(block.affine, block.results) {
        faults.append("\(name) starts the slot at \(column) late, or again")
      }
      started.start(block.affine, block.results)
      terms[block.affine, default: []].append(term)
      put(
        isFull(block.affine) ? formulas.values[block.affine] : nil, at: .slot(column - block.results.lowerBound),
        width: plan.graph[block.affine].width)
      column += block.rows
    }
  }

  /// Whether products have added all terms of a pre-activation to its slot.
  private func isFull(_ affine: Graph.Value) -> Bool {
    guard case .affine(let all, _) = plan.graph[affine].operation, let added = terms[affine] else { return false }
    func counted(_ terms: [Graph.Term]) -> [Graph.Term: Int] { terms.reduce(into: [:]) { $0[$1, default: 0] += 1 } }
    return counted(added) == counted(all)
  }

  private mutating func run(_ instruction: Plan.Instruction, of program: Plan.Program) {
    let (read, written) = (
      program.sourceWidth(of: instruction) / instruction.span, program.destinationWidth(of: instruction) / instruction.span
    )
    let width = program.elements
    for step in 0..<instruction.span {
      let destination = instruction.destination.moved(by: step * width)
      let sources = instruction.sources.map { $0.moved(by: step * width) }
      if case .parameterGradient(let parameter) = destination {
        guard instruction.primitive == .add, sources[0] == destination, let formula = self.read(sources[1], width: width) else {
          faults.append("\(name) does not add to the gradient of parameter \(parameter)")
          continue
        }
        sums[parameter, default: []].append(formula)
        continue
      }
      if case .memoryGradient(let memory) = destination {
        guard instruction.primitive == .add, sources[0] == destination, let formula = self.read(sources[1], width: width) else {
          faults.append("\(name) does not add to the gradient of memory \(memory)")
          continue
        }
        memorySums[memory, default: []].append(formula)
        continue
      }
      let arguments = sources.compactMap { self.read($0, width: read) }
      let isKnown = arguments.count == sources.count
      write(
        isKnown ? formulas.apply(instruction.primitive, arguments, width: written) : nil,
        to: destination, width: written)
    }
  }

  private mutating func backpropagate(_ index: Int, into place: Plan.Place, accumulates: Bool) {
    let product = plan.products[index]
    for slot in plan.slots where product.columns.overlaps(slot.range) {
      let gradient = plan.gradients.affines[slot.value]
      if gradient.map({ holds($0, at: .slotGradient(slot.start)) }) != true {
        faults.append("\(name) runs product \(index) back before the gradient of the slot at \(slot.start) is there")
      }
    }
    let isFirst =
      returned[product.source] == nil && memory[Spot(place: place, width: product.k)] == nil
    if accumulates == isFirst { faults.append("\(name) adds to \(place), where nothing stands, or overwrites what does") }
    returned[product.source, default: []].append(index)
    if case .previous(let state) = plan.graph[product.source].operation {
      // The sum goes on where the rest of the state's gradient stands.
      if place != .outgoingGradient(state: state) { faults.append("\(name) adds a gradient of state \(state) to \(place)") }
      return
    }
    let value = plan.graph.nodes.firstIndex {
      if case .backpropagated(product.source, _, _) = $0.operation { true } else { false }
    }
    write(
      hasReturned(to: product.source) ? value.map { formulas.values[$0] } : nil, to: place,
      width: product.k)
  }

  /// Whether all products of a vector have come back to it, once each.
  private func hasReturned(to vector: Graph.Value) -> Bool {
    returned[vector, default: []].sorted() == plan.products.indices.filter { plan.products[$0].source == vector }
  }
}

extension StepInterpreter {
  /// What a step back has not done when it is over: gradients of states and of parameters that are not complete.
  var unfinished: [String] {
    let states = plan.cell.states.indices.filter { !isGradientComplete(ofState: $0) }
    let expected = Dictionary(grouping: plan.gradients.parameters, by: \.parameter)
    let parameters = plan.cell.parameters.indices.filter { index in
      sums[index, default: []].sorted() != expected[index, default: []].map { formulas.values[$0.value] }.sorted()
    }
    let memories = plan.memories.filter { memory in
      memorySums[memory, default: []].sorted()
        != plan.gradients.memory.filter { $0.memory == memory }.map { formulas.values[$0.value] }.sorted()
    }
    return memories.map { "\(name) adds up another gradient of memory \($0) than the graph's" }
      + states.map { "\(name) leaves another gradient of \(plan.cell.states[$0].name) than the graph's" }
      + parameters.map { "\(name) adds up another gradient of \(plan.cell.parameters[$0].name) than the graph's" }
  }

  private func isGradientComplete(ofState state: Int) -> Bool {
    let place = Plan.Place.outgoingGradient(state: state)
    let previous = plan.graph.nodes.firstIndex { $0.operation == .previous(state: state) }
    let isMultiplied = plan.products.contains { $0.source == previous }
    if let previous, isMultiplied, !hasReturned(to: previous) { return false }
    if let value = plan.gradients.states[state] { return holds(value, at: place) }
    let spot = Spot(place: place, width: plan.width(ofState: state))
    if isMultiplied { return memory[spot] == nil }
    var formulas = formulas
    return memory[spot] == formulas.leaf(.constant(0), width: plan.width(ofState: state))
  }
}

extension Plan.Place {
  /// The number of a register.
  fileprivate var register: Int? {
    switch self {
    case .register(let number), .rowRegister(let number): number
    default: nil
    }
  }

  /// The place that lies as many columns further.
  fileprivate func moved(by columns: Int) -> Plan.Place {
    switch self {
    case .slot(let column): .slot(column + columns)
    case .kept(let column): .kept(column + columns)
    case .scratch(let column): .scratch(column + columns)
    case .slotGradient(let column): .slotGradient(column + columns)
    case .part(let whole, let column): .part(of: whole, from: column + columns)
    case .register, .rowRegister, .input, .previous, .next, .parameter, .constant, .invariant, .memory, .keptOfMemory,
      .scratchOfMemory, .memoryGradient, .mask, .zoneout, .outputGradient, .inputGradient, .incomingGradient, .outgoingGradient,
      .parameterGradient:
      self
    }
  }
}
