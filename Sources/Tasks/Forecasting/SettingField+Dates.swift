import Support
import Tables
import TaskKit

extension SettingField {
  /// The form in which dates are written.
  ///
  /// - Parameter otherwise: what holds if it is not given.
  static func dates(_ path: Path<TimeFormat>, _ otherwise: String) -> SettingField {
    value(
      Setting("dates"), "FORM", path, "how dates are written, \(TimeFormat.examples); \(otherwise)",
      expected: "a form \(TimeFormat.examples)"
    ) { TimeFormat($0) }
  }
}
