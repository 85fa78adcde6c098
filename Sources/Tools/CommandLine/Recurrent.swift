package import CommandKit
import Support

/// The command `recurrent` with all that it can do.
package let recurrent: Command = Command(
  "recurrent", "Trains, runs and explains networks with memory.", version: Release.version,
  commands: [
    .train,
    .compare,
    .tune,
    .describe,
    .forecast,
    .predict,
    .generate,
    .evaluate,
    .run,
    .convert,
    .inspect,
    .gradients,
    .cells,
    .bench,
    .demo,
    .doctor,
    .completions,
    .manual,
  ])
