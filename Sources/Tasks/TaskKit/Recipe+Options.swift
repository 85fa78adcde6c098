import CellLanguage
import Engine
package import Networks
import Storage
package import Support
package import Training

extension Recipe where Task: TrainableTask {
  package var batch: Int { training.batch ?? Task.defaults.batch }
  package var seed: UInt64 { UInt64(training.seed ?? 0) }

  /// The number of iterations: those that are asked for, or as many as the epochs take.
  ///
  /// - Parameters:
  ///   - perEpoch: iterations in an epoch.
  ///   - other: the iterations if nothing is asked for; nil for those of the task's default epochs.
  package func iterations(perEpoch: Int, otherwise other: Int? = nil) throws(RecurrentError) -> Int {
    if let iterations = training.iterations {
      if training.epochs != nil {
        throw RecurrentError(
          .usage, naming: "give either \(Setting("epochs")) or \(Setting("iterations")), not both")
      }
      return iterations
    }
    guard let epochs = training.epochs ?? (other == nil ? Task.defaults.epochs : nil) else { return other ?? perEpoch }
    let asked = epochs * Double(perEpoch)
    guard asked <= Double(TrainingSettings.mostIterations) else {
      throw RecurrentError(
        .usage, naming: "\(Setting("epochs")) \(short(epochs)) is more than \(TrainingSettings.mostIterations) iterations")
    }
    return max(1, Int(asked))
  }

  /// The options of the training.
  ///
  /// - Parameters:
  ///   - iterations: how often the weights change.
  ///   - interval: iterations from one validation to the next if the recipe leaves them open.
  ///   - suggested: the dropout that the data ask for.
  ///   - hasValidation: whether there are validations, by which a training can stop early.
  package func options(
    iterations: Int, validationInterval interval: Int, suggested: Regularization = .init(), hasValidation: Bool = true
  ) throws -> TrainingOptions {
    let cell = try cell()
    var regularization = try training.regularization.value(for: cell, suggested: suggested)
    let name = training.optimizer ?? .adam
    if training.momentum != nil, name != .sgd {
      throw RecurrentError(
        .usage,
        naming: "\(Setting("momentum")) is for \(Setting("optimizer")) sgd, and this is \(name.rawValue): leave one out")
    }
    let optimizer: Optimizer =
      switch name {
      case .adam: .adam()
      case .adamw: .adamw(weightDecay: training.regularization.weightDecay ?? 0.01)
      case .rmsprop: .rmsprop()
      case .sgd: .sgd(momentum: training.momentum ?? 0.9)
      }
    if case .adamw = optimizer { regularization.weightDecay = 0 }
    let schedule: Schedule =
      switch training.schedule ?? .constant {
      case .constant: .constant
      case .cosine: .cosine(end: 0.01)
      case .step: .step(every: max(1, iterations / 3))
      case .plateau: .plateau(patience: 3, factor: 0.5)
      }
    let defaults = Task.defaults
    let patience = training.patience ?? defaults.patience
    let stopsEarly = patience > 0 && (hasValidation || training.patience != nil)
    let clip = training.clip ?? defaults.clip
    var options = try TrainingOptions(
      iterations: iterations, optimizer: optimizer,
      learningRate: LearningRate(
        training.learningRate ?? defaults.learningRate, schedule: schedule, warmup: training.warmup ?? 0),
      clip: clip == 0 ? nil : clip, regularization: regularization,
      validationInterval: training.validateEvery ?? interval, patience: stopsEarly ? patience : nil,
      checkpointsGradients: training.checkpointsGradients ?? false, watchesGradients: training.watchesGradients ?? false,
      seed: seed)
    // As many as usual are none of their own, as in runs that know of no others.
    options.shards = training.shards == PackedLengths.standardShards ? nil : training.shards
    options.frozen = training.freeze
    options.start = start?.origin
    return options
  }
}

extension RegularizationSettings {
  /// - Parameter suggested: what the data ask for: each of its three kinds of dropout, and label smoothing, is taken if the recipe leaves it open, and
  ///   masks stay the same at all steps, as it says, unless the recipe gives both kinds that this concerns.
  /// - Throws: ``RecurrentError`` if the cell has nothing that could be dropped.
  fileprivate func value(for cell: Cell, suggested: Regularization) throws(RecurrentError) -> Regularization {
    let hasMatrices = cell.hasRecurrentMatrices
    for (name, fraction) in [("recurrent-dropout", recurrentDropout), ("weight-drop", weightDrop)]
    where fraction ?? 0 > 0 && !hasMatrices {
      throw RecurrentError(
        .usage,
        naming:
          "\(Setting(name)) can't be used with \(cell.name), none of whose matrices reads what the step before left: leave it out"
      )
    }
    let output = dropout ?? suggested.dropout
    let input = inputDropout ?? suggested.inputDropout
    if isVariational == true && output == 0 && input == 0 {
      throw RecurrentError(
        .usage,
        naming:
          "\(Setting("variational")) says how \(Setting("dropout")) or \(Setting("input-dropout")) works: give one of them too")
    }
    return Regularization(
      dropout: output, inputDropout: input,
      isVariational: isVariational ?? (suggested.isVariational && (dropout == nil || inputDropout == nil)),
      recurrentDropout: recurrentDropout ?? (hasMatrices ? suggested.recurrentDropout : 0), weightDrop: weightDrop ?? 0,
      embeddingDropout: embeddingDropout ?? 0, weightDecay: weightDecay ?? 0, activationPenalty: activationPenalty ?? 0,
      temporalPenalty: temporalPenalty ?? 0, labelSmoothing: labelSmoothing ?? suggested.labelSmoothing)
  }

  /// A list of the kinds of dropout, and the label smoothing, that a training has and the recipe does not ask for; nil if there are none.
  package func unasked(_ regularization: Regularization) -> Sentence? {
    let kinds: [(String, Double?, Double)] = [
      ("dropout", dropout, regularization.dropout), ("input-dropout", inputDropout, regularization.inputDropout),
      ("recurrent-dropout", recurrentDropout, regularization.recurrentDropout),
      ("label-smoothing", labelSmoothing, regularization.labelSmoothing),
    ]
    let own = kinds.filter { $0.1 == nil && $0.2 > 0 }.map { "\(Setting($0.0)) \(short($0.2))" as Sentence }
    guard let first = own.first else { return nil }
    return own.dropFirst().reduce(first) { $0 + ", " + $1 }
  }
}

extension Recipe where Task: TrainableTask {
  /// The recipe with everything that has been chosen for the network and the training.
  package func resolved(_ architecture: Architecture, _ options: TrainingOptions) -> Recipe {
    var recipe = self
    recipe.network = NetworkSettings(architecture, of: Task.defaults)
    recipe.network.from = network.from.map(FileSystem.absolute)
    recipe.training.batch = batch
    recipe.training.iterations = options.iterations
    recipe.training.epochs = nil
    recipe.training.optimizer = .init(options.optimizer)
    if case .sgd(let momentum) = options.optimizer { recipe.training.momentum = momentum }
    recipe.training.learningRate = options.learningRate.initial
    recipe.training.schedule = .init(options.learningRate.schedule)
    recipe.training.warmup = options.learningRate.warmup
    recipe.training.clip = options.clip ?? 0
    recipe.training.validateEvery = options.validationInterval
    recipe.training.patience = options.patience ?? 0
    recipe.training.checkpointsGradients = options.checkpointsGradients
    recipe.training.watchesGradients = options.watchesGradients
    recipe.training.seed = Int(clamping: options.seed)
    recipe.training.shards = options.shards ?? PackedLengths.standardShards
    recipe.training.regularization = RegularizationSettings(options)
    return recipe
  }
}

extension TrainingSettings.OptimizerName {
  package init(_ optimizer: Optimizer) {
    switch optimizer {
    case .adam: self = .adam
    case .adamw: self = .adamw
    case .rmsprop: self = .rmsprop
    case .sgd: self = .sgd
    }
  }
}

extension TrainingSettings.ScheduleName {
  fileprivate init(_ schedule: Schedule) {
    switch schedule {
    case .constant: self = .constant
    case .cosine: self = .cosine
    case .step: self = .step
    case .plateau: self = .plateau
    }
  }
}

extension RegularizationSettings {
  /// The settings of a training.
  fileprivate init(_ options: TrainingOptions) {
    let own = options.regularization
    (dropout, inputDropout, recurrentDropout) = (own.dropout, own.inputDropout, own.recurrentDropout)
    isVariational = own.isVariational
    (weightDrop, embeddingDropout, labelSmoothing) = (own.weightDrop, own.embeddingDropout, own.labelSmoothing)
    weightDecay = own.weightDecay + options.optimizer.weightDecay
    (activationPenalty, temporalPenalty) = (own.activationPenalty, own.temporalPenalty)
  }
}
