package import Console
package import Engine
package import Networks
package import Sequences
package import Support
package import Tables

/// A model that a command works with: its network, and where results and messages go.
package struct OpenedModel: Sendable {
  package let network: Network
  /// The network's file, for messages.
  package let path: String
  package let machine: Machine
  package let terminal: Terminal
  /// Whether results are written as JSON.
  package let isJSON: Bool

  package init(_ network: Network, path: String, machine: Machine, terminal: Terminal, isJSON: Bool = false) {
    self.network = network
    self.path = path
    self.machine = machine
    self.terminal = terminal
    self.isJSON = isJSON
  }
}

/// Settings that can all be left open.
package protocol EmptySettings: Sendable {
  init()
}

/// No settings.
package struct NoSettings: EmptySettings {
  package init() {}
}

/// What a model should read when it is inspected.
package struct InspectionRequest: Sendable {
  /// The text to read, in place of a file; nil for none.
  package let text: String?
  /// The file to read; nil for standard input.
  package let file: String?
  /// Which sequence of the file: its name, or its number, counted from 1; nil for the first.
  package let sequence: String?
  /// Whether the first line of a table names the columns; nil to find it out from the file.
  package let hasHeader: Bool?
  /// How the file of a table is written, as far as it is known.
  package let dialect: TableDialect
  /// How dates are written; nil for what they were in training.
  package let dates: TimeFormat?
  /// What is done about characters that the model does not know; nil to refuse them.
  package let unknown: UnknownCharacters?

  package init(
    text: String?, file: String?, sequence: String?, hasHeader: Bool?, dialect: TableDialect = TableDialect(),
    dates: TimeFormat? = nil, unknown: UnknownCharacters? = nil
  ) {
    self.text = text
    self.file = file
    self.sequence = sequence
    self.hasHeader = hasHeader
    self.dialect = dialect
    self.dates = dates
    self.unknown = unknown
  }

  /// What is set of how a table is read; nil if nothing is.
  package var tableSetting: Setting? {
    if hasHeader != nil { return Setting("header") }
    return dates == nil ? dialect.settings.first : Setting("dates")
  }

  /// The file of a table that is read as the request says.
  package func table(_ path: String) -> TableFile { TableFile(path, hasHeader: hasHeader, dialect: dialect) }
}
