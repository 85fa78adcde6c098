package import CommandKit
import Recurrent
import Support
package import TaskKit

/// The command `recurrent` with the built-in tasks.
package let recurrent = recurrentCommand(.builtIn)

/// The command with the tasks of a registry.
package func recurrentCommand(_ tasks: TaskRegistry) -> Command {
  Command(
    "recurrent", "Trains, runs and explains networks with memory.", version: Release.version,
    commands: [
      .train(tasks),
      .compare(tasks),
      .tune(tasks),
      .describe(tasks),
      .forecast,
      .predict(tasks),
      .generate,
      .translate,
      .render,
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
    ], unknown: { DataAdvice.sentence(onFile: $0) })
}
