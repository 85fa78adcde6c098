import CommandKit
import Console
import Engine
import LanguageModels
import Models
import Networks
import Sequences
import Storage
import Support
import TaskKit
import Training

extension Command {
  /// `recurrent generate`
  static let generate = Command("generate", "Writes text as a language model would go on.") { declare in
    let model = declare.argument("MODEL", "a model file, or the folder of a run")
    let prompt = declare.text("--prompt", "TEXT", default: "", "what the text begins with")
    let length = declare.integer("--length", in: 1...1_000_000_000, default: 500, "tokens to write")
    let temperature = declare.number(
      "--temperature", in: .notNegative, default: 0.8, "below 1 likely tokens are chosen more often; 0 always takes the likeliest"
    )
    let topK = declare.integer("--top-k", in: 1...65_536, "draw from this many of the likeliest tokens only")
    let topP = declare.number("--top-p", in: .upTo(1), "draw from the likeliest tokens that together have this probability only")
    let seed = declare.integer("--seed", in: 0...Int.max, default: 0, "the same seed gives the same text")
    let unknown = declare.unknownCharacters()
    declare.example("generate runs/book-lstm --prompt \"It was \" --length 200", "goes on from a beginning")
    return { invocation in
      let language = try openModel(invocation[model]) { try LanguageModel(Network(contentsOf: $0), path: invocation[model]) }
      let vocabulary = language.vocabulary
      var sampler = try Sampler(
        temperature: invocation[temperature], topK: invocation[topK], topP: invocation[topP], seed: UInt64(invocation[seed]))
      let policy = try vocabulary.policy(invocation[unknown], of: invocation[model])
      var replaced = ReplacedCharacters()
      let prompt = try vocabulary.encode(invocation[prompt], policy, &replaced)
      if let sentence = replaced.sentence(policy) { invocation.terminal.say(sentence) }
      let unknown = vocabulary.kind == .words ? prompt.count { $0 == 0 } : 0
      if unknown > 0 {
        let words = unknown == 1 ? "1 word of the prompt is" : "\(unknown) words of the prompt are"
        invocation.terminal.say("\(words) not in the model's vocabulary; it reads \(Vocabulary.unknown) instead")
      }
      try language.generate(from: prompt, length: invocation[length], &sampler, writesPrompt: true) {
        try invocation.terminal.write($0)
      }
      try invocation.terminal.print()
    }
  }
}
