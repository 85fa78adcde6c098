import CellLanguage
import Support

/// Turns values into programs: one for each stage and width, with a place for every value.
struct ProgramBuilder {
  /// Where values can be read.
  var homes: [Graph.Value: Plan.Place] = [:]
  /// Where values stand that take their pre-activation's place.
  var gates: [Graph.Value: Plan.Place] = [:]
  /// Values that a trace may ask for: they are computed in an instruction of their own.
  var named: Set<Graph.Value> = []
  /// Values that a product reads: they can't stay in a register.
  var needsMemory: Set<Graph.Value> = []
  /// Floats of a row that live only within the step.
  private(set) var scratch = 0

  private let graph: Graph
  private let stages: [Graph.Value: Int]
  private let mayFuse: (Graph.Value) -> Bool
  private var stores: [Graph.Value: [Plan.Place]] = [:]
  private var constants: [(number: Double, width: Int, place: Plan.Place)] = []
  private var sums: [(value: Graph.Value, place: Plan.Place)] = []
  private var computed: [Graph.Value] = []
  /// The stages that read vectors or numbers as matrices: each program makes these for itself.
  private var spreadStages: [Graph.Value: Set<Int>] = [:]

  /// - Parameter mayFuse: whether a product may become one instruction with the sum that alone reads it.
  init(graph: Graph, stages: [Graph.Value: Int], mayFuse: @escaping (Graph.Value) -> Bool) {
    self.graph = graph
    self.stages = stages
    self.mayFuse = mayFuse
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
    // A matrix with a name is rounded before anything reads it, whether or not a trace asks for it.
    needsMemory.formUnion(named.filter { graph[$0].shape.isMatrix })
    var lastReader: [Graph.Value: Int] = [:]
    for value in values {
      for operand in graph.operands(of: value) {
        let stage = stage(of: value)
        if isSpread(operand) {
          spreadStages[operand, default: []].insert(stage)
        } else {
          lastReader[operand] = max(lastReader[operand] ?? stage, stage)
        }
      }
      if graph.matrices(of: value) == nil { continue }
      // What matrices are made of and what is made of them are no rows of them, which alone may stand in registers.
      needsMemory.formUnion((graph.operands(of: value) + [value]).filter { !graph[$0].shape.isMatrix })
    }
    for value in values.reversed() { place(value) }
    for value in values {
      switch graph[value].operation {
      case .affine, .placed: continue
      case .slice(let vector, let start):
        homes[value] = found(
          homes[vector], orFail: "value \(vector) has no place, and value \(value) is a part of it"
        ).part(from: start)
        continue
      default: break
      }
      if let place = gates[value] {
        homes[value] = place
        continue
      }
      if let place = stores[value]?.first, !isSummedInPlace(value, at: place) {
        homes[value] = place
        stores[value]?.removeFirst()
        continue
      }
      var isBackpropagated = false
      if case .backpropagated = graph[value].operation { isBackpropagated = true }
      let isReadLater = lastReader[value].map { $0 > stage(of: value) } ?? false
      if isBackpropagated || needsMemory.contains(value) || isReadLater {
        if graph[value].shape.followsMemory {
          homes[value] = .scratchOfMemory(value)
        } else {
          homes[value] = .scratch(scratch)
          scratch += graph[value].width
        }
      }
    }
  }

  /// Whether a sum over rows of matrices would stand where the pre-activation stands that it is the gradient of. The rows are gone over
  /// some at a time, and the later ones may read what the sum over the first ones has overwritten: so it is copied there in the end.
  private func isSummedInPlace(_ value: Graph.Value, at place: Plan.Place) -> Bool {
    guard case .slotGradient = place else { return false }
    return graph.matrices(of: value) != nil && !graph[value].shape.isMatrix
  }

  /// Whether a value is a vector or a number as a matrix.
  private func isSpread(_ value: Graph.Value) -> Bool {
    guard case .apply(let primitive, _) = graph[value].operation else { return false }
    return graph[value].shape.isMatrix && primitive.matrixMap?.spreads ?? false
  }

  /// What has parts is put where these are to be written; what is a part of a value needs this to be in memory.
  private mutating func place(_ value: Graph.Value) {
    switch graph[value].operation {
    case .slice(let vector, _): needsMemory.insert(vector)
    case .placed(let parts):
      let home = stores[value]?.first ?? .scratch(scratch)
      if stores[value]?.isEmpty ?? true {
        scratch += graph[value].width
      } else {
        stores[value]?.removeFirst()
      }
      homes[value] = home
      var end = 0
      for part in parts + [Graph.Part(value: value, start: graph[value].width)] {
        if part.start > end { storeConstant(0, width: part.start - end, at: home.part(from: end)) }
        if part.value == value { break }
        store(part.value, at: home.part(from: part.start))
        end = part.start + graph[part.value].width
      }
    default: break
    }
  }

  /// The stage of a value; the first one if it is there from the start.
  private func stage(of value: Graph.Value) -> Int {
    if let stage = stages[value] { return stage }
    ensure(homes[value] != nil, "value \(value) is neither computed in a stage nor in memory")
    return 0
  }

  /// What a program of a stage goes over.
  private struct Domain: Hashable, Comparable {
    /// First what goes over vectors, then what goes over the rows of matrices, then what copies vectors that these give.
    let turn: Int
    let shape: Graph.Shape

    private var order: [Int] {
      [turn, shape.width, shape.columns ?? 0, shape.heads, shape.followsMemory ? 1 : 0]
    }

    static func < (left: Domain, right: Domain) -> Bool {
      left.order.lexicographicallyPrecedes(right.order)
    }
  }

  /// What the program goes over that computes a value.
  private func domain(of value: Graph.Value) -> Domain {
    graph.matrices(of: value).map { Domain(turn: 1, shape: $0) } ?? Domain(turn: 0, shape: graph[value].shape)
  }

  /// What the program goes over that copies a value or adds it to a sum.
  private func domain(ofCopying value: Graph.Value) -> Domain {
    let shape = graph[value].shape
    return Domain(turn: shape.isMatrix ? 1 : graph.matrices(of: value) == nil ? 0 : 2, shape: shape)
  }

  /// The programs of one stage, one for each width of vectors and each shape of matrices.
  func programs(ofStage stage: Int) -> [Plan.Program] {
    var programs: [Domain: Assembler] = [:]
    let empty = Assembler(homes: homes, mayFuse: mayFuse)
    for value in computed
    where self.stage(of: value) == stage || homes[value] == nil && spreadStages[value]?.contains(stage) ?? false {
      // Products compute the rest.
      guard case .apply(let primitive, let arguments) = graph[value].operation else { continue }
      programs[domain(of: value), default: empty].append(primitive, arguments, result: value, isGate: gates[value] != nil)
    }
    for (value, places) in stores.sorted(by: { $0.key < $1.key }) where self.stage(of: value) == stage {
      for place in places { programs[domain(ofCopying: value), default: empty].append(.identity, [value], to: place) }
    }
    for (value, place) in sums where self.stage(of: value) == stage {
      programs[domain(ofCopying: value), default: empty].append(.add, [value], startingWith: place, to: place)
    }
    for constant in constants where stage == 0 {
      programs[Domain(turn: 0, shape: Graph.Shape(constant.width)), default: empty].append(
        .identity, [], startingWith: .constant(constant.number), to: constant.place)
    }
    return programs.sorted { $0.key < $1.key }.map { $1.program(over: $0.shape) }
  }
}
