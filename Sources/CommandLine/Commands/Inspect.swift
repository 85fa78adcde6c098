import Engine
import Inspector
import ModelFiles
import Networks
import Sequences

extension Command {
  /// `recurrent inspect`
  static let inspect = Command("inspect", "Shows what each gate of a model kept, dropped and read out.") { declare in
    let model = declare.argument("MODEL", "a model file, or the folder of a run")
    let text = declare.text("--text", "TEXT", "what the model reads")
    let file = declare.text("--input", "FILE", "a file with what the model reads: a text")
    let json = declare.text("--json", "FILE", "write all that was found to FILE, as JSON")
    declare.example(
      "inspect runs/book-lstm --text \"It was \" --json it.json", "keeps what happened at each letter")
    return { invocation in
      let network = try Network(contentsOf: modelPath(invocation[model]))
      let input = try inspectedInput(
        of: network, text: invocation[text], file: invocation[file], model: invocation[model], invocation.terminal)
      let inspection = Inspection(network, name: invocation[model], on: input, machine: try Machine(threads: nil))
      let report = InspectionReport([inspection], title: invocation[model])
      guard let path = invocation[json] else { throw UsageError("say where the report goes: --json FILE") }
      try AtomicFile.write(report.json, to: path)
      invocation.terminal.say("written: \(path)")
    }
  }
}

/// What a network is to read, from the options that say so.
private func inspectedInput(
  of network: Network, text: String?, file: String?, model: String, _ terminal: Terminal
) throws -> InspectedInput {
  guard let vocabulary = network.architecture.vocabulary else {
    throw Failure("\(model) reads numbers, not text")
  }
  let tokens: [Int32]
  switch (text, file) {
  case (let text?, nil): tokens = try vocabulary.encode(text)
  case (nil, let file?):
    let all = try TokenizedText(contentsOf: file, in: vocabulary).tokens
    tokens = (0..<all.count).map { all[$0] }
  default: throw UsageError("give either --text TEXT or --input FILE: what \(model) is to read")
  }
  guard !tokens.isEmpty else { throw UsageError("the text is empty; give the model something to read") }
  return InspectedInput(.tokens(tokens, vocabulary))
}
