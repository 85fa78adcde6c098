package import CommandKit
import Support
package import TaskKit

/// The options for settings, and the values that a command line gives to them.
package struct SettingOptions<Root: Sendable>: Sendable {
  private let options: [(field: SettingField<Root>, key: OptionKey)]

  /// The key of an option with a value, or of a flag.
  private enum OptionKey: Sendable {
    case text(Key<String?>)
    case flag(Key<Bool>)

    var name: String {
      switch self {
      case .text(let key): key.name
      case .flag(let key): key.name
      }
    }
  }

  /// Declares an option for each setting.
  ///
  /// - Parameter scratch: a value with nothing set, on which the texts are tried.
  package init(_ fields: [SettingField<Root>], _ declare: inout Declaration, scratch: Root) {
    options = fields.map { field in
      let (name, help) = (field.setting.inCommand, field.help.inCommand)
      guard let placeholder = field.placeholder else { return (field, .flag(declare.flag(name, help))) }
      let key: Key<String?> = declare.add(
        name, placeholder, help, expected: field.expected, defaultValue: nil, shown: field.shownDefault?.inCommand,
        choices: field.choices
      ) { text in
        var copy = scratch
        // What is wrong with a text that can be a value, such as a missing file, is reported when it is used.
        let isValue = (try? field.set(text, &copy)) ?? true
        return isValue ? .some(text) : .none
      }
      return (field, .text(key))
    }
  }

  /// Sets what the command line gives.
  package func apply(_ invocation: Invocation, to root: inout Root) throws {
    for (field, key) in options {
      let isTaken: Bool
      switch key {
      case .text(let key): isTaken = try invocation[key].map { try field.set($0, &root) } ?? true
      case .flag(let key): isTaken = try !invocation[key] || field.set("", &root)
      }
      precondition(isTaken, "a text that an option took is no value of its setting")
    }
  }

  /// The value that the command line gives, with all else left open.
  func value(_ invocation: Invocation) throws -> Root where Root: EmptySettings {
    var root = Root()
    try apply(invocation, to: &root)
    return root
  }

  /// The names of the options that a command line gives, in the order of the settings.
  package func given(_ invocation: Invocation) -> [String] {
    options.map(\.key.name).filter { invocation.values[$0] != nil }
  }
}
