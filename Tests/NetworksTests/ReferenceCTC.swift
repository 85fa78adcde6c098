import Engine
import Foundation
import Networks
import Sequences

/// The loss of connectionist temporal classification in Double, summed up over every class that each step may have.
enum ReferenceCTC {
  /// - Parameter rows: what the network gives, `[steps][classes]`.
  static func loss(_ rows: [[Double]], _ symbols: [Int32]) -> Double {
    var paths: [(classes: [Int32], weight: Double)] = [([], 1)]
    for row in rows {
      let sum = row.reduce(0) { $0 + exp($1) }
      paths = paths.flatMap { path in
        row.enumerated().map { (path.classes + [Int32($0.offset)], path.weight * exp($0.element) / sum) }
      }
    }
    return -log(paths.reduce(0) { $0 + (collapsed($1.classes) == symbols ? $1.weight : 0) })
  }

  /// The symbols that the classes of steps stand for.
  static func collapsed(_ classes: [Int32]) -> [Int32] {
    classes.enumerated().filter { $0.element != 0 && ($0.offset == 0 || classes[$0.offset - 1] != $0.element) }.map {
      $0.element - 1
    }
  }
}

extension ReferenceNetwork {
  /// The mean loss of a network that gives symbols without saying where they stand; nil for others.
  func transcriptionLoss(_ parameters: [Double]) throws -> Double? {
    guard case .symbols(let lists) = batch.targets else { return nil }
    let outputs = try outputs(parameters)
    let total = lists.enumerated().reduce(0.0) { sum, list in
      let rows = batch.rows(of: list.offset)
      return rows.isEmpty ? sum : sum + ReferenceCTC.loss(rows.map { outputs[$0] }, list.element)
    }
    return total / Double(max(1, batch.targets.counted(batch.lengths.rows)))
  }
}
