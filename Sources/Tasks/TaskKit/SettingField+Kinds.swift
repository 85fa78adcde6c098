package import Support

/// The kinds of settings. Each says once which values there may be, and this holds for texts of a command line and for values of
/// a recipe.
extension SettingField {
  package typealias Path<Value> = any WritableKeyPath<Root, Value?> & Sendable

  /// A setting that any text is a value of.
  package static func text(
    _ name: String, _ placeholder: String, _ path: Path<String>, default shown: Sentence? = nil, _ help: Sentence
  ) -> SettingField {
    value(Setting(name), placeholder, path, help, default: shown, expected: "a text", shows: { quoted($0) }) { $0 }
  }

  /// An argument without a name in a command line: a file, or one of some names.
  ///
  /// - Parameters:
  ///   - name: what a program calls it: `path`.
  ///   - placeholder: what stands for it in the command: `FILE`.
  ///   - names: those that there are; none if any text will do.
  package static func argument(
    _ name: String, _ placeholder: String, _ path: Path<String>, of names: [String] = [], _ help: Sentence
  ) -> SettingField {
    value(
      Setting(name, argument: placeholder), placeholder, path, help, expected: names.isEmpty ? "a text" : Support.list(names),
      choices: names, takes: { names.isEmpty || names.contains($0) }, shows: { $0 }
    ) { $0 }
  }

  /// A cell, by its name in the library or by its file.
  package static func cell(
    _ name: String, _ path: Path<CellText>, default shown: Sentence? = nil, _ help: Sentence
  ) -> SettingField {
    SettingField(
      Setting(name), "CELL", help, default: shown, isSet: { $0[keyPath: path] != nil },
      transfer: Transfer(
        isSaid: { $0[keyPath: path] != nil }, shown: { $0[keyPath: path]?.name },
        agrees: { $0[keyPath: path].computesLike($1[keyPath: path]) },
        copy: { $1[keyPath: path] = $0[keyPath: path] })
    ) { text, root in
      root[keyPath: path] = try CellText(argument: text)
      return true
    }
  }

  /// A list of names with commas between them.
  package static func list(_ name: String, _ placeholder: String, _ path: Path<[String]>, _ help: Sentence) -> SettingField {
    value(
      Setting(name), placeholder, path, help, expected: "names with commas between them", shows: { $0.joined(separator: ",") }
    ) { listed($0) }
  }

  /// A whole number.
  package static func integer(
    _ name: String, _ path: Path<Int>, in range: ClosedRange<Int>, default shown: Sentence? = nil, _ help: Sentence
  ) -> SettingField {
    value(
      Setting(name), "N", path, help, default: shown, expected: expectation(range),
      numbers: .whole(range) { $1[keyPath: path] = $0 }, takes: { range.contains($0) }
    ) { wholeNumber($0, in: Int.min...Int.max) }
  }

  /// A number.
  package static func number(
    _ name: String, _ path: Path<Double>, in bounds: Bounds, default shown: Sentence? = nil, _ help: Sentence
  ) -> SettingField {
    value(
      Setting(name), "X", path, help, default: shown, expected: bounds.expectation,
      numbers: .decimal(bounds) { $1[keyPath: path] = $0 }, takes: { bounds.contains($0) }, shows: { short($0) }
    ) { decimalNumber($0) }
  }

  /// One of the cases of `Choice`, or of some of them.
  package static func choice<Choice: CaseIterable & RawRepresentable<String> & Equatable & Sendable>(
    _ name: String, _ path: Path<Choice>, of some: [Choice] = Array(Choice.allCases), default shown: Choice? = nil,
    _ help: Sentence
  ) -> SettingField {
    let choices = some.map(\.rawValue)
    return value(
      Setting(name), "NAME", path, "\(help): \(Support.list(choices))", default: shown.map { Sentence($0.rawValue) },
      expected: Support.list(choices), choices: choices, takes: { some.contains($0) }, shows: { $0.rawValue }
    ) { Choice(rawValue: $0) }
  }

  /// A yes or no that is set to `value` by naming it.
  package static func flag(_ name: String, _ path: Path<Bool>, gives value: Bool = true, _ help: Sentence) -> SettingField {
    SettingField(
      Setting(name), nil, help, isSet: { $0[keyPath: path] == value },
      transfer: Transfer(
        isSaid: { $0[keyPath: path] != nil }, shown: { $0[keyPath: path] == value ? "" : nil },
        agrees: { ($0[keyPath: path] ?? !value) == ($1[keyPath: path] ?? !value) },
        copy: { $1[keyPath: path] = $0[keyPath: path] })
    ) { _, root in
      root[keyPath: path] = value
      return true
    }
  }

  /// A yes or no.
  package static func answer(_ name: String, _ path: Path<Bool>, _ help: Sentence) -> SettingField {
    value(Setting(name), "NAME", path, "\(help): yes or no", expected: "yes or no", choices: ["yes", "no"]) {
      ["yes": true, "no": false][$0]
    }
  }

  /// A value that `read` finds in a text.
  ///
  /// - Parameters:
  ///   - takes: whether a value is one of those that there may be.
  ///   - shows: a value as a message shows it.
  package static func value<Value: Sendable & Equatable>(
    _ setting: Setting, _ placeholder: String, _ path: Path<Value>, _ help: Sentence, default shown: Sentence? = nil,
    expected: String, choices: [String] = [], numbers: Numbers? = nil,
    takes: @escaping @Sendable (Value) -> Bool = { _ in true },
    shows: @escaping @Sendable (Value) -> String = { "\($0)" }, read: @escaping @Sendable (String) -> Value?
  ) -> SettingField {
    SettingField(
      setting, placeholder, help, default: shown, expected: expected, choices: choices, numbers: numbers,
      isSet: { $0[keyPath: path] != nil },
      refused: { root in root[keyPath: path].flatMap { takes($0) ? nil : shows($0) } },
      transfer: Transfer(
        isSaid: { $0[keyPath: path] != nil }, shown: { $0[keyPath: path].map(shows) },
        agrees: { $0[keyPath: path] == $1[keyPath: path] }, copy: { $1[keyPath: path] = $0[keyPath: path] })
    ) { text, root in
      guard let value = read(text), takes(value) else { return false }
      root[keyPath: path] = value
      return true
    }
  }
}
