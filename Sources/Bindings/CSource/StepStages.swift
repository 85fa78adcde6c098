import Support

/// In which order a step's values are computed: stage by stage, each a loop over the elements of its vectors.
///
/// A loop ends where something needs a whole vector: a matrix that multiplies it, or a mean over its elements. Within a loop all
/// that is needed of a vector is one element at a time, which takes no memory.
struct StepStages {
  typealias Value = StepValues.Value

  /// For each value the stage that computes it; of one number for all elements the first stage that may read it.
  let stages: [Int]
  /// The values that stand in memory: those that a later stage reads, or of which a matrix needs all elements.
  private(set) var stored: Set<Value> = []
  /// How often a value is read as an element by the stage that computes it; of one number for all elements, by any.
  private(set) var uses: [Int]
  /// The states that are overwritten in the loop that computes their next value, since nothing reads them afterwards.
  private(set) var inPlace: Set<Int> = []
  /// The stored values that stand in a state's own place, since they are its next value and nothing reads the state afterwards.
  private(set) var ownPlaces: [Value: Int] = [:]
  /// The states that the step reads.
  private(set) var readStates: Set<Int> = []
  private(set) var readsInput = false

  init(_ values: StepValues) {
    var stages: [Int] = []
    for (value, node) in values.nodes.enumerated() {
      switch node.operation {
      case .input, .previous, .parameter, .constant, .table: stages.append(0)
      case .affine(let terms, _):
        stages.append(
          terms.reduce(0) { stage, term in
            max(stage, values.standsInMemory(term.vector) ? stages[term.vector] : stages[term.vector] + 1)
          })
      case .call: stages.append(values.elements(of: value).reduce(0) { max($0, stages[$1]) })
      case .slice(let vector, _):
        stages.append(values.isLeaf(vector) && !values.isSpread(vector) ? stages[vector] : stages[vector] + 1)
      case .spread(let vector, _): stages.append(values.canBeIndexed(vector) ? stages[vector] : stages[vector] + 1)
      case .reduction(_, let vector), .sums(_, let vector, _), .row(_, let vector, _): stages.append(stages[vector] + 1)
      }
    }
    self.stages = stages
    uses = Array(repeating: 0, count: values.nodes.count)
    // The last stages in which a matrix multiplies each state, and in which an element of it is read.
    var lastMultiplied: [Int: Int] = [:]
    var lastRead: [Int: Int] = [:]
    func read(_ value: Value, in stage: Int) {
      let isLater = !values[value].isUniform && stages[value] < stage
      if !isLater { uses[value] += 1 }
      switch values[value].operation {
      case .input: readsInput = true
      case .previous(let state):
        readStates.insert(state)
        lastRead[state] = max(lastRead[state] ?? 0, stage)
      case .call(_, let arguments) where isLater && values.isCheap(value): for argument in arguments { read(argument, in: stage) }
      case .slice(let vector, _), .spread(let vector, _): readWhole(vector, in: stage)
      case .affine, .call: if isLater { stored.insert(value) }
      case .parameter, .constant, .table, .reduction, .sums, .row: break
      }
    }
    /// Reads a vector of which all elements have to be there.
    func readWhole(_ vector: Value, in stage: Int) {
      switch values[vector].operation {
      case .input: readsInput = true
      case .previous(let state):
        readStates.insert(state)
        lastMultiplied[state] = max(lastMultiplied[state] ?? 0, stage)
      case .slice(let whole, _) where values.standsInMemory(vector): readWhole(whole, in: stage)
      case .slice(let whole, _), .spread(let whole, _):
        readWhole(whole, in: stages[vector])
        stored.insert(vector)
      case .parameter, .table: break
      case .constant, .affine, .call, .reduction, .sums, .row: stored.insert(vector)
      }
    }
    for (value, node) in values.nodes.enumerated() {
      switch node.operation {
      case .affine(let terms, _):
        for term in terms {
          readWhole(term.vector, in: stages[value])
          if !values.standsInMemory(term.vector) { stored.insert(term.vector) }
        }
      case .call(_, let arguments): for argument in arguments { read(argument, in: stages[value]) }
      case .reduction(_, let vector): read(vector, in: stages[vector])
      case .row(_, let vector, _), .sums(_, let vector, _):
        read(vector, in: stages[vector])
        stored.insert(value)
      case .input, .previous, .parameter, .constant, .table, .slice, .spread: break
      }
    }
    for (_, value) in values.next {
      uses[value] += 1
      if values.isLeaf(value) { read(value, in: stages[value]) }
    }
    for (state, value) in values.next {
      let stage = stages[value]
      let isRead = (lastMultiplied[state] ?? -1) >= stage || (lastRead[state] ?? 0) > stage
      if values.isLeaf(value) || values[value].isUniform || isRead {
        stored.insert(value)
      } else if !stored.contains(value) {
        inPlace.insert(state)
      } else if values.isComputedInLoop(value), !ownPlaces.keys.contains(value) {
        inPlace.insert(state)
        ownPlaces[value] = state
      }
    }
  }

  /// The number of loops, one after the other.
  var count: Int { (stages.max() ?? 0) + 1 }
}

extension StepValues {
  /// Whether a later stage computes a value anew from what it reads, at most one stored vector, rather than have it stored, too.
  fileprivate func isCheap(_ value: Value) -> Bool {
    guard case .call(let name, let arguments) = nodes[value].operation, names[value] == nil, Self.isArithmetic(name) else {
      return false
    }
    let computed = Set(arguments.filter { !nodes[$0].isUniform && !isLeaf($0) })
    return computed.count <= 1
      && computed.allSatisfy { argument in
        guard case .call(let name, _) = nodes[argument].operation else { return true }
        return names[argument] != nil || !Self.isArithmetic(name)
      }
  }

  private static func isArithmetic(_ name: String) -> Bool {
    switch COperator.named(name, .exact) {
    case .infix, .negation: true
    case .copy, .library, .helper, .row, nil: false
    }
  }

  fileprivate func isSpread(_ value: Value) -> Bool { if case .spread = nodes[value].operation { true } else { false } }

  /// Whether a loop over its elements computes it, one after the other.
  fileprivate func isComputedInLoop(_ value: Value) -> Bool {
    switch nodes[value].operation {
    case .affine, .call: true
    case .input, .previous, .parameter, .constant, .table, .slice, .spread, .reduction, .sums, .row: false
    }
  }

  /// Whether any element can be read where the vector stands when the step begins.
  fileprivate func canBeIndexed(_ value: Value) -> Bool {
    switch nodes[value].operation {
    case .parameter, .table: true
    default: standsInMemory(value)
    }
  }

  /// Whether a matrix can read a vector where it stands when the step begins. Parameters are stored in single precision, whatever is
  /// computed with.
  func standsInMemory(_ value: Value) -> Bool {
    switch nodes[value].operation {
    case .input, .previous: true
    case .slice(let vector, _): standsInMemory(vector) || !isLeaf(vector) || isSpread(vector)
    case .parameter, .constant, .table, .affine, .call, .spread, .reduction, .sums, .row: false
    }
  }
}
