import CommandKit
import Console
import Engine
import Models
import Networks
import Storage
import Support
import TaskKit

extension Command {
  /// `recurrent evaluate`
  static func evaluate(_ tasks: TaskRegistry) -> Command {
    Command("evaluate", "Measures how well a model does on a file like the one that it was trained on.") { declare in
      let model = declare.argument("MODEL", "a model file, or the folder of a run")
      let file = declare.argument(
        "FILE", "what the model is measured on: a text, a table, sequences with labels, or words with their tags")
      var options = ModelOptions()
      for task in tasks.tasks { declareEvaluation(of: task, &options, &declare) }
      let threads = declare.integer("--threads", in: 1...1024, "threads; one for each processor if not given")
      let comparison = declare.flag(
        "--compare-weights", "measure the model with each kind of numbers that its weights could be stored as")
      let json = declare.flag("--json", "print the result as JSON")
      declare.example("evaluate runs/book-lstm other-book.txt", "says how well the model predicts another book")
      declare.example(
        "evaluate runs/sales-lstm sales.csv --last 28", "forecasts from each of the last 28 days, beside naive forecasts")
      declare.example("evaluate runs/names-lstm names-test.tsv", "says which labels are found, and what is taken for what")
      declare.example(
        "evaluate runs/words-lstm test.tsv", "says how many words have the right tag, and how well each tag is found")
      declare.example("evaluate runs/readings-lstm readings.csv --surprise", "finds readings that are out of the ordinary")
      declare.example("evaluate runs/book-lstm other-book.txt --compare-weights", "says what smaller weights would cost")
      return { [options] invocation in
        let opened = try OpenedModel(
          tasks, invocation[model], threads: invocation[threads], isJSON: invocation[json], invocation.terminal)
        let task = try tasks.requiredOwner(of: opened)
        if invocation[comparison] {
          try compareWeights(opened, task, on: invocation[file], options, invocation)
        } else {
          try evaluate(opened, task, on: invocation[file], options, invocation)
        }
      }
    }
  }

  private static func declareEvaluation<Task: TrainableTask>(
    of task: Task.Type, _ options: inout ModelOptions, _ declare: inout Declaration
  ) {
    options.add(Task.evaluationFields, of: Task.presentation, &declare)
  }

  private static func evaluate<Task: TrainableTask>(
    _ model: OpenedModel, _ task: Task.Type, on file: String, _ options: ModelOptions, _ invocation: Invocation
  ) throws {
    try Task.evaluate(model, on: file, options.settings(Task.evaluationFields, of: Task.presentation, invocation))
  }

  private static func compareWeights<Task: TrainableTask>(
    _ model: OpenedModel, _ task: Task.Type, on file: String, _ options: ModelOptions, _ invocation: Invocation
  ) throws {
    let settings = try options.settings(Task.evaluationFields, of: Task.presentation, invocation)
    let comparison = try WeightComparison(of: model, measures: Task.comparedMeasures) {
      try Task.evaluate($0, on: file, settings)
    }
    if model.isJSON { return try model.terminal.print(Storage.json(comparison.rows)) }
    for line in comparison.lines(on: model.terminal.output) { try model.terminal.print(line) }
  }
}
