import Networks

extension ONNXFlow {
  static let cellState = "the cell state after the last step, which a network gives beside its output alone"

  /// The concatenation along an axis as a stack; nil if the flows differ in more than what they have passed.
  static func stacked(_ flows: [ONNXFlow], axis: Int) -> ONNXFlow? {
    guard var result = flows.first, var axes = result.axes, flows.count <= 1 << 12 else { return nil }
    var members: [Member] = []
    var inner: Axis?
    for flow in flows {
      guard let own = flow.stacked, var others = flow.axes, others.count == axes.count, flow.taken.isEmpty,
        (flow.order?.time, flow.order?.batch, flow.hasLengths, flow.isWhole)
          == (result.order?.time, result.order?.batch, result.hasLengths, result.isWhole)
      else { return nil }
      let rest = Axis(others[axis].atoms.first?.isMembers == true ? Array(others[axis].atoms.dropFirst()) : others[axis].atoms)
      // Steps and sequences can't be counted among what is stacked.
      if let inner, inner != rest { return nil }
      inner = rest
      members += own
      (others[axis], axes[axis]) = (Axis(), Axis())
      guard others == axes, members.count <= 1 << 12 else { return nil }
    }
    axes[axis] = Axis([.members(members.count, stride: 1)] + (inner?.atoms ?? []))
    (result.members, result.first, result.axes) = (members, 0, axes)
    return result
  }

  /// The flow with both directions of a layer as one vector, whose numbers stand along an axis; as it is if nothing is stacked.
  ///
  /// - Throws: ``ONNXRefusal`` if what is stacked is something else.
  func whole(along axis: Int) throws(ONNXRefusal) -> ONNXFlow {
    guard var axes, axes.contains(where: { $0.atoms.contains(where: \.isMembers) }) else { return self }
    let others = axes.indices.filter { $0 != axis }.flatMap { axes[$0].atoms }
    guard axes.indices.contains(axis), axes[axis].atoms.first?.isMembers == true, axes[axis].atoms.count <= 2,
      axes[axis].atoms.allSatisfy(\.isOfVector),
      !others.contains(where: \.isOfVector)
    else { throw ONNXRefusal("which reads what is stacked as if it were one vector") }
    let width = axes[axis].length?.constant ?? 1
    axes[axis] = Axis([.features(width)])
    return try merged(.concatenate, axes)
  }

  /// The flow with the two directions of a layer that are stacked merged.
  func merged(_ merge: Architecture.Merge, _ axes: [Axis]) throws(ONNXRefusal) -> ONNXFlow {
    guard let own = stacked else { throw ONNXRefusal("which merges more than the directions of a layer") }
    if let lost = own.first(where: { $0.path?.other != nil }) {
      var flow = self
      (flow.members, flow.first, flow.axes) = ([lost], 0, nil)
      return flow
    }
    guard own.count == 2, let forward = own[0].path, let reverse = own[1].path, !own[0].isCellState, !own[1].isCellState,
      own[0].isTurned == own[1].isTurned, let path = try ONNXPath.joined(forward, reverse, merge)
    else {
      let names = own.map { $0.path?.parts.last?.name ?? $0.source }
      throw ONNXRefusal(
        "which merges something other than the forward and the reverse direction of a layer: \(names.joined(separator: ", "))")
    }
    var flow = self
    var member = own[0]
    member.path = path
    (flow.members, flow.first, flow.axes) = ([member], 0, axes)
    return flow
  }

  /// The numbers of each vector along an axis; nil if these are something else, such as steps.
  func width(along axis: Int) -> Int? {
    guard let axes, axes.indices.contains(axis), axes[axis].atoms.count <= 1 else { return nil }
    switch axes[axis].atoms.first {
    case nil: return 1
    case .features(let count): return count
    case .input(let name, let length): return isInput && taken[name] == nil ? length.constant : nil
    case .members: return nil
    }
  }

  /// The flow with its axes named as a layer reads them; nil if its vectors don't stand along the axis.
  ///
  /// - Parameter width: the numbers of each vector.
  func vectors(along axis: Int, width: Int) throws(ONNXRefusal) -> ONNXFlow? {
    guard axes == nil || axes?.indices.contains(axis) == true else { return nil }
    var flow = try whole(along: axis)
    guard flow.axes != nil, flow.taken.isEmpty else { return flow.axes == nil ? flow : nil }
    if flow.member.isCellState { throw ONNXRefusal("which reads \(Self.cellState)") }
    if let own = flow.width(along: axis) {
      // A vector of one number has no axis, wherever it stands.
      let others = flow.axes?.indices.filter { $0 != axis }.compactMap { flow.axes?[$0] } ?? []
      guard own == width, !others.flatMap(\.atoms).contains(where: \.isOfVector) else { return nil }
    } else {
      // An input may leave open how many numbers its vectors have.
      guard flow.isInput, case .input? = flow.axes?[axis].atoms.first, flow.axes?[axis].atoms.count == 1 else { return nil }
    }
    flow.axes?[axis] = Axis([.features(width)])
    return flow
  }
}
