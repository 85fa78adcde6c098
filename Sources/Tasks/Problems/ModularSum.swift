import Platform
package import Sequences
package import Support

/// State tracking: at each step, what all numbers so far add up to, without the carry. With two numbers that is the parity of the ones.
///
/// The sum is a state that each number moves round a circle. Networks whose past goes through no gate and no matrix that depends on the
/// input can't follow it however long they train (Merrill, Petty & Sabharwal 2024, The illusion of state in state-space models; Grazzi et
/// al. 2025, Unlocking state-tracking in linear RNNs through negative eigenvalues).
package struct ModularSum: Problem {
  /// What the sum is the remainder of a division by.
  package let modulus: Int
  /// The number of steps of a sequence.
  package let steps: Int

  package let name: String
  package let summary: String
  package let input: ProblemInput
  package let output: ProblemOutput
  package let goal = ProblemGoal.sequencesRight(atLeast: 0.99)

  /// Whether there is an even or an odd number of ones so far.
  package static func parity(steps: Int = 40) throws(RecurrentError) -> ModularSum {
    try ModularSum(
      "parity", modulus: 2, steps: steps,
      summary: "say at each step whether the ones so far are even or odd in number (state tracking: Merrill et al. 2024)")
  }

  /// What numbers from 0 to 4 add up to so far, modulo 5.
  package static func modularSum(steps: Int = 40) throws(RecurrentError) -> ModularSum {
    try ModularSum(
      "modular-sum", modulus: 5, steps: steps,
      summary: "say at each step what the numbers so far add up to, modulo 5 (state tracking: Merrill et al. 2024)")
  }

  private init(_ name: String, modulus: Int, steps: Int, summary: String) throws(RecurrentError) {
    guard steps >= 2 else { throw RecurrentError(.data, "\(name) needs at least 2 steps, not \(steps)") }
    (self.name, self.modulus, self.steps, self.summary) = (name, modulus, steps, summary)
    let digits = (0..<modulus).map { "\($0)" }
    input = .tokens(Vocabulary(kind: .characters, checked: digits))
    output = .classes(digits)
  }

  /// The best answer to a number alone: at the first step the sum is that number, and at any other all sums are equally likely.
  package var memorylessLoss: Double {
    let other = Double(steps - 1) / Double(steps * modulus)
    let same = other + 1 / Double(steps)
    return -(same * log(same) + Double(modulus - 1) * other * log(other))
  }

  package func batch(of count: Int, using random: inout Random) -> Batch {
    Batch(
      packing: (0..<count).map { _ in
        let numbers = (0..<steps).map { _ in Int32(random.integer(in: 0..<modulus)) }
        var sum: Int32 = 0
        let sums = numbers.map { number in
          sum = (sum + number) % Int32(modulus)
          return sum
        }
        return (numbers, sums)
      })
  }
}
