import CommandKit
import Console
import Engine
import Experiments
import Processes
import Storage
import Support
import TaskKit

extension Command {
  /// `recurrent compare`, with a command for each task.
  static func compare(_ tasks: TaskRegistry) -> Command {
    Command(
      "compare", "Trains the same with several cells and seeds, and sets the results side by side.",
      commands: tasks.tasks.map { task in compareCommand(task) })
  }

  private static func compareCommand<Task: TrainableTask>(_ task: Task.Type) -> Command {
    Command(Task.kind, "Compares cells, each trained as `recurrent train \(Task.kind)` does it.") { declare in
      let command = CompareCommand<Task>(&declare)
      return { try command.run($0) }
    }
  }
}

/// `recurrent compare` for one task.
private struct CompareCommand<Task: TrainableTask>: Sendable {
  private let cells: Key<String>
  private let seeds: Key<Int>
  private let units: Key<[Int]>
  private let parameters: Key<Int?>
  private let test: Key<String?>
  private let study: StudyKeys
  private let options: RecipeOptions<Task>

  init(_ declare: inout Declaration) {
    cells = declare.text(
      "--cells", "LIST", default: "rnn,gru,lstm",
      "cells of the library or .cell files, with commas between them; lstm[b_f=0] starts a parameter in another way")
    seeds = declare.integer("--seeds", in: 1...1000, default: 3, "runs of each cell, from --seed on")
    let range = Recipe<Task>.wholeNumbers(of: "units")
    units = declare.add(
      "--units", "N,...",
      "units in each layer, as in training if not given; several numbers with commas between them are one for each cell",
      expected: "\(expectation(range)), or several with commas between them", defaultValue: [], shown: nil
    ) { text in
      let numbers = listed(text).map { wholeNumber($0, in: range) }
      return numbers.contains(nil) ? nil : numbers.compactMap(\.self)
    }
    parameters = declare.integer(
      "--parameters", in: 1...1_000_000_000, "weights that each network should have, in place of as many units")
    test = declare.text(
      "--test-file", "FILE", "a file like the one trained on, which the best weights are measured on at the end")
    study = StudyKeys(
      &declare,
      output: "where the comparison is kept; one that is there already goes on, with more cells, seeds and iterations if need be")
    declare.refuse("--cell", because: "--cells names all that are to be compared")
    declare.refuse("--resume", because: "the same command goes on where it was stopped")
    options = RecipeOptions(&declare, except: ["cell", "units"], requiresArgument: true)
    let sample = "compare \(Task.kind) \(Task.presentation.sample)"
    declare.example("\(sample) --cells lstm,mgu --parameters 20000", "two cells with equally many weights")
    declare.example("\(sample) --cells lstm,my.cell --seeds 5", "a cell of one's own")
  }

  func run(_ invocation: Invocation) throws { try invocation.together { try run($1, with: $0) } }

  private func run(_ invocation: Invocation, with processes: any Communicator) throws {
    let terminal = invocation.terminal
    let board = TrialBoard(on: terminal)
    var request = try request(invocation)
    (request.team, request.processors) = (processes, processes.fairThreads)
    let session = try ComparisonSession.begin(request) { board.show($0) }
    try invocation.runStudy { try session.run(isInterrupted: $0) }
    let report = try session.report()
    if invocation[study.json] {
      try terminal.print(json(report))
    } else {
      for line in report.lines(on: terminal.output) { try terminal.print(line) }
      let (late, all) = report.bestAtTheEnd
      if late * 2 > all {
        terminal.say("\(late) of \(all) runs were at their best at the end: with more --iterations they may get better")
      }
      terminal.say("with charts: \(session.page)")
    }
    try report.requireAnEnd()
  }

  private func request(_ invocation: Invocation) throws -> ComparisonRequest<Task> {
    var request = ComparisonRequest(try options.recipe(invocation), cells: try comparedCells(invocation))
    request.seeds = invocation[seeds]
    request.parameters = invocation[parameters]
    request.testFile = invocation[test]
    request.machine = try Machine(threads: invocation[study.threads])
    request.output = invocation[study.output]
    request.title = invocation.line("compare \(Task.kind)", without: study.passing)
    request.command = invocation.line("compare \(Task.kind)", without: passing)
    return request
  }

  /// The cells to compare, under the names that the user gave them, with the units that are asked for.
  private func comparedCells(_ invocation: Invocation) throws -> [ComparedCell] {
    let names = listed(invocation[cells])
    if names.contains("") {
      throw RecurrentError(
        .usage, "--cells has nothing between two commas, or at an end: \"\(invocation[cells])\"")
    }
    let numbers = invocation[units]
    guard numbers.count <= 1 || numbers.count == names.count else {
      throw RecurrentError(
        .usage,
        "--units gives \(numbers.count) numbers for \(names.count) \(names.count == 1 ? "cell" : "cells"): give one number, or one for each cell"
      )
    }
    return try names.enumerated().map { place, name in
      let count = numbers.isEmpty ? nil : numbers.count == 1 ? numbers[0] : numbers[place]
      return try ComparedCell(CellText(argument: name), name: name, units: count)
    }
  }

  /// Options that may change when the comparison goes on: its runs can have more iterations, or more epochs.
  private var passing: Set<String> {
    study.passing.union([cells.name, units.name, seeds.name, "--iterations", "--epochs"])
  }
}
