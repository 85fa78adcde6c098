import CommandKit
import Support
import TaskKit

/// The options and the argument that make a recipe of a task.
struct RecipeOptions<Task: TrainableTask>: Sendable {
  private let argument: @Sendable (Invocation) -> String?
  private let options: SettingOptions<Recipe<Task>>

  /// - Parameters:
  ///   - left: the settings that get no option, since the command declares its own options for them, or refuses them.
  ///   - isRequired: whether the argument must be given.
  init(_ declare: inout Declaration, except left: Set<String> = [], requiresArgument isRequired: Bool = false) {
    let (name, help) = (Task.argument.setting.inCommand, Task.argument.help.inCommand)
    if isRequired {
      let key = declare.argument(name, help)
      argument = { $0[key] }
    } else {
      let key = declare.optionalArgument(name, help)
      argument = { $0[key] }
    }
    options = SettingOptions(
      Recipe<Task>.fields.filter { !left.contains($0.setting.name) }, &declare, scratch: Recipe(Task()))
    for (name, reason) in Task.presentation.refusals where !left.contains(name) {
      declare.refuse("--\(name)", because: reason)
    }
  }

  /// Whether the command line gives the argument, which names what to train on.
  func namesData(_ invocation: Invocation) -> Bool { argument(invocation) != nil }

  /// The recipe that a command line asks for.
  func recipe(_ invocation: Invocation) throws -> Recipe<Task> {
    var recipe = Recipe(Task())
    try options.apply(invocation, to: &recipe)
    let isNamed = Task.argument.isSet(recipe.task)
    guard let text = argument(invocation) else {
      if isNamed { return recipe }
      throw RecurrentError(
        .usage, naming: "give the \(Task.argument.setting) to train on, or \(Setting("resume")) FOLDER to go on with a run")
    }
    if isNamed {
      throw RecurrentError(.usage, naming: "\(text) and an option both name what to train on: leave one out")
    }
    guard try Task.argument.set(text, &recipe.task) else { throw Task.argument.refusal(of: text, .usage) }
    return recipe
  }

  /// Sets what the options of the command line give, with or without the argument.
  func apply(_ invocation: Invocation, to recipe: inout Recipe<Task>) throws { try options.apply(invocation, to: &recipe) }

  /// The options of the recipe that a command line gives.
  func given(_ invocation: Invocation) -> [String] { options.given(invocation) }
}
