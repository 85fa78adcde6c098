import CommandKit
import Console
import Engine
import Experiments
import Processes
import Storage
import Support
import TaskKit

extension Command {
  /// `recurrent tune`, with a command for each task.
  static func tune(_ tasks: TaskRegistry) -> Command {
    Command(
      "tune", "Searches for settings that a training does best with.",
      commands: tasks.tasks.map { task in tuneCommand(task) })
  }

  private static func tuneCommand<Task: TrainableTask>(_ task: Task.Type) -> Command {
    Command(Task.kind, "Searches for the best settings of `recurrent train \(Task.kind)` in a given time.") { declare in
      let command = TuneCommand<Task>(&declare)
      return { try command.run($0) }
    }
  }
}

/// `recurrent tune` for one task.
private struct TuneCommand<Task: TrainableTask>: Sendable {
  private let minutes: Key<Double>
  private let learningRate: Key<ClosedRange<Double>>
  private let units: Key<ClosedRange<Int>>
  private let layers: Key<ClosedRange<Int>>
  private let dropout: Key<ClosedRange<Double>>
  private let width: Key<Int>
  private let study: StudyKeys
  private let options: RecipeOptions<Task>

  init(_ declare: inout Declaration) {
    let defaultKeys = SearchRanges(about: Task.defaults)
    minutes = declare.number("--minutes", in: .upTo(1_000_000), default: 10, "how long to search")
    learningRate = declare.range(
      "--learning-rate", in: Recipe<Task>.numbers(of: "learning-rate"), default: defaultKeys.learningRate,
      "learning rates to search, or the only one")
    units = declare.range(
      "--units", in: Recipe<Task>.wholeNumbers(of: "units"), default: defaultKeys.units, "units in each layer to search")
    layers = declare.range(
      "--layers", in: Recipe<Task>.wholeNumbers(of: "layers"), default: defaultKeys.layers,
      "recurrent layers, one above the other, to search")
    dropout = declare.range(
      "--dropout", in: Recipe<Task>.numbers(of: "dropout"), default: defaultKeys.dropout,
      "fractions of each layer's outputs set to 0 in training, to search")
    width = declare.integer(
      "--trials", in: 1...10_000, default: 16, "trials that begin together and are halved in number, round by round")
    study = StudyKeys(&declare, output: "where the search is kept; one that is there already goes on")
    declare.refuse("--resume", because: "the same command goes on where it was stopped")
    options = RecipeOptions(
      &declare, except: ["learning-rate", "units", "layers", "dropout"], requiresArgument: true)
    let sample = "tune \(Task.kind) \(Task.presentation.sample)"
    declare.example("\(sample) --minutes 30", "searches for half an hour")
    declare.example("\(sample) --units 32..256 --layers 1", "searches some settings, and leaves others as they are")
  }

  func run(_ invocation: Invocation) throws { try invocation.together { try run($1, with: $0) } }

  private func run(_ invocation: Invocation, with processes: any Communicator) throws {
    let board = TrialBoard(on: invocation.terminal)
    var request = try request(invocation)
    (request.team, request.processors) = (processes, processes.fairThreads)
    var session = try TuningSession.begin(request) { board.show($0) }
    try invocation.runStudy { try session.run(minutes: invocation[minutes], isInterrupted: $0) }
    try show(session.report(), invocation)
  }

  private func request(_ invocation: Invocation) throws -> TuningRequest<Task> {
    let ranges = SearchRanges(
      learningRate: invocation[learningRate], units: invocation[units], layers: invocation[layers],
      dropout: invocation[dropout])
    let recipe = try options.recipe(invocation)
    // A model to start from has its layers, unless others are asked for, which is then refused.
    let asksForLayers = [units.name, layers.name].contains { invocation.values[$0] != nil }
    var request = TuningRequest(
      recipe, space: SearchSpace(ranges, variesLayers: recipe.network.from == nil || asksForLayers))
    request.searchesChoices = true
    request.trials = invocation[width]
    request.machine = try Machine(threads: invocation[study.threads])
    request.output = invocation[study.output]
    request.command = invocation.line("tune \(Task.kind)", without: passing)
    return request
  }

  /// Options that may change when the search goes on.
  private var passing: Set<String> { study.passing.union([minutes.name]) }

  // MARK: Results

  private func show(_ report: TuningReport<Task>, _ invocation: Invocation) throws {
    let terminal = invocation.terminal
    let line = line(report, invocation)
    if invocation[study.json] {
      return try terminal.print(json(Result(command: line, trials: report.trials.map { Row($0, report.dimensions) })))
    }
    var table = Table(
      columns: [.text("trial")] + report.dimensions.map { .numbers($0.title) }
        + [.numbers("iterations"), .numbers("held out, \(report.lossUnit)")])
    let shown = report.trials.prefix(20)
    table.rows = shown.map { trial in
      ["\(trial.number)"] + report.dimensions.map { $0.text(trial.settings) }
        + [trial.iterations.grouped, trial.validation.fixed(report.lossDigits)]
    }
    for row in table.lines(heading: { terminal.output.styled($0, .bold) }) { try terminal.print(row) }
    if shown.count < report.trials.count { try terminal.print("and \(report.trials.count - shown.count) more") }
    try terminal.print("\n\(line)")
    terminal.say("the best one's network, as far as it was trained: \(report.best.folder)")
  }

  /// The command line that trains with the best settings.
  private func line(_ report: TuningReport<Task>, _ invocation: Invocation) -> String {
    let settings = report.best.settings
    let searched = report.dimensions.compactMap { dimension -> (name: String, text: String?)? in
      let text = dimension.isChoice ? dimension.chosenText(settings) : dimension.text(settings)
      return text.map { (dimension.setting.inCommand, $0) }
    }
    return invocation.line(
      "train \(Task.kind)", without: passing.union(searched.map(\.name) + [width.name]), with: searched)
  }

  private struct Row: Encodable {
    let trial: Int
    let settings: TrialSettings
    /// The values of settings that are no numbers.
    let choices: [String: String]
    let iterations: Int
    let validation: Double
    let folder: String

    init(_ trial: TuningReport<Task>.Trial, _ dimensions: [SearchDimension<Task>]) {
      self.trial = trial.number
      let choices = dimensions.filter(\.isChoice)
      self.choices = Dictionary(uniqueKeysWithValues: choices.map { ($0.key, $0.text(trial.settings)) })
      settings = TrialSettings(trial.settings.values.filter { value in !choices.contains { $0.key == value.key } })
      iterations = trial.iterations
      validation = trial.validation
      folder = trial.folder
    }
  }

  private struct Result: Encodable {
    /// The command line that trains with the best settings.
    let command: String
    let trials: [Row]
  }
}
