import CellLanguage
import Engine
import Models
import Networks
import Platform
import Processes
import Storage
package import Support
import Synchronization
package import TaskKit
import Training

/// A search for settings: trials in folders of their own within that of the search.
package struct TuningSession<Task: TrainableTask>: Sendable {
  /// The content of the folder's `search.json`.
  struct Record: StudyRecord {
    static var noun: String { "search" }
    static var fileName: String { "search.json" }

    var study: Study<Task>
    var halving: Halving
  }

  private let request: TuningRequest<Task>
  private let folder: StudyFolder<Record>
  private var record: Record
  private let material: Task.Material
  /// The recipe with the default settings.
  private let defaultValue: Recipe<Task>
  private let leastDigits: Int
  private let lossName: String
  private let machine: Machine
  private let atOnce: Int
  private let observe: StudyObserver

  /// Begins a search, or finds it in its folder, in all processes that share its trials.
  ///
  /// - Throws: ``RecurrentError`` if the request makes no sense, or its folder has something else.
  package static func begin(_ request: TuningRequest<Task>, observe: @escaping StudyObserver) throws -> TuningSession {
    try request.team.beginStudy(
      { folder in
        var own = request
        own.output = folder ?? request.output
        return try TuningSession(own, observe: observe)
      }, path: { $0.folder.path })
  }

  /// Begins a search, or finds it in its folder.
  ///
  /// - Throws: ``RecurrentError`` if the request makes no sense, or its folder has something else.
  package init(_ request: TuningRequest<Task>, observe: @escaping StudyObserver) throws {
    try request.check()
    var request = request
    request.recipe = try request.recipe.opened()
    let identity = request.identity
    self.observe = observe
    machine = try request.machine ?? Machine(threads: 1)
    atOnce = try runsAtOnce(machine, of: request.processors)
    let (material, plain) = try telling(observe) { notes in
      let material = try Task.read(request.plain.prepared(&notes), &notes)
      return (material, try request.plain.plan(on: material, &notes))
    }
    self.material = material
    defaultValue = try plain.recipe.resolved(plain.architecture(plain.recipe), plain.options)
    request.addChoices(beside: defaultValue)
    self.request = request
    let first = request.space.recipe(request.recipe, with: request.settings(trial: 0, default: defaultValue))
    var unsaid: [Note] = []
    let plan = try first.plan(on: material, &unsaid)
    guard plan.data.hasValidation else {
      throw RecurrentError(
        .unsuitable,
        naming: "nothing is held out to judge settings by: leave \(Setting("validation")) out, or give it more")
    }
    let study = Study(
      command: identity, recipe: request.common, digest: plan.data.digest, options: plan.options)
    let architecture = try plan.architecture(plan.recipe)
    let (folder, known) = try StudyFolder<Record>.find(
      in: request.output, otherwise: "runs/tune-\(plan.name)-\(architecture.layers[0].cell.name)"
    ) {
      try $0.study.check(study, Record.noun, $1)
    }
    self.folder = folder
    let halving = Halving(
      width: request.trials, iterations: plan.options.iterations, interval: plan.options.validationInterval)
    record = Record(study: study, halving: known?.halving ?? halving)
    leastDigits = Task.searchMeasure == nil ? lossDigits(architecture) : 3
    lossName = Task.searchMeasure ?? lossUnit(architecture)
    try folder.write(record)
  }

  // MARK: Searching

  /// Searches for some minutes.
  ///
  /// - Returns: whether the time is up: it is not if `isInterrupted` said to stop, which is asked after each iteration of each
  ///   trial. All is saved then, and the same search goes on.
  package mutating func run(minutes: Double, isInterrupted: @escaping @Sendable () -> Bool = { false }) throws -> Bool {
    let time = Duration.seconds(minutes * 60)
    let deadline = ContinuousClock.now + time
    let known = record.halving.trials.count { !$0.losses.isEmpty }
    let search: Sentence = "searching for \(time.brief), \(atOnce * request.team.size) at a time; kept in \(folder.path)"
    observe(.message(known > 0 ? "going on after \(known) trials, \(search)" : search))
    if let finalists = record.halving.finalists {
      observe(
        .message(
          "\(finalists) of the \(record.halving.width) trials of a bracket go on to the end, since there are too few validations to halve them more often: with a smaller \(Setting("validate-every")) more is tried in the same time"
        ))
    }
    // The first process's clock counts.
    while try request.team.fromFirst(ContinuousClock.now < deadline && !isInterrupted()) {
      try goOn { isInterrupted() || ContinuousClock.now >= deadline }
    }
    return try request.team.fromFirst(!isInterrupted())
  }

  /// Trains one round, or as much of it as there is time for.
  private mutating func goOn(until mustStop: @escaping @Sendable () -> Bool) throws {
    if record.halving.round == nil {
      record.halving.begin { [request, defaultValue] in request.settings(trial: $0, default: defaultValue) }
    }
    guard let round = record.halving.round else { return }
    let before = round.number == 0 ? 0 : record.halving.rungs[round.number - 1]
    observe(
      .message(
        "bracket \(round.bracket + 1), round \(round.number + 1): \(round.trials.count) \(round.trials.count == 1 ? "trial" : "trials") to iteration \(round.iterations.grouped)"
      ))
    defer { sayBest(of: round) }
    observe(
      .begun(
        iterations: round.trials.count * round.iterations,
        done: Dictionary(uniqueKeysWithValues: round.trials.map { (name($0), before) })))
    let trainings = SideBySide(observe, request.team, until: mustStop)
    let shared = Mutex(record)
    defer { record = shared.withLock { $0 } }
    let session = self
    try request.team.together {
      try trainings.run(round.trials, atOnce: atOnce) { trial in
        try session.train(trial, to: round.iterations, trainings)
      } ended: { trial, loss in
        guard let loss else { return }
        session.observe(.ended(run: session.name(trial), iterations: round.iterations))
        try shared.withLock { record in
          record.halving.record(loss, of: trial)
          try session.folder.write(record)
        }
      }
    }
    // What came of the round decides what all processes do next.
    let known = try request.team.exchange(Array(json(shared.withLock { $0.halving }).utf8))[0]
    if !request.team.isFirst {
      let halving = try decodeJSON(known, as: Halving.self)
      shared.withLock { $0.halving = halving }
    }
  }

  /// Says what the best trial is, once a round is over.
  private func sayBest(of round: Halving.Round) {
    guard record.halving.round != round, let best = record.halving.ranking.first, let loss = record.halving.trials[best].loss
    else {
      return
    }
    observe(.message("  the best so far: trial \(best + 1), held out \(loss.fixed(digits))"))
  }

  private func name(_ trial: Int) -> String { "trial-\(trial + 1)" }

  private func runFolder(of trial: Int) -> RunFolder { RunFolder(path: "\(folder.path)/\(name(trial))") }

  private func recipe(of trial: Int) -> Recipe<Task> {
    request.space.recipe(request.recipe, with: record.halving.trials[trial].settings)
  }

  /// Trains a trial up to an iteration.
  ///
  /// - Returns: its best held-out loss so far, or what the task judges by in its place; infinite if it diverged or its settings don't go together;
  ///   nil if it was stopped before.
  private func train(_ trial: Int, to iterations: Int, _ trainings: SideBySide) throws -> Double? {
    let recipe = recipe(of: trial)
    var unsaid: [Note] = []
    let plan: TrainingPlan<Task>
    do {
      plan = try recipe.plan(on: material, &unsaid)
    } catch let error as RecurrentError where trial > 0 {
      trainings.send(.message("\(name(trial)) is left out: " + error.sentence))
      return .infinity
    }
    let session = try TrainingSession(plan, asked: recipe, continuingIn: runFolder(of: trial), machine: machine)
    let trainer = session.trainer
    func isThere() -> Bool { trainer.isOver || trainer.progress.iteration >= iterations }
    do {
      if !isThere() {
        _ = try session.run(
          isInterrupted: { isThere() || trainings.isStopped },
          report: { trainings.send(.advanced(run: name(trial), iteration: $0.iteration, loss: $0.loss)) })
      }
      guard isThere() else { return nil }
      if Task.searchMeasure != nil {
        let path = runFolder(of: trial).model
        let error = try session.data.searchError(of: Network(contentsOf: path), from: path, machine: machine)
        return error ?? .infinity
      }
      return trainer.progress.best.loss ?? .infinity
    } catch let error as RecurrentError where error.kind == .divergence {
      return .infinity
    }
  }

  // MARK: Results

  /// The number of decimals of a loss, enough for the best one to show two digits.
  private var digits: Int {
    guard let best = record.halving.ranking.first.flatMap({ record.halving.trials[$0].loss }), best > 0 else {
      return leastDigits
    }
    return max(leastDigits, min(9, 1 - Int(log10(best).rounded(.down))))
  }

  /// The result of the search.
  ///
  /// - Throws: ``RecurrentError`` if no trial has a loss.
  package func report() throws(RecurrentError) -> TuningReport<Task> {
    let halving = record.halving
    let trials = halving.ranking.map { trial in
      let losses = halving.trials[trial].losses
      return TuningReport.Trial(
        number: trial + 1, settings: halving.trials[trial].settings, recipe: recipe(of: trial),
        iterations: halving.rungs[losses.count - 1], validation: losses[losses.count - 1], folder: runFolder(of: trial).path)
    }
    guard let best = trials.first else {
      let broken = halving.trials.count { !$0.losses.isEmpty }
      if broken > 0 {
        throw RecurrentError(
          .unsuitable,
          naming:
            "\(broken == 1 ? "the only trial so far" : "each of the \(broken) trials so far") broke off, since its numbers grew without bound: search lower learning rates (\(Setting("learning-rate")) A..B), or clip the gradient harder (\(Setting("clip")))"
        )
      }
      throw RecurrentError(
        .unsuitable,
        naming:
          "no trial has come to iteration \(halving.rungs[0].grouped), after which the first ones are compared: give more \(Setting("minutes")) to go on, or fewer \(Setting("iterations"))"
      )
    }
    return TuningReport(best: best, trials: trials, dimensions: request.space.dimensions, lossUnit: lossName, lossDigits: digits)
  }
}
