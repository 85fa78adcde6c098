import Engine
import Foundation
import LanguageModels
import Problems
import Sequences
import Support
import Testing

struct SourceTests {
  @Test func aTextIsCutIntoAPartToTrainOnAndOneHeldOut() throws {
    let text = try TokenizedText(madeUpText(1000), as: .characters)
    let data = try TextData(text, batch: 4, sequence: 10, validation: 0.1)
    #expect(data.count == 1000)
    #expect(data.training.windows.tokens.count == 900)
    #expect(data.validation?.windows.tokens.count == 100)
    // 899 targets in 4 streams of 225 steps at most.
    #expect(data.training.iterationsPerEpoch == 23)
    #expect(data.training.stepsPerBatch == 40)
    #expect((0..<46).filter { !data.training.continues(at: $0) } == [0, 23])
    let targets = (0..<23).reduce(0) { sum, index in
      guard case .classes(let classes) = data.training.batch(at: index).targets else { return sum }
      return sum + classes.count { $0 >= 0 }
    }
    #expect(targets == 899)
    #expect(try TextData(text, batch: 4, sequence: 10, validation: 0).validation == nil)
  }

  @Test func aWindowLongerThanTheTextCountsWhatIsThere() throws {
    let data = try TextData(TokenizedText(madeUpText(21), as: .bytes), batch: 4, sequence: 1_000_000, validation: 0)
    #expect(data.training.iterationsPerEpoch == 1)
    #expect(data.training.stepsPerBatch == 20)
  }

  @Test(
    arguments: [
      (
        10, 2, 0.1,
        "the part of the text held out for validation has a single token, which leaves nothing to predict; hold out more, or nothing"
      ),
      (
        40, 50, 0,
        "a text of 40 tokens is too short for 50 streams, which need at least 51 tokens; at most 39 streams fit"
      ),
      (1, 1, 0, "a text of 1 tokens has nothing to predict; it needs at least 2"),
    ] as [(Int, Int, Double, String)])
  func aTextThatIsTooShortIsRefused(count: Int, batch: Int, validation: Double, message: String) throws {
    let text = try TokenizedText(madeUpText(count), as: .bytes)
    let error = #expect(throws: RecurrentError.self) { try TextData(text, batch: batch, sequence: 10, validation: validation) }
    #expect(error?.description == message)
  }

  /// What a text's digest tells apart: one token, their order, their number, and the symbols that they stand for.
  @Test func theDigestTellsTextsApart() throws {
    func digest(_ text: String, _ kind: Vocabulary.Kind = .characters) throws -> String {
      try #require(TextData(TokenizedText(text, as: kind), batch: 1, sequence: 5, validation: 0).digest)
    }
    let text = madeUpText(1003)
    #expect(try digest(text) == digest(text))
    #expect(try digest(text).count == 16)
    var others = [text + "a", String(text.dropLast()), String(text.reversed()), text.replacingOccurrences(of: "a", with: "z")]
    for place in 0..<1003 {
      var letters = Array(text)
      letters[place] = letters[place] == "b" ? "c" : "b"
      others.append(String(letters))
    }
    #expect(
      Set(try others.map { try digest($0) } + [digest(text), digest(text, .bytes), digest(text, .words)]).count == others.count
        + 3)
  }

  @Test(arguments: BuiltInProblem.allCases)
  func aProblemsBatchDependsOnItsNumberAndTheSeedOnly(name: BuiltInProblem) throws {
    let problem = try name.problem()
    let source = ProblemSource(problem, sequences: 3, seed: 5)
    let first = (0..<4).map { "\(source.batch(at: $0))" }
    let again = ProblemSource(try name.problem(), sequences: 3, seed: 5)
    #expect((0..<4).reversed().map { "\(again.batch(at: $0))" } == first.reversed())
    #expect(Set(first).count == 4)
    #expect("\(ProblemSource(problem, sequences: 3, seed: 6).batch(at: 0))" != first[0])
    #expect(!source.continues(at: 3))
    #expect(source.stepsPerBatch == 3)
  }
}
