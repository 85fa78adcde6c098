import Engine
import Models
import Networks
import Processes
import Storage
import Support
package import TaskKit
package import Training

/// Trainings in which each of several parts of the data is held out once, and one on all data, in a folder of their own.
package struct FoldSession<Task: TrainableTask>: Sendable {
  private let request: FoldRequest<Task>
  private let material: Task.Material
  private let folder: StudyFolder<FoldRecord<Task>>
  private let machine: Machine
  private let atOnce: Int
  private let observe: StudyObserver

  /// Where the trainings are kept.
  package var path: String { folder.path }
  /// The run of the training on all data.
  package var whole: RunFolder { RunFolder(path: "\(folder.path)/all") }

  /// Begins in all processes, or finds what was begun.
  package static func begin(_ request: FoldRequest<Task>, observe: @escaping StudyObserver) throws -> FoldSession {
    try request.team.beginStudy(
      { folder in
        var own = request
        own.output = folder ?? request.output
        return try FoldSession(own, observe: observe)
      }, path: { $0.folder.path })
  }

  private init(_ request: FoldRequest<Task>, observe: @escaping StudyObserver) throws {
    try request.check()
    var request = request
    request.recipe = try request.recipe.opened()
    machine = try request.machine ?? Machine(threads: 1)
    atOnce = try runsAtOnce(machine, of: request.processors)
    let first = request.recipe(holdingOut: .part(0, of: request.folds))
    let (material, plan) = try telling(observe) { notes in
      let material = try Task.read(first.prepared(&notes), &notes)
      return (material, try first.plan(on: material, &notes))
    }
    guard plan.data.hasValidation else {
      throw RecurrentError(
        .unsuitable, naming: "\(Setting("folds")) \(request.folds) leaves nothing to hold out in a part: give fewer")
    }
    let study = Study(command: request.identity, recipe: request.common, digest: plan.data.digest, options: plan.options)
    let (folder, known) = try StudyFolder<FoldRecord<Task>>.find(in: request.output, otherwise: "runs/\(plan.name)-folds") {
      known, path in try known.study.check(study, FoldRecord<Task>.noun, path)
    }
    if known == nil { try folder.write(FoldRecord(study: study)) }
    (self.request, self.material, self.folder, self.observe) = (request, material, folder, observe)
  }

  /// Trains what has not been trained yet, in all processes that share the runs.
  ///
  /// - Returns: whether all has come to its end: it has not if `isInterrupted` said so, which is asked after each iteration. All is
  ///   saved then, and the same request goes on.
  package func run(isInterrupted: @escaping @Sendable () -> Bool = { false }) throws -> Bool {
    let open = try (0..<request.folds).filter { try result(part: $0) == nil }
    observe(
      .message(
        "\(request.folds) runs, each of which holds out another part, \(min(atOnce * request.team.size, request.folds)) at a time; kept in \(folder.path)"
      ))
    try run(open.map { .part($0, of: request.folds) }, isInterrupted)
    guard try request.team.fromFirst((0..<request.folds).allSatisfy { try result(part: $0) != nil }) else { return false }
    let report = try report()
    guard let iterations = report.iterations else {
      throw RecurrentError(.divergence, report.folds.compactMap(\.failure).first ?? "no run came to its end")
    }
    if report.model != nil { return true }
    observe(.message("and one on all data, for \(iterations.grouped) iterations"))
    try run([.nothing], isInterrupted)
    return try request.team.fromFirst(self.report().model != nil)
  }

  /// What has come of it so far.
  package func report() throws -> FoldReport {
    let folds = try (0..<request.folds).compactMap { try result(part: $0) }
    let best = folds.compactMap(\.bestIteration).sorted()
    return FoldReport(
      folds: folds, count: request.folds, iterations: best.isEmpty ? nil : best[best.count / 2],
      model: FileSystem.exists(endFile) ? whole.model : nil)
  }

  // MARK: Running

  private func run(_ folds: [Fold], _ isInterrupted: @escaping @Sendable () -> Bool) throws {
    if folds.isEmpty { return }
    let iterations = try report().iterations
    let plans = try folds.map { fold in try plan(fold, iterations) }
    observe(.begun(iterations: plans.reduce(0) { $0 + $1.options.iterations }, done: [:]))
    let trainings = SideBySide(observe, request.team, until: isInterrupted)
    try request.team.together {
      try trainings.run(folds, atOnce: atOnce) { fold in
        try train(fold, iterations, trainings)
        return nil
      } ended: { _, _ in
      }
    }
  }

  private func plan(_ fold: Fold, _ iterations: Int?) throws -> TrainingPlan<Task> {
    var unsaid: [Note] = []
    return try recipe(fold, iterations).plan(on: material, &unsaid)
  }

  private func recipe(_ fold: Fold, _ iterations: Int?) -> Recipe<Task> {
    guard fold == .nothing, let iterations else { return request.recipe(holdingOut: fold) }
    return request.recipe(onAllFor: iterations)
  }

  private func train(_ fold: Fold, _ iterations: Int?, _ trainings: SideBySide) throws {
    let run = runFolder(fold)
    let name = run.path.split(separator: "/").last.map(String.init) ?? run.path
    let session = try TrainingSession(
      plan(fold, iterations), asked: recipe(fold, iterations), continuingIn: run, machine: machine)
    var failure: String?
    do {
      let outcome = try session.run(
        isInterrupted: { trainings.isStopped },
        report: { trainings.send(.advanced(run: name, iteration: $0.iteration, loss: $0.loss)) })
      if outcome == .interrupted { return }
    } catch let error as RecurrentError where error.kind == .divergence && fold != .nothing {
      failure = error.sentence.description
    }
    trainings.send(.ended(run: name, iterations: session.trainer.options.iterations))
    guard case .part(let number, _) = fold else { return try AtomicFile.write(Array("{}\n".utf8), to: endFile) }
    let result = try session.result(cell: name, test: nil, failure: failure)
    let own = FoldReport.Fold(
      number: number + 1, score: result.score, answers: session.data.independentAnswers, loss: result.validation,
      bestIteration: result.bestIteration, failure: failure)
    try AtomicFile.write(Array((json(own) + "\n").utf8), to: resultFile(part: number))
  }

  private func runFolder(_ fold: Fold) -> RunFolder {
    switch fold {
    case .part(let number, _): RunFolder(path: "\(folder.path)/part-\(number + 1)")
    case .nothing: whole
    }
  }

  private func resultFile(part: Int) -> String { runFolder(.part(part, of: request.folds)).path + "/result.json" }

  /// The file that is there once the training on all data has ended.
  private var endFile: String { whole.path + "/result.json" }

  private func result(part: Int) throws(RecurrentError) -> FoldReport.Fold? {
    let path = resultFile(part: part)
    guard let bytes = try? FileSystem.bytes(of: path) else { return nil }
    do { return try decodeJSON(bytes) } catch { throw RecurrentError(cannotRead: path, "it is damaged: \(describe(error))") }
  }
}

/// The content of `folds.json`.
struct FoldRecord<Task: LearningTask>: StudyRecord {
  static var noun: String { "training in parts" }
  static var fileName: String { "folds.json" }

  var study: Study<Task>
}
