package import Engine
package import Networks
import Sequences
package import Support
package import Tables
package import TaskKit

/// Tagged sentences, split into those that are trained on and those held out to choose the best weights.
package struct TaggingData: Sendable {
  package let tags: [String]
  /// How the network reads words.
  package let input: WordInput
  package let training: TagSource
  package private(set) var validation: TagSource?
  /// The sentences that are held out; nil if none are.
  package let heldOut: TaggedSentences?
  /// The numbers of sentences and words that are trained on.
  package let sentenceCount: Int
  package let wordCount: Int
  /// A digest that identifies the data.
  package let digest: String?
  /// Which tag may follow which, for a conditional random field; nil without one.
  package let order: Order?
  /// The files that are trained and validated on; none for sentences in memory.
  package let files: [String]
  /// What messages call the sentences that are trained on.
  private let source: String
  private let batch: Int

  /// - Parameters:
  ///   - heldOut: sentences of another file to validate on; nil to hold out some of the first.
  ///   - scoresTogether: whether a sentence's tags are scored together, by a conditional random field.
  ///   - input: how the network reads words, made from the part that is trained on, or for a resumed run that of its network.
  /// - Throws: ``RecurrentError`` if a part is empty, or has a tag that the part to train on lacks.
  package init(
    _ file: TaggedSentences, heldOut: TaggedSentences?, split: DataSplit, scoresTogether: Bool = false,
    input: (_ training: WordCounts) throws -> WordInput
  ) throws {
    let (training, validation) = try Self.parts(file, heldOut: heldOut, split)
    let tags = Set(training.sentences.joined().map(\.tag)).sorted()
    guard tags.count > 1 else {
      throw RecurrentError(.data, "\(file.source) has a single tag, “\(tags.first ?? "")”, which leaves nothing to learn")
    }
    let numbers = Dictionary(uniqueKeysWithValues: tags.enumerated().map { ($1, Int32($0)) })
    let reader = WordReader(try input(WordCounts(training)))
    self.tags = tags
    order = scoresTogether ? Order(tags, in: [file] + (heldOut.map { [$0] } ?? [])) : nil
    self.input = reader.input
    self.training = TagSource(training, numbers, reader, dropsWords: true, batch: split.batch, seed: split.seed)
    source = file.source
    files = [file, heldOut].compactMap { $0 }.filter(\.isFile).map(\.source)
    batch = split.batch
    self.validation = nil
    self.heldOut = validation
    sentenceCount = training.sentences.count
    wordCount = training.sentences.reduce(0) { $0 + $1.count }
    digest = Self.digest([file] + (heldOut.map { [$0] } ?? []))
    self.validation = try validation.map { try source(of: $0) }
  }

  /// How well a trained network tags the held-out sentences; nil if none are held out.
  package func scores(of tagger: Tagger, machine: Machine) throws(RecurrentError) -> TaggingScores? {
    guard let heldOut else { return nil }
    return try TaggingScores(tagger, heldOut, by: NetworkRunner(tagger.network, machine: machine, trains: false))
  }

  /// Other sentences, in their order, to measure a network on.
  ///
  /// - Throws: ``RecurrentError`` if a word has a tag that the sentences to train on lack.
  package func source(of file: TaggedSentences) throws(RecurrentError) -> TagSource {
    let numbers = Dictionary(uniqueKeysWithValues: tags.enumerated().map { ($1, Int32($0)) })
    for word in file.sentences.joined() where numbers[word.tag] == nil {
      throw RecurrentError(
        .data,
        "\(file.place(of: word)): the tag “\(word.tag)” of “\(word.text)” is not one of those that are trained on: "
          + "\(shortened(tags)); correct it, or add sentences with it to \(source)")
    }
    try checkOrder(of: file)
    return TagSource(file, numbers, WordReader(input), dropsWords: false, batch: batch, seed: nil)
  }

  private static func parts(
    _ file: TaggedSentences, heldOut: TaggedSentences?, _ split: DataSplit
  ) throws(RecurrentError) -> (training: TaggedSentences, validation: TaggedSentences?) {
    if let heldOut { return (file, heldOut) }
    if split.fold == .nothing || split.fold == nil && split.validation == 0 { return (file, nil) }
    // Held-out sentences are taken from all over the file, since neighbours are often alike.
    var order = Array(file.sentences.indices)
    var random = Random(.heldOutSentences, seed: split.seed)
    random.shuffle(&order)
    if let fold = split.fold { order = fold.members(of: order) }
    let count = split.fold == nil ? max(1, Int(Double(order.count) * split.validation)) : order.count
    guard count < file.sentences.count else {
      throw RecurrentError(
        .data,
        naming:
          "\(file.source) has \(file.sentences.count == 1 ? "a single sentence" : "\(file.sentences.count) sentences"), of which none is left to train on: give more, or hold out nothing with \(Setting("validation")) 0"
      )
    }
    // A sentence with a tag that no other remaining sentence has is trained on, since a tag must be seen to be learned.
    let tags = file.sentences.map { Set($0.map(\.tag)) }
    var left: [String: Int] = [:]
    for tag in tags.joined() { left[tag, default: 0] += 1 }
    var held: Set<Int> = []
    for place in order where held.count < count && tags[place].allSatisfy({ left[$0, default: 0] > 1 }) {
      held.insert(place)
      for tag in tags[place] { left[tag, default: 0] -= 1 }
    }
    guard !held.isEmpty else {
      throw RecurrentError(
        .data,
        "\(file.source) has in each sentence a tag that no other sentence has, so that none can be held out: give more, or hold out nothing"
      )
    }
    return (file.taking(file.sentences.indices.filter { !held.contains($0) }), file.taking(held.sorted()))
  }

  /// A digest that identifies the words and tags of a file.
  private static func digest(_ files: [TaggedSentences]) -> String {
    var stream = Digest.Stream()
    for file in files {
      for sentence in file.sentences {
        for word in sentence {
          stream.add(word.text.utf8)
          stream.add(9)
          stream.add(word.tag.utf8)
          stream.add(10)
        }
        stream.add(10)
      }
      stream.add(0)
    }
    return stream.digest.digits
  }
}
