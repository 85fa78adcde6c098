import Models
package import Networks
import Sequences
import Support
package import TaskKit

extension TranslateTask {
  package static func settings(
    of model: StartModel, in recipe: Recipe<TranslateTask>
  ) throws -> ModelSettings<TranslateTask> {
    _ = try model.network.vocabularies(called: model.title)
    let architecture = model.network.architecture
    var task = TranslateTask()
    task.embedding = architecture.vectorLength
    task.tiesEmbedding = architecture.tiesEmbedding
    if let layers = architecture.context?.encoder?.layers, let first = layers.first {
      task.encoderCell = CellText(first.cell)
      task.encoderLayers = layers.count
      task.encoderUnits = first.units
      task.readsForward = first.direction == .forward
    }
    return ModelSettings(
      task,
      decided: [
        "source-tokens", "target-tokens", "vocabulary", "joint", "embedding", "tie-embedding", "encoder-cell", "encoder-layers",
        "encoder-units", "forward-encoder",
      ])
  }

  package static func names(of network: Network) -> NetworkNames {
    NetworkNames(outputs: network.architecture.vocabulary?.symbols, called: "symbols")
  }
}
