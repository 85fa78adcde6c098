import Support

/// Sequences in memory, split into those that are trained on and those held out, the last ones.
struct HeldOut {
  let training: Range<Int>
  /// Nil if none are held out.
  let validation: Range<Int>?

  /// - Parameters:
  ///   - count: of the sequences.
  ///   - fraction: of them that is held out.
  ///   - batch: sequences that are trained on at once.
  /// - Throws: ``RecurrentError`` if a number makes no sense, or no sequence is left to train on.
  init(_ fraction: Double, of count: Int, batch: Int) throws(RecurrentError) {
    try RecurrentError.require(batch >= 1, "the batch is \(batch); expected a whole number of at least 1")
    let share = Bounds.range(0, below: 1)
    try RecurrentError.require(
      share.contains(fraction), "the fraction held out is \(short(fraction)); expected \(share.expectation)")
    let trained = count - Int((Double(count) * fraction).rounded())
    try RecurrentError.require(trained >= 1, "no sequence is left to train on: give more of them, or hold out fewer")
    training = 0..<trained
    validation = trained < count ? trained..<count : nil
  }
}
