import Networks
import Processes

extension Trainer {
  /// The mean loss over all of `source`, which the first process works out for all.
  ///
  /// - Throws: ``RecurrentError`` if a batch doesn't fit the network, the loss is not a number or infinite, or a process has failed.
  package func validate(_ source: some BatchSource) throws -> Double {
    let loss = try inFirst { try evaluate(source).mean }
    return try team.broadcast([loss ?? 0], count: 1)[0]
  }

  /// Does in the first process what the others wait for; if it fails, it fails in all.
  ///
  /// - Returns: what it gave, nil in the others.
  @discardableResult
  package func inFirst<Result>(_ body: () throws -> Result) throws -> Result? {
    try team.together { team.isFirst ? try body() : nil }
  }
}
