import Console
import Engine
package import Inspector
package import Networks
package import Sequences
import Storage
package import Support
package import Tables
package import Training

/// A task as training, evaluation and the commands use it. They know nothing else of it: a task is one folder and
/// one line in a ``TaskRegistry``.
package protocol TrainableTask: LearningTask {
  /// What has been read, before anything is chosen. It is read once, however many networks are trained on it.
  associatedtype Material: Sendable
  /// The settings of an evaluation.
  associatedtype EvaluationSettings: EmptySettings = NoSettings
  /// The settings of predictions.
  associatedtype PredictionSettings: EmptySettings = NoSettings

  /// The name under which commands and files know the task, such as `forecast`.
  static var kind: String { get }
  /// The version of what a recipe of this task holds.
  static var version: Int { get }

  /// A task in which everything is left open.
  init()

  // MARK: Settings

  /// Whether its models read when the rows of a table are.
  static var readsDates: Bool { get }
  /// How commands speak of it.
  static var presentation: TaskPresentation { get }
  static var defaults: TaskDefaults { get }
  /// The setting that is an argument of the command: the file to train on, as a rule.
  static var argument: SettingField<Self> { get }
  /// The task's own settings.
  static var fields: [SettingField<Recipe<Self>>] { get }

  /// What cells can read by name beside what is below their layer, and from which columns; nil for nothing.
  var further: FurtherRequest? { get }

  /// Where the task keeps which part of its data is held out of several; nil if they can't be cut so.
  static var foldPath: (any WritableKeyPath<Self, Fold?> & Sendable)? { get }

  // MARK: Training

  /// Reads what the recipe names, and notes what was found.
  static func read(_ recipe: Recipe<Self>, _ notes: inout [Note]) throws -> Material
  /// Chooses what the recipe leaves open, and notes why.
  static func plan(_ recipe: Recipe<Self>, on material: Material, _ notes: inout [Note]) throws -> TrainingPlan<Self>
  /// The data of a run that is resumed.
  ///
  /// - Parameters:
  ///   - recipe: the one that was resolved when the run began.
  ///   - network: that of the run's checkpoint.
  ///   - path: of the checkpoint, for messages.
  /// - Throws: ``RecurrentError`` if they can't be read, or do not fit the network.
  static func data(
    resuming recipe: Recipe<Self>, _ network: Network, path: String, _ notes: inout [Note]
  ) throws -> any TaskData
  /// The recipe of a run of version 0.1.0, from what its folder says of the task; nil if the run is of another task.
  static func recipe(firstGeneration task: FirstGenerationTask) throws -> Recipe<Self>?

  /// What a model says of the recipe of a training that starts from it, beside what its layers are.
  ///
  /// - Parameter recipe: what is asked for.
  /// - Throws: ``RecurrentError`` if the model can't be the start of a training for this task.
  static func settings(of model: StartModel, in recipe: Recipe<Self>) throws -> ModelSettings<Self>

  // MARK: Models

  /// The names of what a network of this task reads and gives, as far as they are known.
  static func names(of network: Network) -> NetworkNames
  /// What the numbers stand for that a network of this task reads and gives, for those who run it elsewhere.
  static func meaning(of network: Network) -> NumberMeaning
  /// Whether a network was trained for this task.
  static func owns(_ network: Network) -> Bool
  static var evaluationFields: [SettingField<EvaluationSettings>] { get }
  static var predictionFields: [SettingField<PredictionSettings>] { get }
  /// The sequences of a file as a network reads them, with targets if the file has them. The default ways to evaluate, to
  /// predict and to inspect need nothing else.
  static func examples(in file: String, for network: Network) throws -> Batch
  /// The numbers of an evaluation by which two models are compared, as their names stand in its JSON; those of an object within it as
  /// `object.name`.
  static var comparedMeasures: [String] { get }
  /// Measures a model on a file and writes the results.
  static func evaluate(_ model: OpenedModel, on file: String, _ settings: EvaluationSettings) throws
  /// Writes the predictions of a model for a file, or for standard input.
  ///
  /// - Parameter file: nil for standard input.
  static func predict(_ model: OpenedModel, on file: String?, _ settings: PredictionSettings) throws
  /// What a model reads when it is inspected, and what its outputs stand for.
  static func inspected(_ model: OpenedModel, _ request: InspectionRequest) throws -> (
    steps: InspectedInput, meaning: OutputMeaning
  )

  /// What a search varies beside learning rate, units, layers and dropout, where a recipe leaves it open.
  ///
  /// - Parameter chosen: the recipe with all that training chooses by itself.
  static func searchedChoices(beside chosen: Recipe<Self>) -> [SearchedChoice]
  /// What ``TaskData/searchError(of:from:machine:)`` counts in; nil if a search judges networks by their held-out loss.
  static var searchMeasure: String? { get }

  /// Whether all batches have exactly as many sequences as the recipe says.
  static var hasFixedBatches: Bool { get }
  /// What is measured of a model beside its loss, in the order in which tables show it.
  static var figures: [Figure] { get }
}

/// How commands speak of a task.
package struct TaskPresentation: Sendable {
  /// The summary of the training command: `Trains a language model.`
  package let summary: String
  /// An argument to show in examples.
  package let sample: String
  /// What the data are called: `text`.
  package let noun: String
  /// What a model of this task is: `a language model`.
  package let model: String
  /// Command lines to show as examples, and what they do.
  package let examples: [(line: Sentence, meaning: String)]
  /// Settings that people may look for, and why the task does not have them.
  package let refusals: [(name: String, reason: String)]

  package init(
    summary: String, sample: String, noun: String, model: String, examples: [(line: Sentence, meaning: String)],
    refusals: [(name: String, reason: String)] = []
  ) {
    self.summary = summary
    self.sample = sample
    self.noun = noun
    self.model = model
    self.examples = examples
    self.refusals = refusals
  }
}

/// A training that has been planned and has not begun.
package struct TrainingPlan<Task: LearningTask>: Sendable {
  /// The recipe with what has been chosen for the task, as a resumed run reads it.
  package var recipe: Recipe<Task>
  package let data: any TaskData
  /// The name from which the name of the run's folder is made by default.
  package let name: String
  package var options: TrainingOptions
  /// The model whose weights the network begins with, as far as it has the same things; nil for fresh weights.
  package internal(set) var start: StartModel?
  /// The description of the network; nil for none.
  package let meaning: String?
  /// The architecture for a recipe that differs from the planned one in network settings only.
  package internal(set) var architecture: @Sendable (Recipe<Task>) throws -> Architecture

  package init(
    _ recipe: Recipe<Task>, data: any TaskData, name: String, options: TrainingOptions, meaning: String? = nil,
    architecture: @escaping @Sendable (Recipe<Task>) throws -> Architecture
  ) {
    self.recipe = recipe
    self.data = data
    self.name = name
    self.options = options
    self.meaning = meaning
    self.architecture = { recipe in
      var own = try architecture(recipe)
      own.top = try recipe.top()
      return own
    }
  }
}
