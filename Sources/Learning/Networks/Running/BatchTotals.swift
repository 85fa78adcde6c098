import Engine
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
  /// Those of the sequences' sources, in one element; none without sources.
  private let sources: [BatchTotals]

  package init(_ batch: Batch, of architecture: Architecture) {
    self.init(
      batch.lengths, counted: batch.targets.counted(architecture.outputRows(batch.lengths)),
      sources: batch.inputs.source.map { [BatchTotals($0.lengths, counted: 0, sources: [])] } ?? [])
  }

  private init(_ lengths: PackedLengths, counted: Int, sources: [BatchTotals]) {
    batch = lengths.batch
    steps = lengths.steps
    rows = lengths.rows
    changes = lengths.changes
    self.counted = counted
    self.sources = sources
  }

  /// What the runs of the sources' parts have to know of all sources.
  var ofSources: BatchTotals? { sources.first }
}

extension PackedLengths {
  /// The steps that have one before them.
  var changes: Int { rows - perSequence.count { $0 > 0 } }
}

extension NetworkRunner {
  /// The numbers that ``addSums(to:)`` gives for the last run.
  package var sumCount: Int { graph.input.sumCount + (graph.context?.sumCount ?? 0) }

  /// Adds what a run for the gradient of a part of a batch has summed up and what must be summed over the whole batch before a
  /// gradient follows from it, as what is read back through the spelling of a word that stands in several parts.
  package func addSums(to sums: UnsafeMutablePointer<Float>) {
    graph.input.addSums(to: sums)
    graph.context?.addSums(to: sums + graph.input.sumCount)
  }

  /// Ends a batch of whose parts this runner has run some: adds the gradients that follow from the sums over the whole batch.
  ///
  /// - Parameter gradients: the sum of the gradients of all parts.
  package func finish(_ gradients: UnsafeMutablePointer<Float>, from sums: UnsafePointer<Float>) {
    graph.input.finish(gradients, from: sums)
    graph.context?.finish(gradients, from: sums + graph.input.sumCount)
    for node in graph.nodes.reversed() { node.finishWhole(gradients) }
  }
}
