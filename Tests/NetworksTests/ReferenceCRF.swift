import Engine
import Foundation
import Networks
import Sequences

/// A conditional random field in Double, summed up over every sequence of tags by itself.
struct ReferenceCRF {
  let head: CRFHead
  /// `[tags, tags]`, `[tags]` and `[tags]`.
  let transitions: [Double]
  let first: [Double]
  let last: [Double]

  /// All sequences of tags that may be, with the exponential of their score.
  ///
  /// - Parameter rows: what the network gives, `[steps][tags]`.
  func sequences(_ rows: [[Double]]) -> [(tags: [Int32], weight: Double)] {
    var paths: [[Int32]] = [[]]
    for _ in rows { paths = paths.flatMap { path in (0..<head.order.count).map { path + [Int32($0)] } } }
    return paths.filter { head.order.fault(in: $0) == nil }.map { path in
      let places = path.map { Int($0) }
      var score = first[places[0]] + last[places[places.count - 1]]
      for (step, tag) in places.enumerated() {
        score += rows[step][tag] + (step == 0 ? 0 : transitions[places[step - 1] * head.order.count + tag])
      }
      return (path, exp(score))
    }
  }

  /// The negative log-likelihood of the tags that are known.
  func loss(_ rows: [[Double]], known: [Int32]) -> Double {
    let all = sequences(rows)
    let right = all.filter { path in zip(path.tags, known).allSatisfy { $1 < 0 || $0 == $1 } }
    return log(all.reduce(0) { $0 + $1.weight }) - log(right.reduce(0) { $0 + $1.weight })
  }
}

extension ReferenceNetwork {
  /// The mean loss of a network that scores the tags of a sequence together; nil for others.
  func chainLoss(_ parameters: [Double]) throws -> Double? {
    guard let head = network.architecture.output.head as? CRFHead, case .classes(let classes) = batch.targets else { return nil }
    func tensor(_ name: String) -> [Double] { network.layout[name].map { Array(parameters[$0.range]) } ?? [] }
    let field = ReferenceCRF(
      head: head, transitions: tensor("output.transitions"), first: tensor("output.first"), last: tensor("output.last"))
    let outputs = try outputs(parameters)
    let total = batch.lengths.perSequence.indices.reduce(0.0) { sum, sequence in
      let rows = batch.rows(of: sequence)
      return rows.isEmpty ? sum : sum + field.loss(rows.map { outputs[$0] }, known: rows.map { classes[$0] })
    }
    return total / Double(max(1, batch.targets.counted(batch.lengths.rows)))
  }
}
