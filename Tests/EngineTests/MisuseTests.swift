import CellCompiler
import CellLanguage
import Engine
import Testing

/// What can't be done ends the program with a sentence, in release builds, too, rather than that nothing happens.
@Suite struct MisuseTests {
  private static func plan(computesAll: Bool = false, through pass: Plan.Pass? = nil) throws -> Plan {
    Plan(
      compiling: .rnn, dimensions: try Cell.rnn.dimensions(inputs: 3, units: 4), computesAll: computesAll, through: pass)
  }

  private static let mistakes: [(mistake: @Sendable () throws -> Void, sentence: String)] = [
    (
      {
        let runner = SequenceRunner(plan: try plan(), machine: try Machine(threads: 1), servesBackward: false)
        runner.prepare(PackedLengths(steps: 1, batch: 1))
        runner.forward([1, 2, 3], keeping: true)
      }, "a runner that was not made to serve a backward run can't keep what one needs"
    ),
    (
      { _ = SequenceRunner(plan: try plan(through: .placeGates), machine: try Machine(threads: 1), servesBackward: false) },
      "the plan of cell rnn has not gone through all passes, and can't be run: the last one was place-gates"
    ),
    (
      { _ = SequenceRunner(plan: try plan(computesAll: true), machine: try Machine(threads: 1), servesBackward: true) },
      "a plan of cell rnn that computes all named vectors has no step back, and can't serve a backward run"
    ),
    (
      { _ = SequenceRunner(plan: try plan(), machine: try Machine(threads: 1), servesBackward: false).mask(1) },
      "the cell has no state 1; it has 1, counted from 0"
    ),
    ({ _ = Cell.lstm.zoningOut(["f": 0.5]) }, "zoneout is for the states of cell lstm, [\"h\", \"c\"], not [\"f\"]"),
    ({ _ = try plan().dimensions[Size(terms: ["P": 1])] }, "a layer has sizes [\"inputs\", \"units\"], and none called P"),
  ]

  @Test(arguments: mistakes.indices)
  func aMistakeIsSaid(index: Int) async throws {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) { [index = index as Int] in
      try Self.mistakes[index].mistake()
    }
    let said = String(decoding: try #require(result).standardErrorContent, as: UTF8.self)
    #expect(said.contains(Self.mistakes[index].sentence), "\(said)")
  }
}
