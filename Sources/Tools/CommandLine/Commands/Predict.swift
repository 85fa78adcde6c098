import CommandKit
import Engine
import Models
import Networks
import Support
import TaskKit

extension Command {
  /// `recurrent predict`
  static func predict(_ tasks: TaskRegistry) -> Command {
    Command("predict", "Says which labels the sequences of a file have, or which tags the words of sentences.") { declare in
      let model = declare.argument("MODEL", "a model file, or the folder of a run")
      let file = declare.optionalArgument(
        "FILE",
        "sequences in the form of the training's, or sentences; without one, they come from standard input, one after another")
      var options = ModelOptions()
      for task in tasks.tasks { declarePrediction(of: task, &options, &declare) }
      let threads = declare.integer("--threads", in: 1...1024, "threads; one for each processor if not given")
      declare.example("predict runs/reviews-lstm new.csv --format csv", "writes a label and all probabilities for each row")
      declare.example("echo \"Nakamura\" | recurrent predict runs/names-lstm --top 3", "a text a line, a label a line")
      declare.example("predict runs/words-lstm letters.txt", "a sentence a line; a word and its tag a line")
      return { [options] invocation in
        let opened = try OpenedModel(tasks, invocation[model], threads: invocation[threads], invocation.terminal)
        guard let owner = tasks.owner(of: opened.network) else {
          throw RecurrentError(
            .unsuitable, "\(opened.path) finds no labels and tags no words: `recurrent run` runs it over arrays")
        }
        try predict(opened, owner, on: invocation[file], options, invocation)
      }
    }
  }

  private static func declarePrediction<Task: TrainableTask>(
    of task: Task.Type, _ options: inout ModelOptions, _ declare: inout Declaration
  ) {
    options.add(Task.predictionFields, of: Task.presentation, &declare)
  }

  private static func predict<Task: TrainableTask>(
    _ model: OpenedModel, _ task: Task.Type, on file: String?, _ options: ModelOptions, _ invocation: Invocation
  ) throws {
    try Task.predict(model, on: file, options.settings(Task.predictionFields, of: Task.presentation, invocation))
  }
}
