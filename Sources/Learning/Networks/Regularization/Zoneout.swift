import CellCompiler
import CellLanguage
import Engine
import Support

/// Draws which units of states with zoneout keep their value at which steps (Krueger et al. 2017).
final class Zoneout: PassDrawing {
  private let masks: [(state: Int, mask: RowMask)]
  private let span: NetworkGraph.Span
  private var seed: UInt64?

  /// Nil if the plan does not draw which units keep their value.
  init?(_ plan: Plan, pass: Int, span: NetworkGraph.Span) {
    if plan.zonedStates.isEmpty { return nil }
    self.span = span
    masks = plan.zonedStates.map { state in
      let mask = RowMask(
        plan.cell.states[state].zoneout, chosen: 1, rest: 0, .zoneout, place: drawingPlace(pass: pass, state: state),
        width: plan.width(ofState: state))
      return (state, mask)
    }
  }

  /// Without a seed each unit keeps its fraction.
  func begin(_ run: BatchRun) { seed = run.seed }

  func apply(to runner: SequenceRunner, _ segment: Segment, on machine: Machine) {
    guard let seed else { return }
    for own in masks {
      guard let kept = runner.zoneout(own.state) else { fatalError("a plan that draws zoneout has no place for it") }
      switch span {
      case .step: own.mask.fill(kept, steps: segment.steps, of: segment.whole, seed: seed, on: machine)
      case .start, .source, .sequence: own.mask.fill(kept, sequencesOf: segment.whole, seed: seed)
      }
    }
  }
}
