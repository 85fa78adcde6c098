import CommandKit
import Console
import Engine
import Experiments
import Networks
import Processes
import Storage
import Support
import TaskKit
import Training

/// A training with `--folds` at a terminal.
struct FoldCommand<Task: TrainableTask> {
  private let keys: RunKeys
  private let invocation: Invocation
  private let processes: any Communicator
  private var terminal: Terminal { invocation.terminal }

  init(_ keys: RunKeys, _ invocation: Invocation, _ processes: any Communicator) {
    (self.keys, self.invocation, self.processes) = (keys, invocation, processes)
  }

  func run(_ recipe: Recipe<Task>, folds: Int) throws {
    let board = TrialBoard(on: terminal)
    var request = FoldRequest(recipe, folds: folds)
    (request.team, request.processors) = (processes, processes.fairThreads)
    request.machine = try Machine(threads: invocation[keys.threads] ?? 1)
    request.output = invocation[keys.output]
    request.command = invocation.line(
      "train \(Task.kind)", without: [keys.threads.name, keys.output.name, keys.json.name, keys.mixed.name])
    let session = try FoldSession.begin(request) { board.show($0) }
    try invocation.runStudy { try session.run(isInterrupted: $0) }
    guard processes.isFirst else { return }
    let report = try session.report()
    if invocation[keys.json] { return try terminal.print(json(Result(report))) }
    for line in report.lines(on: terminal.output) { try terminal.print(line) }
    if let model = report.model { try terminal.print("model, trained on all data: \(model)") }
    for line in try advice(session) { terminal.say(line) }
  }

  private struct Result: Encodable {
    let folds: [FoldReport.Fold]
    let score: Double?
    /// The ends of the score's 95 % interval.
    let interval: [Double]?
    let iterations: Int?
    let model: String?

    init(_ report: FoldReport) {
      (folds, score, iterations, model) = (report.folds, report.score, report.iterations, report.model)
      interval = report.interval.map { [$0.lowerBound, $0.upperBound] }
    }
  }

  /// What to do with the model.
  private func advice(_ session: FoldSession<Task>) throws -> [String] {
    var notes: [Note] = []
    let machine = try Machine(threads: invocation[keys.threads] ?? 1)
    let run = try TrainingSession<Task>(resuming: session.whole, notes: &notes)
    return try run.data.conclusion(session.whole.model, folder: shellWord(session.whole.path), machine: machine).advice
  }
}

extension FoldReport {
  /// The report as a table, and the sum of it.
  fileprivate func lines(on channel: Channel) -> [String] {
    func percent(_ fraction: Double?) -> String { fraction.map { "\((100 * $0).fixed(1)) %" } ?? "" }
    let hasAnswers = folds.contains { $0.answers != nil }
    var columns: [Table.Column] = [.text("held out"), .numbers("right"), .numbers("loss"), .numbers("best iteration")]
    if hasAnswers { columns.insert(.numbers("number"), at: 1) }
    var table = Table(columns: columns)
    for fold in folds {
      var row = ["part \(fold.number)", fold.failure == nil ? percent(fold.score) : "failed"]
      row += [fold.loss?.fixed(3) ?? "", fold.bestIteration?.grouped ?? ""]
      if hasAnswers { row.insert(fold.answers?.grouped ?? "", at: 1) }
      table.rows.append(row)
    }
    var lines = table.lines { channel.styled($0, .bold) }
    if let score, let interval {
      let ends = "\((100 * interval.lowerBound).fixed(1)) to \(percent(interval.upperBound))"
      lines.append("right of what was not trained on: \(percent(score)), with 95 % confidence \(ends)")
    }
    return lines
  }
}
