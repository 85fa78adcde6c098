package import Support

extension SequenceReader.Content {
  /// A sequence of numbers, `[T][width]`.
  ///
  /// - Parameters:
  ///   - place: which sequence it is, for messages.
  ///   - gaps: what is done about missing numbers, which are NaN.
  /// - Throws: ``RecurrentError`` if there are no steps, or a step has more or fewer numbers, or an infinite one.
  package init(_ steps: [[Float]], width: Int, at place: String, _ gaps: inout SequenceGaps) throws(RecurrentError) {
    if steps.isEmpty { throw RecurrentError(.shape, "\(place) has no steps; give it at least one") }
    if let odd = steps.firstIndex(where: { $0.count != width }) {
      throw RecurrentError(
        .shape, "\(place), step \(odd + 1): it has \(steps[odd].count) numbers, and \(width) are expected at each step")
    }
    if let step = steps.firstIndex(where: { $0.contains(where: \.isInfinite) }) {
      throw RecurrentError(.data, "\(place), step \(step + 1): a number is infinite; give finite ones")
    }
    var numbers = steps.joined().map(Double.init)
    try gaps.mend(&numbers, width: width, line: place) {
      "\(place), step \($0 / width + 1), number \($0 % width + 1)"
    } column: {
      "number \($0 + 1) of a step"
    }
    self = .numbers(numbers)
  }
}
