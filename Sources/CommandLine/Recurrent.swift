/// The version that `recurrent --version` prints; CHANGELOG.md says what is in it.
package let version = "0.1.0"

/// The command `recurrent` with all that it can do.
package let recurrent = Command(
  "recurrent", "Trains, runs and explains networks with memory.",
  commands: [
    Command("train", "Trains a network.", commands: [.trainText, .trainForecast, .trainClassify, .trainTag, .trainProblem]),
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
  ])
