import Models
package import Networks
package import Support
package import Training

/// The model from whose weights a training begins, once it has been read.
package struct StartModel: Sendable, Hashable {
  package let network: Network
  package let origin: TrainingStart

  /// - Parameter name: where the model is, a file or the folder of a run; nil for one in memory.
  package init(_ network: Network, name: String?) {
    self.network = network
    origin = TrainingStart(network, name: name)
  }

  /// Reads a model: a file, or the folder of a run, which stands for the best model in it.
  ///
  /// - Throws: ``RecurrentError`` if the file can't be read, or is no model of this package.
  package init(contentsOf path: String) throws(RecurrentError) {
    self.init(try Network(contentsOf: path), name: path)
  }

  /// What sentences call it.
  package var title: String { origin.name ?? "the model to start from" }

  package static func == (left: StartModel, right: StartModel) -> Bool { left.origin == right.origin }
  package func hash(into hasher: inout Hasher) { hasher.combine(origin) }
}

/// What a model says of the recipe of a training that starts from it.
package struct ModelSettings<Task: LearningTask>: Sendable {
  /// A recipe with the model's values.
  package var recipe: Recipe<Task>
  /// The names of the settings that the model decides, even those that it has no value for: nothing else can be asked for.
  package var decided: Set<String>
  /// The names of those whose values are taken from the model unless something else is asked for.
  package var suggested: Set<String>

  package init(_ task: Task, decided: Set<String> = [], suggested: Set<String> = []) {
    recipe = Recipe(task)
    self.decided = decided
    self.suggested = suggested
  }
}
