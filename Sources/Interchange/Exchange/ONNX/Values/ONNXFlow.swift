import Networks
import ONNXFiles

/// Data on its way through the layers of a graph, as a view on what the layers give.
///
/// Each axis of a tensor is a product of atoms, the last one varying fastest: what LSTM gives, `[T, 2, B, H]`, has the atoms steps,
/// members, sequences and features, one an axis; transposed to `[T, B, 2, H]` and reshaped to `[T, B, 2 · H]` the last axis has two.
/// Reshapes only group atoms anew, and axes of length 1 have none, so that no operator that only moves data needs a case of its
/// own.
struct ONNXFlow {
  /// What there is at each place of the atoms that count members: the directions of a layer, or states of several layers that
  /// were stacked; one if nothing is stacked.
  var members: [Member]
  /// The member at place 0 of all atoms.
  var first = 0
  /// Nil after something that is not understood.
  var axes: [Axis]?
  /// The atoms of steps and sequences, once a recurrent layer has said; nil for a length of 1.
  var order: (time: Atom?, batch: Atom?)?
  /// The atom along which its members are turned round, before a recurrent layer has said which are the steps.
  var turned: Atom?
  /// Whether its steps end where the model's input of lengths says that each sequence does, followed by zeros; nil before any
  /// recurrent layer.
  var hasLengths: Bool?
  /// Whether it holds whole numbers.
  var isWhole = false
  /// Whether it is an input of whole numbers, or has become numbers with a fraction from one.
  var isOfWhole = false
  /// Whether it can only be symbols: a step before has taken for granted that no number is below 0.
  var isSymbols = false
  /// The parts of an input's axes that were taken, by the axes' names.
  var taken: [String: Range<Int>] = [:]

  /// One of the tensors that are stacked.
  struct Member {
    /// The input of the graph that it follows from.
    var source: String
    /// What it has passed; nil if it is an input of the graph as it is.
    var path: ONNXPath?
    /// Whether it is an LSTM's cell state after the last step.
    var isCellState = false
    /// Whether its steps stand from the last to the first.
    var isTurned = false
  }

  enum Atom: Hashable {
    /// An axis of the graph's input.
    case input(String, ONNXLength)
    case features(Int)
    /// Members that are `stride` places apart.
    case members(Int, stride: Int)

    var length: ONNXLength {
      switch self {
      case .input(_, let length): length
      case .features(let count), .members(let count, _): ONNXLength(count)
      }
    }

    var isMembers: Bool { if case .members = self { true } else { false } }
    /// Whether it counts numbers of a vector, or vectors that may become one.
    var isOfVector: Bool { if case .input = self { false } else { true } }
  }

  struct Axis: Hashable {
    var atoms: [Atom]

    init(_ atoms: [Atom] = []) { self.atoms = atoms.filter { $0.length != ONNXLength(1) } }

    var length: ONNXLength? { product(atoms.map(\.length)) }
  }

  init(_ members: [Member], axes: [Axis]?, isWhole: Bool = false) {
    (self.members, self.axes, self.isWhole, isOfWhole) = (members, axes, isWhole, isWhole)
  }

  /// The member at the first place of all stacks.
  var member: Member { members[first] }
  var path: ONNXPath? { member.path }
  /// Whether it is an input of the graph, or a part of one, as it is.
  var isInput: Bool { members.allSatisfy { $0.path == nil } }

  /// The members in their order, as far as they are stacked in one atom; all of it is nil if there are more such atoms.
  var stacked: [Member]? {
    let atoms = (axes ?? []).flatMap(\.atoms).filter(\.isMembers)
    guard let atom = atoms.first, case .members(let count, let stride) = atom else { return [member] }
    return atoms.count == 1 ? (0..<count).map { members[first + $0 * stride] } : nil
  }

  /// After something that no network here can do; of several in a row the first is kept.
  func after(_ name: String, _ what: String) -> ONNXFlow {
    var flow = self
    flow.axes = nil
    let known = members.first { $0.path?.other != nil } ?? member
    flow.members = [known.after(name, what)]
    flow.first = 0
    return flow
  }

  /// With another part at the end of the path of its one member.
  ///
  /// - Parameter operators: those that the part is made of.
  func adding(_ part: LayerChain.Part, _ axes: [Axis], operators: [Int]) -> ONNXFlow {
    var flow = self
    var own = member
    own.path = ONNXPath(part, before: own.path, source: own.source, operators: operators)
    (flow.members, flow.first, flow.axes, flow.isWhole, flow.taken) = ([own], 0, axes, false, [:])
    return flow
  }

  /// With another part in the place of the last one.
  func replacing(_ part: LayerChain.Part, operators: [Int]) -> ONNXFlow {
    var flow = self
    var own = member
    own.path = ONNXPath(part, before: own.path?.before, source: own.source, operators: (own.path?.operators ?? []) + operators)
    (flow.members, flow.first) = ([own], 0)
    return flow
  }
}

extension ONNXFlow.Member {
  func after(_ name: String, _ what: String) -> Self {
    var member = self
    if path?.other == nil { member.path = ONNXPath(.other(name: name, what: what), before: path, source: source) }
    member.isCellState = false
    return member
  }
}

// MARK: Moves

extension ONNXFlow {
  /// - Parameter title: the operator's.
  func moved(_ move: ONNXMove, title: String) throws(ONNXRefusal) -> ONNXFlow? {
    guard let axes else { return nil }
    var flow = self
    switch move {
    case .permuting(let permutation): flow.axes = permutation.map { axes[$0] }
    case .reshaping(let lengths):
      guard let own = Self.grouped(axes.flatMap(\.atoms), lengths) else { return nil }
      flow.axes = own
    case .repeating(let lengths):
      // Only what changes nothing.
      let own = axes.map(\.length).suffix(lengths.count)
      guard lengths.count <= axes.count, zip(own, lengths).allSatisfy({ $0 != nil && ($0 == $1 || $1 == ONNXLength(1)) }) else {
        return nil
      }
    case .taking(let axis, let places):
      if places == .all { return self }
      return try taking(places, of: axis, title: title)
    }
    return flow
  }

  /// The atoms in their order as axes of these lengths, splitting stacks where they have to be; nil if it can't be done.
  private static func grouped(_ atoms: [Atom], _ lengths: [ONNXLength?]) -> [Axis]? {
    var rest = atoms[...]
    var axes: [Axis] = []
    for length in lengths {
      guard let length else { return nil }
      var own: [Atom] = []
      var left = length
      while left != ONNXLength(1) {
        guard let atom = rest.popFirst() else { return nil }
        if let quotient = left.divided(by: atom.length), quotient.multiplied(by: atom.length) == left {
          own.append(atom)
          left = quotient
        } else if case .members(let count, let stride) = atom, let part = left.constant, part > 1, count.isMultiple(of: part) {
          own.append(.members(part, stride: stride * (count / part)))
          rest = [.members(count / part, stride: stride)] + rest
          left = ONNXLength(1)
        } else {
          return nil
        }
      }
      axes.append(Axis(own))
    }
    return rest.isEmpty ? axes : nil
  }

  private func taking(_ places: ONNXPlaces, of axis: Int, title: String) throws(ONNXRefusal) -> ONNXFlow? {
    guard var axes, let outer = axes[axis].atoms.first else { return nil }
    let inner = Axis(Array(axes[axis].atoms.dropFirst()))
    /// The places of the outermost atom that are taken whole, of those that are constant.
    func range() -> Range<Int>? {
      guard let length = axes[axis].length?.constant, let size = inner.length?.constant else { return nil }
      guard size > 0, let own = places.range(of: length), !own.isEmpty, own.lowerBound.isMultiple(of: size),
        own.count.isMultiple(of: size)
      else { return nil }
      return own.lowerBound / size..<own.upperBound / size
    }
    var flow = self
    switch outer {
    case .features: return nil
    case .members(_, let stride):
      guard let range = range() else { return nil }
      flow.first += range.lowerBound * stride
      axes[axis] = Axis([.members(range.count, stride: stride)] + inner.atoms)
    case .input(let name, _):
      guard inner.atoms.isEmpty else { return nil }
      if order == nil, places == .reversed {
        guard turned == nil || turned == outer else { return nil }
        flow.turned = turned == nil ? outer : nil
        for place in flow.members.indices { flow.members[place].isTurned.toggle() }
      } else if isInput {
        guard let range = range() else { return nil }
        let start = (taken[name]?.lowerBound ?? 0) + range.lowerBound
        flow.taken[name] = start..<start + range.count
        axes[axis] = Axis([.input(name, ONNXLength(range.count))])
      } else {
        guard order?.time == outer else { return nil }
        guard [.first, .last, .reversed].contains(places) else { return nil }
        flow.members = try members.map { member throws(ONNXRefusal) in try member.taking(places, hasLengths: hasLengths, title) }
        if places != .reversed { axes[axis] = Axis() }
      }
    }
    flow.axes = axes
    return flow
  }
}

extension ONNXFlow.Member {
  /// With one of its steps, or all of them turned round.
  fileprivate func taking(_ places: ONNXPlaces, hasLengths: Bool?, _ title: String) throws(ONNXRefusal) -> Self {
    guard hasLengths == false || places == .first else { throw ONNXRefusal("over steps with zeros after the sequences' ends") }
    var member = self
    if places == .reversed {
      member.isTurned.toggle()
      return member
    }
    guard path?.other == nil else { return self }
    let isLast = (places == .last) != isTurned
    guard let found = path?.lastRecurrent else { return after(title, "a choice of one step, which no recurrent layer gives") }
    switch found.layer.description.direction {
    case .forward where isLast, .reverse where !isLast: break
    case .forward: return after(title, "the first step of \(found.layer.name), which reads forward")
    case .reverse: return after(title, "the last step of \(found.layer.name), which is the first one that it reads in reverse")
    case .bidirectional:
      return after(title, "the \(isLast ? "last" : "first") step of both directions of \(found.layer.name)")
    }
    member.isTurned = false
    member.path = ONNXPath(.readout(.last), before: path, source: source)
    return member
  }
}
