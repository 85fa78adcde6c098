import CellLanguage

/// Turns values into programs: one for each stage and width, with a place for every value.
struct ProgramBuilder {
  /// Where values can be read.
  var homes: [Graph.Value: Plan.Place] = [:]
  /// Values that a product reads: they can't stay in a register.
  var needsMemory: Set<Graph.Value> = []
  /// Floats of a row that live only within the step.
  private(set) var scratch = 0

  private let graph: Graph
  private let stages: [Graph.Value: Int]
  private var stores: [Graph.Value: [Plan.Place]] = [:]
  private var constants: [(number: Double, width: Int, place: Plan.Place)] = []
  private var sums: [(value: Graph.Value, place: Plan.Place)] = []
  private var computed: [Graph.Value] = []

  init(graph: Graph, stages: [Graph.Value: Int]) {
    self.graph = graph
    self.stages = stages
  }

  /// The value must stand there when the step is over.
  mutating func store(_ value: Graph.Value, at place: Plan.Place) { stores[value, default: []].append(place) }

  mutating func storeConstant(_ number: Double, width: Int, at place: Plan.Place) { constants.append((number, width, place)) }

  /// The value is added to what stands there, row after row.
  mutating func accumulate(_ value: Graph.Value, into place: Plan.Place) { sums.append((value, place)) }

  /// Decides where each of `values`, in the order of definition, is put: where it must be stored, else in scratch memory if
  /// a later stage or a product reads it, else in a register.
  mutating func compute(_ values: [Graph.Value]) {
    computed = values
    var lastReader: [Graph.Value: Int] = [:]
    for value in values {
      for operand in graph.operands(of: value) {
        lastReader[operand] = max(lastReader[operand, default: 0], stages[value, default: 0])
      }
    }
    for value in values {
      if case .affine = graph[value].operation { continue }
      if let place = stores[value]?.first {
        homes[value] = place
        stores[value]?.removeFirst()
        continue
      }
      var isPulled = false
      if case .pulled = graph[value].operation { isPulled = true }
      if isPulled || needsMemory.contains(value) || lastReader[value, default: 0] > stages[value, default: 0] {
        homes[value] = .scratch(scratch)
        scratch += graph[value].width
      }
    }
  }

  /// The programs of one stage, one for each width of rows.
  func programs(ofStage stage: Int) -> [Plan.Program] {
    var widths: [Int: Assembler] = [:]
    for value in computed where stages[value] == stage {
      guard case .apply(let primitive, let arguments) = graph[value].operation else { continue }
      widths[graph[value].width, default: Assembler(homes: homes)].append(primitive, arguments, result: value)
    }
    let copy = Primitive.known("identity")
    for (value, places) in stores.sorted(by: { $0.key < $1.key }) where stages[value, default: 0] == stage {
      for place in places { widths[graph[value].width, default: Assembler(homes: homes)].append(copy, [value], to: place) }
    }
    let add = Primitive.known("add")
    for (value, place) in sums where stages[value, default: 0] == stage {
      widths[graph[value].width, default: Assembler(homes: homes)].append(add, [value], startingWith: place, to: place)
    }
    for constant in constants where stage == 0 {
      widths[constant.width, default: Assembler(homes: homes)].append(
        copy, [], startingWith: .constant(constant.number), to: constant.place)
    }
    return widths.sorted { $0.key < $1.key }.map { $1.program(width: $0) }
  }
}

/// The instructions of one program, with registers for what lives only within it.
private struct Assembler {
  private struct Draft {
    let primitive: Primitive
    let first: Plan.Place?
    let sources: [Graph.Value]
    let result: Graph.Value?
    let place: Plan.Place?
  }

  private let homes: [Graph.Value: Plan.Place]
  private var drafts: [Draft] = []

  init(homes: [Graph.Value: Plan.Place]) { self.homes = homes }

  mutating func append(_ primitive: Primitive, _ sources: [Graph.Value], result: Graph.Value) {
    drafts.append(Draft(primitive: primitive, first: nil, sources: sources, result: result, place: homes[result]))
  }

  mutating func append(
    _ primitive: Primitive, _ sources: [Graph.Value], startingWith first: Plan.Place? = nil, to place: Plan.Place
  ) {
    drafts.append(Draft(primitive: primitive, first: first, sources: sources, result: nil, place: place))
  }

  /// Registers are given out as values come up and taken back behind their last use.
  func program(width: Int) -> Plan.Program {
    var lastUse: [Graph.Value: Int] = [:]
    for (index, draft) in drafts.enumerated() {
      for value in draft.sources { lastUse[value] = index }
    }
    var registers: [Graph.Value: Int] = [:]
    var free: [Int] = []
    var count = 0
    var instructions: [Plan.Instruction] = []
    for (index, draft) in drafts.enumerated() {
      let sources = draft.sources.map { homes[$0] ?? .register(registers[$0, default: 0]) }
      for value in Set(draft.sources).sorted() where lastUse[value] == index {
        if let register = registers.removeValue(forKey: value) { free.append(register) }
      }
      var destination = draft.place
      if destination == nil, let result = draft.result {
        let register = free.popLast() ?? count
        count = max(count, register + 1)
        if lastUse[result] == nil { free.append(register) } else { registers[result] = register }
        destination = .register(register)
      }
      guard let destination else { continue }
      let first = draft.first.map { [$0] } ?? []
      instructions.append(Plan.Instruction(primitive: draft.primitive, destination: destination, sources: first + sources))
    }
    return Plan.Program(instructions: instructions, width: width, registers: count)
  }
}
