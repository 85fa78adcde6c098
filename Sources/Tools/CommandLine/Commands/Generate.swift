import CommandKit
import Engine
import Models
import Networks
import Sequences
import Storage
import Training

extension Command {
  /// `recurrent generate`
  static let generate = Command("generate", "Writes text as a language model would go on.") { declare in
    let model = declare.argument("MODEL", "a model file, or the folder of a run")
    let prompt = declare.text("--prompt", "TEXT", default: "", "what the text begins with")
    let length = declare.integer("--length", in: 1...1_000_000_000, default: 500, "tokens to write")
    let temperature = declare.number(
      "--temperature", in: .notNegative, default: 0.8, "below 1 likely tokens win more often; 0 takes the likeliest")
    let topK = declare.integer("--top-k", in: 1...65_536, "draw from so many of the likeliest tokens only")
    let topP = declare.number("--top-p", in: .upTo(1), "draw from the likeliest tokens that together have this probability only")
    let seed = declare.integer("--seed", in: 0...Int.max, default: 0, "the same seed gives the same text")
    declare.example("generate runs/book-lstm --prompt \"It was \" --length 200", "goes on from a beginning")
    return { invocation in
      let (network, vocabulary) = try languageModel(invocation[model])
      var sampler = try Sampler(
        temperature: invocation[temperature], topK: invocation[topK], topP: invocation[topP], seed: UInt64(invocation[seed]))
      let prompt = try vocabulary.encode(invocation[prompt])
      let unknown = vocabulary.kind == .words ? prompt.count { $0 == 0 } : 0
      if unknown > 0 {
        let words = unknown == 1 ? "1 word of the prompt is" : "\(unknown) words of the prompt are"
        invocation.terminal.say("\(words) not in the model's vocabulary; it reads \(Vocabulary.unknown) instead")
      }
      try write(network, vocabulary, prompt: prompt, length: invocation[length], &sampler, invocation.terminal)
      try invocation.terminal.print()
    }
  }

  /// Writes the text as it comes up, whole characters at a time.
  private static func write(
    _ network: Network, _ vocabulary: Vocabulary, prompt: [Int32], length: Int, _ sampler: inout Sampler, _ terminal: Terminal
  ) throws {
    let stream = try network.stream()
    var decoder = TextDecoder(vocabulary)
    try terminal.write(decoder.text(of: prompt))
    // A stream with nothing behind it has to begin somewhere: where lines begin.
    stream.read(prompt.isEmpty ? [vocabulary.beginning] : prompt)
    var pending: [Int32] = []
    for count in 1...length {
      let token = sampler.pick(logits: stream.logits)
      pending.append(Int32(token))
      stream.read(token)
      if pending.count == 64 || count == length {
        try terminal.write(decoder.text(of: pending))
        pending = []
      }
    }
    try terminal.write(decoder.rest())
  }
}

/// A language model: its file, read, and the symbols that it reads and gives.
func languageModel(_ path: String) throws -> (network: Network, vocabulary: Vocabulary) {
  let network = try openModel(path) { try Network(contentsOf: $0) }
  return (network, try languageModel(network, path))
}

/// The symbols that a language model reads and gives.
func languageModel(_ network: Network, _ path: String) throws -> Vocabulary {
  guard let vocabulary = network.architecture.vocabulary, network.architecture.output == .classes(vocabulary.count),
    network.architecture.readout == .everyStep
  else {
    throw Failure("\(path) is no language model: it does not give the symbols that it reads")
  }
  if network.architecture.readsInReverse {
    throw Failure("\(path) is no language model: it reads texts from their ends, too, and so has seen what it would predict")
  }
  return vocabulary
}

extension Architecture {
  /// The symbols that the network reads, if it reads symbols.
  var vocabulary: Vocabulary? {
    if case .tokens(let vocabulary, _) = input { vocabulary } else { nil }
  }
}
