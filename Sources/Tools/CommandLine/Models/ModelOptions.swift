import CommandKit
import Support
import TaskKit

/// The options of a command that takes models of any task: those of all tasks. Only when a model is opened is it known which of
/// them it takes.
struct ModelOptions: Sendable {
  /// An option, and the kinds of models that take it.
  private struct Option: Sendable {
    let name: String
    /// The text that is given: empty for a flag, nil if it is not given.
    let text: @Sendable (Invocation) -> String?
    var models: [String]
  }

  private var options: [Option] = []

  /// Declares the settings of a task's models; an option that another task has is the same option.
  mutating func add<Root: EmptySettings>(
    _ fields: [SettingField<Root>], of presentation: TaskPresentation, _ declare: inout Declaration
  ) {
    for field in fields {
      let name = field.setting.inCommand
      if let place = options.firstIndex(where: { $0.name == name }) {
        options[place].models.append(presentation.model)
      } else {
        options.append(Option(name: name, text: Self.text(of: field, name, &declare), models: [presentation.model]))
      }
    }
  }

  private static func text<Root: EmptySettings>(
    of field: SettingField<Root>, _ name: String, _ declare: inout Declaration
  ) -> @Sendable (Invocation) -> String? {
    guard let placeholder = field.placeholder else {
      let key = declare.flag(name, field.help.inCommand)
      return { $0[key] ? "" : nil }
    }
    let key: Key<String?> = declare.add(
      name, placeholder, field.help.inCommand, expected: field.expected, defaultValue: nil, shown: field.shownDefault?.inCommand,
      choices: field.choices
    ) { text in
      var scratch = Root()
      return (try? field.set(text, &scratch)) ?? true ? .some(text) : .none
    }
    return { $0[key] }
  }

  /// The settings that the command line gives.
  ///
  /// - Throws: ``RecurrentError`` if an option is given that is for models of other tasks.
  func settings<Root: EmptySettings>(
    _ fields: [SettingField<Root>], of presentation: TaskPresentation, _ invocation: Invocation
  ) throws -> Root {
    var settings = Root()
    for option in options {
      guard let text = option.text(invocation) else { continue }
      guard let field = fields.first(where: { $0.setting.inCommand == option.name }) else {
        throw RecurrentError(
          .usage, "\(option.name) is for \(list(option.models)), and this is \(presentation.model): leave it out")
      }
      guard try field.set(text, &settings) else {
        throw RecurrentError(.usage, "\(option.name) is \(text.debugDescription); expected \(field.expected)")
      }
    }
    return settings
  }
}
