import Storage

/// All that it takes to train a network for a task: what the task is and where its data are, what network is to do it, and how that is
/// trained. What is nil is chosen from the data when the training begins.
///
///     var recipe = Recipe(ProblemTask(name: "adding"))
///     recipe.network.cell = try .named("gru")
///     recipe.training.iterations = 2000
public struct Recipe<Task: LearningTask>: Codable, Hashable, Sendable {
  public var task: Task
  public var network = NetworkSettings()
  public var training = TrainingSettings()

  public init(_ task: Task) { self.task = task }
}

/// What a network can be trained to do. Each task is a folder of its own; a value says where the data are and what is special about them.
public protocol LearningTask: Codable, Hashable, Sendable {
  /// Under which name commands and files know it, such as `forecast`.
  static var kind: String { get }
  /// Of what a recipe of this task holds.
  static var version: Int { get }
}

extension Recipe {
  private enum CodingKeys: String, CodingKey { case kind, version, task, network, training }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    let kind = try container.decode(String.self, forKey: .kind)
    guard kind == Task.kind else {
      throw DecodingError.dataCorruptedError(
        forKey: .kind, in: container, debugDescription: "it is a recipe for “\(kind)”, not for “\(Task.kind)”")
    }
    let version = try container.decode(Int.self, forKey: .version)
    guard version <= Task.version else {
      throw DecodingError.dataCorruptedError(
        forKey: .version, in: container,
        debugDescription: "it is of version \(version), and this program knows \(Task.version): use a newer program")
    }
    task = try container.decode(Task.self, forKey: .task)
    network = try container.decodeIfPresent(NetworkSettings.self, forKey: .network) ?? .init()
    training = try container.decodeIfPresent(TrainingSettings.self, forKey: .training) ?? .init()
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(Task.kind, forKey: .kind)
    try container.encode(Task.version, forKey: .version)
    try container.encode(task, forKey: .task)
    try container.encode(network, forKey: .network)
    try container.encode(training, forKey: .training)
  }
}
