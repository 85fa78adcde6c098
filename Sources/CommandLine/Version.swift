/// The version that `recurrent --version` prints; CHANGELOG.md says what is in it.
public let version = "0.1.0"
