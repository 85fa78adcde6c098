import CommandKit
import TaskKit
import Tables

/// The options that say how any table is read.
enum TableKeys {
  static func header(_ declare: inout Declaration) -> Key<Answer?> {
    declare.choice("--header", of: Answer.self, "whether the first line names the columns; seen from the file if not given")
  }

  static func dialect(_ declare: inout Declaration) -> SettingOptions<TableDialect> {
    SettingOptions(TableDialect.fields, &declare, scratch: TableDialect())
  }

  static func dates(_ declare: inout Declaration, otherwise: String) -> Key<TimeFormat?> {
    declare.add(
      "--dates", "FORM", "how dates are written, \(TimeFormat.examples); \(otherwise)", expected: "a form \(TimeFormat.examples)",
      defaultValue: nil, shown: nil
    ) { text in TimeFormat(text).map { .some($0) } }
  }

  static func timeZone(_ declare: inout Declaration) -> Key<String?> {
    declare.text("--time-zone", "ZONE", "the zone whose clocks show the times, such as Europe/Berlin")
  }

  static func missing(_ declare: inout Declaration, defaultValue: String) -> Key<MissingPolicy?> {
    declare.choice("--missing", of: MissingPolicy.self, "what to do about missing values and rows (default: \(defaultValue))")
  }
}
