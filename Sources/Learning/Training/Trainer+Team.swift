import Processes

extension Trainer {
  /// Does in the first process what the others wait for; if it fails, it fails in all.
  ///
  /// - Returns: what it gave, nil in the others.
  @discardableResult
  package func inFirst<Result>(_ body: () throws -> Result) throws -> Result? {
    try team.together { team.isFirst ? try body() : nil }
  }
}
