public import Networks
public import Sequences
public import Support
public import TaskKit

/// A trained language model: it predicts a text token by token, and so can continue one.
///
///     let model = try LanguageModel(contentsOf: "runs/book-lstm")
///     print(try model.generate(from: "It was ", length: 200))
public struct LanguageModel: TrainedModel {
  /// What such models are trained for.
  public typealias Task = TextTask

  /// The network.
  public let network: Network
  /// The symbols that the model reads and gives.
  public let vocabulary: Vocabulary

  /// The language model that a network is.
  ///
  /// - Parameter path: of the network's file, for messages.
  /// - Throws: ``RecurrentError`` if the network does not give, at each step, the symbols that it reads.
  public init(_ network: Network, path: String) throws(RecurrentError) {
    guard let vocabulary = network.architecture.vocabulary, network.architecture.output == .classes(vocabulary.count),
      network.architecture.readout == .everyStep
    else {
      throw RecurrentError(.unsuitable, "\(path) is no language model: it does not give the symbols that it reads")
    }
    if network.architecture.readsInReverse {
      throw RecurrentError(
        .unsuitable,
        "\(path) is no language model: it reads texts from their ends, too, and so has seen what it would predict")
    }
    self.network = network
    self.vocabulary = vocabulary
  }

  /// Continues a text.
  ///
  /// - Parameters:
  ///   - prompt: the text to continue, which is not returned.
  ///   - length: the number of tokens to write.
  ///   - temperature: below 1 likely tokens are chosen more often; 0 always takes the likeliest.
  ///   - topK: how many of the likeliest tokens may be chosen; nil for all.
  ///   - topP: the probability that the tokens that may be chosen have together, the likeliest first; nil for all.
  ///   - seed: the same seed gives the same text.
  /// - Returns: the text after the prompt.
  /// - Throws: ``RecurrentError`` if the prompt has a symbol that the model does not know, or a number makes no sense.
  public func generate(
    from prompt: String = "", length: Int = 500, temperature: Double = 0.8, topK: Int? = nil, topP: Double? = nil,
    seed: UInt64 = 0
  ) throws -> String {
    var text = ""
    let tokens = try vocabulary.encode(prompt)
    var sampler = try Sampler(temperature: temperature, topK: topK, topP: topP, seed: seed)
    try generate(from: tokens, length: length, &sampler) { text += $0 }
    return text
  }

  /// Writes the continuation of a prompt, whole characters at a time.
  ///
  /// - Parameter writesPrompt: whether the prompt is written first.
  package func generate(
    from prompt: [Int32], length: Int, _ sampler: inout Sampler, writesPrompt: Bool = false, write: (String) throws -> Void
  ) throws {
    let stream = try network.stream()
    var decoder = TextDecoder(vocabulary)
    // The decoder sees the prompt in any case: what follows may belong to its last word or character.
    let beginning = decoder.text(of: prompt)
    if writesPrompt { try write(beginning) }
    // Without a prompt the text begins like a line.
    stream.read(prompt.isEmpty ? [vocabulary.beginning] : prompt)
    var pending: [Int32] = []
    for count in 1...max(1, length) {
      let token = sampler.pick(logits: stream.logits)
      pending.append(Int32(token))
      stream.read(token)
      if pending.count == 64 || count == length {
        try write(decoder.text(of: pending))
        pending = []
      }
    }
    try write(decoder.rest())
  }
}
