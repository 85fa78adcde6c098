import CommandKit
import Tables

/// The options that say how any table is read.
enum TableKeys {
  static func header(_ declare: inout Declaration) -> Key<Answer?> {
    declare.choice("--header", of: Answer.self, "whether the first line names the columns; seen from the file if not given")
  }

  static func missing(_ declare: inout Declaration, defaultValue: String) -> Key<MissingPolicy?> {
    declare.choice("--missing", of: MissingPolicy.self, "what to do about missing values and rows (default: \(defaultValue))")
  }
}
