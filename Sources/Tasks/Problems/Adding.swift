import Engine
package import Sequences
package import Support

/// The adding problem: of two channels one has numbers, the other marks two of them; the last step gives their sum.
///
/// Hochreiter & Schmidhuber 1997, Long short-term memory, experiment 4, in the form that later papers measure: numbers in
/// `0 ..< 1`, one mark in each half, the plain sum as the target (Le, Jaitly & Hinton 2015).
package struct Adding: Problem {
  /// The number of steps of a sequence, T.
  package let steps: Int

  package let name = "adding"
  package let summary =
    "add the two marked numbers of a long sequence (Hochreiter & Schmidhuber 1997, Long short-term memory)"
  package let input = ProblemInput.features(2)
  package let output = ProblemOutput.values(1)
  /// The variance of the sum of two numbers that are uniform in `0 ..< 1`, which is the error of always answering 1.
  package let memorylessLoss = 1.0 / 6
  package let goal = ProblemGoal.loss(below: 0.01)

  package init(steps: Int = 100) throws(RecurrentError) {
    guard steps >= 2 else {
      throw RecurrentError(.data, "the adding problem needs at least 2 steps, one for each number, not \(steps)")
    }
    self.steps = steps
  }

  package func batch(of count: Int, using random: inout Random) -> Batch {
    let rows = steps * count
    var features = [Float](repeating: 0, count: rows * 2)
    var sums = [Float](repeating: 0, count: rows)
    for sequence in 0..<count {
      let marks = [random.integer(in: 0..<steps / 2), random.integer(in: steps / 2..<steps)]
      for step in 0..<steps { features[(step * count + sequence) * 2] = random.uniformFloat() }
      for step in marks {
        let row = step * count + sequence
        features[row * 2 + 1] = 1
        sums[rows - count + sequence] += features[row * 2]
      }
    }
    let asks = (0..<rows).map { $0 >= rows - count }
    return Batch(
      lengths: PackedLengths(steps: steps, batch: count), inputs: .features(features), targets: .values(sums, counted: asks))
  }
}
