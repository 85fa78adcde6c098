import Engine
import Foundation
import Problems
import Sequences
import Support
import Testing

/// What sets associative recall and state tracking apart.
struct RecallTests {
  /// The inputs and classes of each sequence of a batch.
  private func sequences(of problem: any Problem, count: Int, seed: UInt64) throws -> [(inputs: [Int], classes: [Int])] {
    var random = Random(seed: seed)
    let batch = problem.batch(of: count, using: &random)
    let tokens = try #require(batch.inputs.symbols)
    guard case .classes(let classes) = batch.targets else {
      Issue.record("\(problem.name) has classes")
      return []
    }
    return batch.lengths.perSequence.enumerated().map { sequence, length in
      let rows = (0..<length).map { batch.lengths.row(step: $0, sequence: sequence) }
      return (rows.map { Int(tokens[$0]) }, rows.map { Int(classes[$0]) })
    }
  }

  @Test func recallAsksForEachKeyOnce() throws {
    let problem = try AssociativeRecall(pairs: 5)
    var gaps = [0, 0]
    for (inputs, classes) in try sequences(of: problem, count: 300, seed: 3) {
      let pairs = Dictionary(uniqueKeysWithValues: (0..<5).map { (inputs[2 * $0], inputs[2 * $0 + 1] - 26) })
      #expect(pairs.count == 5 && pairs.allSatisfy { (0..<26).contains($0.key) && (0..<16).contains($0.value) })
      #expect(classes[..<10].allSatisfy { $0 == -1 })
      let queries = inputs.indices.dropFirst(10).filter { classes[$0] >= 0 }
      #expect(Set(queries.map { inputs[$0] }) == Set(pairs.keys) && queries.count == 5)
      #expect(queries.allSatisfy { classes[$0] == pairs[inputs[$0]] })
      #expect(inputs.indices.dropFirst(10).allSatisfy { classes[$0] >= 0 || inputs[$0] >= 26 })
      for query in queries { gaps[classes[query - 1] < 0 && query > 10 ? 1 : 0] += 1 }
    }
    // Half of 1,500 queries follow others at once; five standard deviations are 97.
    #expect(abs(gaps[0] - 750) < 97)
    #expect(problem.memorylessLoss == log(16.0))
  }

  @Test(arguments: [("parity", 2), ("modular-sum", 5)])
  func sumsAreThoseOfAllSteps(name: String, modulus: Int) throws {
    let problem = try #require(BuiltInProblem(rawValue: name)).problem(length: 9)
    var loss = 0.0
    let all = try sequences(of: problem, count: 4000, seed: 5)
    for (inputs, classes) in all {
      var sum = 0
      for (number, found) in zip(inputs, classes) {
        sum = (sum + number) % modulus
        #expect(sum == found)
        let rest = 8 / Double(9 * modulus)
        loss -= log(number == found ? rest + 1 / 9 : rest) / Double(9 * all.count)
      }
    }
    // The loss of the best answer without a memory; five standard deviations are below 0.02.
    #expect(abs(loss - problem.memorylessLoss) < 0.02)
  }
}
