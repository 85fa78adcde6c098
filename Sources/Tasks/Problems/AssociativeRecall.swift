import Platform
package import Sequences
package import Support

/// Multi-query associative recall: keys are shown, each with its value, and then the keys again, in another order; at each of these the
/// answer is its value.
///
/// Arora, Eyuboglu, Timalsina, Johnson, Poli, Zou, Rudra & Ré 2023, Zoology: measuring and improving recall in efficient language models.
/// As there, the queries are some steps apart, few of them far; what stands between them are values that mean nothing.
package struct AssociativeRecall: Problem {
  /// How many keys a sequence has.
  package let pairs: Int

  package let name = "associative-recall"
  package let summary =
    "say the value of each of several keys that was shown with it (Arora et al. 2023, Zoology, multi-query associative recall)"
  package let input = ProblemInput.tokens(
    Vocabulary(kind: .characters, checked: AssociativeRecall.keys + AssociativeRecall.values))
  package let output = ProblemOutput.classes(AssociativeRecall.values)
  /// The loss of guessing among all values.
  package let memorylessLoss = log(Double(AssociativeRecall.values.count))
  package let goal = ProblemGoal.sequencesRight(atLeast: 0.99)

  private static let keys = "ABCDEFGHIJKLMNOPQRSTUVWXYZ".map(String.init)
  private static let values = "abcdefghijklmnop".map(String.init)

  package init(pairs: Int = 8) throws(RecurrentError) {
    let most = AssociativeRecall.keys.count
    guard 1...most ~= pairs else {
      throw RecurrentError(.data, "associative recall has from 1 to \(most) pairs of a key and a value, not \(pairs)")
    }
    self.pairs = pairs
  }

  package func batch(of count: Int, using random: inout Random) -> Batch {
    Batch(packing: (0..<count).map { _ in sequence(using: &random) })
  }

  private func sequence(using random: inout Random) -> (inputs: [Int32], classes: [Int32]) {
    var keys = Array(0..<Int32(Self.keys.count))
    random.shuffle(&keys)
    let shown = keys.prefix(pairs).map { (key: $0, value: Int32(random.integer(in: 0..<Self.values.count))) }
    let firstValue = Int32(Self.keys.count)
    var inputs = shown.flatMap { [$0.key, firstValue + $0.value] }
    var classes = [Int32](repeating: -1, count: inputs.count)
    var asked = shown
    random.shuffle(&asked)
    for pair in asked {
      for _ in 0..<gap(using: &random) {
        inputs.append(firstValue + Int32(random.integer(in: 0..<Self.values.count)))
        classes.append(-1)
      }
      inputs.append(pair.key)
      classes.append(pair.value)
    }
    return (inputs, classes)
  }

  /// The steps before a query: 0 half of the time, and up to eight, each number half as often as the one before.
  private func gap(using random: inout Random) -> Int {
    var gap = 0
    while gap < 8, random.integer(in: 0..<2) == 1 { gap += 1 }
    return gap
  }
}
