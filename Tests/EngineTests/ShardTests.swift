import CellCompiler
import CellLanguage
import Engine
import Testing

/// Which rows a shard has, in which order, and how sums of shards are added up.
struct ShardTests {
  /// Five sequences of a larger batch, in three of four shards.
  static let lengths = PackedLengths(sorted: [3, 3, 2, 1, 1], numbers: [1, 7, 2, 5, 9], shards: 4)

  @Test func sequencesBelongToTheShardOfTheirNumber() {
    let shards = Self.lengths.sequencesByShard
    #expect((0..<4).map { Array(shards[$0]) } == [[], [0, 3, 4], [2], [1]])
    #expect(shards.occupied == [1, 2, 3])
  }

  @Test func numbersAreThePlacesUnlessTheyAreGiven() {
    let lengths = PackedLengths(steps: 2, batch: 11)
    #expect(lengths.numbers == Array(0..<11) && lengths.shards == 8)
    #expect((0..<11).map { lengths.shard(of: $0) } == [0, 1, 2, 3, 4, 5, 6, 7, 0, 1, 2])
  }

  /// Packed, the steps' rows are 0..<5, 5..<8 and 8..<10.
  @Test func rowsOfAShardBeginWithTheLastStep() {
    let rows = Self.lengths.rowsByShard()
    #expect((0..<4).map { Array(rows[$0]) } == [[], [8, 5, 0, 3, 4], [7, 2], [9, 6, 1]])
    #expect(rows.rows == [8, 5, 0, 3, 4, 7, 2, 9, 6, 1] && rows.ends == [0, 5, 7, 10])
    let last = Self.lengths.rowsByShard(of: 1..<3)
    #expect((0..<4).map { Array(last[$0]) } == [[], [8, 5], [7], [9, 6]])
  }

  @Test func rowsOfSegmentsFollowOneAnother() {
    let lengths = Self.lengths
    for shard in 0..<4 {
      let parts = [2..<3, 0..<2].flatMap { steps in
        lengths.segment(steps).rowsByShard()[shard].map { Int($0) + lengths.rows(of: steps).lowerBound }
      }
      #expect(parts == lengths.rowsByShard()[shard].map { Int($0) })
    }
  }

  /// A readout has a row for each sequence, those too that have no steps.
  @Test func aSingleStepHasTheSameSequences() {
    let lengths = PackedLengths(sorted: [3, 1, 0], numbers: [4, 6, 3], shards: 4).singleStep
    #expect(lengths.perSequence == [1, 1, 1] && lengths.numbers == [4, 6, 3] && lengths.shards == 4)
    #expect(lengths.rowsByShard().rows == [0, 1, 2])
  }

  @Test(arguments: [1, 2, 3, 5, 8])
  func sumsAreAddedInABalancedTree(shards: Int) {
    // 2⁻²⁴ is lost beside 1, two of them are not; a third one then makes it even.
    let values = (0..<shards).map { $0 == 0 ? Float(1) : 0x1p-24 }
    let buffers = values.map { value in
      let buffer = FloatBuffer(count: 5)
      buffer.base.update(repeating: value, count: 5)
      return buffer
    }
    let expected: Float = [1: 1, 2: 1, 3: 1, 5: 1 + 0x1p-22, 8: 1 + 0x1p-23 + 0x1p-22][shards] ?? .nan
    withExtendedLifetime(buffers) {
      let sum = sumTree(buffers.map(\.base), count: 5)
      #expect(Array(UnsafeBufferPointer(start: sum, count: 5)) == Array(repeating: expected, count: 5))
    }
    let small = (0..<shards).map { $0 == 0 ? 1 : 0x1p-53 }
    #expect(sumTree(small) == ([1: 1, 2: 1, 3: 1, 5: 1 + 0x1p-51, 8: 1 + 0x1p-52 + 0x1p-51][shards] ?? .nan))
  }

  @Test func shardsWithoutSequencesHaveNoPart() {
    let buffers = (0..<2).map { _ in FloatBuffer(count: 1) }
    withExtendedLifetime(buffers) {
      (buffers[0].base[0], buffers[1].base[0]) = (3, 4)
      let sum = sumTree([nil, nil, nil, buffers[0].base, nil, buffers[1].base, nil], count: 1)
      #expect(sum == buffers[0].base && buffers[0].base[0] == 7)
    }
    #expect(sumTree([nil, nil], count: 1) == nil)
    #expect(sumTree([]) == 0)
  }
}

/// What can't be a batch or a run ends the program with a sentence.
struct ShardRefusalTests {
  struct Refusal: Sendable {
    let message: String
    let mistake: @Sendable () throws -> Void
  }

  static let refusals = [
    Refusal(message: "the sequences of a batch belong to 0 shards; there must be at least one") {
      _ = PackedLengths(sorted: [1], shards: 0)
    },
    Refusal(message: "2 sequences have 1 numbers; each needs one") { _ = PackedLengths(sorted: [1, 1], numbers: [0]) },
    Refusal(message: "a sequence of a batch has a negative number; numbers count from 0") {
      _ = PackedLengths(sorted: [1, 1], numbers: [-1, 0])
    },
    Refusal(message: "two sequences of a batch have the same number; each needs one of its own") {
      _ = PackedLengths(sorted: [2, 1], numbers: [3, 3])
    },
    Refusal(message: "sequences 5 and 2 have 4 steps each: sort by length, then by number") {
      _ = PackedLengths(sorted: [4, 4], numbers: [5, 2])
    },
    Refusal(message: "a runner of rnn was made without memory for gradients: make it with servesBackward") {
      try runner(servesBackward: false).setFinalGradient(0, [0, 0, 0])
    },
    Refusal(message: "a runner of rnn was made without memory for gradients: make it with servesBackward") {
      _ = try runner(servesBackward: false).initialGradient(0)
    },
    Refusal(message: "a runner of rnn was made without memory for gradients: make it with servesBackward") {
      try runner(servesBackward: false).backward(outputGradient: [0, 0, 0], inputGradient: nil, parameterGradients: nil)
    },
    Refusal(message: "a segment's sums are not complete: run back the segment before it, of the same sequences, first") {
      let segments = try runner(servesBackward: true)
      for batch in 1...2 {
        segments.prepare(PackedLengths(steps: 1, batch: batch))
        let numbers = [Float](repeating: 0, count: 3 * batch)
        segments.forward(numbers, keeping: true)
        segments.backward(outputGradient: numbers, inputGradient: nil, parameterGradients: nil)
      }
    },
  ]

  /// A network of three units that reads two numbers, ready for one sequence of one step.
  private static func runner(servesBackward: Bool) throws -> SequenceRunner {
    let cell = try #require(Cell.library.first { $0.name == "rnn" })
    let plan = Plan(compiling: cell, dimensions: try cell.dimensions(inputs: 2, units: 3))
    let runner = SequenceRunner(plan: plan, machine: try Machine(threads: 1), servesBackward: servesBackward)
    runner.load([Float](repeating: 0, count: runner.layout.count))
    runner.prepare(PackedLengths(steps: 1, batch: 1))
    return runner
  }

  @Test(arguments: refusals.indices)
  func whatDoesNotFitEndsTheProgramWithASentence(index: Int) async {
    let process = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) { [index = index as Int] in
      try ShardRefusalTests.refusals[index].mistake()
    }
    let text = String(decoding: process?.standardErrorContent ?? [], as: UTF8.self)
    #expect(text.contains("Fatal error: \(Self.refusals[index].message)"))
  }
}
