import Classification
import CommandKit
import Engine
import Forecasting
import LanguageModels
import Networks
import Tagging
import TaskKit
import Training

/// A kind of training: `recurrent train` runs one, `recurrent compare` and `recurrent tune` run many.
struct TrainingCommand: Sendable {
  let name: String
  let summary: String
  /// An argument to show in examples.
  let sample: String
  let declare: @Sendable (inout Declaration) -> (keys: TrainingOptionKeys, reading: Reading)

  /// All kinds, as `recurrent train --help` lists them.
  static let all = [TrainingCommand.text, .forecast, .classify, .tag, .problem]

  /// Reads what the arguments name. It is done once, however many networks are trained on that.
  typealias Reading = @Sendable (Invocation) throws -> Planning
  /// Plans a training on what has been read. From invocation to invocation the options of the network, the optimizer and the seed may
  /// differ, and nothing else.
  typealias Planning = @Sendable (Invocation) throws -> TrainingPlan

  init(
    _ name: String, _ summary: String, sample: String,
    _ declare: @escaping @Sendable (inout Declaration) -> (keys: TrainingOptionKeys, reading: Reading)
  ) {
    self.name = name
    self.summary = summary
    self.sample = sample
    self.declare = declare
  }
}

/// A training before it begins.
struct TrainingPlan: Sendable {
  let task: TrainingTask
  let source: TrainingSession.Source
  /// What the folder of a run is called after if nobody says otherwise.
  let name: String
  var options: TrainingOptions
  /// What the network's numbers stand for.
  let meaning: String?
  /// The network that the options ask for.
  let architecture: @Sendable (Invocation) throws -> Architecture

  init(
    task: TrainingTask, source: TrainingSession.Source, name: String, options: TrainingOptions, meaning: String? = nil,
    architecture: @escaping @Sendable (Invocation) throws -> Architecture
  ) {
    self.task = task
    self.source = source
    self.name = name
    self.options = options
    self.meaning = meaning
    self.architecture = architecture
  }

  /// The network before its first iteration.
  func network(_ invocation: Invocation) throws -> Network {
    var network = try Network(architecture(invocation), seed: options.seed)
    network.meaning = meaning
    try network.check(options)
    return network
  }
}

extension Command {
  /// `recurrent train`
  static let train = Command(
    "train", "Trains a network.",
    commands: TrainingCommand.all.map { training in
      Command(training.name, training.summary) { declare in
        let (keys, reading) = training.declare(&declare)
        return { invocation in
          if let session = try TrainingSession(resumedBy: invocation, keys) { return try session.run() }
          if let output = invocation[keys.output] { try RunFolder.requireUnused(output) }
          try TrainingSession(reading(invocation)(invocation), invocation, keys).run()
        }
      }
    })
}

extension TrainingSession.Source {
  /// Adds to a model's file what can be known of it only when its training has come to its end.
  func complete(_ model: String, _ machine: Machine) throws {
    if case .forecast(let data) = self { try data.saveThreshold(in: model, machine: machine) }
  }

  var training: any BatchSource {
    switch self {
    case .text(let data): data.training
    case .problem(let data): data.training
    case .forecast(let data): data.training
    case .classification(let data): data.training
    case .tag(let data): data.training
    }
  }

  var validation: (any BatchSource)? {
    switch self {
    case .text(let data): data.validation
    case .problem(let data): data.validation
    case .forecast(let data): data.validation
    case .classification(let data): data.validation
    case .tag(let data): data.validation
    }
  }
}
