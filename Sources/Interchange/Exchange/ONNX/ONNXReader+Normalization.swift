import Networks
import ONNXFiles
import Storage
import Support

/// Layer normalisation as exporters write it for versions of ONNX that have no operator for it: (x - mean) / √(variance + epsilon), a quotient
/// whose parts are told by what has made them.
extension ONNXReader {
  /// What a quotient gives that normalises each vector by itself; nil if it does something else.
  mutating func normalized(_ node: ONNXNode, _ title: String) throws(ONNXRefusal) -> ONNXKnown? {
    guard node.domain.isEmpty, node.operation == "Div", node.inputs.count == 2, let difference = maker(node.inputs[0], "Sub"),
      difference.inputs.count == 2,
      let mean = maker(difference.inputs[1], "ReduceMean"), mean.inputs.first == difference.inputs[0],
      let root = maker(node.inputs[1], "Sqrt"), let sum = maker(root.inputs.first ?? "", "Add"), sum.inputs.count == 2,
      case .flow(let flow)? = try? value(difference.inputs[0], of: title), let axis = flow.axes.map({ $0.count - 1 }), axis >= 0,
      !flow.isWhole
    else { return nil }
    for (place, other) in [(0, 1), (1, 0)] {
      guard let variance = maker(sum.inputs[place], "ReduceMean"), isSquare(variance.inputs.first ?? "", of: node.inputs[0]),
        let epsilon = number(sum.inputs[other]), [mean, variance].allSatisfy({ isAlong(axis, $0) }),
        let width = try flow.whole(along: axis).width(along: axis)
      else { continue }
      let call = ONNXCall(node: node, inputs: [], opset: opset, limit: limit, number: number)
      return try ONNXRule.pointwise(
        call, flow, along: axis, width: width,
        .normalized(
          epsilon: epsilon, scale: [Float](repeating: 1, count: width), shift: [Float](repeating: 0, count: width)))
    }
    return nil
  }

  /// The operator of a kind that gives a value; nil if another one does.
  private func maker(_ name: String, _ operation: String) -> ONNXNode? {
    makers[name].flatMap { $0.domain.isEmpty && $0.operation == operation ? $0 : nil }
  }

  /// Whether a value is another one times itself.
  private mutating func isSquare(_ name: String, of root: String) -> Bool {
    if let product = maker(name, "Mul") { return product.inputs == [root, root] }
    guard let power = maker(name, "Pow"), power.inputs.count == 2, power.inputs[0] == root else { return false }
    return number(power.inputs[1]) == 2
  }

  /// Whether a mean is taken along one axis, which is kept.
  private mutating func isAlong(_ axis: Int, _ mean: ONNXNode) -> Bool {
    let listed = mean.inputs.count > 1 ? (try? array(mean.inputs[1], of: ""))??.integers : nil
    guard let axes = listed ?? mean.integers("axes"), axes.count == 1, mean.integer("keepdims") ?? 1 == 1 else { return false }
    return resolvedAxis(axes[0], rank: axis + 1) == axis
  }

  /// The one number that a value is; nil if it is something else.
  private mutating func number(_ name: String) -> Float? {
    guard let array = (try? array(name, of: "")) ?? nil, array.count == 1 else { return nil }
    return array.floats[0]
  }
}
