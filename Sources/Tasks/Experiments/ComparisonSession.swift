import Engine
import Networks
import Pages
import Processes
import Support
package import TaskKit
import Training

/// The same training with several cells and seeds, each in a folder of its own within the folder of the comparison.
package struct ComparisonSession<Task: TrainableTask>: Sendable {
  /// One training.
  struct Job: Sendable {
    let contestant: Contestant<Task>
    let seed: Int
    /// The name of the run's folder.
    var name: String { "\(contestant.folder)-\(seed)" }
    var label: String { "\(contestant.name), seed \(seed)" }
  }

  let folder: StudyFolder<ComparisonRecord<Task>>
  let contestants: [Contestant<Task>]
  let seeds: [Int]
  let material: Task.Material
  /// A file that the best weights are measured on at the end.
  let test: String?
  let title: String
  let facts: [TrainingReport.Fact]
  let loss: (unit: String, digits: Int)
  let hasEpochs: Bool
  /// The most iterations of each run, now and when the comparison began.
  let iterations: Int
  let beginning: Int
  let machine: Machine
  let atOnce: Int
  /// The processes that share the runs.
  let team: any Communicator
  let observe: StudyObserver

  /// The page of the comparison, with charts.
  package var page: String { folder.page }

  /// Begins a comparison, or finds it in its folder, in all processes that share its runs.
  ///
  /// - Throws: ``RecurrentError`` if the request makes no sense, or its folder has something else.
  package static func begin(_ request: ComparisonRequest<Task>, observe: @escaping StudyObserver) throws -> ComparisonSession {
    try request.team.beginStudy(
      { folder in
        var own = request
        own.output = folder ?? request.output
        return try ComparisonSession(own, observe: observe)
      }, path: { $0.folder.path })
  }

  /// Begins a comparison, or finds it in its folder.
  ///
  /// Whatever may be refused is refused before anything is written.
  ///
  /// - Throws: ``RecurrentError`` if the request makes no sense, or its folder has something else.
  package init(_ request: ComparisonRequest<Task>, observe: @escaping StudyObserver) throws {
    try request.check()
    var request = request
    request.recipe = try request.recipe.opened()
    seeds = try request.runSeeds()
    machine = try request.machine ?? Machine(threads: 1)
    atOnce = try runsAtOnce(machine, of: request.processors)
    team = request.team
    let first = request.recipe(of: request.cells[0])
    let (material, plan) = try telling(observe) { notes in
      let material = try Task.read(first.prepared(&notes), &notes)
      return (material, try first.plan(on: material, &notes))
    }
    guard plan.data.hasValidation else {
      throw RecurrentError(
        .unsuitable,
        naming: "nothing is held out to compare cells by: leave \(Setting("validation")) out, or give it more")
    }
    let asked = plan.options.iterations
    func study(_ plan: TrainingPlan<Task>) -> Study<Task> {
      Study(command: request.identity, recipe: request.common, digest: plan.data.digest, options: plan.options)
    }
    _ = try request.testFile.map { try plan.data.batches(of: $0) }
    var contestants = try request.cells.map { try Contestant($0, request, material) }
    let (folder, known) = try StudyFolder<ComparisonRecord<Task>>.find(
      in: request.output, otherwise: "runs/compare-\(plan.name)"
    ) { known, path in
      // With more iterations the same runs go on. Their other options stay as they were, though they may depend on the
      // iterations.
      var unsaid: [Note] = []
      let then = try first.lasting(known.study.options.iterations).plan(on: material, &unsaid)
      try known.study.check(study(then), ComparisonRecord<Task>.noun, path)
      try known.checkIterations(asked, plan.options, path)
      for contestant in contestants { try known.check(contestant, path) }
    }
    var record = known ?? ComparisonRecord(study: study(plan), cells: [:], iterations: asked)
    record.study.recipe = request.common
    record.iterations = asked
    beginning = record.study.options.iterations
    for place in contestants.indices { contestants[place].folder = record.folder(of: contestants[place]) }
    try folder.write(record)
    (self.folder, self.contestants, self.material, self.observe) = (folder, contestants, material, observe)

    let architecture = try plan.architecture(plan.recipe)
    test = request.testFile
    iterations = asked
    loss = (lossUnit(architecture), lossDigits(architecture))
    let source: any BatchSource = plan.data.training
    hasEpochs = source.iterationsPerEpoch != nil
    title = request.title ?? "\(plan.name): \(request.cells.map(\.name).joined(separator: ", "))"
    facts = [
      ("Seeds", seeds.map(String.init).joined(separator: ", ")), ("Iterations at most", iterations.grouped),
      ("Weights asked for", request.parameters.map { $0.grouped } ?? ""),
      ("Optimizer", TrainingSettings.OptimizerName(plan.options.optimizer).rawValue), ("Threads of a run", "\(machine.threads)"),
    ].filter { $0.1 != "" }.map { TrainingReport.Fact(name: $0, value: $1) }
  }
}

extension ComparisonRecord {
  /// - Throws: ``RecurrentError`` if the runs here can't go on to that many iterations.
  fileprivate func checkIterations(_ asked: Int, _ options: TrainingOptions, _ path: String) throws(RecurrentError) {
    guard iterations <= asked else {
      throw RecurrentError(
        .unsuitable,
        naming:
          "the runs of the comparison in \(path) have up to \(iterations.grouped) iterations: \(Setting("iterations")) can be more, but not fewer; or name another folder as \(Setting("output"))"
      )
    }
    if asked > iterations, case .cosine = options.learningRate.schedule {
      throw RecurrentError(
        .unsuitable,
        naming:
          "with \(Setting("schedule")) cosine all rates depend on how many iterations there are, so that the runs in \(path) can't go on with more: name another folder as \(Setting("output"))"
      )
    }
  }
}
