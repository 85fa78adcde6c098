import CommandKit
import Engine
import Models
import Networks
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
      let json = declare.flag("--json", "print the result as JSON")
      declare.example("evaluate runs/book-lstm other-book.txt", "says how well the model predicts another book")
      declare.example(
        "evaluate runs/sales-lstm sales.csv --last 28", "forecasts from each of the last 28 days, beside naive forecasts")
      declare.example("evaluate runs/names-lstm names-test.tsv", "says which labels are found, and what is taken for what")
      declare.example(
        "evaluate runs/words-lstm test.tsv", "says how many words have the right tag, and how well each tag is found")
      declare.example("evaluate runs/readings-lstm readings.csv --surprise", "finds readings that are out of the ordinary")
      return { [options] invocation in
        let opened = try OpenedModel(
          tasks, invocation[model], threads: invocation[threads], isJSON: invocation[json], invocation.terminal)
        try evaluate(opened, try tasks.requiredOwner(of: opened), on: invocation[file], options, invocation)
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
}
