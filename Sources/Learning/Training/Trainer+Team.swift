import Networks
import Processes

extension Trainer {
  /// Does in the first process what the others wait for; if it fails, it fails in all.
  ///
  /// - Returns: what it gave, nil in the others.
  @discardableResult
  package func inFirst<Result>(_ body: () throws -> Result) throws -> Result? {
    try team.together { team.isFirst ? try body() : nil }
  }

  /// What a judge makes of the weights as they are, in the first process, from which the others hear it.
  func score(by judge: (Network) throws -> Double) throws -> Double {
    let own = try inFirst { try judge(network).bitPattern }
    let bytes = try team.exchange(own.map { bits in (0..<8).map { UInt8(truncatingIfNeeded: bits >> (8 * $0)) } } ?? [])[0]
    return Double(bitPattern: bytes.reversed().reduce(0) { $0 << 8 | UInt64($1) })
  }
}
