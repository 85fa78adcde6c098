public import Engine
public import Networks
import Sequences
import Storage
public import Support
public import TaskKit
import Models

/// A trained network with the tags that it gives to words.
///
///     let tagger = try Tagger(contentsOf: "runs/words-lstm")
///     print(try tagger.tags(of: ["the", "dog", "sees"]).map(\.tag))
public struct Tagger: TrainedModel {
  /// What such models are trained for.
  public typealias Task = TagTask

  /// The network, which carries what its numbers stand for.
  public let network: Network
  package let description: TagDescription
  package let reader: WordReader

  /// The tag that is found for a word.
  public struct Tag: Sendable, Hashable {
    /// The tag.
    public let tag: String
    /// How probable the tag is, from 0 to 1.
    public let probability: Double
  }

  /// The tagger that a network is.
  ///
  /// - Parameter path: of the network's file, for messages.
  /// - Throws: ``RecurrentError`` if the network does not tag words.
  public init(_ network: Network, path: String) throws(RecurrentError) {
    self.network = network
    description = try TagDescription(of: network, path: path)
    guard let input = network.architecture.input.encoding as? WordInput else {
      throw RecurrentError(cannotRead: path, "it reads no words, as a model that tags them does")
    }
    reader = WordReader(input)
  }

  /// The most probable tag of each word of a sentence; of a model with a CRF, the most probable tags of its words together.
  ///
  ///     let tags = try tagger.tags(of: ["the", "dog", "sees"])
  ///     print(tags.map(\.tag))
  ///
  /// - Parameters:
  ///   - sentence: the words of the sentence.
  ///   - machine: what to compute on; nil for the fastest kernels and all processors.
  public func tags(of sentence: [String], machine: Machine? = nil) throws -> [Tag] {
    try tags(of: [sentence], machine: machine)[0]
  }

  /// The most probable tag of each word of several sentences.
  ///
  /// - Parameters:
  ///   - sentences: the words of each sentence.
  ///   - machine: what to compute on; nil for the fastest kernels and all processors.
  public func tags(of sentences: [[String]], machine: Machine? = nil) throws -> [[Tag]] {
    let runner = NetworkRunner(network, machine: try machine ?? Machine(), trains: false)
    return try stride(from: 0, to: sentences.count, by: Self.mostAtOnce).flatMap { start in
      try tags(of: Array(sentences[start..<min(start + Self.mostAtOnce, sentences.count)]), by: runner)
    }
  }

  /// The number of sentences in a batch: enough to keep the threads busy, in little memory.
  private static let mostAtOnce = 256

  /// The most probable tag of each word.
  ///
  /// - Parameters:
  ///   - sentences: of any lengths, in any order.
  ///   - runner: one for the model's network.
  package func tags(of sentences: [[String]], by runner: NetworkRunner) throws(RecurrentError) -> [[Tag]] {
    // Empty sentences have no words to tag, and a runner does not take them.
    let order = sentences.indices.filter { !sentences[$0].isEmpty }.sorted {
      (sentences[$1].count, $0) < (sentences[$0].count, $1)
    }
    if order.isEmpty { return sentences.map { _ in [] } }
    let (inputs, lengths) = reader.inputs(order.map { sentences[$0] })
    let count = description.tags.count
    let (chosen, given) = try runner.choices(inputs, lengths: lengths)
    var tags = [[Tag]](repeating: [], count: sentences.count)
    for (place, sentence) in order.enumerated() {
      tags[sentence] = sentences[sentence].indices.map { step in
        let row = lengths.row(step: step, sequence: place)
        let best = Int(chosen[row])
        return Tag(tag: description.tags[best], probability: Double(given[row * count + best]))
      }
    }
    return tags
  }
}
