import CellCompiler
import Engine

/// What is drawn within a pass's cell for each batch of a training.
protocol PassDrawing: AnyObject {
  func begin(_ run: BatchRun)
  /// Tells a runner that has been prepared for some of the batch's steps.
  func apply(to runner: SequenceRunner, _ segment: Segment, on machine: Machine)
}

/// The places of a pass's states among all for which something is drawn.
func drawingPlace(pass: Int, state: Int) -> Int {
  precondition(pass < 256 && state < 256, "pass \(pass) has state \(state): random numbers are there for 256 of each")
  return pass << 8 | state
}
