import Engine
import ModelFiles
import Networks
import Sequences
import Training

extension Command {
  /// `recurrent evaluate`
  static let evaluate = Command("evaluate", "Measures how well a language model predicts a text.") { declare in
    let model = declare.argument("MODEL", "a model file, or the folder of a run")
    let file = declare.argument("FILE", "the text, in UTF-8")
    let threads = declare.integer("--threads", in: 1...1024, "threads; one for each processor if not given")
    let json = declare.flag("--json", "print the result as JSON")
    declare.example("evaluate runs/book-lstm other-book.txt", "says how much another book surprises the model")
    return { invocation in
      let machine = try Machine(threads: invocation[threads])
      let (network, vocabulary) = try languageModel(invocation[model])
      let text = try TokenizedText(contentsOf: invocation[file], in: vocabulary)
      let source = try TextSource(evaluating: text.tokens)
      let loss = evaluate(source, NetworkRunner(network, machine: machine, trains: false), invocation.terminal)
      if invocation[json] {
        try invocation.terminal.print(ModelFiles.json(Result(tokens: loss.count, nats: loss.mean)))
      } else {
        try invocation.terminal.print(
          "\(lossText(loss.mean, network.architecture)); mean over \(loss.count.grouped) \(vocabulary.kind.rawValue)")
      }
    }
  }

  private static func evaluate(_ source: TextSource, _ runner: NetworkRunner, _ terminal: Terminal) -> Loss {
    let batches = source.iterationsPerEpoch ?? 0
    var line = ProgressLine(total: batches * source.stepsPerBatch, things: "tokens", on: terminal)
    var total = Loss()
    for index in 0..<batches {
      let batch = source.batch(at: index)
      total += runner.run(
        batch.inputs, lengths: batch.lengths, targets: batch.targets, carriesStates: source.continues(at: index))
      line.update((index + 1) * source.stepsPerBatch)
    }
    line.clear()
    return total
  }

  private struct Result: Encodable {
    let tokens: Int
    let nats: Double
  }
}
