package import Support
package import TaskKit
package import Training

/// What the trainings of a comparison or a search have in common.
package struct Study<Task: LearningTask>: Sendable, Hashable {
  /// What was asked for, without what may change when the study goes on: a command line, or the call of a program.
  package let command: String
  /// The recipe of the trainings, without what differs among them; nil for a study of version 0.1.0, whose command line says it.
  package var recipe: Recipe<Task>?
  /// The digest of the data when the study began; nil for a task without data.
  package let digest: String?
  /// The options of the first training, since other versions may have other defaults.
  package let options: TrainingOptions

  /// - Parameters:
  ///   - other: the study that should go on.
  ///   - noun: what such a study is called in sentences.
  ///   - path: of the folder in which this one is recorded.
  /// - Throws: ``RecurrentError`` if the other one is a different study.
  package func check(_ other: Study, _ noun: String, _ path: String) throws(RecurrentError) {
    guard command == other.command, recipe == nil || recipe == other.recipe else {
      throw RecurrentError(
        .unsuitable,
        naming: "\(path) holds another \(noun), of `\(command)`: name another folder as \(Setting("output")), or take up that one"
      )
    }
    guard options.start == other.options.start else {
      throw RecurrentError(
        .unsuitable,
        naming:
          "the model that the \(noun) in \(path) starts from has changed since: put the old one back, or name another folder as \(Setting("output"))"
      )
    }
    guard digest == other.digest, options == other.options else {
      throw RecurrentError(
        .unsuitable,
        naming:
          "the data have changed since the \(noun) in \(path) began: put the old ones back, or name another folder as \(Setting("output"))"
      )
    }
  }
}

extension Study: Codable {
  private enum CodingKeys: CodingKey { case command, recipe, digest, options, task }

  /// Also reads studies of version 0.1.0, which had the task of a run's configuration in place of a recipe and a digest.
  package init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    command = try container.decode(String.self, forKey: .command)
    options = try container.decode(TrainingOptions.self, forKey: .options)
    if let task = try container.decodeIfPresent(FirstGenerationTask.self, forKey: .task) {
      (recipe, digest) = (nil, task.digest)
    } else {
      recipe = try container.decode(Recipe<Task>.self, forKey: .recipe)
      digest = try container.decodeIfPresent(String.self, forKey: .digest)
    }
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(command, forKey: .command)
    try container.encode(recipe, forKey: .recipe)
    try container.encodeIfPresent(digest, forKey: .digest)
    try container.encode(options, forKey: .options)
  }
}
