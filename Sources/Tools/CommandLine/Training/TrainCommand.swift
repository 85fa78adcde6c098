import CellAnalysis
import CellLanguage
import CommandKit
import Console
import Engine
import Models
import Networks
import Processes
import Storage
import Support
import TaskKit
import Training

extension Command {
  /// `recurrent train`, with a command for each task.
  static func train(_ tasks: TaskRegistry) -> Command {
    Command(
      "train", "Trains a network for a task, or with --recipe FILE as a recipe says.",
      commands: tasks.tasks.map { task in trainCommand(task) },
      otherwise: Command("recipe", "Trains as a recipe says.") { declare in
        let path = declare.text("--recipe", "FILE", "a recipe as `--show-recipe` writes it, in place of a task")
        let keys = RunKeys(&declare)
        declare.refuse("--resume", because: "name the task of the run: recurrent train text --resume FOLDER")
        declare.example("train --recipe book.json", "trains as the recipe in the file says")
        return { invocation in
          guard let path = invocation[path] else {
            throw RecurrentError(.usage, "the command is missing: \(list(tasks.tasks.map { $0.kind }))")
          }
          let file = try RecipeFile(contentsOf: path)
          guard let task = tasks[file.kind] else {
            throw RecurrentError(
              cannotRead: path,
              "it is a recipe for “\(file.kind)”, which is not one of the tasks that this program knows: \(list(tasks.tasks.map { $0.kind }))"
            )
          }
          try train(task, file, keys, invocation)
        }
      },
      unknown: { DataAdvice.sentence(onFile: $0, tasks) })
  }

  private static func train<Task: TrainableTask>(
    _ task: Task.Type, _ file: RecipeFile, _ keys: RunKeys, _ invocation: Invocation
  ) throws {
    let recipe = try file.recipe(of: task)
    try invocation.together { try TrainingRunCommand(keys, $1, $0).begin(recipe) }
  }

  private static func trainCommand<Task: TrainableTask>(_ task: Task.Type) -> Command {
    Command(Task.kind, Task.presentation.summary) { declare in
      let options = RecipeOptions<Task>(&declare)
      let keys = RunKeys(&declare)
      let resume = declare.text("--resume", "FOLDER", "go on with the run in that folder, as if it had never stopped")
      let folds =
        Task.foldPath == nil
        ? nil
        : declare.integer(
          "--folds", in: 2...1000,
          "hold out each of so many parts once, say how much of them is right, and train on all: where there are few data")
      let shows = declare.flag("--show-recipe", "print all that these options ask for as a recipe, and train nothing")
      for (line, meaning) in Task.presentation.examples { declare.example("train \(Task.kind) \(line.inCommand)", meaning) }
      return { invocation in
        let count = folds.flatMap { invocation[$0] }
        if let folder = invocation[resume] {
          if count != nil {
            throw RecurrentError(
              .usage, "--folds can't be given with --resume: the command that began with it goes on where it was stopped")
          }
          return try invocation.together { try TrainingRunCommand<Task>(keys, $1, $0).resume(folder, options) }
        }
        let recipe = try options.recipe(invocation)
        if invocation[shows] { return try invocation.terminal.print(json(recipe)) }
        if let count { return try invocation.together { try FoldCommand<Task>(keys, $1, $0).run(recipe, folds: count) } }
        try invocation.together { try TrainingRunCommand<Task>(keys, $1, $0).begin(recipe) }
      }
    }
  }
}

/// The options of a run that are no part of its recipe: where it is kept and how it is computed.
struct RunKeys: Sendable {
  let threads: Key<Int?>
  let output: Key<String?>
  let json: Key<Bool>
  let mixed: Key<Bool>

  init(_ declare: inout Declaration) {
    threads = declare.integer("--threads", in: 1...1024, "threads of each process; one for each processor if not given")
    output = declare.text("--output", "FOLDER", "where the run is kept; a new folder in runs if not given")
    json = declare.flag("--json", "print the log and the result as JSON lines")
    mixed = declare.flag(
      "--mixed-machines",
      "let processes train together on processors of different levels, whose numbers differ in their last bits")
  }
}

/// A training at a terminal, with its progress and the messages at its end.
struct TrainingRunCommand<Task: TrainableTask> {
  private let keys: RunKeys
  private let invocation: Invocation
  private let team: TrainingTeam
  private var processes: any Communicator { team.processes }
  private var terminal: Terminal { invocation.terminal }

  init(_ keys: RunKeys, _ invocation: Invocation, _ processes: any Communicator) {
    self.keys = keys
    self.invocation = invocation
    team = TrainingTeam(processes, mayMixMachines: invocation[keys.mixed])
  }

  func begin(_ recipe: Recipe<Task>) throws {
    let (plan, reasons, cell) = try processes.together { try prepare(recipe) }
    let machine = try Machine(threads: invocation[keys.threads] ?? processes.fairThreads)
    try run(
      TrainingSession(
        plan, asked: recipe, reasons: reasons, in: makeFolder(otherwise: "runs/\(plan.name)-\(cell)"), machine: machine,
        team: team, complain: { terminal.say($0) }))
  }

  /// One process makes the folder, under a name that only it can find to be free.
  private func makeFolder(otherwise name: String) throws -> RunFolder {
    let path = try processes.together { () throws -> String in
      processes.isFirst ? try RunFolder(creating: invocation[keys.output] ?? RunFolder.unused(name)).path : ""
    }
    return RunFolder(path: String(decoding: try processes.exchange(Array(path.utf8))[0], as: UTF8.self))
  }

  /// Reads the data and plans the training. Whatever may be refused is refused before anything is written.
  private func prepare(_ recipe: Recipe<Task>) throws -> (plan: TrainingPlan<Task>, reasons: [Sentence], cell: String) {
    try recipe.check()
    if let output = invocation[keys.output] { try RunFolder.requireUnused(output) }
    var opened = recipe
    opened.start = try recipe.network.from.map { path in try openModel(path) { _ in try StartModel(contentsOf: path) } }
    var reasons: [Sentence] = []
    func say<Result>(_ body: (inout [Note]) throws -> Result) rethrows -> Result {
      try self.say { (notes: inout [Note]) in
        defer { reasons += notes.reasons }
        return try body(&notes)
      }
    }
    let prepared = try say { try opened.prepared(&$0) }
    let material = try say { try Task.read(prepared, &$0) }
    let plan = try say { try opened.plan(on: material, &$0) }
    let cells = try prepared.cells()
    for cell in cells {
      for warning in cell.warnings {
        terminal.say("\(terminal.messages.styled("warning:", .bold)) cell \(cell.name): \(warning)")
      }
    }
    _ = try plan.network()
    return (plan, reasons, cells[0].name)
  }

  func resume(_ path: String, _ options: RecipeOptions<Task>) throws {
    let heeded: Set = ["--iterations", "--checkpoint-gradients"]
    if let other = options.given(invocation).first(where: { !heeded.contains($0) })
      ?? (invocation[keys.output] == nil ? nil : keys.output.name)
    {
      throw RecurrentError(.usage, "\(other) can't be given with --resume: a resumed run keeps what it began with")
    }
    if options.namesData(invocation) {
      throw RecurrentError(
        .usage,
        "\(Task.argument.setting.inCommand) can't be given with --resume: a resumed run keeps what it began with")
    }
    var asked = Recipe(Task())
    try options.apply(invocation, to: &asked)
    var changes = TrainingSession<Task>.Changes()
    changes.machine = try (invocation[keys.threads] ?? processes.fairThreads).map { try Machine(threads: $0) }
    changes.iterations = asked.training.iterations
    changes.checkpointsGradients = asked.training.checkpointsGradients ?? false
    let session = try say {
      try TrainingSession<Task>(
        resuming: RunFolder(path: path), changes: changes, notes: &$0, team: team, complain: { terminal.say($0) })
    }
    terminal.say("going on with \(session.folder.path) after iteration \(session.trainer.progress.iteration.grouped)")
    try run(session)
  }

  /// Writes the notes that `body` makes, whether or not it throws.
  private func say<Result>(_ body: (inout [Note]) throws -> Result) rethrows -> Result {
    var notes: [Note] = []
    defer { for note in notes { terminal.say(note) } }
    return try body(&notes)
  }

  // MARK: Running

  private func run(_ session: TrainingSession<Task>) throws {
    sayWhatIsTrained(session)
    let (outcome, isLastBest) = try train(session)
    switch outcome {
    case .interrupted:
      terminal.say("stopped after iteration \(session.trainer.progress.iteration.grouped), saved; to go on:")
      terminal.say("  recurrent train \(Task.kind) --resume \(shellWord(session.folder.path))")
      throw Interrupt.request ?? Interrupted(signal: 2)
    case .stoppedEarly: terminal.say("stopped early: the last validations brought nothing better")
    case .finished where isLastBest:
      terminal.say("the last validation was the best one: more --iterations may bring a better model")
    case .finished: break
    }
    if processes.isFirst { try printResult(session) }
  }

  /// - Returns: how the training ended, and whether the last of several validations was the best one.
  private func train(_ session: TrainingSession<Task>) throws -> (TrainingRun.Outcome, isLastBest: Bool) {
    let (trainer, data) = (session.trainer, session.data)
    let source: any BatchSource = data.training
    // The last window of an epoch may be shorter, so that the count may be off by a batch for each epoch.
    let steps = source.stepsPerBatch
    var line = ProgressLine(
      total: trainer.options.iterations * steps, done: trainer.progress.iteration * steps, things: data.unit, on: terminal)
    defer { line.clear() }
    var isLastBest = false
    let outcome = try Interrupt.watching {
      try session.run(
        isInterrupted: { Interrupt.request != nil },
        record: { record in
          guard invocation[keys.json] else { return }
          line.clear()
          // A closed output is no reason to stop, since the log in the folder has everything.
          try? terminal.write(record.line)
        }
      ) { report in
        line.update(report.iteration * steps, "loss \(report.loss.fixed(3))")
        if let loss = report.validation {
          isLastBest = report.isBest && report.iteration > trainer.options.validationInterval
          line.clear()
          let epoch = source.iterationsPerEpoch.map { ", epoch \((Double(report.iteration) / Double($0)).fixed(1))" } ?? ""
          let best = report.isBest ? ", best" : ""
          let amount = lossText(loss, trainer.network.architecture)
          terminal.say(
            "iteration \(report.iteration.grouped)\(epoch): \(report.loss.fixed(3)), held out \(amount)\(Judge.text(report.score, of: data.judge))\(best)"
          )
        }
      }
    }
    return (outcome, isLastBest)
  }

  private func sayWhatIsTrained(_ session: TrainingSession<Task>) {
    let (trainer, folder) = (session.trainer, session.folder)
    let architecture = trainer.network.architecture
    let layers = architecture.layers
    let options = trainer.options
    let threads = trainer.machine.threads
    let direction = architecture.branches ? "" : layers[0].directionWord.map { $0 + " " } ?? ""
    if architecture.branches { terminal.say("layers: " + NetworkPage(architecture).lines.joined(separator: "; ")) }
    let units = architecture.branches ? "" : " of \(layers[0].units) \(layers[0].cell.name) units"
    terminal.say(
      "\(layers.count) \(direction)\(layers.count == 1 ? "layer" : "layers")\(units), "
        + "\(trainer.network.parameters.count.grouped) weights, \(options.iterations.grouped) iterations, "
        + "\(processes.size > 1 ? "\(processes.size) processes, each of " : "")\(threads) \(threads == 1 ? "thread" : "threads")")
    if let patience = options.patience, session.data.hasValidation {
      terminal.say(
        "stops before that after \(patience.grouped) \(patience == 1 ? "validation" : "validations") without a better one (--patience)"
      )
    }
    // The memory of the first batch; those of a problem may differ in length.
    let source: any BatchSource = session.data.training
    let memory = trainer.plannedMemory(of: source)
    let steps = memory.stepsAtOnce < memory.steps ? "\(memory.stepsAtOnce.grouped) at a time of " : ""
    terminal.say(
      "\(memory.bytes.asBytes) kept for the backward run: \(steps)\(memory.steps.grouped) steps of \(memory.sequences.grouped) sequences"
    )
    terminal.say("kept in \(folder.path)")
  }

  private func printResult(_ session: TrainingSession<Task>) throws {
    let (trainer, folder) = (session.trainer, session.folder)
    let loss = trainer.progress.best.loss
    if invocation[keys.json] {
      return try terminal.print(
        json(
          Result(model: folder.model, iterations: trainer.progress.iteration, validation: loss, seconds: trainer.progress.seconds)
        ))
    }
    if let loss {
      let score = Judge.text(trainer.progress.best.score, of: session.data.judge)
      try terminal.print("best validation: \(lossText(loss, trainer.network.architecture))\(score)")
    }
    try terminal.print("model: \(folder.model)")
    terminal.say("how it went: \(folder.report)")
    let conclusion = try session.data.conclusion(folder.model, folder: shellWord(folder.path), machine: trainer.machine)
    for line in conclusion.results { try terminal.print(line) }
    for line in conclusion.advice { terminal.say(line) }
  }

  private struct Result: Codable {
    let model: String
    let iterations: Int
    let validation: Double?
    let seconds: Double
  }
}
