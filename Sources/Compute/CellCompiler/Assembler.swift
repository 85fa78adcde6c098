import CellLanguage

/// The instructions of one program, with registers for what lives only within it.
struct Assembler {
  struct Draft {
    let primitive: Primitive
    let first: Plan.Place?
    let sources: [Graph.Value]
    let result: Graph.Value?
    let place: Plan.Place?
  }

  private let homes: [Graph.Value: Plan.Place]
  private let named: Set<Graph.Value>
  private(set) var drafts: [Draft] = []
  /// Gates come first: nothing in the program has to be there before them.
  private var gates: [Plan.Instruction] = []

  init(homes: [Graph.Value: Plan.Place], named: Set<Graph.Value>) {
    self.homes = homes
    self.named = named
  }

  mutating func append(_ primitive: Primitive, _ sources: [Graph.Value], result: Graph.Value, isGate: Bool) {
    if isGate, let place = homes[result] {
      gates.append(Plan.Instruction(primitive: primitive, destination: place, sources: [place]))
      return
    }
    drafts.append(Draft(primitive: primitive, first: nil, sources: sources, result: result, place: homes[result]))
  }

  mutating func append(
    _ primitive: Primitive, _ sources: [Graph.Value], startingWith first: Plan.Place? = nil, to place: Plan.Place
  ) {
    drafts.append(Draft(primitive: primitive, first: first, sources: sources, result: nil, place: place))
  }

  /// Registers are given out as values come up and freed after their last use.
  func program(width: Int) -> Plan.Program {
    let drafts = ordered(fused)
    var lastUse: [Graph.Value: Int] = [:]
    for (index, draft) in drafts.enumerated() {
      for value in draft.sources { lastUse[value] = index }
    }
    var registers: [Graph.Value: Int] = [:]
    var free: [Int] = []
    var count = 0
    var instructions = mergedGates(width: width)
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

  /// A pre-activation's gradient is written after the last reader of the pre-activation or its gate, so that it can take their
  /// place, unless the reader wants that gradient itself.
  private func ordered(_ drafts: [Draft]) -> [Draft] {
    var ordered = drafts
    for gradient in drafts {
      guard case .slotGradient(let column) = gradient.place, let value = gradient.result,
        let position = ordered.firstIndex(where: { $0.result == value && $0.place == gradient.place }),
        let last = ordered.lastIndex(where: { $0.sources.contains { homes[$0] == .slot(column) } }), last > position,
        !ordered[position...last].contains(where: { $0.sources.contains(value) })
      else { continue }
      ordered.insert(ordered.remove(at: position), at: last)
    }
    return ordered
  }

  /// Gates of the same function whose slots lie side by side, in one instruction each.
  private func mergedGates(width: Int) -> [Plan.Instruction] {
    let sorted = gates.sorted { $0.destination.slot < $1.destination.slot }
    return sorted.reduce(into: []) { merged, gate in
      if let last = merged.last, last.primitive == gate.primitive,
        last.destination.slot + last.span * width == gate.destination.slot
      {
        merged[merged.count - 1].span += 1
      } else {
        merged.append(gate)
      }
    }
  }
}

extension Assembler {
  /// Products that only a sum reads become one instruction with it.
  ///
  /// Only where no one else reads the product and it has no name: a run that is traced must give the same bits.
  private var fused: [Draft] {
    var uses: [Graph.Value: Int] = [:]
    for value in drafts.flatMap(\.sources) { uses[value, default: 0] += 1 }
    var products: [Graph.Value: [Graph.Value]] = [:]
    for draft in drafts where draft.primitive == .multiply && draft.place == nil && draft.first == nil {
      if let result = draft.result, uses[result] == 1, !named.contains(result) { products[result] = draft.sources }
    }
    var absorbed: Set<Graph.Value> = []
    let sums = drafts.map { draft -> Draft in
      guard draft.first == nil, draft.primitive == .add || draft.primitive == .subtract else { return draft }
      // What is subtracted from a product stays apart: there is no instruction for that.
      let candidates = draft.primitive == .add ? draft.sources : Array(draft.sources.suffix(1))
      guard let product = candidates.first(where: { products[$0] != nil }), let factors = products[product],
        let other = draft.sources.first(where: { $0 != product })
      else { return draft }
      absorbed.insert(product)
      return Draft(
        primitive: draft.primitive == .add ? .multiplyAdd : .subtractProduct, first: nil, sources: factors + [other],
        result: draft.result, place: draft.place)
    }
    return sums.filter { draft in draft.result.map { !absorbed.contains($0) } ?? true }
  }
}

extension Plan.Place {
  /// The column of a pre-activation.
  fileprivate var slot: Int { if case .slot(let column) = self { column } else { 0 } }
}
