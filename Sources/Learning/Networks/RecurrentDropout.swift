import CellCompiler
import Engine
import Support

/// Masks what matrices read of the states, the same way at all steps of a sequence.
final class RecurrentDropout {
  private let fraction: Double
  /// The masks of each pass's states, `[B, width]`; empty while nothing is dropped.
  private var masks: [[Int: FloatBuffer]] = []

  /// Nil if nothing is dropped.
  init?(_ regularization: Regularization) {
    if regularization.recurrentDropout == 0 { return nil }
    fraction = regularization.recurrentDropout
  }

  /// Begins a batch, whose masks depend on `seed` only; nil to drop nothing.
  func begin(seed: UInt64?, _ runners: [SequenceRunner], sequences: Int) {
    masks = []
    guard let seed else { return }
    for (pass, runner) in runners.enumerated() {
      var draws = Dropout.Draws(.recurrentDropout, pass, seed: seed)
      masks.append(
        runner.plan.maskedStates.reduce(into: [:]) { masks, state in
          let mask = FloatBuffer(count: sequences * runner.plan.width(ofState: state))
          draws.fill(mask.base, count: mask.count, fraction: fraction)
          masks[state] = mask
        })
    }
  }

  /// Sets the masks of runners that have been prepared for a segment of the batch's steps.
  func apply(to runners: [SequenceRunner]) {
    for (runner, masks) in zip(runners, masks) {
      for (state, mask) in masks { runner.mask(state)?.update(from: mask.base, count: mask.count) }
    }
  }
}
