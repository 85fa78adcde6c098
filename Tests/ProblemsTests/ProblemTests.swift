import Engine
import Problems
import Sequences
import Support
import Testing

/// What holds for every problem.
struct ProblemTests {
  @Test(arguments: BuiltInProblem.allCases)
  func theSameSeedGivesTheSameBatch(kind: BuiltInProblem) throws {
    let problem = try kind.problem()
    #expect(problem.name == kind.rawValue)
    var (first, second, third) = (Random(seed: 1), Random(seed: 1), Random(seed: 2))
    let batches = [
      problem.batch(of: 9, using: &first), problem.batch(of: 9, using: &second), problem.batch(of: 9, using: &third),
    ]
    #expect("\(batches[0])" == "\(batches[1])")
    #expect("\(batches[0])" != "\(batches[2])")
  }

  @Test(arguments: BuiltInProblem.allCases)
  func batchesHaveTheShapesThatTheProblemNames(kind: BuiltInProblem) throws {
    let problem = try kind.problem()
    var random = Random(seed: 4)
    for count in [1, 2, 33] {
      let batch = problem.batch(of: count, using: &random)
      #expect(batch.lengths.batch == count)
      #expect(batch.lengths.perSequence == batch.lengths.perSequence.sorted(by: >))
      switch problem.input {
      case .tokens(let symbols):
        let tokens = try #require(batch.inputs.symbols)
        #expect(tokens.count == batch.lengths.rows && tokens.allSatisfy { (0..<Int32(symbols.count)).contains($0) })
      case .features(let width): #expect(try #require(batch.inputs.numbers).count == batch.lengths.rows * width)
      }
      switch (problem.output, batch.targets) {
      case (.classes(let names), .classes(let classes)):
        #expect(classes.count == batch.lengths.rows && classes.allSatisfy { (-1..<names.count).contains(Int($0)) })
      case (.values(let width), .values(let values, let counted)):
        #expect(values.count == batch.lengths.rows * width && counted?.count ?? batch.lengths.rows == batch.lengths.rows)
      default: Issue.record("\(problem.name): targets of another kind")
      }
    }
  }

  /// A model's file stores the vocabulary as its symbols.
  @Test(arguments: BuiltInProblem.allCases)
  func aVocabularyOfAProblemCanBeStored(kind: BuiltInProblem) throws {
    guard case .tokens(let vocabulary) = try kind.problem().input else { return }
    #expect(try Vocabulary(kind: vocabulary.kind, symbols: vocabulary.symbols) == vocabulary)
  }

  /// The targets themselves are right answers, and a change in one that is asked for makes its sequence wrong.
  @Test(arguments: BuiltInProblem.allCases.filter { $0 != .embeddedReber })
  func theTargetsAreTheRightAnswers(kind: BuiltInProblem) throws {
    let problem = try kind.problem()
    var random = Random(seed: 8)
    let batch = problem.batch(of: 12, using: &random)
    let width = problem.output.width
    var outputs = [Float](repeating: 0, count: batch.lengths.rows * width)
    switch batch.targets {
    case .classes(let classes), .weightedClasses(let classes, _):
      for (row, answer) in classes.enumerated() where answer >= 0 { outputs[row * width + Int(answer)] = 1 }
    case .values(let values, _): outputs = values
    case .symbols: Issue.record("\(problem.name): targets of another kind")
    }
    #expect(problem.areRight(outputs, for: batch).allSatisfy { $0 })
    for sequence in 0..<12 {
      let last = batch.lengths.row(step: batch.lengths.perSequence[sequence] - 1, sequence: sequence)
      var changed = outputs
      changed[last * width] += 0.05
      if case .classes(let classes) = batch.targets { changed[last * width + (Int(classes[last]) + 1) % width] = 2 }
      #expect(problem.areRight(changed, for: batch).enumerated().allSatisfy { $0.element == ($0.offset != sequence) })
    }
  }

  @Test(
    arguments: [
      (.adding, 1, "the adding problem needs at least 2 steps, one for each number, not 1"),
      (.copy, 0, "the copy problem needs a delay of at least 1 step, not 0"),
      (.temporalOrder, 9, "the temporal order problem needs at least 10 steps, not 9"),
      (.embeddedReber, 20, "the strings of embedded-reber are as long as the grammar makes them; leave the length out"),
      (.agreement, 1, "the largest distance of agreement is at least 2 words, not 1"),
      (.associativeRecall, 27, "associative recall has from 1 to 26 pairs of a key and a value, not 27"),
      (.parity, 1, "parity needs at least 2 steps, not 1"),
      (.modularSum, 0, "modular-sum needs at least 2 steps, not 0"),
    ] as [(BuiltInProblem, Int, String)])
  func lengthsThatAProblemCanNotHave(kind: BuiltInProblem, length: Int, message: String) {
    let error = #expect(throws: RecurrentError.self) { try kind.problem(length: length) }
    #expect(error?.description == message)
  }

  @Test func everyLengthThatAProblemMayHaveWorks() throws {
    var random = Random(seed: 5)
    let all: [(BuiltInProblem, Range<Int>)] = [
      (.adding, 2..<20), (.copy, 1..<20), (.temporalOrder, 10..<60), (.agreement, 2..<30), (.associativeRecall, 1..<27),
      (.parity, 2..<20), (.modularSum, 2..<20),
    ]
    for (kind, lengths) in all {
      for length in lengths { #expect(try kind.problem(length: length).batch(of: 3, using: &random).lengths.batch == 3) }
    }
  }
}
