import CellLanguage
import ChartPictures
import CommandKit
import Engine
import Experiments
import Inspector
import Markup
import Models
import Networks
import Pages
import Storage
import Support
import Training

/// The same training with several cells and seeds, each in a folder of its own within the folder of the comparison.
struct ComparisonSession: Sendable {
  /// What is in the folder's `comparison.json`.
  struct Record: StudyRecord {
    static let (noun, fileName) = ("comparison", "comparison.json")

    let study: Study
    /// All cells that were ever compared here, by what the user calls them.
    var cells: [String: Cell]
    /// Of each run at most; more than the study began with if somebody asked for more.
    var iterations: Int

    struct Cell: Codable, Hashable {
      /// What the folders of its runs begin with.
      let folder: String
      /// The equations, since a file of them may change.
      let text: String
      let units: Int
    }
  }

  /// A cell with the network that it makes.
  struct Contestant: Sendable {
    let name: String
    /// The equations.
    let text: String
    let units: Int
    let weights: Int
    let invocation: Invocation
    /// What the folders of its runs begin with.
    var folder = ""
  }

  private struct Job: Sendable {
    let contestant: Contestant
    let seed: Int
    /// As the folder is called.
    let name: String
  }

  private let folder: StudyFolder<Record>
  private let contestants: [Contestant]
  private let seeds: [Int]
  private let planning: TrainingCommand.Planning
  private let keys: TrainingOptionKeys
  /// A file that is only measured at the end.
  private let test: String?
  private let command: String
  private let facts: [TrainingReport.Fact]
  private let loss: (unit: String, digits: Int)
  private let hasEpochs: Bool
  /// Of each run at most, now and when the comparison began.
  private let iterations: Int
  private let beginning: Int
  private let threads: Int
  private let together: Int
  private let terminal: Terminal

  init(_ command: CompareCommand, _ invocation: Invocation) throws {
    keys = command.keys
    terminal = invocation.terminal
    (threads, together) = try sharedThreads(invocation[command.threads])
    let seed = invocation[keys.seed]
    let (end, isTooMuch) = seed.addingReportingOverflow(invocation[command.seeds])
    if isTooMuch {
      throw RecurrentError(.usage, "--seed \(seed) leaves no room for \(invocation[command.seeds]) runs behind it: give a smaller one")
    }
    seeds = Array(seed..<end)
    let names = try command.names(invocation)
    let first = command.invocation(invocation, of: names[0], at: 0)
    var planning = try command.reading(first)
    let plan = try planning(first)
    guard plan.source.validation != nil else {
      throw RecurrentError(.unsuitable, "nothing is held out to compare cells by: leave --validation out, or give it more")
    }
    let asked = plan.options.iterations
    func study(_ plan: TrainingPlan) -> Study {
      Study(
        command: invocation.line("compare \(command.name)", without: command.passing), task: plan.task, options: plan.options)
    }
    // What may be refused is looked at before hours of training, and before anything is written.
    _ = try invocation[command.test].map { try plan.source.batches(of: $0) }
    var contestants = try names.enumerated().map { place, name in
      try Contestant(name, plan, command, command.invocation(invocation, of: name, at: place))
    }
    let (folder, known) = try StudyFolder<Record>.find(
      in: invocation[keys.output], customary: "runs/compare-\(plan.name)"
    ) { known, path in
      // More iterations go on with the same runs, whose other options stay what they were, though they may depend on the iterations.
      let then = first.asking(known.study.options.iterations, command.keys)
      let own = known.study.options.iterations == asked ? planning : try command.reading(then)
      try known.study.check(study(own(then)), Record.noun, path)
      guard known.iterations <= asked else {
        throw RecurrentError(.unsuitable, 
          "the runs of the comparison in \(path) have up to \(known.iterations.grouped) iterations: --iterations can be more, but not "
            + "fewer; or name another folder as --output")
      }
      if asked > known.iterations, case .cosine = plan.options.learningRate.schedule {
        throw RecurrentError(.unsuitable, 
          "with --schedule cosine all rates depend on how many iterations there are, so that the runs in \(path) can't go on with more: "
            + "name another folder as --output")
      }
      for contestant in contestants { try known.check(contestant, path) }
      planning = own
    }
    self.planning = planning
    var record = known ?? Record(study: study(plan), cells: [:], iterations: asked)
    record.iterations = asked
    beginning = record.study.options.iterations
    for place in contestants.indices { contestants[place].folder = record.folder(of: contestants[place]) }
    try folder.write(record)
    (self.folder, self.contestants) = (folder, contestants)

    let architecture = try plan.architecture(contestants[0].invocation)
    test = invocation[command.test]
    iterations = asked
    loss = (lossUnit(architecture), lossDigits(architecture))
    hasEpochs = plan.source.training.iterationsPerEpoch != nil
    self.command = invocation.line(
      "compare \(command.name)", without: [keys.output.name, keys.json.name, command.threads.name])
    facts = [
      ("Seeds", seeds.map(String.init).joined(separator: ", ")), ("Iterations at most", iterations.grouped),
      ("Weights asked for", invocation[command.parameters].map { $0.grouped } ?? ""),
      ("Optimizer", OptimizerName(plan.options.optimizer).rawValue), ("Threads of a run", "\(threads)"),
    ].filter { $0.1 != "" }.map { TrainingReport.Fact(name: $0, value: $1) }
  }

  // MARK: Running

  /// Trains what has not been trained yet, and shows what has come of all.
  func run(json: Bool) throws {
    sayWhatIsCompared()
    try writeReport()
    let jobs = seeds.flatMap { seed in
      contestants.map { Job(contestant: $0, seed: seed, name: "\($0.folder)-\(seed)") }
    }
    let states = try jobs.map { (job: $0, state: try state(of: $0)) }
    let open = states.filter { $0.state == .open }.map(\.job)
    if open.count < jobs.count { terminal.say("\(jobs.count - open.count) of \(jobs.count) runs are there already") }
    let early = states.count { $0.state == .stoppedEarly }
    if early > 0, iterations > beginning {
      terminal.say(
        "\(early) of them stopped early, since validations brought nothing better, and stay as they are, whatever --iterations is"
      )
    }
    let begun = Dictionary(
      uniqueKeysWithValues: open.map { job in
        (job.name, (try? TrainingLog.records(path: runFolder(of: job).log))?.last?.iteration ?? 0)
      })
    let board = TrialBoard(iterations: open.count * iterations, done: begun, on: terminal)
    do {
      try Interrupt.watching {
        try board.run(open, atOnce: together, on: Machine(threads: together)) { job in
          try train(job, board)
          board.alone { try? writeReport() }
        }
      }
    } catch let stop as Interrupted {
      terminal.say("stopped, and saved; the same command goes on")
      throw stop
    }
    let report = try report()
    try writeReport()
    if json {
      try terminal.print(Storage.json(report))
    } else {
      for line in report.lines(on: terminal.output) { try terminal.print(line) }
      let (late, all) = report.bestAtTheEnd
      if late * 2 > all {
        terminal.say("\(late) of \(all) runs were at their best at the end: with more --iterations they may get better")
      }
      terminal.say("with charts: \(folder.page)")
    }
    let failures = report.entries.flatMap(\.failures)
    if let first = failures.first?.failure, failures.count == report.runs {
      throw RecurrentError(.unsuitable, "no run came to its end, which leaves nothing to compare: \(first)")
    }
  }

  private func sayWhatIsCompared() {
    for contestant in contestants {
      let units = contestant.units
      terminal.say(
        "\(contestant.name): \(units.grouped) \(units == 1 ? "unit" : "units"), \(contestant.weights.grouped) weights")
    }
    let runs = contestants.count * seeds.count
    terminal.say(
      "\(runs.grouped) \(runs == 1 ? "run" : "runs") of at most \(iterations.grouped) iterations, \(min(together, runs)) at a time, "
        + "\(threads) \(threads == 1 ? "thread" : "threads") each; kept in \(folder.path)")
  }

  private func runFolder(of job: Job) -> RunFolder { RunFolder(path: "\(folder.path)/\(job.name)") }

  private func train(_ job: Job, _ board: TrialBoard) throws {
    let invocation = job.contestant.invocation.asking(beginning, keys).with(keys.seed, job.seed)
    var plan = try planning(invocation)
    plan.options.iterations = iterations
    let trial = try Trial(plan, invocation, in: runFolder(of: job).path, machine: Machine(threads: threads))
    let label = "\(job.contestant.name), seed \(job.seed)"
    var failure: String?
    do {
      let outcome = try trial.run(until: { board.isStopped }) {
        board.update(job.name, iteration: $0.iteration, loss: $0.loss)
      }
      if outcome == .interrupted { return }
    } catch let error as RecurrentError where error.kind == .divergence {
      failure = "\(error)"
    }
    let result = try trial.result(cell: job.contestant.name, test: test, failure: failure)
    try AtomicFile.write(Array((Storage.json(result) + "\n").utf8), to: Self.resultFile(trial.folder))
    board.end(job.name, iterations: iterations)
    let best = result.validation.map {
      "held out \($0.fixed(loss.digits)) after iteration \(result.bestIteration?.grouped ?? "?")"
    }
    board.say("\(label): \(failure ?? best ?? "")")
  }

  // MARK: Results

  private static func resultFile(_ folder: RunFolder) -> String { folder.path + "/result.json" }

  /// What came of a run; nil if it has not ended.
  private func result(_ job: Job) throws -> RunResult? {
    let path = Self.resultFile(runFolder(of: job))
    guard let bytes = try? FileSystem.bytes(of: path) else { return nil }
    do { return try decodeJSON(bytes) } catch { throw RecurrentError(cannotRead: path, "it is damaged: \(describe(error))") }
  }

  /// Whether a run is to be made, or gone on with.
  private enum State { case open, ended, stoppedEarly }

  private func state(of job: Job) throws -> State {
    guard let result = try result(job) else { return .open }
    guard result.failure == nil, result.iterations < iterations else { return .ended }
    let checkpoint = try Checkpoint(contentsOf: runFolder(of: job).checkpoint)
    guard let patience = checkpoint.options.patience else { return .open }
    return checkpoint.progress.best.validationsSince >= patience ? .stoppedEarly : .open
  }

  private func report() throws -> ComparisonReport {
    let entries = try contestants.map { contestant in
      let runs = try seeds.compactMap { seed -> ComparisonReport.Run? in
        let job = Job(contestant: contestant, seed: seed, name: "\(contestant.folder)-\(seed)")
        guard let result = try result(job) else { return nil }
        return try ComparisonReport.Run(
          result, records: TrainingLog.records(path: runFolder(of: job).log), page: "\(job.name)/report.html")
      }
      return ComparisonReport.Entry(
        cell: contestant.name, units: contestant.units, weights: contestant.weights, runs: runs)
    }
    return ComparisonReport(
      command: command, facts: facts, lossUnit: loss.unit, lossDigits: loss.digits, hasEpochs: hasEpochs, entries: entries,
      runs: contestants.count * seeds.count)
  }

  /// Writes the page and the chart.
  private func writeReport() throws {
    let report = try report()
    try AtomicFile.write(Array(report.html.utf8), to: folder.page)
    try AtomicFile.write(Array(report.chart.svg().utf8), to: folder.chart)
  }
}

extension Invocation {
  /// The same call, silently, with so many iterations, whatever else it asks for.
  fileprivate func asking(_ iterations: Int, _ keys: TrainingOptionKeys) -> Invocation {
    with(keys.iterations, iterations).without([CompareCommand.epochs]).on(terminal.withoutMessages)
  }
}

extension ComparisonSession.Contestant {
  /// A cell with as many units as `named` asks for or, if the command asks for weights, as give nearly as many.
  fileprivate init(_ name: String, _ plan: TrainingPlan, _ command: CompareCommand, _ named: Invocation) throws {
    let keys = command.keys
    var sized = named
    if let target = named[command.parameters] {
      func weights(_ units: Int) -> Int? { try? plan.architecture(named.with(keys.units, units)).weightCount() }
      guard let units = WeightBudget.units(for: target, weights: weights) else {
        // Of a network that can't be built at all this says why.
        let one = try plan.architecture(named.with(keys.units, 1)).weightCount()
        throw RecurrentError(.unsuitable, 
          "with \(name) even a network of one unit has \(one.grouped) weights, more than --parameters \(target): give more")
      }
      sized = named.with(keys.units, units)
    }
    let architecture = try plan.architecture(sized)
    self.name = name
    text = try cell(named: name).description
    units = architecture.layers[0].units
    weights = try architecture.weightCount()
    invocation = sized
  }
}

extension ComparisonSession.Record {
  /// - Throws: ``RecurrentError`` if a cell of that name is another one here.
  fileprivate func check(_ contestant: ComparisonSession.Contestant, _ path: String) throws {
    guard let known = cells[contestant.name] else { return }
    guard known.text == contestant.text else {
      throw RecurrentError(.unsuitable, 
        "the equations of \(contestant.name) have changed since the comparison in \(path) began: give the new ones another name, or name "
          + "another folder as --output")
    }
    guard known.units == contestant.units else {
      throw RecurrentError(.unsuitable, 
        "\(contestant.name) has \(known.units) units in the comparison in \(path), not \(contestant.units): name another folder as --output"
      )
    }
  }

  /// The folder's name for a cell, a new one if it has none: what the user calls it, without what file names should not have.
  fileprivate mutating func folder(of contestant: ComparisonSession.Contestant) -> String {
    if let known = cells[contestant.name] { return known.folder }
    let last = contestant.name.split(separator: "/").last.map(String.init) ?? contestant.name
    let plain = last.hasSuffix(".cell") ? String(last.dropLast(5)) : last
    let safe = String(plain.map { $0.isLetter || $0.isNumber || "-_.".contains($0) ? $0 : "-" })
    let taken = Set(cells.values.map(\.folder))
    var number = 1
    while taken.contains(number == 1 ? safe : "\(safe)-\(number)") { number += 1 }
    let folder = number == 1 ? safe : "\(safe)-\(number)"
    cells[contestant.name] = Cell(folder: folder, text: contestant.text, units: contestant.units)
    return folder
  }
}

extension ComparisonReport {
  /// The table.
  func lines(on channel: Channel) -> [String] {
    let columns = columns
    var table = Table(columns: columns.enumerated().map { $0.offset == 0 ? .text($0.element.title) : .numbers($0.element.title) })
    table.rows = entries.map { entry in columns.map { $0.text(entry) } }
    return table.lines { channel.styled($0, .bold) }
  }
}
