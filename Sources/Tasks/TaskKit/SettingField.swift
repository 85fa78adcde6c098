package import Support

/// One thing that can be set, as the command declares an option for it, a search varies it and the reference lists it: its name, what
/// it means, which values it takes, and where they are kept.
package struct SettingField<Root>: Sendable {
  package let setting: Setting
  /// What stands for the value in the help, such as `N`; nil for a flag, which has none.
  package let placeholder: String?
  package let help: Sentence
  /// What the help says of the value that holds if none is given.
  package let shownDefault: Sentence?
  /// What a text must be to stand for a value: `a whole number of at least 1`.
  package let expected: String
  /// The values that there are, if they can be listed.
  package let choices: [String]
  /// Sets the value that a text stands for; false if it stands for none.
  package let set: @Sendable (String, inout Root) throws -> Bool
  /// Whether a value is set.
  package let isSet: @Sendable (Root) -> Bool

  package init(
    _ name: String, _ placeholder: String?, _ help: Sentence, default shown: Sentence? = nil, expected: String = "a text",
    choices: [String] = [], isSet: @escaping @Sendable (Root) -> Bool,
    set: @escaping @Sendable (String, inout Root) throws -> Bool
  ) {
    setting = Setting(name)
    self.placeholder = placeholder
    self.help = help
    shownDefault = shown
    self.expected = expected
    self.choices = choices
    self.isSet = isSet
    self.set = set
  }
}

extension SettingField {
  package typealias Path<Value> = any WritableKeyPath<Root, Value?> & Sendable

  /// A setting that any text is a value of.
  package static func text(
    _ name: String, _ placeholder: String, _ path: Path<String>, default shown: Sentence? = nil, _ help: Sentence
  ) -> SettingField {
    value(name, placeholder, path, help, default: shown, expected: "a text") { $0 }
  }

  /// A list of names with commas between them.
  package static func list(_ name: String, _ placeholder: String, _ path: Path<[String]>, _ help: Sentence) -> SettingField {
    value(name, placeholder, path, help, expected: "names with commas between them") { listed($0) }
  }

  /// A whole number.
  package static func integer(
    _ name: String, _ path: Path<Int>, in range: ClosedRange<Int>, default shown: Sentence? = nil,
    _ help: Sentence
  ) -> SettingField {
    value(name, "N", path, help, default: shown, expected: expectation(range)) { wholeNumber($0, in: range) }
  }

  /// A number.
  package static func number(
    _ name: String, _ path: Path<Double>, in bounds: Bounds, default shown: Sentence? = nil,
    _ help: Sentence
  ) -> SettingField {
    value(name, "X", path, help, default: shown, expected: bounds.expectation) { decimalNumber($0, bounds) }
  }

  /// One of the cases of `Choice`.
  package static func choice<Choice: CaseIterable & RawRepresentable<String> & Sendable>(
    _ name: String, _ path: Path<Choice>, default shown: Choice? = nil, _ help: Sentence
  ) -> SettingField {
    let choices = Choice.allCases.map(\.rawValue)
    return value(
      name, "NAME", path, "\(help): \(Support.list(choices))", default: shown.map { Sentence($0.rawValue) },
      expected: Support.list(choices),
      choices: choices
    ) { Choice(rawValue: $0) }
  }

  /// Something that is so or not; naming it makes it `value`.
  package static func flag(_ name: String, _ path: Path<Bool>, gives value: Bool = true, _ help: Sentence) -> SettingField {
    SettingField(name, nil, help, isSet: { $0[keyPath: path] == value }) { _, root in
      root[keyPath: path] = value
      return true
    }
  }

  /// A yes or no.
  package static func answer(_ name: String, _ path: Path<Bool>, _ help: Sentence) -> SettingField {
    value(name, "NAME", path, "\(help): yes or no", expected: "yes or no", choices: ["yes", "no"]) {
      ["yes": true, "no": false][$0]
    }
  }

  /// A value that `read` finds in a text.
  package static func value<Value: Sendable>(
    _ name: String, _ placeholder: String, _ path: Path<Value>, _ help: Sentence, default shown: Sentence? = nil,
    expected: String,
    choices: [String] = [], read: @escaping @Sendable (String) -> Value?
  ) -> SettingField {
    SettingField(
      name, placeholder, help, default: shown, expected: expected, choices: choices, isSet: { $0[keyPath: path] != nil }
    ) { text, root in
      guard let value = read(text) else { return false }
      root[keyPath: path] = value
      return true
    }
  }
}

extension SettingField {
  /// The same setting of something that holds the root.
  package func within<Outer>(_ path: any WritableKeyPath<Outer, Root> & Sendable) -> SettingField<Outer> {
    SettingField<Outer>(
      setting.name, placeholder, help, default: shownDefault, expected: expected, choices: choices,
      isSet: { [isSet] in isSet($0[keyPath: path]) }, set: { [set] in try set($0, &$1[keyPath: path]) })
  }
}
