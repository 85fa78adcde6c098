package import Support

/// Treats missing numbers of sequences as the policy says, and counts them.
package struct SequenceGaps {
  let policy: MissingPolicy
  /// Whether ``MissingPolicy/mask`` would be possible, for messages.
  let canMask: Bool
  private var count = 0

  package init(_ policy: MissingPolicy, canMask: Bool) { (self.policy, self.canMask) = (policy, canMask) }

  /// - Parameters:
  ///   - numbers: those of a sequence, `[T, width]`.
  ///   - line: the file and the line in which it begins.
  ///   - place: where a number is, for messages.
  ///   - column: the name of one of the numbers that each step has, for messages.
  package mutating func mend(
    _ numbers: inout [Double], width: Int, line: @autoclosure () -> String, place: (Int) -> String, column: (Int) -> String
  ) throws(RecurrentError) {
    guard let first = numbers.firstIndex(where: \.isNaN) else { return }
    if policy == .error {
      throw RecurrentError(
        .data,
        naming:
          "\(place(first)): the number is missing; put it in, leave the sequence out, \(MissingPolicy.remedies(canMask: canMask))"
      )
    }
    if numbers.allSatisfy(\.isNaN) { throw RecurrentError(.data, "\(line()): the sequence has no number at all; leave it out") }
    count += numbers.count(where: \.isNaN)
    if policy == .mask { return }
    for number in 0..<width where !interpolate(&numbers, column: number, of: width, in: 0..<numbers.count / width) {
      throw RecurrentError(
        .data,
        naming: ("\(line()), \(column(number)): no step of the sequence has a number there to interpolate from; leave the sequence out"
          as Sentence)
          + (canMask ? ", or give \(Setting("missing")) mask" : ""))
    }
  }

  /// What was done about missing numbers, in sentences.
  package var sentences: [String] { count == 0 ? [] : [policy.sentence(count)] }
}
