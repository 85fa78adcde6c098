import ChartPictures
import Engine
import Processes
import Storage
import Support
import TaskKit
import Training

extension ComparisonSession {
  /// Trains what has not been trained yet, in all processes that share the runs. The page is kept up to date.
  ///
  /// - Returns: whether all runs have come to their end: they have not if `isInterrupted` said so, which is asked after each
  ///   iteration of each run. All is saved then, and the same comparison goes on.
  package func run(isInterrupted: @escaping @Sendable () -> Bool = { false }) throws -> Bool {
    sayWhatIsCompared()
    try writeReport()
    let jobs = seeds.flatMap { seed in contestants.map { Job(contestant: $0, seed: seed) } }
    let states = try jobs.map { (job: $0, state: try state(of: $0)) }
    let open = try openJobs(states)
    if open.count < jobs.count {
      observe(.message("\(jobs.count - open.count) of \(jobs.count) runs are there already"))
    }
    let early = states.count { $0.state == .stoppedEarly }
    if early > 0, iterations > beginning {
      observe(
        .message(
          "\(early) of them stopped early, since validations brought nothing better, and stay as they are, whatever \(Setting("iterations")) is"
        ))
    }
    let done = Dictionary(
      uniqueKeysWithValues: open.map { job in
        (job.name, (try? TrainingLog.records(path: runFolder(of: job).log))?.last?.iteration ?? 0)
      })
    observe(.begun(iterations: open.count * iterations, done: done))
    let trainings = SideBySide(observe, team, until: isInterrupted)
    try team.together {
      try trainings.run(open, atOnce: atOnce) { job in
        try train(job, trainings)
        return nil
      } ended: { job, _ in
        if try state(of: job) != .open { observe(.ended(run: job.name, iterations: iterations)) }
        if team.size > 1, let result = try result(job) { observe(.message(Sentence("\(job.label): \(sentence(result))"))) }
        try? writeReport()
      }
      try writeReport()
    }
    return try team.fromFirst(jobs.allSatisfy { try state(of: $0) != .open })
  }

  /// The runs that are still to be trained, as the first process finds them: a file system that several machines share may show what has been
  /// written a while ago to one sooner than to another.
  private func openJobs(_ states: [(job: Job, state: State)]) throws -> [Job] {
    let isOpen = try team.broadcast(states.map { $0.state == .open }, count: states.count)
    return zip(states, isOpen).filter { $0.1 }.map(\.0.job)
  }

  private func sayWhatIsCompared() {
    for contestant in contestants {
      let units = contestant.units
      observe(
        .message(
          "\(contestant.name): \(units.grouped) \(units == 1 ? "unit" : "units"), \(contestant.weights.grouped) weights"))
    }
    let runs = contestants.count * seeds.count
    observe(
      .message(
        "\(runs.grouped) \(runs == 1 ? "run" : "runs") of at most \(iterations.grouped) iterations, \(min(atOnce * team.size, runs)) at a time, \(machine.threads) \(machine.threads == 1 ? "thread" : "threads") each; kept in \(folder.path)"
      ))
  }

  private func train(_ job: Job, _ trainings: SideBySide) throws {
    var recipe = job.contestant.recipe.lasting(beginning)
    recipe.training.seed = job.seed
    var unsaid: [Note] = []
    var plan = try recipe.plan(on: material, &unsaid)
    plan.options.iterations = iterations
    let session = try TrainingSession(
      plan, asked: recipe.lasting(iterations), continuingIn: runFolder(of: job), machine: machine)
    var failure: Sentence?
    do {
      let outcome = try session.run(
        isInterrupted: { trainings.isStopped },
        report: { trainings.send(.advanced(run: job.name, iteration: $0.iteration, loss: $0.loss)) })
      if outcome == .interrupted { return }
    } catch let error as RecurrentError where error.kind == .divergence {
      failure = error.sentence
    }
    let result = try session.result(cell: job.contestant.name, test: test, failure: failure?.description)
    try AtomicFile.write(Array((json(result) + "\n").utf8), to: resultFile(job))
    // Of several processes the first one says it, whoever trained.
    if team.size == 1 { trainings.send(.message("\(job.label): \(failure ?? Sentence(sentence(result)))")) }
  }

  private func sentence(_ result: RunResult) -> String {
    if let failure = result.failure { return failure }
    return result.validation.map {
      "held out \($0.fixed(loss.digits)) after iteration \(result.bestIteration?.grouped ?? "?")"
    } ?? ""
  }

  // MARK: Results

  private func runFolder(of job: Job) -> RunFolder { RunFolder(path: "\(folder.path)/\(job.name)") }

  private func resultFile(_ job: Job) -> String { runFolder(of: job).path + "/result.json" }

  /// The result of a run; nil if it has not ended.
  private func result(_ job: Job) throws(RecurrentError) -> RunResult? {
    let path = resultFile(job)
    guard let bytes = try? FileSystem.bytes(of: path) else { return nil }
    do { return try decodeJSON(bytes) } catch { throw RecurrentError(cannotRead: path, "it is damaged: \(describe(error))") }
  }

  /// Whether a run is still to be trained.
  private enum State { case open, ended, stoppedEarly }

  private func state(of job: Job) throws -> State {
    guard let result = try result(job) else { return .open }
    guard result.failure == nil, result.iterations < iterations else { return .ended }
    let checkpoint = try Checkpoint(contentsOf: runFolder(of: job).checkpoint)
    guard let patience = checkpoint.options.patience else { return .open }
    return checkpoint.progress.best.validationsSince >= patience ? .stoppedEarly : .open
  }

  /// The results of all runs that have ended.
  package func report() throws -> ComparisonReport {
    let entries = try contestants.map { contestant in
      let runs = try seeds.compactMap { seed -> ComparisonReport.Run? in
        let job = Job(contestant: contestant, seed: seed)
        guard let result = try result(job) else { return nil }
        return try ComparisonReport.Run(
          result, records: TrainingLog.records(path: runFolder(of: job).log), page: "\(job.name)/report.html")
      }
      return ComparisonReport.Entry(
        cell: contestant.name, units: contestant.units, weights: contestant.weights, runs: runs)
    }
    return ComparisonReport(
      command: title, facts: facts, lossUnit: loss.unit, lossDigits: loss.digits, hasEpochs: hasEpochs,
      figures: Task.figures, entries: entries, runs: contestants.count * seeds.count)
  }

  /// Writes the page and the chart.
  private func writeReport() throws {
    guard team.isFirst else { return }
    let report = try report()
    try AtomicFile.write(Array(report.html.utf8), to: folder.page)
    try AtomicFile.write(Array(report.chart.svg().utf8), to: folder.chart)
  }
}
