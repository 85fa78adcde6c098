import Platform
package import Sequences
package import Support

/// The copy problem: ten symbols are shown, then blanks, and after a signal the ten have to be said again.
///
/// Hochreiter & Schmidhuber 1997 in the form of Arjovsky, Shah & Bengio 2016, Unitary evolution recurrent neural networks:
/// 10 symbols of 8 kinds, T - 1 blanks, the signal, 10 blanks; the answer is T + 10 blanks, then the ten symbols.
package struct Copy: Problem {
  /// The number of steps between the end of the symbols and the end of the signal, T.
  package let delay: Int

  package let name = "copy"
  package let summary =
    "repeat ten symbols after a long pause (Arjovsky, Shah & Bengio 2016, Unitary evolution recurrent neural networks)"
  package let input = ProblemInput.tokens(
    Vocabulary(kind: .characters, checked: ["a", "b", "c", "d", "e", "f", "g", "h", "_", "!"]))
  package let output = ProblemOutput.classes(["a", "b", "c", "d", "e", "f", "g", "h", "_"])
  package let goal = ProblemGoal.sequencesRight(atLeast: 0.99)

  private let kinds = 8
  private let symbols = 10
  private var blank: Int32 { Int32(kinds) }
  private var signal: Int32 { Int32(kinds) + 1 }
  private var steps: Int { delay + 2 * symbols }

  /// The loss of knowing where the blanks end and guessing the symbols: 10 ln 8 / (T + 20).
  package var memorylessLoss: Double { Double(symbols) * log(Double(kinds)) / Double(steps) }

  package init(delay: Int = 100) throws(RecurrentError) {
    guard delay >= 1 else { throw RecurrentError(.data, "the copy problem needs a delay of at least 1 step, not \(delay)") }
    self.delay = delay
  }

  package func batch(of count: Int, using random: inout Random) -> Batch {
    Batch(
      packing: (0..<count).map { _ in
        let shown = (0..<symbols).map { _ in Int32(random.integer(in: 0..<kinds)) }
        let inputs = shown + Array(repeating: blank, count: delay - 1) + [signal] + Array(repeating: blank, count: symbols)
        return (inputs, Array(repeating: blank, count: delay + symbols) + shown)
      })
  }
}
