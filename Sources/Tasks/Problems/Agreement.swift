import Engine
import Platform
package import Sequences
package import Support

/// Agreement at a distance: a subject's gender decides between "his" and "her" many words later, and a new subject
/// replaces the one before.
///
/// "the girl who lives near the river proudly opened" asks for "her". The distance is counted from the subject's noun to the
/// possessive: 2 if only the verb stands between them. Measured with one distance, `Agreement(distances: 12...12)`, the
/// share of right answers shows how far a memory reaches.
package struct Agreement: Problem {
  /// The numbers of words from a subject to the possessive that must agree with it.
  package let distances: ClosedRange<Int>

  package let name = "agreement"
  package let summary = "choose between his and her by a subject many words before, until a new subject replaces it"
  package let input = ProblemInput.tokens(Agreement.words)
  package let output = ProblemOutput.classes(Agreement.possessives)
  /// Both genders are equally likely.
  package let memorylessLoss = log(2.0)
  package let goal = ProblemGoal.sequencesRight(atLeast: 0.99)
  package let asksForTheNextInput = true

  package init(distances: ClosedRange<Int> = 2...20) throws(RecurrentError) {
    guard distances.lowerBound >= 2 else {
      throw RecurrentError(.data, "a possessive stands at least 2 words after its subject, not \(distances.lowerBound)")
    }
    self.distances = distances
  }

  /// A sentence of one to three clauses, each with its own subject. The last one has a possessive, the others may.
  package func sentence(using random: inout Random) -> Sentence {
    var sentence = Sentence()
    let clauses = random.integer(in: 1..<4)
    for clause in 1...clauses {
      let gender = random.integer(in: 0..<2)
      sentence.words += ["the", random.element(of: Lexicon.subjects[gender])]
      let subject = sentence.words.count - 1
      sentence.subjects.append(.init(position: subject, gender: gender))
      let distance = random.integer(in: distances.lowerBound..<distances.upperBound + 1)
      sentence.words += Lexicon.filler(words: distance - 2, using: &random)
      if clause == clauses || random.integer(in: 0..<2) == 0 {
        sentence.words.append(random.element(of: Lexicon.transitiveVerbs))
        sentence.questions.append(.init(subject: subject, position: sentence.words.count, answer: gender))
        sentence.words += [Agreement.possessives[gender], random.element(of: Lexicon.objects)]
      } else {
        sentence.words.append(random.element(of: Lexicon.intransitiveVerbs))
      }
      sentence.words += clause == clauses ? ["."] : random.element(of: Lexicon.connectives)
    }
    return sentence
  }

  package func batch(of count: Int, using random: inout Random) -> Batch {
    batch(of: (0..<count).map { _ in sentence(using: &random) })
  }

  /// The fraction of a batch's questions that are answered right, each counted by itself.
  ///
  /// - Parameter outputs: `[rows, 2]`: probabilities of the possessives, or anything that grows with them.
  package func fractionRight(_ outputs: [Float], for batch: Batch) -> Double {
    let answers = (0..<batch.lengths.rows).compactMap { isRight(outputs, row: $0, of: batch) }
    return Double(answers.count { $0 }) / Double(max(1, answers.count))
  }

  /// A batch of sentences up to their last question, whose steps ask for a class where a possessive comes next.
  package func batch(of sentences: [Sentence]) -> Batch {
    Batch(
      packing: sentences.map { sentence in
        let length = sentence.questions.last?.position ?? 0
        var classes = [Int32](repeating: -1, count: length)
        for question in sentence.questions { classes[question.position - 1] = Int32(question.answer) }
        return (sentence.tokens.dropLast(sentence.words.count - length), classes)
      })
  }
}

extension Agreement {
  /// A sentence and where it asks for agreement.
  package struct Sentence: Sendable, Hashable {
    package fileprivate(set) var words: [String] = []
    package fileprivate(set) var subjects: [Subject] = []
    package fileprivate(set) var questions: [Question] = []

    /// The gender that has to be remembered after each word: from a subject up to the word before its possessive; nil
    /// elsewhere.
    package var awaitedGenders: [Int?] {
      words.indices.map { word in questions.first { $0.subject <= word && word < $0.position }?.answer }
    }

    /// The words as symbols of ``Agreement/vocabulary``.
    package var tokens: [Int32] { words.map { Agreement.tokens[$0] ?? 0 } }
  }

  /// The subject that the following words are about.
  package struct Subject: Sendable, Hashable {
    /// The index of the noun among the words.
    package let position: Int
    /// The index in ``Agreement/possessives`` of the one that agrees with it.
    package let gender: Int
  }

  /// A possessive that must agree with a subject.
  package struct Question: Sendable, Hashable {
    /// The index of the subject's noun among the words.
    package let subject: Int
    /// The index of the possessive among the words.
    package let position: Int
    /// The index of the right one in ``Agreement/possessives``.
    package let answer: Int

    /// The number of words from the subject to the possessive.
    package var distance: Int { position - subject }
  }

  /// The possessives, which are the classes.
  package static let possessives = ["his", "her"]

  /// All words that sentences are made of.
  package static let vocabulary: [String] = [Vocabulary.unknown] + Set(Lexicon.words + possessives).sorted()

  /// The vocabulary of the networks.
  package static let words = Vocabulary(kind: .words, checked: vocabulary)

  private static let tokens: [String: Int32] = Dictionary(
    vocabulary.enumerated().map { ($1, Int32($0)) }, uniquingKeysWith: { first, _ in first })
}
