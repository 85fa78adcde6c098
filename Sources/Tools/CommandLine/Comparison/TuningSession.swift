import CellLanguage
import CommandKit
import Engine
import Experiments
import Models
import Networks
import Platform
import Storage
import Support
import Synchronization
import Training

/// A search for settings: trials in folders of their own within that of the search.
struct TuningSession {
  /// What is in the folder's `search.json`.
  struct Record: StudyRecord {
    static let (noun, fileName) = ("search", "search.json")

    let study: Study
    var halving: Halving
  }

  private let command: TuneCommand
  private let invocation: Invocation
  private let folder: StudyFolder<Record>
  private var record: Record
  private let planning: TrainingCommand.Planning
  /// What training takes by itself.
  private let customary: SearchSpace.Settings
  private let leastDigits: Int
  private let lossName: String
  private let threads: Int
  private let together: Int
  private var terminal: Terminal { invocation.terminal }

  init(_ command: TuneCommand, _ invocation: Invocation) throws {
    self.command = command
    self.invocation = invocation
    (threads, together) = try sharedThreads(invocation[command.threads])
    let plain = command.plain(invocation)
    planning = try command.reading(plain)
    customary = try SearchSpace.Settings(planning(plain), plain)
    let first = command.invocation(invocation, command.settings(invocation, trial: 0, customary: customary))
    let plan = try planning(first.on(invocation.terminal.withoutMessages))
    guard plan.source.validation != nil else {
      throw RecurrentError(.unsuitable, "nothing is held out to judge settings by: leave --validation out, or give it more")
    }
    let study = Study(
      command: invocation.line("tune \(command.name)", without: command.passing), task: plan.task, options: plan.options)
    let architecture = try plan.architecture(first)
    let name = "runs/tune-\(plan.name)-\(architecture.layers[0].cell.name)"
    let (folder, known) = try StudyFolder<Record>.find(in: invocation[command.keys.output], customary: name) {
      try $0.study.check(study, Record.noun, $1)
    }
    self.folder = folder
    record =
      known
      ?? Record(
        study: study,
        halving: Halving(
          width: invocation[command.width], iterations: plan.options.iterations, interval: plan.options.validationInterval))
    leastDigits = lossDigits(architecture)
    lossName = lossUnit(architecture)
    try folder.write(record)
  }

  /// Searches for so long, and shows what was found.
  mutating func run(minutes: Double, json: Bool) throws {
    let deadline = uptime() + .seconds(minutes * 60)
    let known = record.halving.trials.count { !$0.losses.isEmpty }
    let search = "searching for \(Duration.seconds(minutes * 60).brief), \(together) at a time; kept in \(folder.path)"
    terminal.say(known > 0 ? "going on behind \(known) trials, \(search)" : search)
    if let finalists = record.halving.finalists {
      terminal.say(
        "\(finalists) of the \(record.halving.width) trials of a bracket go on to the end, since there are too few validations to halve them more "
          + "often: with a smaller --validate-every more is tried in the same time")
    }
    do {
      try Interrupt.watching {
        while uptime() < deadline && Interrupt.request == nil { try goOn(until: deadline) }
        if let request = Interrupt.request { throw request }
      }
    } catch let stop as Interrupted {
      terminal.say("stopped, and saved; the same command goes on")
      throw stop
    }
    try show(json: json)
  }

  /// One round, or as much of it as there is time for.
  private mutating func goOn(until deadline: Duration) throws {
    if record.halving.round == nil { record.halving.begin { command.settings(invocation, trial: $0, customary: customary) } }
    guard let round = record.halving.round else { return }
    let before = round.number == 0 ? 0 : record.halving.rungs[round.number - 1]
    terminal.say(
      "bracket \(round.bracket + 1), round \(round.number + 1): \(round.trials.count) "
        + "\(round.trials.count == 1 ? "trial" : "trials") to iteration \(round.iterations.grouped)")
    defer { sayBest(of: round) }
    let board = TrialBoard(
      iterations: round.trials.count * round.iterations,
      done: Dictionary(uniqueKeysWithValues: round.trials.map { (name($0), before) }), until: deadline, on: terminal)
    let shared = Mutex(record)
    defer { record = shared.withLock { $0 } }
    let session = self
    try board.run(round.trials, atOnce: together, on: Machine(threads: together)) { trial in
      guard let loss = try session.train(trial, to: round.iterations, board) else { return }
      try shared.withLock { record in
        record.halving.record(loss, of: trial)
        try session.folder.write(record)
      }
    }
  }

  /// What the search has come to, once a round is over.
  private func sayBest(of round: Halving.Round) {
    guard record.halving.round != round, let best = record.halving.ranking.first, let loss = record.halving.trials[best].loss
    else {
      return
    }
    terminal.say("  the best so far: trial \(best + 1), held out \(loss.fixed(digits))")
  }

  /// Digits of a loss behind the point, so many that the best one has two at least.
  private var digits: Int {
    guard let best = record.halving.ranking.first.flatMap({ record.halving.trials[$0].loss }), best > 0 else {
      return leastDigits
    }
    return max(leastDigits, min(9, 1 - Int(log10(best).rounded(.down))))
  }

  private func name(_ trial: Int) -> String { "trial-\(trial + 1)" }

  private func runFolder(of trial: Int) -> RunFolder { RunFolder(path: "\(folder.path)/\(name(trial))") }

  /// Trains a trial up to an iteration.
  ///
  /// - Returns: its best held-out loss so far, infinite if it broke off; nil if it was stopped before.
  private func train(_ index: Int, to iterations: Int, _ board: TrialBoard) throws -> Double? {
    let settings = record.halving.trials[index].settings
    let invocation = command.invocation(invocation, settings).on(terminal.withoutMessages)
    let plan = try planning(invocation)
    let trial = try Trial(plan, invocation, in: runFolder(of: index).path, machine: Machine(threads: threads))
    let trainer = trial.trainer
    func isThere() -> Bool { trainer.isOver || trainer.progress.iteration >= iterations }
    do {
      if !isThere() {
        _ = try trial.run(until: { isThere() || board.isStopped }) {
          board.update(name(index), iteration: $0.iteration, loss: $0.loss)
        }
      }
      guard isThere() else { return nil }
      board.end(name(index), iterations: iterations)
      return trainer.progress.best.loss ?? .infinity
    } catch let error as RecurrentError where error.kind == .divergence {
      board.end(name(index), iterations: iterations)
      return .infinity
    }
  }

  // MARK: Results

  private func show(json: Bool) throws {
    let ranking = record.halving.ranking
    guard let best = ranking.first else {
      let broken = record.halving.trials.count { !$0.losses.isEmpty }
      if broken > 0 {
        throw RecurrentError(.unsuitable, 
          "\(broken == 1 ? "the only trial so far" : "each of the \(broken) trials so far") broke off, since its numbers grew without bound: search "
            + "lower learning rates (--learning-rate A..B), or clip the gradient harder (--clip)")
      }
      throw RecurrentError(.unsuitable, 
        "no trial has come to iteration \(record.halving.rungs[0].grouped), after which the first ones are compared: give more --minutes to "
          + "go on, or fewer --iterations")
    }
    let line = command.line(invocation, record.halving.trials[best].settings)
    if json { return try terminal.print(Storage.json(report(ranking, line))) }
    var table = Table(
      columns: [
        .text("trial"), .numbers("rate"), .numbers("units"), .numbers("layers"), .numbers("dropout"), .numbers("iterations"),
        .numbers("held out, \(lossName)"),
      ])
    let shown = ranking.prefix(20)
    table.rows = shown.map { trial in
      let (settings, losses) = (record.halving.trials[trial].settings, record.halving.trials[trial].losses)
      return [
        "\(trial + 1)", short(settings.learningRate), "\(settings.units)", "\(settings.layers)", short(settings.dropout),
        record.halving.rungs[losses.count - 1].grouped, losses[losses.count - 1].fixed(digits),
      ]
    }
    for row in table.lines(heading: { terminal.output.styled($0, .bold) }) { try terminal.print(row) }
    if shown.count < ranking.count { try terminal.print("and \(ranking.count - shown.count) more") }
    try terminal.print("\n\(line)")
    terminal.say("the best one's network, as far as it was trained: \(runFolder(of: best).path)")
  }

  private func report(_ ranking: [Int], _ line: String) -> Report {
    Report(
      command: line,
      trials: ranking.map { trial in
        let losses = record.halving.trials[trial].losses
        return Report.Row(
          trial: trial + 1, settings: record.halving.trials[trial].settings,
          iterations: record.halving.rungs[losses.count - 1], validation: losses[losses.count - 1],
          folder: runFolder(of: trial).path)
      })
  }

  private struct Report: Encodable {
    struct Row: Encodable {
      let trial: Int
      let settings: SearchSpace.Settings
      let iterations: Int
      let validation: Double
      let folder: String
    }

    /// The command line that trains with the best settings.
    let command: String
    let trials: [Row]
  }
}

extension SearchSpace.Settings {
  /// Those of a plan.
  fileprivate init(_ plan: TrainingPlan, _ invocation: Invocation) throws {
    let layers = try plan.architecture(invocation).layers
    self.init(
      learningRate: plan.options.learningRate.initial, units: layers[0].units, layers: layers.count,
      dropout: plan.options.regularization.dropout)
  }
}
