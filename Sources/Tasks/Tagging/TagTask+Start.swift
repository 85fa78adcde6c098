package import Networks
import Support
package import TaskKit
import Models

extension TagTask {
  package static func settings(of model: StartModel, in recipe: Recipe<TagTask>) throws -> ModelSettings<TagTask> {
    guard let input = model.network.architecture.input.encoding as? WordInput else {
      throw RecurrentError(
        .unsuitable,
        "\(model.title) reads \(model.network.architecture.input.encoding.summary), and a tagger words: it can't be the start")
    }
    var task = TagTask()
    task.embedding = input.embedding
    task.isLowerCased = input.isLowerCased
    task.hasShapes = !input.shapes.isEmpty
    task.readsCharacters = input.spelling != nil
    task.characterUnits = input.spelling?.layers.first?.units
    task.characterEmbedding = input.spelling?.vectorLength
    task.hasCRF = model.network.architecture.output.head.scoresSequences
    return ModelSettings(
      task,
      decided: ["embedding", "lower-case", "shape", "no-characters", "character-units", "character-embedding"],
      suggested: ["crf"])
  }

  package static func names(of network: Network) -> NetworkNames {
    NetworkNames(outputs: try? TagDescription(of: network, path: "").tags, called: "tags")
  }
}
