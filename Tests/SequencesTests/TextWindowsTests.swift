import Engine
import Sequences
import Support
import Testing

struct TextWindowsTests {
  static let shapes = [
    (2, 1, 1), (10, 1, 3), (11, 2, 5), (12, 2, 5), (23, 3, 4), (25, 4, 6), (26, 4, 6), (9, 8, 2), (100, 7, 50),
  ]

  /// Every token but the first is a target once, in order, and follows its input; streams follow each other.
  @Test(arguments: shapes)
  func anEpochGoesThroughTheTextOnce(count: Int, streams: Int, steps: Int) throws {
    let tokens = try TokenizedText(String(repeating: "x", count: count), as: .bytes).tokens
    let windows = try TextWindows(try numbered(count), streams: streams, steps: steps)
    #expect(tokens.count == windows.tokens.count)
    for epoch in 0..<2 {
      var inputs = [[Int32]](repeating: [], count: streams)
      var targets = inputs
      for index in 0..<windows.windowsPerEpoch {
        let number = epoch * windows.windowsPerEpoch + index
        let batch = windows.batch(at: number)
        #expect(windows.continues(at: number) == (index > 0))
        #expect(batch.lengths.steps == steps || index == windows.windowsPerEpoch - 1)
        #expect((1...steps).contains(batch.lengths.steps))
        #expect(batch.lengths == PackedLengths(steps: batch.lengths.steps, batch: streams))
        guard let read = batch.inputs.symbols, case .classes(let asked) = batch.targets else {
          Issue.record("a text has tokens and classes")
          return
        }
        #expect(read.count == batch.lengths.rows && asked.count == batch.lengths.rows)
        for row in asked.indices where asked[row] >= 0 {
          inputs[row % streams].append(read[row])
          targets[row % streams].append(asked[row])
        }
        let missing = asked.indices.filter { asked[$0] < 0 }
        #expect(missing.isEmpty || index == windows.windowsPerEpoch - 1)
        #expect(missing.allSatisfy { $0 >= asked.count - streams && read[$0] == 0 })
      }
      #expect(inputs.flatMap { $0 } == (0..<Int32(count - 1)).map { $0 })
      #expect(targets.flatMap { $0 } == (1..<Int32(count)).map { $0 })
      let lengths = Set(inputs.map(\.count))
      #expect((lengths.max() ?? 0) - (lengths.min() ?? 0) <= 1)
    }
  }

  @Test func aWindowIsTimeMajor() throws {
    let windows = try TextWindows(try numbered(9), streams: 2, steps: 3)
    guard let inputs = windows.batch(at: 0).inputs.symbols, case .classes(let targets) = windows.batch(at: 1).targets else {
      Issue.record("a text has tokens and classes")
      return
    }
    #expect(inputs == [0, 4, 1, 5, 2, 6])
    #expect(targets == [4, 8])
  }

  @Test(arguments: [
    (1, 1, 1, "a text of 1 tokens has nothing to predict; it needs at least 2"),
    (
      12, 50, 1,
      "a text of 12 tokens is too short for 50 streams, which need at least 51 tokens; at most 11 streams fit"
    ),
    (12, 0, 1, "a text is read in at least 1 stream, not 0"),
    (12, 1, 0, "a window has at least 1 step, not 0"),
  ])
  func whatDoesNotFit(count: Int, streams: Int, steps: Int, message: String) throws {
    let tokens = try numbered(count)
    let error = #expect(throws: RecurrentError.self) { try TextWindows(tokens, streams: streams, steps: steps) }
    #expect(error?.description == message)
  }

  /// The tokens 0, 1, 2, …
  private func numbered(_ count: Int) throws -> Tokens {
    let scalars = (0..<UInt32(count)).compactMap(Unicode.Scalar.init)
    return try TokenizedText(String(String.UnicodeScalarView(scalars)), as: .characters).tokens
  }
}
