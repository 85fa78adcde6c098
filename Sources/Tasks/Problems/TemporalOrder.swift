import Platform
package import Sequences
package import Support

/// The temporal order problem: two of many symbols matter, far apart; the last step says which they were, in their order.
///
/// Hochreiter & Schmidhuber 1997, Long short-term memory, experiment 6a: a sequence begins with E, ends with B and has X or Y
/// in its second and in its sixth tenth; all else is a, b, c or d. With 100 steps it is the paper's own problem.
package struct TemporalOrder: Problem {
  /// The least number of steps of a sequence, which has up to a tenth more.
  package let steps: Int

  package let name = "temporal-order"
  package let summary =
    "say in which order two rare symbols came (Hochreiter & Schmidhuber 1997, Long short-term memory, experiment 6a)"
  package let input = ProblemInput.tokens(Vocabulary(kind: .characters, checked: ["E", "B", "a", "b", "c", "d", "X", "Y"]))
  package let output = ProblemOutput.classes(["XX", "XY", "YX", "YY"])
  /// The loss of guessing among four equally likely orders.
  package let memorylessLoss = log(4.0)
  package let goal = ProblemGoal.sequencesRight(atLeast: 0.99)

  package init(steps: Int = 100) throws(RecurrentError) {
    guard steps >= 10 else { throw RecurrentError(.data, "the temporal order problem needs at least 10 steps, not \(steps)") }
    self.steps = steps
  }

  package func batch(of count: Int, using random: inout Random) -> Batch {
    Batch(
      packing: (0..<count).map { _ in
        let length = random.integer(in: steps..<steps + steps / 10 + 1)
        var inputs = (0..<length).map { _ in Int32(random.integer(in: 2..<6)) }
        inputs[0] = 0
        inputs[length - 1] = 1
        let (first, second) = (random.integer(in: 0..<2), random.integer(in: 0..<2))
        inputs[random.integer(in: steps / 10..<steps / 5 + 1)] = Int32(6 + first)
        inputs[random.integer(in: steps / 2..<steps * 3 / 5 + 1)] = Int32(6 + second)
        return (inputs, Array(repeating: -1, count: length - 1) + [Int32(2 * first + second)])
      })
  }
}
