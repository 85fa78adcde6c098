import Engine
import Platform
package import Sequences
package import Support

/// The embedded Reber grammar: say at every step which symbols may come next; the last but one repeats the second.
///
/// Hochreiter & Schmidhuber 1997, Long short-term memory, experiment 1; the grammar: Reber 1967; embedded: Fahlman 1991, The
/// recurrent cascade-correlation architecture. A string counts as learned if at each step every symbol that may come next has a
/// larger output than every other one.
package struct EmbeddedReber: Problem {
  package let name = "embedded-reber"
  package let summary =
    "say which symbols of a grammar may come next; one depends on the second symbol (Hochreiter & Schmidhuber 1997, experiment 1)"
  package let input = ProblemInput.tokens(Vocabulary(kind: .characters, checked: EmbeddedReber.symbols))
  package let output = ProblemOutput.classes(EmbeddedReber.symbols)
  /// A string has 12 symbols on average, of which 11 are asked for. Seven choices can only be guessed, and an eighth is guessed
  /// without a memory of the second symbol: 8 ln 2 / 11.
  package let memorylessLoss = 8 * log(2.0) / 11
  package let goal = ProblemGoal.sequencesRight(atLeast: 1)
  package let asksForTheNextInput = true

  package static let symbols = ["B", "T", "S", "X", "P", "V", "E"]

  package init() {}

  /// A string of the grammar as indices into ``symbols``.
  package func string(using random: inout Random) -> [Int32] {
    var string: [Int32] = []
    var node = 0
    while !EmbeddedReber.arrows[node].isEmpty {
      let arrow = random.element(of: EmbeddedReber.arrows[node])
      string.append(arrow.symbol)
      node = arrow.node
    }
    return string
  }

  package func batch(of count: Int, using random: inout Random) -> Batch {
    Batch(
      packing: (0..<count).map { _ in
        let string = string(using: &random)
        return (Array(string.dropLast()), Array(string.dropFirst()))
      })
  }

  package func areRight(_ outputs: [Float], for batch: Batch) -> [Bool] {
    guard let tokens = batch.inputs.symbols else { preconditionFailure("Reber strings are read as symbols") }
    let width = EmbeddedReber.symbols.count
    return batch.lengths.perSequence.indices.map { sequence in
      var node = 0
      return batch.rows(of: sequence).allSatisfy { row in
        guard let arrow = EmbeddedReber.arrows[node].first(where: { $0.symbol == tokens[row] }) else { return false }
        node = arrow.node
        let legal = Set(EmbeddedReber.arrows[node].map { Int($0.symbol) })
        let given = outputs[row * width..<(row + 1) * width].enumerated()
        let least = given.filter { legal.contains($0.offset) }.map(\.element).min() ?? 0
        return given.allSatisfy { legal.contains($0.offset) || $0.element < least }
      }
    }
  }

  private struct Arrow {
    let symbol: Int32
    let node: Int
  }

  /// Where each node of the transition graph leads: begin (0), the choice of T or P (1), for each of the two a copy of
  /// the inner grammar (from 2 and from 10), and the end (18, 19).
  private static let arrows: [[Arrow]] =
    [[arrow("B", 1)], [arrow("T", 2), arrow("P", 10)]] + inner(from: 2, closing: "T") + inner(from: 10, closing: "P")
    + [[arrow("E", 19)], []]

  private static func inner(from first: Int, closing symbol: String) -> [[Arrow]] {
    [
      [arrow("B", first + 1)],
      [arrow("T", first + 2), arrow("P", first + 3)],
      [arrow("S", first + 2), arrow("X", first + 4)],
      [arrow("T", first + 3), arrow("V", first + 5)],
      [arrow("X", first + 3), arrow("S", first + 6)],
      [arrow("P", first + 4), arrow("V", first + 6)],
      [arrow("E", first + 7)],
      [arrow(symbol, 18)],
    ]
  }

  private static func arrow(_ symbol: String, _ node: Int) -> Arrow {
    Arrow(symbol: Int32(symbols.firstIndex(of: symbol) ?? 0), node: node)
  }
}
