import Engine
import Problems
import Sequences
import Support
import Testing

struct AgreementTests {
  private let men: Set = ["boy", "man", "uncle", "brother", "king", "father"]
  private let women: Set = ["girl", "woman", "aunt", "sister", "queen", "mother"]

  @Test(arguments: [2...2, 3...3, 4...4, 2...20, 15...15, 40...41])
  func aPossessiveAgreesWithTheLatestSubject(distances: ClosedRange<Int>) throws {
    let problem = try Agreement(distances: distances)
    var random = Random(seed: 5)
    var seen = Set<Int>()
    var answers = [0, 0]
    for _ in 0..<2000 {
      let sentence = problem.sentence(using: &random)
      let asked = sentence.words.indices.filter { Agreement.possessives.contains(sentence.words[$0]) }
      #expect(asked == sentence.questions.map(\.position))
      #expect(sentence.words.last == "." && !sentence.questions.isEmpty)
      for question in sentence.questions {
        let subject = sentence.words[..<question.position].lastIndex { men.contains($0) || women.contains($0) }
        #expect(subject == question.subject)
        #expect(question.answer == (women.contains(sentence.words[question.subject]) ? 1 : 0))
        #expect(sentence.words[question.position] == Agreement.possessives[question.answer])
        #expect(distances.contains(question.distance))
        seen.insert(question.distance)
        answers[question.answer] += 1
      }
    }
    #expect(seen == Set(distances))
    // Five standard deviations of a fair choice among n are 2.5 √n.
    #expect(abs(Double(answers[0] - answers[1])) < 5 * Double(answers[0] + answers[1]).squareRoot())
  }

  @Test func subjectsAreReplaced() throws {
    var random = Random(seed: 1)
    let sentences = try (0..<300).map { _ in try Agreement().sentence(using: &random) }
    let genders = sentences.map { $0.words.filter { men.contains($0) || women.contains($0) }.map(women.contains) }
    #expect(Set(genders.map(\.count)) == [1, 2, 3])
    #expect(Set(genders.filter { $0.count == 2 }).count == 4)
  }

  @Test func sentencesReadWell() throws {
    var random = Random(seed: 3)
    let sentence = try Agreement(distances: 8...8).sentence(using: &random)
    #expect(
      sentence.words.joined(separator: " ") == "the father who grows roses under the window painted his coat , and then "
        + "the boy who lives near the river finally closed his box , and later "
        + "the man who laughs and works hard proudly closed his book .")
  }

  @Test func wordsAreKnownAndDistinct() throws {
    let problem = try Agreement(distances: 2...30)
    #expect(Set(Agreement.vocabulary).count == Agreement.vocabulary.count)
    var random = Random(seed: 12)
    var used = Set<String>()
    for _ in 0..<3000 {
      let sentence = problem.sentence(using: &random)
      used.formUnion(sentence.words)
      #expect(sentence.tokens.map { Agreement.vocabulary[Int($0)] } == sentence.words)
    }
    #expect(used.union([Vocabulary.unknown]) == Set(Agreement.vocabulary))
  }

  @Test func aBatchAsksWhereAPossessiveComesNext() throws {
    let problem = try Agreement()
    var random = Random(seed: 2)
    let sentences = (0..<10).map { _ in problem.sentence(using: &random) }
    let batch = problem.batch(of: sentences)
    guard let tokens = batch.inputs.symbols, case .classes(let classes) = batch.targets else {
      Issue.record("sentences have tokens and classes")
      return
    }
    let sorted = sentences.map { Array($0.tokens[..<($0.questions.last?.position ?? 0)]) }
    #expect(batch.lengths.perSequence == sorted.map(\.count).sorted(by: >))
    var found: [[Int32]] = []
    for (sequence, length) in batch.lengths.perSequence.enumerated() {
      let rows = (0..<length).map { batch.lengths.row(step: $0, sequence: sequence) }
      found.append(rows.map { tokens[$0] })
      let sentence = sentences[sorted.firstIndex(of: rows.map { tokens[$0] }) ?? 0]
      #expect(rows.indices.filter { classes[rows[$0]] >= 0 } == sentence.questions.map { $0.position - 1 })
      #expect(rows.map { classes[$0] }.filter { $0 >= 0 } == sentence.questions.map { Int32($0.answer) })
    }
    #expect(Set(found) == Set(sorted))
  }

  @Test func aPossessiveNeedsRoom() {
    let error = #expect(throws: RecurrentError.self) { try Agreement(distances: 1...4) }
    #expect(error?.description == "a possessive stands at least 2 words after its subject, not 1")
  }

  @Test func subjectsAndWhatIsToBeRememberedAreKnown() throws {
    let problem = try Agreement(distances: 2...6)
    var random = Random(seed: 9)
    for _ in 0..<200 {
      let sentence = problem.sentence(using: &random)
      let nouns = sentence.words.indices.filter { men.contains(sentence.words[$0]) || women.contains(sentence.words[$0]) }
      #expect(sentence.subjects.map(\.position) == nouns)
      #expect(sentence.subjects.map(\.gender) == nouns.map { women.contains(sentence.words[$0]) ? 1 : 0 })
      for (place, gender) in sentence.awaitedGenders.enumerated() {
        let question = sentence.questions.first { $0.position > place }
        #expect(gender == question.flatMap { $0.subject <= place ? $0.answer : nil })
      }
    }
  }

  @Test func eachQuestionCountsByItself() throws {
    let problem = try Agreement(distances: 3...3)
    var random = Random(seed: 4)
    let batch = problem.batch(of: 50, using: &random)
    guard case .classes(let classes) = batch.targets else {
      Issue.record("sentences have classes")
      return
    }
    let questions = classes.count { $0 >= 0 }
    let her = classes.count { $0 == 1 }
    let alwaysHer = classes.flatMap { _ -> [Float] in [0.2, 0.8] }
    let right = classes.flatMap { answer -> [Float] in [answer == 0 ? 1 : 0, answer == 1 ? 1 : 0] }
    #expect(problem.fractionRight(alwaysHer, for: batch) == Double(her) / Double(questions))
    #expect(problem.fractionRight(right, for: batch) == 1)
  }
}
