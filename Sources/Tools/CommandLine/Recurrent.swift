package import CommandKit
import Recurrent
import Support
package import TaskKit

/// The command `recurrent` with all that it can do.
package let recurrent = recurrentCommand(.builtIn)

/// The command for the tasks that a registry has.
package func recurrentCommand(_ tasks: TaskRegistry) -> Command {
  Command(
    "recurrent", "Trains, runs and explains networks with memory.", version: Release.version,
    commands: [
      .train(tasks),
      .compare(tasks),
      .tune(tasks),
      .describe,
      .forecast,
      .predict(tasks),
      .generate,
      .evaluate(tasks),
      .run,
      .convert,
      .inspect(tasks),
      .gradients,
      .cells,
      .bench,
      .demo,
      .doctor,
      .completions(tasks),
      .manual(tasks),
    ])
}
