import Storage

/// All that it takes to train a network for a task: what the task is and where its data are, which network it is, and how that is
/// trained. What is nil is chosen from the data when the training begins.
///
///     var recipe = Recipe(ProblemTask(name: "adding"))
///     recipe.network.cell = try .named("gru")
///     recipe.training.iterations = 2000
public struct Recipe<Task: LearningTask>: Codable, Hashable, Sendable {
  /// What the network is trained for, and on which data.
  public var task: Task
  /// What the network is.
  public var network = NetworkSettings()
  /// How the network is trained.
  public var training = TrainingSettings()
  /// The model that the training starts from, once it has been read; no file has it, only the path of one.
  package var start: StartModel?

  /// A recipe in which all of the network and the training is left to be chosen.
  public init(_ task: Task) { self.task = task }
}

/// What a network can be trained to do, such as ``TextTask``. A value says where the data are and what is
/// special about them. There are no other tasks than those of this package.
public protocol LearningTask: Codable, Hashable, Sendable {}

extension Recipe {
  private enum CodingKeys: String, CodingKey { case kind, version, task, network, training }

  /// Reads a recipe in the form that `recurrent train --show-recipe` prints.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    let known = try trainable(Task.self)
    let kind = try container.decode(String.self, forKey: .kind)
    guard kind == known.kind else {
      throw DecodingError.dataCorruptedError(
        forKey: .kind, in: container, debugDescription: "it is a recipe for “\(kind)”, not for “\(known.kind)”")
    }
    let version = try container.decode(Int.self, forKey: .version)
    guard version <= known.version else {
      throw DecodingError.dataCorruptedError(
        forKey: .version, in: container,
        debugDescription: "it is of version \(version), and this program knows \(known.version): use a newer program")
    }
    task = try container.decode(Task.self, forKey: .task)
    network = try container.decodeIfPresent(NetworkSettings.self, forKey: .network) ?? .init()
    training = try container.decodeIfPresent(TrainingSettings.self, forKey: .training) ?? .init()
  }

  /// Writes the recipe in the form that `recurrent train --recipe` reads.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    let known = try trainable(Task.self)
    try container.encode(known.kind, forKey: .kind)
    try container.encode(known.version, forKey: .version)
    try container.encode(task, forKey: .task)
    try container.encode(network, forKey: .network)
    try container.encode(training, forKey: .training)
  }
}
