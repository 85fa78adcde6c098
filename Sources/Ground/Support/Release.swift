/// This release of the project.
package enum Release {
  /// What `recurrent --version` prints; CHANGELOG.md says what is in it.
  package static let version = "0.2.0"
  /// The day on which the version got its number, as year, month and day.
  package static let date = "2026-12-01"
}
