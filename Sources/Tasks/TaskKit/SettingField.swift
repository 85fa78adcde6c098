package import Support

/// One thing that can be set, as the command declares an option for it, a search varies it and the reference lists it: its name,
/// what it means, which values it takes, and where they are kept.
package struct SettingField<Root>: Sendable {
  package let setting: Setting
  /// What stands for the value in the help, such as `N`; nil for a flag, which has none.
  package let placeholder: String?
  package let help: Sentence
  /// The default value as the help shows it.
  package let shownDefault: Sentence?
  /// Which values there may be: `a whole number of at least 1`.
  package let expected: String
  /// The values that there are, if they can be listed.
  package let choices: [String]
  /// Which numbers there may be, if the values are numbers.
  package let numbers: Numbers?
  /// Whether a value is set.
  package let isSet: @Sendable (Root) -> Bool
  /// The value that is set, as a message shows it, if it is not one of those that there may be; nil if it is one, or none is set.
  package let refused: @Sendable (Root) -> String?
  /// Sets the value that a text stands for; false if it stands for none that there may be.
  package let set: @Sendable (String, inout Root) throws -> Bool
  /// How the value goes from one root to another; nil for a setting that no model decides.
  package let transfer: Transfer?

  /// How a value is compared with another one, and taken over from it.
  package struct Transfer: Sendable {
    /// Whether a value is given, be it yes or no.
    package let isSaid: @Sendable (Root) -> Bool
    /// The value as a sentence shows it, an empty text for a flag that is set; nil if no value is given.
    package let shown: @Sendable (Root) -> String?
    /// Whether two have the same value.
    package let agrees: @Sendable (Root, Root) -> Bool
    /// Takes the value of the first for the second.
    package let copy: @Sendable (Root, inout Root) -> Void

    package init(
      isSaid: @escaping @Sendable (Root) -> Bool, shown: @escaping @Sendable (Root) -> String?,
      agrees: @escaping @Sendable (Root, Root) -> Bool, copy: @escaping @Sendable (Root, inout Root) -> Void
    ) {
      self.isSaid = isSaid
      self.shown = shown
      self.agrees = agrees
      self.copy = copy
    }
  }

  /// The numbers that a setting takes, and how one is put where the setting keeps it, whether it takes it or not.
  package enum Numbers: Sendable {
    case whole(ClosedRange<Int>, put: @Sendable (Int, inout Root) -> Void)
    case decimal(Bounds, put: @Sendable (Double, inout Root) -> Void)
  }

  package init(
    _ setting: Setting, _ placeholder: String?, _ help: Sentence, default shown: Sentence? = nil, expected: String = "a text",
    choices: [String] = [], numbers: Numbers? = nil, isSet: @escaping @Sendable (Root) -> Bool,
    refused: @escaping @Sendable (Root) -> String? = { _ in nil }, transfer: Transfer? = nil,
    set: @escaping @Sendable (String, inout Root) throws -> Bool
  ) {
    self.setting = setting
    self.placeholder = placeholder
    self.help = help
    shownDefault = shown
    self.expected = expected
    self.choices = choices
    self.numbers = numbers
    self.isSet = isSet
    self.refused = refused
    self.transfer = transfer
    self.set = set
  }
}

extension SettingField {
  /// Checks the value that is set, wherever it comes from: a file, a program or a command line.
  ///
  /// - Throws: ``RecurrentError`` if it is not one of those that there may be.
  package func check(_ root: Root) throws(RecurrentError) {
    if let value = refused(root) { throw refusal(of: value, .setting) }
  }

  /// Why a value is not taken.
  package func refusal(of value: String, _ kind: RecurrentError.Kind) -> RecurrentError {
    let shown = choices.isEmpty ? value : quoted(value)
    return RecurrentError(kind, naming: "\(setting) is \(shown); expected \(expected)\(suggestion(value, choices))")
  }

  /// The same setting of something that holds the root.
  package func within<Outer>(_ path: any WritableKeyPath<Outer, Root> & Sendable) -> SettingField<Outer> {
    let numbers: SettingField<Outer>.Numbers? =
      switch numbers {
      case .whole(let range, let put): .whole(range) { put($0, &$1[keyPath: path]) }
      case .decimal(let bounds, let put): .decimal(bounds) { put($0, &$1[keyPath: path]) }
      case nil: nil
      }
    let transfer = transfer.map { own in
      SettingField<Outer>.Transfer(
        isSaid: { own.isSaid($0[keyPath: path]) }, shown: { own.shown($0[keyPath: path]) },
        agrees: { own.agrees($0[keyPath: path], $1[keyPath: path]) },
        copy: { own.copy($0[keyPath: path], &$1[keyPath: path]) })
    }
    return SettingField<Outer>(
      setting, placeholder, help, default: shownDefault, expected: expected, choices: choices, numbers: numbers,
      isSet: { [isSet] in isSet($0[keyPath: path]) }, refused: { [refused] in refused($0[keyPath: path]) },
      transfer: transfer, set: { [set] in try set($0, &$1[keyPath: path]) })
  }
}
