import Engine
import Networks
package import Sequences
import Support
import Tables
import Training

/// Batches of tagged sentences of similar lengths: all of them once in each epoch, in a new order, or always in the same.
package struct TagSource: BatchSource {
  /// The different words.
  private let words: [WordReader.Word]
  /// The probability with which a word of the vocabulary is read as an unknown one.
  private let dropped: [Double]
  private let sentences: [Sentence]
  /// The indices in ``sentences``, which are sorted by length, at which each length begins, and the end.
  private let bounds: [Int]
  /// The index at which each batch begins, and the end.
  private let cuts: [Int]
  /// The seed of the order; nil for batches whose order does not change.
  private let seed: UInt64?

  private struct Sentence {
    /// Indices of the different words.
    let words: [Int32]
    let tags: [Int32]
  }

  /// The probability with which a word with a number of occurrences is read as an unknown one, though spelled as it is, so that
  /// the vector of unknown words is learned, mostly from words that are rare themselves (Kiperwasser & Goldberg 2016, section
  /// 4.5).
  private static func fraction(ofCount count: Int) -> Double { 0.25 / (0.25 + Double(count)) }

  /// - Parameters:
  ///   - numbers: the class of each tag of the sentences.
  ///   - dropsWords: whether rare words are sometimes read as unknown ones.
  ///   - batch: the mean number of sentences in a batch. Batches have about equally many words, so that a word counts the same in
  ///     all of them.
  ///   - seed: the seed of the order; nil to keep it.
  init(
    _ file: TaggedSentences, _ numbers: [String: Int32], _ reader: WordReader, dropsWords: Bool, batch: Int, seed: UInt64?
  ) {
    var places: [String: Int32] = [:]
    var words: [WordReader.Word] = []
    let sentences = file.sentences.map { sentence in
      Sentence(
        words: sentence.map { word in
          if let place = places[word.text] { return place }
          let place = Int32(words.count)
          places[word.text] = place
          words.append(reader.read(word.text))
          return place
        }, tags: sentence.map { numbers[$0.tag] ?? -1 })
    }
    self.words = words
    var counts = [Int](repeating: 0, count: reader.input.vocabulary.count)
    for word in sentences.lazy.flatMap(\.words) { counts[Int(words[Int(word)].token)] += 1 }
    dropped = counts.map { dropsWords ? Self.fraction(ofCount: $0) : 0 }
    self.seed = seed
    // The sort is stable, so that the same file gives the same order.
    let order = sentences.indices.sorted { (sentences[$1].words.count, $0) < (sentences[$0].words.count, $1) }
    self.sentences = order.map { sentences[$0] }
    let lengths = self.sentences.map(\.words.count)
    bounds = [0] + lengths.indices.dropFirst().filter { lengths[$0] != lengths[$0 - 1] } + [lengths.count]
    let total = lengths.reduce(0, +)
    let share = max(1, total * batch / max(1, lengths.count))
    var cuts = [0]
    var size = 0
    for (place, length) in lengths.enumerated() {
      if size > 0, size + length > share {
        cuts.append(place)
        size = 0
      }
      size += length
    }
    self.cuts = cuts + [lengths.count]
  }

  package var iterationsPerEpoch: Int? { cuts.count - 1 }
  package var stepsPerBatch: Int { max(1, sentences.reduce(0) { $0 + $1.words.count } / (cuts.count - 1)) }
  package func continues(at iteration: Int) -> Bool { false }

  package func batch(at iteration: Int) -> Batch {
    let (epoch, place) = iteration.quotientAndRemainder(dividingBy: cuts.count - 1)
    var random = Random(.unknownWords, iteration, seed: seed ?? 0)
    let chosen = sentences(epoch: epoch, place: place)
    let lengths = PackedLengths(sorted: chosen.map(\.words.count))
    // The words of the batch, each once.
    var places: [Int32: Int32] = [:]
    var own: [WordReader.Word] = []
    let rows = lengths.packed(chosen.map(\.words)).map { word in
      if let place = places[word] { return (word, place) }
      let place = Int32(own.count)
      places[word] = place
      own.append(words[Int(word)])
      return (word, place)
    }
    let tokens = rows.map { _, place in
      let token = own[Int(place)].token
      return random.uniform() < dropped[Int(token)] ? 0 : token
    }
    return Batch(
      lengths: lengths, inputs: .words(own, rows: rows.map(\.1), tokens: tokens),
      targets: .classes(lengths.packed(chosen.map(\.tags))))
  }

  /// The sentences of a batch, the longest first.
  ///
  /// Since the sentences are sorted by length, an epoch shuffles those of equal length among themselves, and then the batches,
  /// all of which stay where they are in the sorted order.
  private func sentences(epoch: Int, place: Int) -> [Sentence] {
    guard let seed else { return Array(sentences[cuts[place]..<cuts[place + 1]]) }
    var random = Random(.sentenceBatchOrder, epoch, seed: seed)
    var batches = Array(0..<cuts.count - 1)
    random.shuffle(&batches)
    let own = random.next()
    let range = cuts[batches[place]]..<cuts[batches[place] + 1]
    return zip(bounds, bounds.dropFirst()).enumerated().flatMap { index, bound -> [Sentence] in
      let part = range.clamped(to: bound.0..<bound.1)
      if part.isEmpty { return [] }
      var order = Array(bound.0..<bound.1)
      var random = Random(.sentenceOrder, index, seed: own)
      random.shuffle(&order)
      return order[part.lowerBound - bound.0..<part.upperBound - bound.0].map { sentences[$0] }
    }
  }
}
