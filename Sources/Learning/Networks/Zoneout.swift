import CellCompiler
import CellLanguage
import Engine
import Support

/// Draws which units of states with zoneout keep their value at which steps (Krueger et al. 2017).
///
/// Each step of each state has a stream of random numbers of its own, so that any segment of the steps gets the same numbers as
/// the whole would.
final class Zoneout {
  private let machine: Machine
  private var seed: UInt64?

  /// Nil if no plan draws which units keep their value.
  init?(_ plans: [Plan], machine: Machine) {
    if plans.allSatisfy(\.zonedStates.isEmpty) { return nil }
    self.machine = machine
  }

  /// Begins a batch, whose draws depend on `seed` only; nil to let each unit keep its fraction.
  func begin(seed: UInt64?) { self.seed = seed }

  /// Tells runners that have been prepared for some of the batch's steps.
  func apply(to runners: [SequenceRunner], _ steps: Range<Int>) {
    guard let seed else { return }
    for (pass, runner) in runners.enumerated() {
      let lengths = runner.lengths
      for state in runner.plan.zonedStates {
        let width = runner.plan.width(ofState: state)
        let fraction = runner.plan.cell.states[state].zoneout
        nonisolated(unsafe) let kept = runner.zoneout(state)
        // A few microseconds of drawing are not worth waking a thread for.
        machine.forEachPart(of: steps.count, grain: max(1, (1 << 14) / max(1, lengths.batch * width))) { own in
          for step in own {
            let rows = lengths.rows(of: step..<step + 1)
            let index = RandomStream.zoneoutIndex(pass: pass, state: state, step: steps.lowerBound + step)
            var draws = Dropout.Draws(.zoneout, index, seed: seed)
            if let kept {
              draws.fill(kept + rows.lowerBound * width, count: rows.count * width, fraction: fraction, with: 1, else: 0)
            }
          }
        }
      }
    }
  }
}
