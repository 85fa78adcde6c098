/// This release of the project.
package enum Release {
  /// What `recurrent --version` prints; CHANGELOG.md says what is in it.
  package static let version = "0.1.0"
}
