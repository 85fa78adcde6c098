import CellCompiler
import CellLanguage

/// What the backward run needs beside the forward run's memory.
struct BackwardMemory {
  /// The gradients of the pre-activations, if they can't stand in the pre-activations' own place.
  private var slotGradients = FloatBuffer(count: 0)
  /// Each state's gradient, `[2, B, width]`: as it comes in to a step and as it goes out, alternately.
  var states: [FloatBuffer]
  /// Each state's gradient at all steps of the last backward run, if it was to keep them.
  var kept: [FloatBuffer] = []
  /// The input's gradient where the caller does not want it.
  var discarded = FloatBuffer(count: 0)
  /// What becomes the gradients of the parameters.
  let sums: ParameterSums

  private let plan: Plan

  init(plan: Plan, layout: ParameterLayout) {
    self.plan = plan
    states = plan.cell.states.map { _ in FloatBuffer(count: 0) }
    sums = ParameterSums(plan: plan, layout: layout)
  }

  mutating func prepare(_ lengths: PackedLengths) {
    if !plan.gradientsReplaceSlots { slotGradients = slotGradients.grown(to: lengths.rows * plan.slotWidth) }
    for state in states.indices {
      let count = 2 * lengths.batch * plan.width(ofState: state)
      states[state] = states[state].grown(to: count)
      states[state].clear(0..<count)
    }
  }

  /// Where the gradients of the pre-activations `slots` stand.
  func slotGradients(of slots: FloatBuffer) -> UnsafeMutablePointer<Float> {
    plan.gradientsReplaceSlots ? slots.base : slotGradients.base
  }

  /// Floats that grow with the batch, or that only sums over several segments need.
  var count: Int { slotGradients.count + discarded.count + sums.count }
}
