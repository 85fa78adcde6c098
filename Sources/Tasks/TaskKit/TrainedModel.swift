public import Engine
import Models
public import Networks
public import Support
public import Training

/// A trained network with what its numbers stand for. All such models are loaded, saved and trained further in the same way:
///
///     let classifier = try Classifier(contentsOf: "runs/reviews-lstm")
///     try classifier.save(to: "reviews.safetensors")
///     let copy = try Classifier(bytes: classifier.bytes())
public protocol TrainedModel: Sendable {
  /// What the network was trained for.
  associatedtype Task: LearningTask

  /// The network, whose weights and description a model's file holds.
  var network: Network { get }

  /// The model that a network is.
  ///
  /// - Parameter path: of the network's file, for messages.
  /// - Throws: ``RecurrentError`` if the network was trained for something else.
  init(_ network: Network, path: String) throws(RecurrentError)
}

extension TrainedModel {
  /// The model that a network is.
  ///
  /// - Throws: ``RecurrentError`` if the network was trained for something else.
  public init(_ network: Network) throws(RecurrentError) { try self.init(network, path: "the network") }

  /// Loads a model: a file, or the folder of a run, which stands for the best model in it.
  ///
  /// - Throws: ``RecurrentError`` if the file can't be read, or holds a model that was trained for something else.
  public init(contentsOf path: String) throws(RecurrentError) { try self.init(Network(contentsOf: path), path: path) }

  /// Loads a model from the bytes of its file, such as those that ``bytes()`` gives or an app's `Data`.
  ///
  /// - Throws: ``RecurrentError`` if the bytes are no model, or one that was trained for something else.
  public init(bytes: some Sequence<UInt8>) throws(RecurrentError) { try self.init(Network(bytes: bytes), path: "the model") }

  /// Saves the model as a file, which is replaced whole or not at all, for ``init(contentsOf:)`` and for the command.
  ///
  /// - Throws: ``RecurrentError`` if the file can't be written.
  public func save(to path: String) throws(RecurrentError) { try network.save(to: path) }

  /// The bytes of the file that ``save(to:)`` writes, for ``init(bytes:)``.
  public func bytes() throws(RecurrentError) -> [UInt8] { try network.bytes() }

  /// Resumes a training that was stopped from its last checkpoint, and ends with the weights that it would have had without the
  /// stop.
  ///
  ///     let tagger = try Tagger.train(resuming: "runs/words-lstm") { print($0.iteration, $0.loss) }
  ///
  /// - Parameters:
  ///   - folder: the folder that was given to the training. What was trained on must be a file, which is read again.
  ///   - machine: what to compute on; nil for the fastest kernels and as many threads as before, which give the same bits.
  ///   - progress: called after each iteration.
  ///   - isCancelled: asked after each iteration whether to stop.
  /// - Throws: `CancellationError` if the training was stopped again; ``RecurrentError`` if the folder has no checkpoint, or its
  ///   data have changed.
  public static func train(
    resuming folder: String, machine: Machine? = nil, progress: (TrainingProgress) -> Void = { _ in },
    isCancelled: () -> Bool = { false }
  ) throws -> Self {
    func network<Known: TrainableTask>(_: Known.Type) throws -> Network {
      var changes = TrainingSession<Known>.Changes()
      changes.machine = machine
      var notes: [Note] = []
      let session = try TrainingSession<Known>(resuming: RunFolder(path: folder), changes: changes, notes: &notes)
      return try session.trainedNetwork(isCancelled: isCancelled, progress: progress)
    }
    return try Self(network(trainable(Task.self)), path: RunFolder(path: folder).model)
  }
}

extension TrainedModel where Task: TrainableTask {
  /// Trains as a recipe says.
  ///
  /// - Parameter read: reads what is trained on, as the recipe with what its model says of it asks for.
  package static func train(
    _ recipe: Recipe<Task>, reading read: (Recipe<Task>, inout [Note]) throws -> Task.Material, folder: String?,
    machine: Machine?,
    progress: (TrainingProgress) -> Void, isCancelled: () -> Bool
  ) throws -> Self {
    var notes: [Note] = []
    let opened = try recipe.opened()
    let plan = try opened.plan(on: read(opened.prepared(&notes), &notes), &notes)
    let network = try plan.trainedNetwork(
      machine: machine, folder: folder, asked: recipe, reasons: notes.reasons, isCancelled: isCancelled, progress: progress)
    return try Self(network, path: folder ?? "the network")
  }
}
