import CellLanguage
import CommandKit
import Networks
import Support
import Training

/// How a learning rate goes on, as `--schedule` has it.
enum ScheduleName: String, CaseIterable, Sendable {
  case constant, cosine, step, plateau
}

/// As `--optimizer` has it.
enum OptimizerName: String, CaseIterable, Sendable {
  case adam, adamw, rmsprop, sgd

  init(_ optimizer: Optimizer) {
    switch optimizer {
    case .adam: self = .adam
    case .adamw: self = .adamw
    case .rmsprop: self = .rmsprop
    case .sgd: self = .sgd
    }
  }
}

/// The options that all trainings have in common: the network, how it is trained, and where the run is kept.
struct TrainingOptionKeys: Sendable {
  let cellName: Key<String>
  let layers: Key<Int>
  let units: Key<Int>
  let sizes: Key<[String: Int]>
  let learnsStates: Key<Bool>
  let batch: Key<Int>
  let iterations: Key<Int?>
  let optimizer: Key<OptimizerName>
  let momentum: Key<Double>
  let learningRate: Key<Double>
  let schedule: Key<ScheduleName>
  let warmup: Key<Int>
  let regularization: RegularizationKeys
  let clip: Key<Double>
  let patience: Key<Int>
  let recompute: Key<Bool>
  let watch: Key<Bool>
  let seed: Key<Int>
  let threads: Key<Int?>
  let output: Key<String?>
  let resume: Key<String?>
  let json: Key<Bool>

  static let mostIterations = 1_000_000_000

  /// What differs from task to task.
  struct Standard {
    var units = 128
    var batch = 50
    var learningRate = 0.002
    var clip = 5.0
    /// Iterations if nobody says how many, as the help has it.
    var iterations = "those of --epochs"
    /// Validations without a better one that end a training; 0 if none do.
    var patience = 0
    /// What few steps to train on ask for.
    var small: (units: Int, regularization: Regularization)?
    /// Recurrent dropout if nobody says it, as the help has it, where it depends on the data.
    var recurrentDropout: String?
  }

  init(_ declare: inout Declaration, _ standard: Standard) {
    cellName = declare.text(
      "--cell", "CELL", default: "lstm", "a cell of the library, or a .cell file with equations of your own")
    layers = declare.integer("--layers", in: 1...64, default: 1, "recurrent layers, one above the other")
    units = declare.integer(
      "--units", in: 1...65_536, default: standard.units,
      shown: standard.small.map { "\(standard.units); \($0.units) of few steps" }, "units in each layer")
    sizes = declare.sizes()
    learnsStates = declare.flag("--learn-states", "learn the states before the first step, which are zero otherwise")
    batch = declare.integer("--batch", in: 1...65_536, default: standard.batch, "sequences that are trained on at once")
    iterations = declare.integer(
      "--iterations", in: 1...Self.mostIterations, "how often the weights change (default: \(standard.iterations))")
    optimizer = declare.choice("--optimizer", default: OptimizerName.adam, "how a gradient changes the weights")
    momentum = declare.number("--momentum", in: .range(0, below: 1), default: 0.9, "of sgd")
    learningRate = declare.number("--learning-rate", in: .positive, default: standard.learningRate, "how large a step is")
    schedule = declare.choice("--schedule", default: ScheduleName.constant, "how the learning rate goes on")
    warmup = declare.integer(
      "--warmup", in: 0...1_000_000_000, default: 0, "iterations in which the learning rate rises to the full one")
    regularization = RegularizationKeys(
      &declare, small: standard.small?.regularization ?? .init(), recurrent: standard.recurrentDropout)
    clip = declare.number("--clip", in: .notNegative, default: standard.clip, "largest norm of the gradient; 0 for no limit")
    patience = declare.integer(
      "--patience", in: 0...1_000_000, default: standard.patience,
      "stop after so many validations without a better one; 0 to go on to the end")
    recompute = declare.flag(
      "--recompute", "keep few steps of long sequences and run the others again: less memory, a third slower, the same weights")
    watch = declare.flag(
      "--watch-gradients", "log at each validation how far gradients reach back and how many gates are closed or open")
    seed = declare.integer("--seed", in: 0...Int.max, default: 0, "the same seed and threads give the same weights")
    threads = declare.integer("--threads", in: 1...1024, "threads; one for each processor if not given")
    output = declare.text("--output", "FOLDER", "where the run is kept; a new folder in runs if not given")
    resume = declare.text("--resume", "FOLDER", "go on with the run in that folder, as if it had never stopped")
    json = declare.flag("--json", "print the log and the result as JSON lines")
  }

  /// The layers that the options ask for.
  func layers(_ invocation: Invocation, direction: Architecture.Direction = .forward) throws -> [Architecture.Layer] {
    if direction != .forward, invocation[recompute] {
      throw RecurrentError(.usage, "--recompute can't be used with --bidirectional, whose layers need all steps at once: leave one out")
    }
    let cell = try regularization.zoned(cell(named: invocation[cellName]), invocation)
    let layer = Architecture.Layer(
      cell, units: invocation[units], sizes: invocation[sizes], direction: direction,
      learnsInitialStates: invocation[learnsStates])
    return Array(repeating: layer, count: invocation[layers])
  }

  /// How to train, for so many iterations with a validation every so many.
  ///
  /// - Parameters:
  ///   - customary: the dropout that the data ask for.
  ///   - hasValidation: whether there is anything to stop early by if nobody asks for it.
  func options(
    _ invocation: Invocation, iterations: Int, validationInterval: Int, customary: Regularization = .init(),
    hasValidation: Bool = true
  ) throws -> TrainingOptions {
    var own = try regularization.value(invocation, for: cell(named: invocation[cellName]), customary: customary)
    if invocation.values[momentum.name] != nil, invocation[optimizer] != .sgd {
      throw RecurrentError(.usage, "--momentum is for --optimizer sgd, and this is \(invocation[optimizer].rawValue): leave one out")
    }
    let stopsEarly = invocation[patience] > 0 && (hasValidation || invocation.values[patience.name] != nil)
    let optimizer: Optimizer =
      switch invocation[optimizer] {
      case .adam: .adam()
      case .adamw: .adamw(weightDecay: invocation[regularization.weightDecay] ?? 0.01)
      case .rmsprop: .rmsprop()
      case .sgd: .sgd(momentum: invocation[momentum])
      }
    if case .adamw = optimizer { own.weightDecay = 0 }
    let schedule: Schedule =
      switch invocation[schedule] {
      case .constant: .constant
      case .cosine: .cosine(end: 0.01)
      case .step: .step(every: max(1, iterations / 3))
      case .plateau: .plateau(patience: 3, factor: 0.5)
      }
    return try TrainingOptions(
      iterations: iterations, optimizer: optimizer,
      learningRate: LearningRate(invocation[learningRate], schedule: schedule, warmup: invocation[warmup]),
      clip: invocation[clip] == 0 ? nil : invocation[clip],
      regularization: own, validationInterval: validationInterval,
      patience: stopsEarly ? invocation[patience] : nil,
      recomputes: invocation[recompute], watchesGradients: invocation[watch],
      seed: UInt64(invocation[seed]))
  }

  /// The iterations that go through the data so often, at least one.
  ///
  /// - Throws: ``RecurrentError`` if they are more than there can be.
  static func iterations(ofEpochs epochs: Double, each perEpoch: Int) throws(RecurrentError) -> Int {
    let asked = epochs * Double(perEpoch)
    guard asked <= Double(mostIterations) else {
      throw RecurrentError(.usage, "--epochs \(short(epochs)) is more than \(mostIterations) iterations")
    }
    return max(1, Int(asked))
  }

  /// - Throws: ``RecurrentError`` if more is asked for than a resumed run can heed.
  func checkResumed(_ invocation: Invocation) throws {
    let heeded: Set = [resume.name, threads.name, json.name, iterations.name, recompute.name]
    if let other = invocation.values.keys.sorted().first(where: { !heeded.contains($0) }) {
      throw RecurrentError(.usage, "\(other) can't be given with --resume: a resumed run keeps what it began with")
    }
  }
}
