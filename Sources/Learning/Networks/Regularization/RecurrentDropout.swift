import CellCompiler
import Engine
import Support

/// Masks what matrices read of the states, the same way at all steps of a sequence (Gal & Ghahramani 2016).
final class RecurrentDropout: PassDrawing {
  private let masks: [(state: Int, mask: RowMask)]
  /// The factors of each state in the batch at hand, `[B, width]`.
  private var drawn: [FloatBuffer]
  private var draws = false

  /// Nil if nothing is dropped.
  init?(_ regularization: Regularization, _ plan: Plan, pass: Int) {
    if regularization.recurrentDropout == 0 || plan.maskedStates.isEmpty { return nil }
    masks = plan.maskedStates.map { state in
      let mask = RowMask(
        dropping: regularization.recurrentDropout, .recurrentDropout, place: drawingPlace(pass: pass, state: state),
        width: plan.width(ofState: state))
      return (state, mask)
    }
    drawn = masks.map { _ in FloatBuffer(count: 0) }
  }

  func begin(_ run: BatchRun) {
    draws = run.seed != nil
    guard let seed = run.seed else { return }
    for (index, own) in masks.enumerated() {
      drawn[index] = drawn[index].grown(to: run.lengths.batch * own.mask.width)
      own.mask.fill(drawn[index].base, sequencesOf: run.lengths, seed: seed)
    }
  }

  func apply(to runner: SequenceRunner, _ segment: Segment, on machine: Machine) {
    if !draws { return }
    for (own, factors) in zip(masks, drawn) {
      runner.mask(own.state)?.update(from: factors.base, count: segment.whole.batch * own.mask.width)
    }
  }
}
