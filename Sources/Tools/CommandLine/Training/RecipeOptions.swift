import CommandKit
import Support
import TaskKit

/// The options and the argument that make a recipe of a task.
struct RecipeOptions<Task: TrainableTask>: Sendable {
  private let argument: Key<String?>
  private let options: SettingOptions<Recipe<Task>>

  init(_ declare: inout Declaration) {
    argument = declare.optionalArgument(Task.argument.setting.name, Task.argument.help.inCommand)
    options = SettingOptions(Recipe<Task>.fields, &declare, scratch: Recipe(Task()))
    for (name, reason) in Task.presentation.refusals { declare.refuse("--\(name)", because: reason) }
  }

  /// Whether the command line names what to train on.
  func namesData(_ invocation: Invocation) -> Bool { invocation[argument] != nil }

  /// The recipe that a command line asks for.
  func recipe(_ invocation: Invocation) throws -> Recipe<Task> {
    var recipe = Recipe(Task())
    guard let text = invocation[argument], try Task.argument.set(text, &recipe.task) else {
      throw RecurrentError(
        .usage,
        naming:
          "give the \(Task.argument.setting.name) to train on, or \(Setting("resume")) FOLDER to go on with a run")
    }
    try options.apply(invocation, to: &recipe)
    return recipe
  }

  /// The options of the recipe that a command line gives.
  func given(_ invocation: Invocation) -> [String] { options.given(invocation) }
}
