package import Networks
import Sequences
import Support
package import TaskKit

extension TextTask {
  package static func settings(
    of model: StartModel, in recipe: Recipe<TextTask>
  ) throws -> ModelSettings<TextTask> {
    let architecture = model.network.architecture
    guard let vocabulary = architecture.vocabulary, architecture.readout == .everyStep,
      architecture.givesItsSymbols || architecture.output == .lastLayer
    else {
      throw RecurrentError(
        .unsuitable, "\(model.title) can't be the start of a language model: it does not give the symbols that it reads")
    }
    var task = TextTask()
    task.tokens = vocabulary.kind
    task.embedding = architecture.vectorLength ?? 0
    task.tiesEmbedding = architecture.tiesEmbedding
    return ModelSettings(task, decided: ["tokens", "embedding", "tie-embedding"])
  }

  /// A language model gives the symbols that it reads.
  package static func names(of network: Network) -> NetworkNames {
    NetworkNames(outputs: network.architecture.givesItsSymbols ? network.architecture.vocabulary?.symbols : nil)
  }
}

extension Architecture {
  /// Whether it gives, at each step, one of the symbols that it reads.
  var givesItsSymbols: Bool {
    guard let vocabulary else { return false }
    return output == .classes(vocabulary.count) && readout == .everyStep
  }
}
