package import Console
package import Support

/// The options and arguments of a command. Declaring one returns the key by which the command reads its value.
package struct Declaration: Sendable {
  private(set) var options: [Option] = []
  private(set) var arguments: [Argument] = []
  private(set) var examples: [Example] = []
  /// The reasons why options that people may look for do not exist.
  private(set) var refusals: [String: String] = [:]

  package init() {}

  /// An option as the parser and the help see it.
  package struct Option: Sendable {
    package let name: String
    /// What stands for the value in the help, such as `N`; nil for a flag, which has none.
    package let placeholder: String?
    package let help: String
    package let defaultValue: String?
    /// Reads the value that a text stands for, of the key's type; nil if it stands for none.
    package let read: @Sendable (String) -> (any Sendable)?
    /// What a text must be to stand for a value: `a whole number of at least 1`.
    package let expected: String
    /// The possible values, if they can be listed, for suggestions.
    package var choices: [String] = []
  }

  /// An argument without a name of its own.
  package struct Argument: Sendable {
    package let name: String
    package let help: String
    package let isRequired: Bool
    package let repeats: Bool
  }

  package struct Example: Sendable {
    package let line: String
    package let meaning: String
  }

  // MARK: Options

  /// An option without a value: it is given or not.
  package mutating func flag(_ name: String, _ help: String) -> Key<Bool> {
    options.append(Option(name: name, placeholder: nil, help: help, defaultValue: nil, read: { _ in true }, expected: ""))
    return Key(name: name, absent: false)
  }

  /// An option whose value is any text.
  package mutating func text(_ name: String, _ placeholder: String, default defaultValue: String, _ help: String) -> Key<String> {
    add(name, placeholder, help, expected: "a text", defaultValue: defaultValue, shown: defaultValue) { $0 }
  }

  /// An option whose value is any text, nil if it is not given.
  package mutating func text(_ name: String, _ placeholder: String, _ help: String) -> Key<String?> {
    add(name, placeholder, help, expected: "a text", defaultValue: nil, shown: nil) { .some($0) }
  }

  /// An option whose value is a whole number in `range`.
  ///
  /// - Parameter shown: what the help says of the default value, if there is more to say than the value.
  package mutating func integer(
    _ name: String, _ placeholder: String = "N", in range: ClosedRange<Int>, default defaultValue: Int, shown: String? = nil,
    _ help: String
  ) -> Key<Int> {
    add(name, placeholder, help, expected: expectation(range), defaultValue: defaultValue, shown: shown ?? "\(defaultValue)") {
      wholeNumber($0, in: range)
    }
  }

  /// An option whose value is a whole number in `range`, nil if it is not given.
  package mutating func integer(
    _ name: String, _ placeholder: String = "N", in range: ClosedRange<Int>, _ help: String
  ) -> Key<Int?> {
    add(name, placeholder, help, expected: expectation(range), defaultValue: nil, shown: nil) { text in
      wholeNumber(text, in: range).map { .some($0) }
    }
  }

  /// An option whose value is a number within `bounds`.
  ///
  /// - Parameter shown: what the help says of the default value, if there is more to say than the value.
  package mutating func number(
    _ name: String, _ placeholder: String = "X", in bounds: Bounds, default defaultValue: Double, shown: String? = nil,
    _ help: String
  ) -> Key<Double> {
    add(name, placeholder, help, expected: bounds.expectation, defaultValue: defaultValue, shown: shown ?? short(defaultValue)) {
      decimalNumber($0, bounds)
    }
  }

  /// An option whose value is a number within `bounds`, nil if it is not given.
  package mutating func number(
    _ name: String, _ placeholder: String = "X", in bounds: Bounds, _ help: String
  ) -> Key<Double?> {
    add(name, placeholder, help, expected: bounds.expectation, defaultValue: nil, shown: nil) { text in
      decimalNumber(text, bounds).map { .some($0) }
    }
  }

  /// An option whose value is one of the cases of `Choice`.
  package mutating func choice<Choice: CaseIterable & RawRepresentable<String> & Sendable>(
    _ name: String, _ placeholder: String = "NAME", default defaultValue: Choice, _ help: String
  ) -> Key<Choice> {
    let choices = Choice.allCases.map(\.rawValue)
    return add(
      name, placeholder, "\(help): \(list(choices))", expected: list(choices), defaultValue: defaultValue,
      shown: defaultValue.rawValue,
      choices: choices
    ) { Choice(rawValue: $0) }
  }

  /// An option whose value is one of the cases of `Choice`, nil if it is not given.
  package mutating func choice<Choice: CaseIterable & RawRepresentable<String> & Sendable>(
    _ name: String, _ placeholder: String = "NAME", of _: Choice.Type, _ help: String
  ) -> Key<Choice?> {
    let choices = Choice.allCases.map(\.rawValue)
    return add(
      name, placeholder, "\(help): \(list(choices))", expected: list(choices), defaultValue: nil, shown: nil, choices: choices
    ) { text in Choice(rawValue: text).map { .some($0) } }
  }

  package mutating func add<Value: Sendable>(
    _ name: String, _ placeholder: String, _ help: String, expected: String, defaultValue: Value, shown: String?,
    choices: [String] = [], read: @escaping @Sendable (String) -> Value?
  ) -> Key<Value> {
    options.append(
      Option(
        name: name, placeholder: placeholder, help: help, defaultValue: shown, read: { read($0) }, expected: expected,
        choices: choices))
    return Key(name: name, absent: defaultValue)
  }

  /// Says why this command does not have an option that other commands have.
  package mutating func refuse(_ name: String, because reason: String) { refusals[name] = reason }

  /// Adds the options of another command that this one does not declare itself or refuse, and its arguments, all of which are
  /// then required.
  package mutating func adopt<Keys>(_ declare: (inout Declaration) -> Keys) -> Keys {
    var other = Declaration()
    let keys = declare(&other)
    let own = Set(options.map(\.name) + refusals.keys)
    options += other.options.filter { !own.contains($0.name) }
    arguments += other.arguments.map { Argument(name: $0.name, help: $0.help, isRequired: true, repeats: $0.repeats) }
    refusals.merge(other.refusals) { own, _ in own }
    return keys
  }

  // MARK: Arguments and examples

  /// An argument that must be given.
  package mutating func argument(_ name: String, _ help: String) -> Key<String> {
    arguments.append(Argument(name: name, help: help, isRequired: true, repeats: false))
    return Key(name: name, absent: "")
  }

  /// An argument that may be left out.
  package mutating func optionalArgument(_ name: String, _ help: String) -> Key<String?> {
    arguments.append(Argument(name: name, help: help, isRequired: false, repeats: false))
    return Key(name: name, absent: nil)
  }

  /// All further arguments, at least one.
  package mutating func repeatedArgument(_ name: String, _ help: String) -> Key<[String]> {
    arguments.append(Argument(name: name, help: help, isRequired: true, repeats: true))
    return Key(name: name, absent: [])
  }

  /// Adds a command line for the help, without `recurrent`, and what it does.
  package mutating func example(_ line: String, _ meaning: String) { examples.append(Example(line: line, meaning: meaning)) }
}

/// The name of an option or an argument, and its value if it is not given.
package struct Key<Value: Sendable>: Sendable {
  package let name: String
  package let absent: Value
}

/// A call of a command: its terminal, and the values of its options and arguments.
package struct Invocation: Sendable {
  package private(set) var terminal: Terminal
  package private(set) var given: Given
  package var values: [String: any Sendable] { given.values }

  package init(terminal: Terminal, given: Given) {
    self.terminal = terminal
    self.given = given
  }

  /// The value of the option or argument that `key` was returned for.
  package subscript<Value>(key: Key<Value>) -> Value {
    guard let value = values[key.name] else { return key.absent }
    guard let value = value as? Value else { preconditionFailure("\(key.name) has a value of another type than its key") }
    return value
  }

  /// The same call in a process that leaves it to another one to write.
  package var inSilence: Invocation { Invocation(terminal: terminal.inSilence, given: given) }

  /// The same call with another value of an option.
  package func with<Value>(_ key: Key<Value>, _ value: Value) -> Invocation {
    var other = self
    other.given.values[key.name] = value
    return other
  }

  /// The same call without some options.
  package func without(_ names: [String]) -> Invocation {
    var other = self
    for name in names { other.given.values[name] = nil }
    return other
  }

  /// The same call with another terminal.
  package func on(_ terminal: Terminal) -> Invocation {
    var other = self
    other.terminal = terminal
    return other
  }
}
