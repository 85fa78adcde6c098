import Engine
import Foundation
import Problems
import Sequences
import Support
import Testing

/// What sets each of the classic problems apart.
struct ClassicProblemTests {
  /// The mean square of 8,000 errors whose own variance is below 0.06 is off by less than 5 √(0.06 / 8000) = 0.014 in all but
  /// one seed of a million.
  @Test func addingMarksOneNumberInEachHalf() throws {
    let steps = 11
    let count = 8000
    var random = Random(seed: 11)
    let batch = try Adding(steps: steps).batch(of: count, using: &random)
    guard let features = batch.inputs.numbers, case .values(let values, let counted?) = batch.targets else {
      Issue.record("the adding problem has features and counted values")
      return
    }
    var error = 0.0
    var places = [Int](repeating: 0, count: steps)
    for sequence in 0..<count {
      let rows = (0..<steps).map { $0 * count + sequence }
      let marked = rows.indices.filter { features[rows[$0] * 2 + 1] == 1 }
      #expect(marked.count == 2 && marked[0] < 5 && marked[1] >= 5)
      #expect(rows.allSatisfy { features[$0 * 2 + 1] == 1 || features[$0 * 2 + 1] == 0 })
      #expect(rows.map { counted[$0] } == Array(repeating: false, count: steps - 1) + [true])
      let sum = marked.reduce(0) { $0 + features[rows[$1] * 2] }
      #expect(values[rows[steps - 1]] == sum)
      error += Double((sum - 1) * (sum - 1)) / Double(count)
      for place in marked { places[place] += 1 }
    }
    #expect(abs(error - (try Adding().memorylessLoss)) < 0.014)
    #expect(places.allSatisfy { $0 > 0 })
  }

  @Test func copyAsksForWhatItShowed() throws {
    let problem = try Copy(delay: 7)
    var random = Random(seed: 2)
    let batch = problem.batch(of: 5, using: &random)
    guard let tokens = batch.inputs.symbols, case .classes(let classes) = batch.targets else {
      Issue.record("the copy problem has tokens and classes")
      return
    }
    #expect(batch.lengths.perSequence == [27, 27, 27, 27, 27])
    for sequence in 0..<5 {
      let read = (0..<27).map { tokens[$0 * 5 + sequence] }
      #expect(read[..<10].allSatisfy { (0..<8).contains($0) })
      #expect(read[10...].enumerated().allSatisfy { $0.element == ($0.offset == 6 ? 9 : 8) })
      let asked = (0..<27).map { classes[$0 * 5 + sequence] }
      #expect(asked[..<17].allSatisfy { $0 == 8 } && asked[17...].elementsEqual(read[..<10]))
    }
    #expect(abs(problem.memorylessLoss - 10 * log(8.0) / 27) < 1e-12)
  }

  @Test func temporalOrderHidesTwoSymbols() throws {
    let problem = try TemporalOrder()
    var random = Random(seed: 6)
    var seen = [Int32: Int]()
    let batch = problem.batch(of: 400, using: &random)
    guard let tokens = batch.inputs.symbols, case .classes(let classes) = batch.targets else {
      Issue.record("temporal order has tokens and classes")
      return
    }
    for (sequence, length) in batch.lengths.perSequence.enumerated() {
      let rows = (0..<length).map { batch.lengths.row(step: $0, sequence: sequence) }
      let read = rows.map { tokens[$0] }
      let telling = read.indices.filter { read[$0] >= 6 }
      #expect((100...110).contains(length) && read[0] == 0 && read[length - 1] == 1 && telling.count == 2)
      #expect((10...20).contains(telling[0]) && (50...60).contains(telling[1]))
      #expect(read.indices.allSatisfy { $0 == 0 || $0 == length - 1 || read[$0] >= 2 })
      #expect(classes[rows[length - 1]] == 2 * (read[telling[0]] - 6) + read[telling[1]] - 6)
      #expect(rows.dropLast().allSatisfy { classes[$0] == -1 })
      seen[classes[rows[length - 1]], default: 0] += 1
    }
    #expect(Set(batch.lengths.perSequence).count > 5)
    // Five standard deviations of a count with probability 1/4 are 43.
    #expect(seen.count == 4 && seen.values.allSatisfy { abs($0 - 100) <= 43 })
  }
}
