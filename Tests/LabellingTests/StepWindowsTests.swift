import Engine
import Networks
import Sequences
import TaskKit
import Testing

struct StepWindowsTests {
  private let lengths = [7, 3, 10]

  /// Each step's input says which sequence and step it is, and so does its class.
  private func windows(_ cut: StepCut, seed: UInt64?) -> StepWindows {
    let runs = lengths.enumerated().map { StepRun(sequence: $0, steps: 0..<$1) }
    let inputs = lengths.enumerated().map { sequence, count in (0..<count).map { Float(100 * sequence + $0) } }
    return StepWindows(
      inputs, as: .features(1), targets: .classes(inputs.map { $0.map { Int32($0) } }, weights: nil),
      parts: cut.parts(of: runs, lengths: lengths), window: cut.readsInReverse ? nil : cut.window, batch: cut.batch, seed: seed)
  }

  @Test(arguments: [nil, 0, 5] as [UInt64?], [2, 3, 4, 20])
  func anEpochScoresEachStepOnceInItsOrder(seed: UInt64?, window: Int) throws {
    let source = windows(StepCut(window: window, context: 1, batch: 2, readsInReverse: false), seed: seed)
    let perEpoch = try #require(source.iterationsPerEpoch)
    for epoch in 0..<2 {
      var scored: [Int32] = []
      var last: [[Float]] = []
      for iteration in epoch * perEpoch..<(epoch + 1) * perEpoch {
        let batch = source.batch(at: iteration)
        let numbers = try #require(batch.inputs.numbers)
        guard case .classes(let classes) = batch.targets else { return }
        scored += classes.filter { $0 >= 0 }
        let rows = (0..<batch.lengths.batch).map { batch.rows(of: $0).map { numbers[$0] } }
        #expect(batch.lengths.perSequence.allSatisfy { $0 <= window })
        if source.continues(at: iteration) {
          #expect(rows.count == last.count)
          // A window begins where the one before it ended.
          for (own, before) in zip(rows, last) where !own.isEmpty { #expect(own[0] == (before.last ?? -9) + 1) }
        } else {
          #expect(rows.allSatisfy { !$0.isEmpty })
        }
        last = rows
      }
      #expect(
        scored.sorted() == lengths.enumerated().flatMap { sequence, count in (0..<count).map { Int32(100 * sequence + $0) } })
    }
  }

  /// A network that reads in reverse reads each part by itself, with steps on both sides.
  @Test func partsOfNetworksThatReadInReverseStandAlone() {
    let cut = StepCut(window: 4, context: 2, batch: 2, readsInReverse: true)
    let parts = cut.parts(of: [StepRun(sequence: 2, steps: 0..<10)], lengths: lengths)
    #expect(parts.map(\.scored) == [0..<3, 3..<6, 6..<10])
    #expect(parts.map(\.steps) == [0..<5, 1..<8, 4..<10])
    let source = windows(cut, seed: 1)
    #expect((0..<(source.iterationsPerEpoch ?? 0)).allSatisfy { !source.continues(at: $0) })
  }

  /// Parts that are trained on side by side are no more than a batch has sequences.
  @Test func partsFillABatch() {
    let runs = [
      StepRun(sequence: 0, steps: 0..<1000), StepRun(sequence: 0, steps: 1100..<1990), StepRun(sequence: 1, steps: 0..<77),
    ]
    let parts = StepCut(window: 10, context: 5, batch: 16, readsInReverse: false).parts(of: runs, lengths: [2000, 77])
    #expect((13...16).contains(parts.count) && parts.reduce(0) { $0 + $1.scored.count } == 1967)
    #expect(
      parts.allSatisfy { $0.steps.lowerBound == max(0, $0.scored.lowerBound - 5) && $0.steps.upperBound == $0.scored.upperBound })
  }

  @Test func stepsWithoutTargetsAreNotCounted() {
    let source = StepWindows(
      [[1, 2, 3]], as: .features(1), targets: .values([[5, .nan, 7]], outputs: 1),
      parts: [StepPart(sequence: 0, steps: 0..<3, scored: 1..<3)], window: 8, batch: 1, seed: nil)
    guard case .values(let values, let counted) = source.batch(at: 0).targets else { return }
    #expect(values == [5, 0, 7] && counted == [false, false, true])
  }
}
