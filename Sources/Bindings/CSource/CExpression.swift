/// An expression of C, and how tightly it holds together.
struct CExpression: Sendable, Hashable {
  enum Tightness: Int, Sendable, Comparable {
    case sum, product, prefix, operand

    static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
  }

  let text: String
  let tightness: Tightness

  init(_ text: String, _ tightness: Tightness = .operand) {
    self.text = text
    self.tightness = tightness
  }

  /// The text as a part of another expression, in parentheses if it holds less tightly than its place asks for.
  func text(within place: Tightness) -> String { tightness < place ? "(\(text))" : text }

  static func call(_ function: String, _ arguments: [CExpression]) -> CExpression {
    CExpression("\(function)(\(arguments.map(\.text).joined(separator: ", ")))")
  }

  /// Operators group from the left, so that the right operand must hold more tightly.
  static func infix(_ sign: String, _ tightness: Tightness, _ left: CExpression, _ right: CExpression) -> CExpression {
    let next = Tightness(rawValue: tightness.rawValue + 1) ?? .operand
    return CExpression("\(left.text(within: tightness)) \(sign) \(right.text(within: next))", tightness)
  }

  /// `-a`. A literal below zero and a negation get parentheses: `--a` is something else in C.
  static func negated(_ operand: CExpression) -> CExpression {
    let text = operand.text(within: .operand)
    return CExpression(text.hasPrefix("-") ? "-(\(text))" : "-\(text)", .prefix)
  }
}
