/// What a primitive is in operators of ONNX, version 17 of its default set.
package indirect enum OperatorExpression: Sendable, Hashable {
  /// The primitive's argument of that number.
  case argument(Int)
  case call(String, [OperatorExpression])
  /// An operator that makes one number of each row, such as `ReduceMean`.
  case reduction(String, OperatorExpression)

  static let a = OperatorExpression.argument(0)
  static let b = OperatorExpression.argument(1)
  static let c = OperatorExpression.argument(2)

  static func call(_ name: String, _ arguments: OperatorExpression...) -> OperatorExpression { .call(name, arguments) }
}
