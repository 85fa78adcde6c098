import Support
import TaskKit
import Testing

struct StepSplitTests {
  @Test func wholeSequencesAreHeldOut() throws {
    let split = try StepSplit(Array(repeating: 5, count: 20), fraction: 0.2, seed: 1) { _ in [0, 1] }
    #expect(split.heldOut.count == 4 && split.training.count == 16)
    #expect((split.heldOut + split.training).allSatisfy { $0.steps == 0..<5 })
    #expect(split.sentence?.description == "4 of 20 sequences are held out, drawn at random (validation)")
    let other = try StepSplit(Array(repeating: 5, count: 20), fraction: 0.2, seed: 2) { _ in [0, 1] }
    #expect(other.heldOut != split.heldOut)
  }

  @Test func blocksOfASingleSequenceAreHeldOut() throws {
    let split = try StepSplit([200], fraction: 0.1, seed: 1) { _ in [] }
    #expect(split.heldOut.map(\.steps.count) == [10, 10])
    let steps = (split.heldOut + split.training).flatMap(\.steps)
    #expect(steps.sorted() == Array(0..<200) && split.training.count <= 3)
    #expect(
      split.sentence?.description
        == "there is a single sequence, so 2 of 20 blocks of time of up to 10 steps are held out, drawn at random (validation); "
        + "such steps resemble their neighbours, and a new recording may do worse")
  }

  /// A class is never held out altogether.
  @Test func sequencesWithALabelOfTheirOwnAreCutIntoBlocks() throws {
    let split = try StepSplit([40, 40, 40], fraction: 0.1, seed: 1) { [Int32($0.sequence)] }
    #expect(split.heldOut.count == 2 && split.heldOut.allSatisfy { $0.steps.count == 6 })
    #expect(split.sentence?.description.hasPrefix("each sequence has a label that no other has, so 2 of ") == true)
    #expect(throws: RecurrentError.self) { try StepSplit([3], fraction: 0.5, seed: 1) { [Int32($0.steps.lowerBound)] } }
  }

  @Test func nothingIsHeldOutIfNothingIsAskedFor() throws {
    let split = try StepSplit([3, 4], fraction: 0, seed: 1) { _ in [] }
    #expect(split.heldOut.isEmpty && split.training.map(\.steps) == [0..<3, 0..<4] && split.sentence == nil)
  }
}
