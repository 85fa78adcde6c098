import CellLanguage
import Support

extension Primitive {
  /// What it makes of numbers, in Double.
  ///
  /// - Parameters:
  ///   - arguments: each of `width` numbers, or of a single one that stands for as many.
  ///   - width: elements of a vector.
  /// - Returns: as many numbers as the longest argument has; `width` where elements are mixed.
  func value(of arguments: [[Double]], width: Int) -> [Double] {
    if let composition { return Self.value(of: composition, arguments, width: width, heads: heads) }
    let count = arguments.reduce(1) { max($0, $1.count) }
    func element(_ argument: Int, _ place: Int) -> Double { arguments[argument][arguments[argument].count == 1 ? 0 : place] }
    switch definition {
    case .unary(let function): return (0..<count).map { function(element(0, $0)) }
    case .binary(let function): return (0..<count).map { function(element(0, $0), element(1, $0)) }
    case .ternary(let function): return (0..<count).map { function(element(0, $0), element(1, $0), element(2, $0)) }
    case .row(let function):
      let part = width / heads
      return (0..<heads).flatMap { head in function((head * part..<(head + 1) * part).map { element(0, $0) }) }
    case .composite, .fused: fatalError("\(name) is written in terms of others, and has no text")
    case .matrix, .map: fatalError("\(name) makes or reads a matrix, which is never worked out from parameters")
    }
  }

  private static func value(of expression: Expression, _ arguments: [[Double]], width: Int, heads: Int) -> [Double] {
    switch expression {
    case .number(let number): return [number]
    case .name(let name):
      return arguments[found(["a", "b", "c"].firstIndex(of: name), orFail: "the table of primitives names an argument \(name)")]
    case .apply(let primitive, let parts):
      let own = parts.map { value(of: $0, arguments, width: width, heads: heads) }
      return primitive.acting(onHeads: heads).value(of: own, width: width)
    case .next, .product, .projection, .concatenation, .slice:
      fatalError("the table of primitives has \(expression), which is no function")
    }
  }
}
