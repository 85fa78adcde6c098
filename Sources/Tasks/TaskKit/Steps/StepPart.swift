/// A part of a sequence that a network is run over by itself.
package struct StepPart: Sendable, Hashable {
  /// The index of the sequence.
  package let sequence: Int
  /// The steps that are read.
  package let steps: Range<Int>
  /// Those of them that are scored; the others only bring the states to where they would be.
  package let scored: Range<Int>

  package init(sequence: Int, steps: Range<Int>, scored: Range<Int>) {
    self.sequence = sequence
    self.steps = steps
    self.scored = scored
  }
}

/// How long sequences are cut for training.
package struct StepCut: Sendable, Hashable {
  /// The steps through which gradients flow.
  package var window: Int
  /// The steps that are read before a part begins, and, by a network that reads in reverse, after it ends.
  package var context: Int
  /// The number of sequences in a batch.
  package var batch: Int
  /// Whether the network reads in reverse, so that no state can be carried from one window to the next.
  package var readsInReverse: Bool

  package init(window: Int, context: Int, batch: Int, readsInReverse: Bool) {
    self.window = window
    self.context = context
    self.batch = batch
    self.readsInReverse = readsInReverse
  }

  /// Cuts runs of steps into parts that are trained on side by side: about as many as a batch has sequences, so that states are
  /// carried on as far as possible. Where none can be carried, a part is a window.
  ///
  /// - Parameter lengths: the steps of each sequence.
  package func parts(of runs: [StepRun], lengths: [Int]) -> [StepPart] {
    let total = runs.reduce(0) { $0 + $1.steps.count }
    // Each run may end with a shorter part.
    let places = max(1, batch - runs.count)
    let longest = readsInReverse ? window : max(window, (total + places - 1) / places)
    return runs.flatMap { run in
      let count = max(1, (run.steps.count + longest - 1) / longest)
      return (0..<count).map { place in
        let bounds = (place...place + 1).map { run.steps.lowerBound + run.steps.count * $0 / count }
        return part(of: run.sequence, scored: bounds[0]..<bounds[1], length: lengths[run.sequence])
      }
    }
  }

  /// Steps that are scored, with those that have to be read beside them.
  package func part(of sequence: Int, scored: Range<Int>, length: Int) -> StepPart {
    let end = readsInReverse ? min(length, scored.upperBound + context) : scored.upperBound
    return StepPart(sequence: sequence, steps: max(0, scored.lowerBound - context)..<end, scored: scored)
  }
}

/// Consecutive steps of a sequence.
package struct StepRun: Sendable, Hashable {
  package let sequence: Int
  package let steps: Range<Int>

  package init(sequence: Int, steps: Range<Int>) {
    self.sequence = sequence
    self.steps = steps
  }
}
