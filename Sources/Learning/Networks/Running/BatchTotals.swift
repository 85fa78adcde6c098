package import Engine
package import Sequences

/// What the runs of a batch's parts have to know of the whole batch.
package struct BatchTotals: Sendable, Hashable {
  /// Its sequences, and the steps of the longest one.
  package let batch: Int
  package let steps: Int
  /// The steps of all sequences.
  package let rows: Int
  /// The steps that have one before them.
  package let changes: Int
  /// The rows that have a target, or the symbols.
  package let counted: Int

  package init(_ lengths: PackedLengths, _ targets: Batch.Targets, of architecture: Architecture) {
    batch = lengths.batch
    steps = lengths.steps
    rows = lengths.rows
    changes = lengths.changes
    counted = targets.counted(architecture.outputRows(lengths))
  }
}

extension PackedLengths {
  /// The steps that have one before them.
  var changes: Int { rows - perSequence.count { $0 > 0 } }
}

extension NetworkRunner {
  /// The numbers that ``addSums(to:)`` gives for the last run.
  package var sumCount: Int { graph.input.sumCount }

  /// Adds what a run for the gradient of a part of a batch has summed up and what must be summed over the whole batch before a
  /// gradient follows from it, as what is read back through the spelling of a word that stands in several parts.
  package func addSums(to sums: UnsafeMutablePointer<Float>) { graph.input.addSums(to: sums) }

  /// Ends a batch of whose parts this runner has run some: adds the gradients that follow from the sums over the whole batch.
  ///
  /// - Parameter gradients: the sum of the gradients of all parts.
  package func finish(_ gradients: UnsafeMutablePointer<Float>, from sums: UnsafePointer<Float>) {
    graph.input.finish(gradients, from: sums)
    for node in graph.nodes.reversed() { node.finishWhole(gradients) }
  }
}
