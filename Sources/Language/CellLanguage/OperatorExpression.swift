/// What a primitive is in operators of ONNX, version 17 of its default set.
package indirect enum OperatorExpression: Sendable, Hashable {
  /// The primitive's argument of that number.
  case argument(Int)
  case call(String, [OperatorExpression])
  /// An operator that makes one number of each row, such as `ReduceMean`, and has the axis as an attribute.
  case reduction(String, OperatorExpression)
  /// An operator that goes along each row and has the axis as its second input, such as `CumSum`.
  case alongRow(String, OperatorExpression, attributes: [String: Int], isReduction: Bool)

  static let a = OperatorExpression.argument(0)
  static let b = OperatorExpression.argument(1)
  static let c = OperatorExpression.argument(2)

  static func call(_ name: String, _ arguments: OperatorExpression...) -> OperatorExpression { .call(name, arguments) }
}
