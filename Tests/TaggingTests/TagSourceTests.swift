import Engine
import Sequences
import Tables
import Tagging
import TaskKit
import Testing

struct TagSourceTests {
  private func data(_ sentences: TaggedSentences, batch: Int = 4, seed: UInt64 = 3, held: Double = 0) throws -> TaggingData {
    try TaggingData(sentences, heldOut: nil, split: .init(validation: held, batch: batch, seed: seed)) {
      try $0.input(.init())
    }
  }

  /// The sentences of a batch as their words' symbols, unless training reads these as unknown, and their tags.
  private func tags(_ batch: Batch) -> [[Int32]] {
    guard case .classes(let classes) = batch.targets else { return [] }
    return batch.lengths.perSequence.enumerated().map { sequence, length in
      (0..<length).map { classes[batch.lengths.row(step: $0, sequence: sequence)] }
    }
  }

  /// Each sentence has a tag sequence of its own here, by which it is known again.
  private func distinct(_ count: Int) throws -> TaggedSentences {
    let lines = (0..<count).map { number in
      (0..<(number % 5 + 7)).map { "w\(number)/\(number >> $0 & 1 == 1 ? "A" : "B")" }.joined(separator: " ")
    }
    return try tagged(lines.joined(separator: "\n"))
  }

  @Test func anEpochHasEachSentenceOnceAndThenInAnotherOrder() throws {
    let source = try data(distinct(60)).training
    let count = try #require(source.iterationsPerEpoch)
    let epochs = (0..<3).map { epoch in (0..<count).flatMap { tags(source.batch(at: epoch * count + $0)) } }
    #expect(epochs[0].count == 60)
    #expect(Set(epochs[0]).count == 60)
    for epoch in epochs.dropFirst() {
      #expect(Set(epoch) == Set(epochs[0]))
      #expect(epoch != epochs[0])
    }
    #expect(epochs[1] != epochs[2])
  }

  @Test func theSameSeedGivesTheSameBatches() throws {
    let sentences = try distinct(60)
    let sources = try [3, 3, 4].map { try data(sentences, seed: $0).training }
    let batches = sources.map { source in (0..<40).map { tags(source.batch(at: $0)) } }
    #expect(batches[0] == batches[1])
    #expect(batches[0] != batches[2])
  }

  /// A batch is a stretch of the sentences sorted by their length: its lengths differ by no more than those of its neighbours
  /// in that order do, and no batch has more words than its share, unless a sentence alone has.
  @Test func batchesHaveSentencesOfLikeLengthAndAboutAsManyWords() throws {
    let source = try data(toySentences(200), batch: 8).training
    let count = try #require(source.iterationsPerEpoch)
    let words = (0..<count).map { source.batch(at: $0).lengths.rows }
    let share = 8 * words.reduce(0, +) / 200
    #expect(words.allSatisfy { $0 <= share })
    // All but the last cut come as late as they can.
    #expect(words.count { $0 <= share - 6 } <= 1)
    for index in 0..<count {
      let lengths = source.batch(at: index).lengths.perSequence
      #expect((lengths.first ?? 0) - (lengths.last ?? 0) <= 2)
    }
  }

  /// The share of a word seen n times is 0.25 / (n + 0.25): of 500 draws for n = 1 a fifth, give or take four deviations of 9.
  @Test func rareWordsAreReadAsUnknownNowAndThenAndOnlyInTraining() throws {
    let text = (0..<500).map { "rare\($0)/A the/B" }.joined(separator: "\n")
    let sentences = try tagged(text)
    let both = try TaggingData(sentences, heldOut: sentences, split: .init(validation: 0, batch: 10, seed: 1)) {
      try $0.input(.init())
    }
    func unknown(_ source: TagSource) -> (rare: Int, frequent: Int) {
      var counts = (rare: 0, frequent: 0)
      for index in 0..<(source.iterationsPerEpoch ?? 0) {
        let batch = source.batch(at: index)
        guard let tokens = (batch.inputs.parts[0] as? SymbolRows)?.symbols, case .classes(let classes) = batch.targets else {
          continue
        }
        for (token, tag) in zip(tokens, classes) where token == 0 {
          if tag == 0 { counts.rare += 1 } else { counts.frequent += 1 }
        }
      }
      return counts
    }
    let training = unknown(both.training)
    #expect((64...136).contains(training.rare))
    #expect(training.frequent <= 3)
    #expect(try unknown(#require(both.validation)) == (0, 0))
  }
}
