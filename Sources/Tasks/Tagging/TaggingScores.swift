package import Networks
import Sequences
package import Support
package import Tables

/// How well words are tagged.
package struct TaggingScores: Sendable, Hashable {
  /// How many words of a group have the right tag.
  package struct Share: Sendable, Hashable {
    package internal(set) var right = 0
    package internal(set) var count = 0
    /// The fraction that is right; 0 for no words.
    package var accuracy: Double { count == 0 ? 0 : Double(right) / Double(count) }
  }

  /// How well one tag is found.
  package struct OfTag: Sendable, Hashable {
    package let tag: String
    /// The numbers of words that have the tag, that were given it, and both.
    package internal(set) var count = 0
    package internal(set) var given = 0
    package internal(set) var right = 0

    /// The fraction of the words given the tag that have it; 0 if none were given it.
    package var precision: Double { given == 0 ? 0 : Double(right) / Double(given) }
    /// The fraction of the words with the tag that were given it; 0 if none have it.
    package var recall: Double { count == 0 ? 0 : Double(right) / Double(count) }
    /// The harmonic mean of precision and recall; 0 if none is right.
    package var f1: Double { right == 0 ? 0 : 2 * Double(right) / Double(count + given) }
  }

  package private(set) var all = Share()
  /// The scores of words with a vector of their own, and of others, which training has not seen.
  package private(set) var known = Share()
  package private(set) var unknown = Share()
  /// The scores of the tags, in the order of the model's tags.
  package private(set) var tags: [OfTag]

  /// How well the stretches are found that the tags mark; nil if they mark none.
  package private(set) var entities: EntityScores?

  /// The mean F1 of the tags that some word has or was given.
  package var macroF1: Double {
    let present = tags.filter { $0.count + $0.given > 0 }
    return present.isEmpty ? 0 : present.reduce(0) { $0 + $1.f1 } / Double(present.count)
  }

  /// Tags sentences and compares the tags with those that they have.
  ///
  /// - Parameter progress: called with the number of words that are done.
  /// - Throws: ``RecurrentError`` if a word has a tag that the model does not know.
  package init(
    _ tagger: Tagger, _ file: TaggedSentences, by runner: NetworkRunner, progress: (Int) -> Void = { _ in }
  ) throws(RecurrentError) {
    let places = Dictionary(uniqueKeysWithValues: tagger.description.tags.enumerated().map { ($1, $0) })
    tags = tagger.description.tags.map { OfTag(tag: $0) }
    entities = TagScheme(tagger.description.tags).map { EntityScores($0) }
    for word in file.sentences.joined() where places[word.tag] == nil {
      throw RecurrentError(
        .data,
        "\(file.place(of: word)): the tag “\(word.tag)” of “\(word.text)” is not one of the model's: \(shortened(tagger.description.tags)); correct it, or train on sentences with it"
      )
    }
    for start in stride(from: 0, to: file.sentences.count, by: 64) {
      let sentences = file.sentences[start..<min(start + 64, file.sentences.count)]
      let given = try tagger.tags(of: sentences.map { $0.map(\.text) }, by: runner)
      for (sentence, tags) in zip(sentences, given) {
        for (word, tag) in zip(sentence, tags) {
          guard let actual = places[word.tag], let found = places[tag.tag] else { continue }
          record(actual, found, isKnown: tagger.reader.read(word.text).token != 0)
        }
        entities?.record(sentence.compactMap { places[$0.tag] }, given: tags.compactMap { places[$0.tag] })
      }
      progress(all.count)
    }
  }

  private mutating func record(_ actual: Int, _ given: Int, isKnown: Bool) {
    let isRight = actual == given
    tags[actual].count += 1
    tags[given].given += 1
    all.count += 1
    if isKnown { known.count += 1 } else { unknown.count += 1 }
    guard isRight else { return }
    tags[actual].right += 1
    all.right += 1
    if isKnown { known.right += 1 } else { unknown.right += 1 }
  }
}
