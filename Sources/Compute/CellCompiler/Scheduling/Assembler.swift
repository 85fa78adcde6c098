import CellLanguage
import Support

/// The instructions of one program, with registers for what lives only within it.
struct Assembler {
  /// An instruction whose registers are not chosen yet.
  private struct Draft {
    let primitive: Primitive
    /// A source that is no value, before the others.
    let first: Plan.Place?
    let sources: [Graph.Value]
    let target: Target
  }

  private enum Target: Hashable {
    /// A register, for a value that only this program reads.
    case register(Graph.Value)
    /// A value's place in memory.
    case home(Graph.Value, Plan.Place)
    /// A place that gets a copy of a value, or a sum.
    case copy(Plan.Place)

    /// The value that the instruction defines.
    var value: Graph.Value? {
      switch self {
      case .register(let value), .home(let value, _): value
      case .copy: nil
      }
    }
  }

  private let homes: [Graph.Value: Plan.Place]
  private let mayFuse: (Graph.Value) -> Bool
  private var drafts: [Draft] = []
  /// Gates come first: nothing in the program has to be there before them.
  private var gates: [Plan.Instruction] = []

  init(homes: [Graph.Value: Plan.Place], mayFuse: @escaping (Graph.Value) -> Bool) {
    self.homes = homes
    self.mayFuse = mayFuse
  }

  mutating func append(_ primitive: Primitive, _ sources: [Graph.Value], result: Graph.Value, isGate: Bool) {
    let home = homes[result]
    if isGate {
      let place = found(home, orFail: "value \(result) is to take the place of its pre-activation, and has none")
      gates.append(Plan.Instruction(primitive: primitive, destination: place, sources: [place]))
      return
    }
    let target = home.map { Target.home(result, $0) } ?? .register(result)
    drafts.append(Draft(primitive: primitive, first: nil, sources: sources, target: target))
  }

  mutating func append(
    _ primitive: Primitive, _ sources: [Graph.Value], startingWith first: Plan.Place? = nil, to place: Plan.Place
  ) {
    drafts.append(Draft(primitive: primitive, first: first, sources: sources, target: .copy(place)))
  }

  /// Registers are given out as values come up and freed after their last use.
  ///
  /// - Parameter shape: of the vectors, or of the matrices over whose rows the program goes.
  func program(over shape: Graph.Shape) -> Plan.Program {
    let drafts = ordered(fused)
    var lastUse: [Graph.Value: Int] = [:]
    for (index, draft) in drafts.enumerated() {
      for value in draft.sources { lastUse[value] = index }
    }
    var registers: [Graph.Value: Int] = [:]
    var free: [Int] = []
    var count = 0
    let rows = shape.isMatrix ? sameInAllRows(drafts) : []
    var instructions = mergedGates(width: shape.width)
    for (index, draft) in drafts.enumerated() {
      let sources = draft.sources.map { value -> Plan.Place in
        if let home = homes[value] { return home }
        let register = found(registers[value], orFail: "a program reads value \(value), which no register holds")
        return rows.contains(value) ? .rowRegister(register) : .register(register)
      }
      // What is written row by row must not stand where the one row stands that all of them read.
      var freeLater: [Int] = []
      for value in Set(draft.sources).sorted() where lastUse[value] == index {
        guard let register = registers.removeValue(forKey: value) else { continue }
        if rows.contains(value) { freeLater.append(register) } else { free.append(register) }
      }
      let destination: Plan.Place
      switch draft.target {
      case .home(_, let place), .copy(let place): destination = place
      case .register(let value):
        let register = free.popLast() ?? count
        count = max(count, register + 1)
        if lastUse[value] == nil { free.append(register) } else { registers[value] = register }
        destination = rows.contains(value) ? .rowRegister(register) : .register(register)
      }
      free += freeLater
      let first = draft.first.map { [$0] } ?? []
      instructions.append(Plan.Instruction(primitive: draft.primitive, destination: destination, sources: first + sources))
    }
    return Plan.Program(
      instructions: instructions, width: shape.columns ?? shape.width, registers: count,
      rows: shape.columns.map { shape.width / $0 / shape.heads }, heads: shape.heads, followsMemory: shape.followsMemory)
  }

  /// The values in registers of which all rows are the same: vectors and numbers as matrices, and functions of these.
  private func sameInAllRows(_ drafts: [Draft]) -> Set<Graph.Value> {
    var rows: Set<Graph.Value> = []
    func isSame(_ value: Graph.Value) -> Bool {
      if case .constant? = homes[value] { return true }
      return rows.contains(value)
    }
    for draft in drafts {
      guard case .register(let value) = draft.target else { continue }
      let isMap = draft.primitive == .asRows || draft.primitive == .asMatrix
      if isMap || draft.first == nil && !draft.primitive.mixesElements && draft.sources.allSatisfy(isSame) { rows.insert(value) }
    }
    return rows
  }

  /// A pre-activation's gradient is written after the last reader of the pre-activation or its gate, so that it can take their
  /// place, unless the reader wants that gradient itself.
  private func ordered(_ drafts: [Draft]) -> [Draft] {
    var ordered = drafts
    for gradient in drafts {
      guard case .home(let value, .slotGradient(let column)) = gradient.target,
        let position = ordered.firstIndex(where: { $0.target == gradient.target }),
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
  /// Products that only a sum reads become one instruction with it, if they may.
  private var fused: [Draft] {
    var uses: [Graph.Value: Int] = [:]
    for value in drafts.flatMap(\.sources) { uses[value, default: 0] += 1 }
    var products: [Graph.Value: [Graph.Value]] = [:]
    for draft in drafts where draft.primitive == .multiply && draft.first == nil {
      if case .register(let value) = draft.target, uses[value] == 1, mayFuse(value) { products[value] = draft.sources }
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
        target: draft.target)
    }
    return sums.filter { draft in draft.target.value.map { !absorbed.contains($0) } ?? true }
  }
}

extension Plan.Place {
  /// The column of a pre-activation.
  fileprivate var slot: Int {
    guard case .slot(let column) = self else { fatalError("a gate stands at \(self), which is no pre-activation's place") }
    return column
  }
}
